"""Turns: a question's way through a dialogue: waiting, queued, handed to a guest, on stage, answered or set aside.

At most one question is on stage: a partial unique index holds it, however many press at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, dialogues, people, turn_facts
from engage.access import PUBLIC, Actor, Moderation, may_lead, visible
from engage.db import locked, now, one_of
from engage.dialogues import Dialogue
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from engage.questions import NOT_ASKED, Question


class Floor(StrEnum):
    WAITING = "waiting"
    QUEUED = "queued"
    ON_STAGE = "on_stage"
    ANSWERED = "answered"
    ASIDE = "aside"
    CARRIED = "carried"  # to an agency, because time did not reach it


MOVES: Moves = {
    Floor.WAITING: frozenset({Floor.QUEUED, Floor.ON_STAGE, Floor.ANSWERED, Floor.ASIDE, Floor.CARRIED}),
    Floor.QUEUED: frozenset({Floor.WAITING, Floor.ON_STAGE, Floor.ANSWERED, Floor.ASIDE, Floor.CARRIED}),
    Floor.ON_STAGE: frozenset({Floor.WAITING, Floor.QUEUED, Floor.ANSWERED, Floor.ASIDE}),
    Floor.ANSWERED: frozenset({Floor.ON_STAGE}),  # taken up once more
    Floor.ASIDE: frozenset({Floor.WAITING, Floor.QUEUED, Floor.ANSWERED, Floor.CARRIED}),
    Floor.CARRIED: frozenset(),
}
OPEN = frozenset({Floor.WAITING, Floor.QUEUED, Floor.ON_STAGE, Floor.ASIDE})
A_MOMENT = timedelta(milliseconds=1)
_STAGED = sa.text("floor = 'on_stage'")


class Turn(SQLModel, table=True):
    """`queued_at` orders the queue: who is put first gets an earlier moment than the first. `is_advance`: asked before it began."""

    __tablename__ = "turn"
    __table_args__ = (
        one_of("turn_floor", "floor", Floor),
        sa.Index("turn_on_stage", "dialogue_id", unique=True, sqlite_where=_STAGED, postgresql_where=_STAGED),
        sa.Index("turn_queue", "dialogue_id", "floor", "queued_at", "id"),
        sa.Index("turn_age", "dialogue_id", "floor", "id"),
        sa.Index("turn_rank", "dialogue_id", "floor", sa.column("people").desc(), "id"),
        sa.Index("turn_of_dialogue", "dialogue_id", "id"),
        sa.Index("turn_of_group", "dialogue_id", "group_id", "floor", "id"),
        sa.Index(
            "turn_of_cluster", "dialogue_id", "cluster_id", "is_apart", "question_id"
        ),  # sizes are counted along it
        sa.Index("turn_of_guest", "guest_id", "floor", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", unique=True)
    dialogue_id: int = Field(foreign_key="dialogue.id")
    group_id: int | None = Field(default=None, foreign_key="topic_group.id")
    guest_id: int | None = Field(default=None, foreign_key="guest.id")
    floor: str = Field(default=Floor.WAITING, sa_type=sa.String(10))
    is_advance: bool = True
    people: int = 0  # who ask it too, each of them once; kept by `ranks`
    entered_at: datetime
    queued_at: datetime | None = None
    staged_at: datetime | None = None
    staged_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    # The first question of those that ask much the same; None: not compared yet. `is_apart`: a moderator took it out.
    cluster_id: int | None = Field(default=None, foreign_key="question.id")
    is_apart: bool = False

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the turn is not stored yet")
        return self.id


async def enter(db: AsyncSession, question_id: int, dialogue: Dialogue, group_id: int | None) -> Turn:
    """A question was sent to a dialogue. Whether it is seen hangs on the question; until it is let in nobody is told."""
    turn = Turn(
        question_id=question_id,
        dialogue_id=dialogue.key,
        group_id=group_id,
        is_advance=dialogue.stage in dialogues.BEFORE,
        entered_at=now(db),
    )
    db.add(turn)
    await db.flush()
    return turn


async def let_in(db: AsyncSession, question: Question) -> None:
    """Readers and the crew hear that there is one more. Where time has passed it by, the worker carries it to an agency."""
    turn = await of_question(db, question.key)
    if turn is not None:
        dialogue = await dialogues.known(db, turn.dialogue_id)
        dialogues.tell(db, dialogue, "turn.entered", question=turn.question_id)


async def queue(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn, *, first: bool = False) -> None:
    """Into the queue, last or first; from the stage it goes back to where it came from."""
    _must_lead(actor, dialogue)
    at = await _before_first(db, dialogue) if first else now(db)
    if turn.floor == Floor.QUEUED:
        turn.queued_at = at
        db.add(turn)
        await db.flush()
    else:
        await move(db, turn, "floor", Floor.QUEUED, MOVES, queued_at=at)
    await turn_facts.tell(db, dialogue, turn.question_id, "turn.queued")


async def unqueue(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn) -> None:
    _must_lead(actor, dialogue)
    await move(db, turn, "floor", Floor.WAITING, MOVES, queued_at=None)
    await turn_facts.tell(db, dialogue, turn.question_id, "turn.unqueued")


async def hand(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn, guest_id: int | None) -> None:
    """To a guest, who sees it on their desk from now on; None: to nobody yet."""
    _must_lead(actor, dialogue)
    if turn.floor not in OPEN:
        raise Conflict("moved_on", state=turn.floor)
    turn.guest_id = guest_id
    db.add(turn)
    await db.flush()
    dialogues.tell(db, dialogue, "turn.handed", question=turn.question_id)


async def stage(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn, *, instead_of: int | None) -> None:
    """Put it on stage. `instead_of` is the question the host saw there: of two who press at once, the second is told what
    the first put on. Whatever was there goes to the answered ones when it has an answer, else back into the queue."""
    _must_lead(actor, dialogue)
    if not dialogue.is_on_air:
        raise Refused("dialogue_not_on_air")
    await must_be_shown(db, dialogue, turn.question_id)
    there = await on_stage(db, dialogue.key)
    if (there.question_id if there else None) != instead_of:
        raise Conflict("stage_moved_on", by=await _who_staged(db, there), at=there.staged_at if there else now(db))
    if there is not None:
        await _leave(db, there)
        await turn_facts.tell_asker(db, there.question_id, "turn.left")
    await move(db, turn, "floor", Floor.ON_STAGE, MOVES, staged_at=now(db), staged_by=actor.person_id)
    await turn_facts.tell(db, dialogue, turn.question_id, "turn.staged")
    await audit.note(db, actor.person_id, "turn.staged", dialogue=dialogue.key, question=turn.question_id)


async def clear(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Nothing on stage any more."""
    _must_lead(actor, dialogue)
    there = await on_stage(db, dialogue.key)
    if there is not None:
        await _leave(db, there)
        await turn_facts.tell(db, dialogue, there.question_id, "turn.left")


