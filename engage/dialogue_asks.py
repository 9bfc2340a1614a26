"""Dialogue asks: whether a dialogue takes one more question, and from whom.

A question itself does not say who sent it but by name; that somebody has sent one is kept apart from it, until the hour is over.
"""

import hashlib
import hmac
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, guests, intake, receipts, turns
from engage.ask import LiveAsk
from engage.db import now
from engage.dialogues import Dialogue, Stage
from engage.errors import Refused, TooMany
from engage.intake import Directory, Submitted
from engage.questions import Question
from engage.votes import DIGITS

SENT_BEFORE = "sent_before"
TOO_EARLY = frozenset({Stage.DRAFT, Stage.SCHEDULED})


class DialogueAsk(SQLModel, table=True):
    """How many questions somebody sent, and when the last one. One row each, under a name of this dialogue alone (`asker_of`): it
    leads neither to their questions nor to their votes."""

    __tablename__ = "dialogue_ask"

    dialogue_id: int = Field(primary_key=True, foreign_key="dialogue.id")
    asker: str = Field(primary_key=True, sa_type=sa.String(40))
    times: int = 0
    last_at: datetime


def asker_of(secret: str, dialogue_id: int, voter: str) -> str:
    """Of somebody as votes know them."""
    digest = hmac.new(secret.encode(), f"dialogue\0{dialogue_id}\0{voter}".encode(), hashlib.sha256)
    return digest.hexdigest()[:DIGITS]


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
    await must_be_new(db, code)
    before = await db.get(DialogueAsk, (dialogue.key, asker))
    if before is not None:
        _must_be_patient(dialogue, before, now(db))
    group_id = await _group(db, dialogue, ask.group)
    sent = await intake.submit(db, ask, directory, code=code, language=language, is_mailed=is_mailed, dialogue=dialogue)
    await turns.enter(db, sent.id, dialogue, group_id)
    mine = before or DialogueAsk(dialogue_id=dialogue.key, asker=asker, last_at=now(db))
    mine.times, mine.last_at = mine.times + 1, now(db)
    db.add(mine)
    await db.flush()
    return sent


async def must_be_new(db: AsyncSession, code: str) -> None:
    """Of one person's same words to one dialogue the code is the same too: the first one is there, and has its receipt."""
    sent = select(col(Question.created_at)).where(Question.code == receipts.hashed(code))
    if (at := (await db.exec(sent)).one_or_none()) is not None:
        raise Refused(SENT_BEFORE, at=at)


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


def _must_be_patient(dialogue: Dialogue, before: DialogueAsk, at: datetime) -> None:
    if before.times >= dialogue.most_each:
        raise TooMany("asked_enough", most=dialogue.most_each)
    waited = (at - before.last_at).total_seconds()
    if waited < dialogue.slow_seconds:
        raise TooMany("slow_mode", slow=dialogue.slow_seconds, wait=int(dialogue.slow_seconds - waited) + 1)


async def _group(db: AsyncSession, dialogue: Dialogue, chosen: str) -> int | None:
    """One of those announced; none when its asker is not sure."""
    if not chosen:
        return None
    known = {str(group.key): group.key for group in await guests.groups(db, dialogue.key)}
    if chosen not in known:
        raise Refused("unknown_choice", field="group")
    return known[chosen]
