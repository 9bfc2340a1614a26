"""Minutes: what was asked and answered in a dialogue, drafted from its rows, edited, approved by somebody else, published.

An entry holds words of its own only where an editor changed them; everything else is read from the question and the replies as
they are now, so what was taken down, covered or corrected is so in the minutes too.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, dialogues, turns
from engage.access import Actor, may_edit
from engage.db import locked, now, one_of
from engage.dialogues import Dialogue, Stage
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from engage.questions import Question
from engage.replies import Reply, Written
from engage.turns import Turn


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    APPROVED = "approved"


MOVES: Moves = {
    State.DRAFT: frozenset({State.SENT}),
    State.SENT: frozenset({State.DRAFT, State.APPROVED}),
    State.APPROVED: frozenset(),
}


class Minutes(SQLModel, table=True):
    __tablename__ = "minutes"
    __table_args__ = (one_of("minutes_state", "state", State),)

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id", unique=True)
    state: str = Field(default=State.DRAFT, sa_type=sa.String(10))
    version: int = 1
    opening: str = Field(default="", sa_type=sa.Text)
    closing: str = Field(default="", sa_type=sa.Text)
    writers: list[int] = Field(default_factory=list, sa_type=sa.JSON)  # none of them may approve
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    note: str = Field(default="", sa_type=sa.String(500))  # why it was returned
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the minutes are not stored yet")
        return self.id


class Entry(SQLModel, table=True):
    """One question in the minutes. `title`: the editor's own words for it; empty: the question's."""

    __tablename__ = "minutes_entry"

    id: int | None = Field(default=None, primary_key=True)
    minutes_id: int = Field(foreign_key="minutes.id", index=True)
    place: int
    question_id: int = Field(foreign_key="question.id")
    title: str = Field(default="", sa_type=sa.String(240))
    left_out: bool = False


async def draft(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> Minutes:
    """What was answered, group by group, as it went out. Drafting again adds what came since, and keeps what was edited."""
    writer = _editor(actor, dialogue)
    if dialogue.stage != Stage.ENDED:
        raise Refused("dialogue_has_not_ended")
    minutes = await of(db, dialogue.key) or Minutes(dialogue_id=dialogue.key, written_by=writer, written_at=now(db))
    if minutes.state != State.DRAFT:
        raise Conflict("moved_on", state=minutes.state)
    db.add(minutes)
    await db.flush()
    there = {entry.question_id for entry in await entries(db, minutes.key)}
    answered = [question_id for question_id in await _answered(db, dialogue) if question_id not in there]
    db.add_all(
        Entry(minutes_id=minutes.key, place=len(there) + place, question_id=question_id)
        for place, question_id in enumerate(answered)
    )
    await _save(db, minutes, writer)
    return minutes


async def edit(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, minutes: Minutes, version: int, opening: str, closing: str
) -> None:
    writer = _editor(actor, dialogue)
    _must_be_open(minutes, version)
    minutes.opening, minutes.closing = opening, closing
    await _save(db, minutes, writer)


async def edit_entry(
    db: AsyncSession,
    actor: Actor,
    dialogue: Dialogue,
    minutes: Minutes,
    entry: Entry,
    version: int,
    *,
    title: str,
    place: int,
    left_out: bool,
) -> None:
    writer = _editor(actor, dialogue)
    _must_be_open(minutes, version)
    rows = [row for row in await entries(db, minutes.key) if row.id != entry.id]
    entry.title, entry.left_out = title, left_out
    rows.insert(max(0, min(place, len(rows))), entry)
    for number, row in enumerate(rows):
        row.place = number
    db.add_all(rows)
    await _save(db, minutes, writer)


async def send(db: AsyncSession, actor: Actor, dialogue: Dialogue, minutes: Minutes, version: int) -> None:
    """To somebody who wrote none of it."""
    _editor(actor, dialogue)
    _must_be_open(minutes, version)
    if not [entry for entry in await entries(db, minutes.key) if not entry.left_out]:
        raise Refused("minutes_are_empty")
    await move(db, minutes, "state", State.SENT, MOVES, note="")
    _tell(db, dialogue, "minutes.sent")


async def return_(db: AsyncSession, actor: Actor, dialogue: Dialogue, minutes: Minutes, note: str) -> None:
    _approver(actor, dialogue, minutes)
    if len(note) < 5:
        raise Refused("minutes_note_missing", field="note", least=5)
    await move(db, minutes, "state", State.DRAFT, MOVES, note=note)
    _tell(db, dialogue, "minutes.returned")


async def approve(db: AsyncSession, actor: Actor, dialogue: Dialogue, minutes: Minutes, version: int) -> None:
    approver = _approver(actor, dialogue, minutes)
    if minutes.version != version:
        raise Conflict("minutes_changed", at=minutes.written_at)
    await move(db, minutes, "state", State.APPROVED, MOVES, approved_by=approver, approved_at=now(db))
    _tell(db, dialogue, "minutes.approved")
    await audit.note(db, approver, "minutes.approved", dialogue=dialogue.key)


async def of(db: AsyncSession, dialogue_id: int) -> Minutes | None:
    found = select(Minutes).where(Minutes.dialogue_id == dialogue_id)
    minutes: Minutes | None = (await db.exec(locked(db, found))).one_or_none()
    return minutes


async def one(db: AsyncSession, dialogue_id: int) -> Minutes:
    minutes = await of(db, dialogue_id)
    if minutes is None:
        raise NotFound()
    return minutes


async def entries(db: AsyncSession, minutes_id: int) -> Sequence[Entry]:
    found = select(Entry).where(Entry.minutes_id == minutes_id)
    return (await db.exec(found.order_by(col(Entry.place), col(Entry.id)))).all()


async def entry(db: AsyncSession, minutes_id: int, question_id: int) -> Entry:
    found = select(Entry).where(Entry.minutes_id == minutes_id, Entry.question_id == question_id)
    entry: Entry | None = (await db.exec(locked(db, found))).one_or_none()
    if entry is None:
        raise NotFound()
    return entry


async def _answered(db: AsyncSession, dialogue: Dialogue) -> Sequence[int]:
    """Questions that its room shows and that have a reply which is out."""
    first = sa.func.min(col(Reply.released_at))
    found = (
        sa.select(col(Reply.question_id))
        .join(Question, col(Question.id) == col(Reply.question_id))
        .join(Turn, col(Turn.question_id) == col(Reply.question_id))
        .where(col(Reply.dialogue_id) == dialogue.key, col(Reply.released_at).is_not(None), turns.shows(dialogue))
        .group_by(col(Reply.question_id), col(Turn.group_id))
        .order_by(col(Turn.group_id), first)
    )
    return list((await (await db.connection()).execute(found)).scalars())


async def _save(db: AsyncSession, minutes: Minutes, writer: int) -> None:
    minutes.version += 1
    minutes.writers = sorted({*minutes.writers, writer})
    minutes.written_by, minutes.written_at = writer, now(db)
    db.add(minutes)
    await db.flush()


def _editor(actor: Actor, dialogue: Dialogue) -> int:
    if actor.person_id is None or not may_edit(actor, dialogue.key):
        raise NotAllowed()
    return actor.person_id


def _approver(actor: Actor, dialogue: Dialogue, minutes: Minutes) -> int:
    approver = _editor(actor, dialogue)
    if approver in minutes.writers:
        raise Refused("approver_is_author")
    return approver


def _must_be_open(minutes: Minutes, version: int) -> None:
    if minutes.state != State.DRAFT:
        raise Conflict("moved_on", state=minutes.state)
    if minutes.version != version:
        raise Conflict("minutes_changed", at=minutes.written_at)


def _tell(db: AsyncSession, dialogue: Dialogue, fact: str) -> None:
    dialogues.tell_crew(db, dialogue, fact)


def is_out(reply: Reply) -> bool:
    return reply.released_at is not None or reply.state == Written.RELEASED
