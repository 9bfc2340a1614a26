"""What an agency must know before it can answer: asked of the asker, answered in private, while the answer's clock stands still."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, clocks, deadlines, decisions, notices, questions
from engage.access import Actor, Moderation, can_assign, can_write, visible
from engage.ask import Lines
from engage.assigned import Answered, Assigned
from engage.db import locked, now, one_of
from engage.deadlines import Step
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from engage.questions import SURFACE, Question, notify
from live import log
from moderation.screening import Verdict
from moderation.verdicts import Weight

LEAST_WORDS, LEAST_ANSWER = 10, 5
# A private exchange: a telephone or card number is what an agency may well have to ask for, and a short answer is enough.
UNHELD = decisions.PERSONAL | {"too_short", "repeated", "no_diacritics"}


class State(StrEnum):
    ASKED = "asked"
    HELD = "held"
    GIVEN = "given"
    LAPSED = "lapsed"


CLARIFICATION_MOVES: Moves = {
    State.ASKED: frozenset({State.HELD, State.GIVEN, State.LAPSED}),
    State.HELD: frozenset({State.GIVEN, State.ASKED}),
    State.GIVEN: frozenset(),
    State.LAPSED: frozenset(),
}


class Clarification(SQLModel, table=True):
    """One round. Neither the words nor the answer is ever public here."""

    __tablename__ = "clarification"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "round", name="uq_clarification_question_round"),
        one_of("clarification_state", "state", State),
        sa.Index("clarification_waiting", "state", "due_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    round: int
    agency_id: int = Field(foreign_key="agency.id")
    state: str = Field(default=State.ASKED, sa_type=sa.String(10))
    words: str = Field(sa_type=sa.String(1000))
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime
    due_at: datetime
    answer: str = Field(default="", sa_type=sa.Text)
    answered_at: datetime | None = None
    sealed: bool = False
    returned_words: str = Field(default="", sa_type=sa.String(1000))  # why the desk did not pass the answer on
    ended_at: datetime | None = None


class ClarifyForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Lines = Input(default="", max_length=1000)


class ReplyForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: Lines = Input(default="", max_length=1000)
    judged: Literal["", "question", "denunciation"] = ""


def may_ask(actor: Actor, question: Question) -> bool:
    """Whoever works on the answer, while there is none and the clock runs."""
    is_open = question.assignment == Assigned.ACCEPTED and question.answer in {Answered.NONE, Answered.DRAFTING}
    return is_open and question.paused_at is None and (can_write(actor, question) or can_assign(actor, question))


def may_reply(question: Question, rounds: Sequence[Clarification]) -> bool:
    return question.moderation == Moderation.ACCEPTED and bool(rounds) and rounds[-1].state == State.ASKED


async def ask(db: AsyncSession, actor: Actor, question: Question, words: str) -> Clarification:
    if not (can_write(actor, question) or can_assign(actor, question)) or actor.person_id is None:
        raise NotAllowed()
    if not may_ask(actor, question) or question.agency_id is None:
        raise Refused("clarify_not_now", field="words")
    asked = (await db.exec(select(func.count()).where(Clarification.question_id == question.key))).one()
    if asked >= (most := await most_rounds(db, question)):
        raise Refused("clarify_too_often", field="words", most=most)
    if len(words) < LEAST_WORDS:
        raise Refused("clarify_words_missing", field="words", least=LEAST_WORDS)
    row = Clarification(
        question_id=question.key,
        round=asked + 1,
        agency_id=question.agency_id,
        words=words,
        asked_by=actor.person_id,
        asked_at=now(db),
        due_at=await deadlines.due_at(db, question.surface, Step.CLARIFY),
    )
    db.add(row)
    await db.flush()
    await clocks.pause(db, question)
    await notify(db, question, notices.Kind.CLARIFY)
    _tell(db, question, row, "clarification.asked")
    await audit.note(db, actor.person_id, "clarification.asked", clarification=row.id, question=question.key)
    return row


async def reply(db: AsyncSession, question: Question, form: ReplyForm, verdict: Verdict) -> None:
    """The asker answers. What looks wrong waits for the portal desk; the clock waits with it."""
    rounds = await of(db, question)
    if not may_reply(question, rounds):
        raise Conflict("clarify_over")
    if len(form.answer) < LEAST_ANSWER:
        raise Refused("clarify_answer_missing", field="answer")
    sealed = verdict.outcome == "denunciation"
    is_held = any(f.weight != Weight.NOTE and f.reason not in UNHELD for f in verdict.findings)
    await move(
        db,
        rounds[-1],
        "state",
        State.HELD if is_held else State.GIVEN,
        CLARIFICATION_MOVES,
        answer=form.answer,
        answered_at=now(db),
        sealed=sealed,
    )
    if is_held:
        _tell(db, question, rounds[-1], "clarification.held")
    else:
        await _passed_on(db, question, rounds[-1])


async def pass_on(db: AsyncSession, actor: Actor, row: Clarification) -> None:
    """A moderator has read a held answer and found nothing against it."""
    _must_moderate(actor, row)
    question = await questions.seen_by(db, actor, row.question_id)
    await move(db, row, "state", State.GIVEN, CLARIFICATION_MOVES, sealed=False)
    await _passed_on(db, question, row)
    await audit.note(db, actor.person_id, "clarification.passed_on", clarification=row.id)


async def hand_back(db: AsyncSession, actor: Actor, row: Clarification, words: str) -> None:
    """The asker writes again, knowing why."""
    _must_moderate(actor, row)
    if len(words) < LEAST_WORDS:
        raise Refused("look_words_missing", field="words", least=LEAST_WORDS)
    question = await questions.seen_by(db, actor, row.question_id)
    due = await deadlines.due_at(db, question.surface, Step.CLARIFY)
    await move(db, row, "state", State.ASKED, CLARIFICATION_MOVES, returned_words=words, due_at=due)
    await notify(db, question, notices.Kind.CLARIFY)
    _tell(db, question, row, "clarification.asked")
    await audit.note(db, actor.person_id, "clarification.handed_back", clarification=row.id)


async def lapse(db: AsyncSession, clarification_id: int) -> None:
    """No answer in time: the clock goes on, and the agency answers as it can."""
    row = await one(db, clarification_id)
    await move(db, row, "state", State.LAPSED, CLARIFICATION_MOVES, ended_at=now(db))
    question = await questions.one(db, row.question_id)
    if question.paused_at is not None:
        await clocks.resume(db, question)
    _tell(db, question, row, "clarification.lapsed")


async def most_rounds(db: AsyncSession, question: Question) -> int:
    return await deadlines.days_for(db, question.surface, Step.ROUNDS)


async def of(db: AsyncSession, question: Question) -> Sequence[Clarification]:
    rounds = select(Clarification).where(Clarification.question_id == question.key)
    return (await db.exec(rounds.order_by(col(Clarification.round)))).all()


async def one(db: AsyncSession, clarification_id: int) -> Clarification:
    found = select(Clarification).where(Clarification.id == clarification_id)
    row: Clarification | None = (await db.exec(locked(db, found))).one_or_none()
    if row is None:
        raise NotFound()
    return row


async def held(db: AsyncSession, actor: Actor, most: int) -> Sequence[Clarification]:
    """Answers that the portal desk must read, oldest first; sealed ones only for who is cleared."""
    waiting = select(Clarification).join(Question).where(Clarification.state == State.HELD, visible(Question, actor))
    if not actor.may_unseal:
        waiting = waiting.where(col(Clarification.sealed).is_(False))
    return (await db.exec(waiting.order_by(col(Clarification.due_at), col(Clarification.id)).limit(most))).all()


async def note_reads(db: AsyncSession, actor: Actor, rows: Sequence[Clarification]) -> None:
    """Before sealed answers among these are shown."""
    for row in rows:
        if row.sealed:
            await audit.note(db, actor.person_id, "clarification.sealed_read", clarification=row.id)


async def lapsed_ids(db: AsyncSession, most: int) -> Sequence[int]:
    late = select(col(Clarification.id)).where(Clarification.state == State.ASKED, Clarification.due_at < now(db))
    return [
        int(row_id) for row_id in (await db.exec(late.order_by(col(Clarification.due_at)).limit(most))).all() if row_id
    ]


async def _passed_on(db: AsyncSession, question: Question, row: Clarification) -> None:
    row.ended_at = now(db)
    db.add(row)
    await db.flush()
    if question.paused_at is not None:
        await clocks.resume(db, question)
    await notices.write(db, row.asked_by, notices.Kind.CLARIFIED, SURFACE, question.key)
    _tell(db, question, row, "clarification.given")


def _must_moderate(actor: Actor, row: Clarification) -> None:
    if not actor.is_moderator:
        raise NotAllowed()
    if row.sealed and not actor.may_unseal:
        raise NotFound()


def _tell(db: AsyncSession, question: Question, row: Clarification, fact: str) -> None:
    """Readers are told that the clock stands still, not what passes between the agency and the asker."""
    for channel in (f"agency:{row.agency_id}", f"person:{question.author_id}"):
        log.record(db, channel, fact, question=question.key)
