"""The author takes a question back before it is answered, or has their name hidden afterwards."""

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, dialogues, follows, mentions, notices, partings, search, tallies, traces, turns
from engage.access import Moderation, Text
from engage.ask import Line
from engage.assigned import ANSWER_MOVES, MOVES, Answered, Assigned
from engage.assignments import Outcome
from engage.db import now
from engage.errors import Conflict
from engage.moves import may, move
from engage.questions import MODERATION_MOVES, SURFACE, Question, reader_channels
from live import log
from moderation import undoing
from moderation.cases import Case, CaseState

WITHDRAW = "withdraw"
OUT = frozenset({Answered.PUBLISHED, Answered.REVISED})


class WithdrawForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    why: Line = Input(default="", max_length=500)


def may_withdraw(question: Question) -> bool:
    """Until an answer is out: from then on it belongs to everybody who reads it."""
    return question.answer not in OUT and may(MODERATION_MOVES, question.moderation, Moderation.WITHDRAWN)


def may_hide_name(question: Question) -> bool:
    return not question.anonymous and question.moderation != Moderation.WITHDRAWN


async def withdraw(db: AsyncSession, question: Question, *, why: str = "") -> None:
    if not may_withdraw(question):
        raise Conflict("withdrawn_too_late" if question.answer in OUT else "moved_on")
    channels = [*reader_channels(question), "review", f"person:{question.author_id}"]
    if question.agency_id is not None:
        channels.append(f"agency:{question.agency_id}")
    await tallies.leaves(db, question)
    await move(
        db,
        question,
        "moderation",
        Moderation.WITHDRAWN,
        MODERATION_MOVES,
        withdrawn_at=now(db),
        withdrawn_why=why,
        paused_at=None,
    )
    await close_case(db, question.surface, question)
    await _leave_desk(db, question)
    await search.drop(db, question.key)
    await traces.drop(db, question.key)
    await turns.take_back(db, question)
    await follows.tell(db, SURFACE, question.key, notices.Kind.WITHDRAWN)
    if question.dialogue_id is not None:
        await follows.leave(db, dialogues.SURFACE, question.dialogue_id, question.author_id)
    await partings.part_all(db, question, by=None)
    for channel in channels:
        log.record(db, channel, "question.withdrawn", question=question.key)
    await mentions.tell(db, question)


async def hide_name(db: AsyncSession, question: Question) -> None:
    """At once, whatever else is decided later: readers no longer see who asked."""
    question.anonymous = True
    db.add(question)
    await db.flush()
    for channel in (*reader_channels(question), f"person:{question.author_id}"):
        log.record(db, channel, "question.name_hidden", question=question.key)


async def close_case(db: AsyncSession, surface: str, text: Text) -> None:
    """Nobody has to decide it any more; whoever has it open, or decided it just now, learns that its author did."""
    await undoing.call_off(db, surface, text.key)
    await db.exec(
        sa.update(Case)
        .where(col(Case.surface) == surface, col(Case.thing_id) == text.key, col(Case.state) == CaseState.OPEN.value)
        .values(
            state=CaseState.DECIDED.value,
            version=col(Case.version) + 1,
            decided_by=text.author_id,
            decided_at=now(db),
            decision=WITHDRAW,
            claimed_by=None,
            claimed_until=None,
        )
        .execution_options(synchronize_session=False)
    )


async def _leave_desk(db: AsyncSession, question: Question) -> None:
    """The agency's turn ends; the official who took it is told. A draft stays with its agency."""
    if question.assignment == Assigned.UNASSIGNED:
        return
    if question.answer == Answered.IN_APPROVAL:
        await move(db, question, "answer", Answered.DRAFTING, ANSWER_MOVES)
    if question.answer == Answered.DRAFTING:
        await move(db, question, "answer", Answered.NONE, ANSWER_MOVES)
    turn = await assignments.current(db, question)
    turn.outcome, turn.ended_at = Outcome.WITHDRAWN, now(db)
    db.add(turn)
    await db.flush()
    await move(db, question, "assignment", Assigned.UNASSIGNED, MOVES, agency_id=None)
    if turn.accepted_by is not None:
        await notices.write(db, turn.accepted_by, notices.Kind.WITHDRAWN, SURFACE, question.key)