async def clear_all(db: AsyncSession, dialogue: Dialogue) -> None:
    """Nothing on stage, nothing queued: it does not go on."""
    there = select(Turn).where(Turn.dialogue_id == dialogue.key, col(Turn.floor).in_([Floor.QUEUED, Floor.ON_STAGE]))
    for turn in (await db.exec(there)).all():
        to = Floor.ANSWERED if turn.answered_at is not None else Floor.WAITING
        await move(db, turn, "floor", to, MOVES, queued_at=None)
        await turn_facts.tell_asker(db, turn.question_id, "turn.left")


async def set_aside(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn) -> None:
    """Not in this hour: it is carried to an agency afterwards, like what time did not reach."""
    _must_lead(actor, dialogue)
    await move(db, turn, "floor", Floor.ASIDE, MOVES, queued_at=None)
    await turn_facts.tell(db, dialogue, turn.question_id, "turn.put_aside")


async def take_back(db: AsyncSession, question: Question) -> None:
    """Readers do not see it any more: it leaves the stage and the queue at once, whoever put it there."""
    turn = await of_question(db, question.key) if question.dialogue_id else None
    if turn is None or turn.floor not in {Floor.QUEUED, Floor.ON_STAGE}:
        return
    await move(db, turn, "floor", Floor.ANSWERED if turn.answered_at else Floor.WAITING, MOVES, queued_at=None)
    await turn_facts.tell(db, await dialogues.known(db, turn.dialogue_id), turn.question_id, "turn.left")


async def answered(db: AsyncSession, turn: Turn) -> None:
    """Its first answer went out. On stage it stays there until the next one comes."""
    turn.answered_at = turn.answered_at or now(db)
    db.add(turn)
    await db.flush()
    if turn.floor != Floor.ON_STAGE and turn.floor != Floor.ANSWERED:
        await move(db, turn, "floor", Floor.ANSWERED, MOVES)


# Finding


