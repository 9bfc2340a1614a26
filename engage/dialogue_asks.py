"""Dialogue asks: whether a dialogue takes one more question, and from whom.

A question itself does not say who sent it but by name; that somebody has sent one is kept apart from it, until the hour is over.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, guests, intake, turns
from engage.ask import LiveAsk
from engage.db import now
from engage.dialogues import Dialogue, Stage
from engage.errors import Refused, TooMany
from engage.intake import Directory, Submitted

TOO_EARLY = frozenset({Stage.DRAFT, Stage.SCHEDULED})


class DialogueAsk(SQLModel, table=True):
    """Somebody sent a question: `asker` as votes name whoever votes."""

    __tablename__ = "dialogue_ask"
    __table_args__ = (sa.Index("dialogue_ask_of", "dialogue_id", "asker", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id")
    asker: str = Field(sa_type=sa.String(80))
    at: datetime


async def send(
    db: AsyncSession,
    dialogue: Dialogue,
    ask: LiveAsk,
    directory: Directory,
    *,
    asker: str,
    code: str,
    language: str,
    is_mailed: bool = True,
) -> Submitted:
    """As `intake.submit`, into a dialogue. Its row is locked: of two sent at once the second one knows of the first."""
    if reason := why_not(dialogue):
        raise Refused(reason)
    await _must_be_patient(db, dialogue, asker)
    group_id = await _group(db, dialogue, ask.group)
    sent = await intake.submit(db, ask, directory, code=code, language=language, is_mailed=is_mailed, dialogue=dialogue)
    await turns.enter(db, sent.id, dialogue, group_id)
    db.add(DialogueAsk(dialogue_id=dialogue.key, asker=asker, at=now(db)))
    await db.flush()
    return sent


def why_not(dialogue: Dialogue) -> str:
    """The reason why it takes no question now; empty when it does."""
    if dialogue.stage in TOO_EARLY:
        return "dialogue_takes_none_yet"
    if dialogue.stage not in dialogues.ASKABLE:
        return "dialogue_takes_no_more"
    return "" if dialogue.takes_questions else "dialogue_takes_none_now"


async def forget(db: AsyncSession, dialogue_id: int) -> None:
    """It takes no question any more, so nobody needs to know who sent how many."""
    await db.exec(sa.delete(DialogueAsk).where(col(DialogueAsk.dialogue_id) == dialogue_id))


async def _must_be_patient(db: AsyncSession, dialogue: Dialogue, asker: str) -> None:
    sent = await _sent(db, dialogue, asker)
    if len(sent) >= dialogue.most_each:
        raise TooMany("asked_enough", most=dialogue.most_each)
    waited = (now(db) - sent[0]).total_seconds() if sent else dialogue.slow_seconds
    if waited < dialogue.slow_seconds:
        raise TooMany("slow_mode", slow=dialogue.slow_seconds, wait=int(dialogue.slow_seconds - waited) + 1)


async def _sent(db: AsyncSession, dialogue: Dialogue, asker: str) -> Sequence[datetime]:
    """When they sent theirs, newest first; no more than the limit needs."""
    mine = select(DialogueAsk.at).where(DialogueAsk.dialogue_id == dialogue.key, DialogueAsk.asker == asker)
    return (await db.exec(mine.order_by(col(DialogueAsk.id).desc()).limit(dialogue.most_each))).all()


async def _group(db: AsyncSession, dialogue: Dialogue, chosen: str) -> int | None:
    """One of those announced; none when its asker is not sure."""
    if not chosen:
        return None
    known = {str(group.key): group.key for group in await guests.groups(db, dialogue.key)}
    if chosen not in known:
        raise Refused("unknown_choice", field="group")
    return known[chosen]
