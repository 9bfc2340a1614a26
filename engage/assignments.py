"""Which agency has a text, since when and until when: offer, accept, give back, transfer. Knows no noun."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, clocks, deadlines, policies, shares, standing
from engage.access import Actor, Moderation, can_assign
from engage.agencies import Agency
from engage.assigned import ANSWER_MOVES, IN_HAND, MOVES, NOBODY, Answered, Assigned, AssignedText, address, lists
from engage.db import now, one_of
from engage.deadlines import Complexity, Step
from engage.errors import Conflict, NotAllowed, Refused
from engage.moves import move
from live import log

LEAST_REASON = 5


class Outcome(StrEnum):
    """How one agency's turn ended; empty while it runs."""

    TRANSFERRED = "transferred"
    GIVEN_BACK = "given_back"
    REROUTED = "rerouted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the asker
    MERGED = "merged"


class Assignment(SQLModel, table=True):
    """One agency's turn with one text."""

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("assignment_outcome", "outcome", Outcome, nullable=True),
        sa.Index("assignment_of_thing", "surface", "thing_id", "id"),
        sa.Index("assignment_passed_on", "from_agency_id", "agency_id", "offered_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    agency_id: int = Field(foreign_key="agency.id")
    from_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    hop: int = 0
    why: list[Any] = Field(default_factory=list, sa_type=sa.JSON)  # routing reasons: (code, figures) pairs
    reason: str = Field(default="", sa_type=sa.String(1000))  # words of the person who sent it here
    offered_by: int | None = Field(default=None, foreign_key="person.id")
    offered_at: datetime
    acknowledge_due_at: datetime
    accepted_by: int | None = Field(default=None, foreign_key="person.id")
    accepted_at: datetime | None = None
    outcome: str | None = Field(default=None, sa_type=sa.String(12))
    ended_at: datetime | None = None
    ended_reason: str = Field(default="", sa_type=sa.String(1000))


async def offer(
    db: AsyncSession,
    text: AssignedText,
    agency_id: int,
    *,
    by: int | None,
    why: Sequence[Any] = (),
    reason: str = "",
    came_from: Assignment | None = None,
) -> Assignment:
    """Put a text on an agency's desk. The answer clock starts with the first one, and goes on whoever has it next."""
    surface, thing_id = address(text)
    agency = await db.get(Agency, agency_id)
    if agency is None or not agency.may_answer:
        raise Refused("agency_does_not_answer", field="agency")
    clock = {} if text.answer_from else await clocks.start(db, text, agency_id)
    await move(db, text, "assignment", Assigned.OFFERED, MOVES, agency_id=agency_id, **NOBODY, **clock)
    if not clock:
        await clocks.hand_over(db, text, came_from.agency_id if came_from else None)
    turn = Assignment(
        surface=surface,
        thing_id=thing_id,
        agency_id=agency_id,
        from_agency_id=came_from.agency_id if came_from else None,
        hop=came_from.hop + 1 if came_from else 0,
        why=list(why),
        reason=reason,
        offered_by=by,
        offered_at=now(db),
        acknowledge_due_at=await deadlines.due_at(db, text.surface, Step.ACKNOWLEDGE),
    )
    db.add(turn)
    await db.flush()
    _tell(db, text, "assignment.offered", agency_id)
    return turn


async def accept(db: AsyncSession, actor: Actor, text: AssignedText) -> None:
    if not (can_assign(actor, text) or await standing.may_write(db, actor, text)):
        raise NotAllowed()
    await move(db, text, "assignment", Assigned.ACCEPTED, MOVES)
    turn = await current(db, text)
    turn.accepted_by, turn.accepted_at = actor.person_id, now(db)
    db.add(turn)
    await db.flush()
    _tell(db, text, "assignment.accepted", turn.agency_id)
    await audit.note(db, actor.person_id, "assignment.accepted", assignment=turn.id)


async def undo_accept(db: AsyncSession, actor: Actor, text: AssignedText) -> None:
    """It is new on the desk again, with the date it had; not once somebody has begun to write."""
    if not can_assign(actor, text):
        raise NotAllowed()
    if text.answer != Answered.NONE or await shares.of(db, text):
        raise Refused("work_has_begun")
    await move(db, text, "assignment", Assigned.OFFERED, MOVES)
    turn = await current(db, text)
    turn.accepted_by = turn.accepted_at = None
    db.add(turn)
    await db.flush()
    _tell(db, text, "assignment.reopened", turn.agency_id)
    await audit.note(db, actor.person_id, "assignment.reopened", assignment=turn.id)


async def give_back(db: AsyncSession, actor: Actor, text: AssignedText, reason: str) -> None:
    """To the portal desk, which routes it anew."""
    if not can_assign(actor, text):
        raise NotAllowed()
    turn = await _end(db, text, Outcome.GIVEN_BACK, _said(reason))
    await move(db, text, "assignment", Assigned.UNASSIGNED, MOVES, agency_id=None, **NOBODY)
    _tell(db, text, "assignment.given_back", turn.agency_id)
    await audit.note(db, actor.person_id, "assignment.given_back", assignment=turn.id)


async def transfer(db: AsyncSession, actor: Actor, text: AssignedText, agency_id: int, reason: str) -> None:
    """To another agency, with a reason the asker reads. A text that has moved too often goes back to the portal desk instead."""
    if not can_assign(actor, text):
        raise NotAllowed()
    if agency_id == text.agency_id:
        raise Refused("same_agency", field="agency")
    turn = await current(db, text)
    most = (await policies.policy_of(db, text.surface)).most_hops
    if turn.hop + 1 >= most:
        raise Refused("too_many_hops", field="agency", most=most)
    await _end(db, text, Outcome.TRANSFERRED, _said(reason))
    await offer(db, text, agency_id, by=actor.person_id, reason=_said(reason), came_from=turn)
    _tell(db, text, "assignment.transferred", turn.agency_id)
    await audit.note(db, actor.person_id, "assignment.transferred", assignment=turn.id, agency=agency_id)


async def decline(db: AsyncSession, actor: Actor, text: AssignedText, reason: str) -> None:
    """What another agency passed on is the sender's again, with a reason the asker reads."""
    if not can_assign(actor, text):
        raise NotAllowed()
    if text.assignment != Assigned.OFFERED:
        raise Conflict("moved_on")
    sender = passed_on_by(await of(db, text))
    if sender is None:
        raise Refused("not_passed_on", field="decline_reason")
    turn = await _end(db, text, Outcome.DECLINED, _said(reason, field="decline_reason"))
    back = await offer(db, text, sender, by=actor.person_id, reason=turn.ended_reason, came_from=turn)
    back.hop = turn.hop  # the way back is not the sender's doing: another agency may still be tried
    db.add(back)
    await db.flush()
    _tell(db, text, "assignment.declined", turn.agency_id)


async def reroute(db: AsyncSession, actor: Actor, text: AssignedText, agency_id: int, reason: str) -> None:
    """The portal desk sends a text to an agency: after it was given back, or over a wrong first choice."""
    if not actor.is_moderator:
        raise NotAllowed()
    if text.moderation != Moderation.ACCEPTED or text.sealed:  # nobody decided yet that any agency may see it
        raise Conflict("moved_on")
    last = None
    if text.assignment != Assigned.UNASSIGNED:
        if agency_id == text.agency_id:
            raise Refused("same_agency", field="agency")
        last = await _end(db, text, Outcome.REROUTED, _said(reason))
        _tell(db, text, "assignment.rerouted", last.agency_id)
    turn = await offer(db, text, agency_id, by=actor.person_id, reason=_said(reason))
    await audit.note(db, actor.person_id, "assignment.rerouted", assignment=turn.id, agency=agency_id)


async def set_complexity(db: AsyncSession, actor: Actor, text: AssignedText, complexity: Complexity) -> None:
    """The due date is counted again from the same start."""
    if not can_assign(actor, text):
        raise NotAllowed()
    if text.answer not in IN_HAND:
        raise Refused("answer_is_on_its_way")
    await clocks.set_complexity(db, actor, text, complexity)
    await audit.note(
        db, actor.person_id, "assignment.due_changed", reason=complexity, **{str(text.__tablename__): text.key}
    )


async def current(db: AsyncSession, text: AssignedText) -> Assignment:
    surface, thing_id = address(text)
    running = select(Assignment).where(
        Assignment.surface == surface, Assignment.thing_id == thing_id, col(Assignment.ended_at).is_(None)
    )
    turn = (await db.exec(running.order_by(col(Assignment.id).desc()).limit(1))).one_or_none()
    if turn is None:
        raise Refused("not_assigned")
    return turn


async def of(db: AsyncSession, text: AssignedText) -> Sequence[Assignment]:
    """Every turn, oldest first: the path the asker sees."""
    return await turns_of(db, *address(text))


async def turns_of(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Assignment]:
    turns = select(Assignment).where(Assignment.surface == surface, Assignment.thing_id == thing_id)
    return (await db.exec(turns.order_by(col(Assignment.id)))).all()


def passed_on_by(turns: Sequence[Assignment]) -> int | None:
    """The agency that passed the text on to the one that has it now; None when nobody did, or when it came back declined."""
    last, before = turns[-1:], turns[-2:-1]
    if not last or not before or before[0].outcome != Outcome.TRANSFERRED:
        return None
    return last[0].from_agency_id


def _said(reason: str, *, field: str = "reason") -> str:
    """A reason that others read: in one line, and not empty."""
    line = " ".join(reason.split())
    if len(line) < LEAST_REASON:
        raise Refused("reason_words_missing", field=field)
    return line


async def _end(db: AsyncSession, text: AssignedText, outcome: Outcome, reason: str) -> Assignment:
    if text.answer not in IN_HAND:
        raise Refused("answer_is_on_its_way")
    await shares.withdraw_open(db, text)
    if text.answer == Answered.DRAFTING:  # the draft stays with the agency that wrote it; the next one starts its own
        await move(db, text, "answer", Answered.NONE, ANSWER_MOVES)
    turn = await current(db, text)
    turn.outcome, turn.ended_at, turn.ended_reason = outcome, now(db), reason
    db.add(turn)
    await db.flush()
    return turn


def _tell(db: AsyncSession, text: AssignedText, fact: str, agency_id: int | None) -> None:
    surface, thing_id = address(text)
    for channel in (f"agency:{agency_id}", f"{surface}:{thing_id}", *lists(text), f"person:{text.author_id}"):
        log.record(db, channel, fact, **{surface: thing_id})