def shows(dialogue: Dialogue) -> sa.ColumnElement[bool]:
    """Which questions are seen in its room: public ones; in a rehearsal its own, which are held all the time.
    Only its crew enters there, and what was let in has its text as HTML."""
    if not dialogue.is_rehearsal:
        return visible(Question, PUBLIC)
    let_in = (col(Question.moderation) == Moderation.HELD, col(Question.body_html) != "")
    return sa.and_(col(Question.dialogue_id) == dialogue.key, col(Question.sealed).is_(False), *let_in)


def not_asked(dialogue: Dialogue) -> Any:
    """Its questions that the room does not show, or shows in another one: few, along an index of their own."""
    of_it = select(col(Question.id)).where(Question.dialogue_id == dialogue.key)
    if dialogue.is_rehearsal:
        return of_it.where(~sa.and_(shows(dialogue), col(Question.merged_into_id).is_(None)))
    return of_it.where(sa.literal_column(NOT_ASKED))


async def must_be_shown(db: AsyncSession, dialogue: Dialogue, question_id: int) -> None:
    """What readers do not see, or see in another question, goes neither on stage nor gets an answer."""
    seen = select(col(Question.id)).where(col(Question.id) == question_id, col(Question.merged_into_id).is_(None))
    if (await db.exec(seen.where(shows(dialogue)))).first() is None:
        raise Conflict("moved_on")


async def to_stage(db: AsyncSession, dialogue_id: int, question_id: int) -> Turn:
    """Its turn, locked together with the one on stage in the order in which whoever counts votes locks them."""
    either = sa.or_(col(Turn.question_id) == question_id, col(Turn.floor) == Floor.ON_STAGE)
    both = select(Turn).where(Turn.dialogue_id == dialogue_id, either).order_by(col(Turn.question_id))
    found: Sequence[Turn] = (await db.exec(locked(db, both))).all()
    mine = next((turn for turn in found if turn.question_id == question_id), None)
    if mine is None:
        raise NotFound()
    return mine


async def on_stage(db: AsyncSession, dialogue_id: int) -> Turn | None:
    found = select(Turn).where(Turn.dialogue_id == dialogue_id, Turn.floor == Floor.ON_STAGE)
    return await _only(db, found)


async def of_question(db: AsyncSession, question_id: int) -> Turn | None:
    return await _only(db, select(Turn).where(Turn.question_id == question_id))


async def one(db: AsyncSession, dialogue_id: int, question_id: int) -> Turn:
    turn = await of_question(db, question_id)
    if turn is None or turn.dialogue_id != dialogue_id:
        raise NotFound()
    return turn


async def queued(db: AsyncSession, dialogue_id: int, limit: int = 200) -> Sequence[Turn]:
    """As the host calls them up."""
    found = select(Turn).where(Turn.dialogue_id == dialogue_id, Turn.floor == Floor.QUEUED)
    return (await db.exec(found.order_by(col(Turn.queued_at), col(Turn.id)).limit(limit))).all()


async def counts(db: AsyncSession, dialogue: Dialogue) -> dict[str, int]:
    """How many stand where, of those that its room shows: all of them without those few that it does not, each counted along an
    index. To look at each question would cost as much as a page."""
    counted = select(col(Turn.floor), func.count()).group_by(col(Turn.floor))
    every = (await db.exec(counted.where(Turn.dialogue_id == dialogue.key))).all()
    less = dict((await db.exec(counted.where(col(Turn.question_id).in_(not_asked(dialogue))))).all())
    return {str(floor): int(times) - int(less.get(floor, 0)) for floor, times in every}


async def _leave(db: AsyncSession, turn: Turn) -> None:
    if turn.answered_at is not None:
        await move(db, turn, "floor", Floor.ANSWERED, MOVES)
    else:
        await move(db, turn, "floor", Floor.QUEUED, MOVES, queued_at=now(db))


async def _before_first(db: AsyncSession, dialogue: Dialogue) -> datetime:
    first = select(func.min(col(Turn.queued_at))).where(Turn.dialogue_id == dialogue.key, Turn.floor == Floor.QUEUED)
    found: datetime | None = (await db.exec(first)).one()
    return min(found, now(db)) - A_MOMENT if found else now(db)


async def _who_staged(db: AsyncSession, there: Turn | None) -> str:
    if there is None or there.staged_by is None:
        return ""
    return (await people.names(db, [there.staged_by])).get(there.staged_by, "")


async def _only(db: AsyncSession, chosen: Any) -> Turn | None:
    turn: Turn | None = (await db.exec(locked(db, chosen))).one_or_none()
    return turn


def _must_lead(actor: Actor, dialogue: Dialogue) -> None:
    if not may_lead(actor, dialogue.key):
        raise NotAllowed()
