"""Steps of chasing as rows: which have come, who is told, which still stand. Writes none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import Actor, Moderation, visible
from engage.assigned import Answered, Assigned
from engage.db import one_of
from engage.deadlines import Calendar, here
from engage.people import Person
from engage.questions import SURFACE, Question

UNANSWERED = (Answered.NONE, Answered.DRAFTING, Answered.IN_APPROVAL)


class Clock(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    APPROVE = "approve"
    AGAIN = "again"


class Step(StrEnum):
    """In the order in which they come."""

    OFFERED = "offered"
    DUE_SOON = "due_soon"
    DUE = "due"
    OVERDUE = "overdue"
    SUPERVISOR = "supervisor"
    PORTAL_DESK = "portal_desk"


class Chase(SQLModel, table=True):
    """One step towards one due date. A date that moved is another one, and has steps of its own."""

    __tablename__ = "chase"
    __table_args__ = (
        one_of("chase_clock", "clock", Clock),
        one_of("chase_step", "step", Step),
        sa.UniqueConstraint("surface", "thing_id", "clock", "step", "due_at", "agency_id", name="uq_chase_once"),
        sa.Index("chase_by_step", "step", "due_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    clock: str = Field(sa_type=sa.String(12))
    step: str = Field(sa_type=sa.String(12))
    due_at: datetime
    agency_id: int = Field(foreign_key="agency.id")
    at: datetime


class Reminder(SQLModel, table=True):
    """Who is told of a step; in which digest, once there is one."""

    __tablename__ = "reminder"
    __table_args__ = (
        sa.Index(
            "reminder_waiting",
            "person_id",
            postgresql_where=sa.text("digest_id is null"),
            sqlite_where=sa.text("digest_id is null"),
        ),
    )

    chase_id: int = Field(foreign_key="chase.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    digest_id: int | None = Field(default=None, foreign_key="digest.id", index=True)


@dataclass(frozen=True, slots=True)
class Patience:
    """Working days before the date at which one is reminded, and after it at which others are told. Rows."""

    due_soon: int
    supervisor: int
    portal_desk: int


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs for an agency now."""

    clock: Clock
    due_at: datetime


def reached(calendar: Calendar, clock: Clock, due_at: datetime, at: datetime, patience: Patience) -> list[Step]:
    """The steps that have come by now. Pure."""
    left = calendar.between(here(at), here(due_at))
    come = {
        Step.OFFERED: clock is Clock.ACKNOWLEDGE,
        Step.DUE_SOON: clock in {Clock.ANSWER, Clock.AGAIN} and left <= patience.due_soon,
        Step.DUE: left <= 0,
        Step.OVERDUE: left < 0,
        Step.SUPERVISOR: left <= -patience.supervisor,
        Step.PORTAL_DESK: left <= -patience.portal_desk,
    }
    return [step for step in Step if come[step]]


def is_open(question: Question) -> bool:
    """Whether an agency still owes something."""
    is_public = question.moderation == Moderation.ACCEPTED and not question.sealed
    owes = question.answer in UNANSWERED or question.again_due_at is not None
    return is_public and question.merged_into_id is None and owes


def owing() -> sa.ColumnElement[bool]:
    """The same as a WHERE clause, as far as the answer goes."""
    return sa.or_(col(Question.answer).in_(UNANSWERED), col(Question.again_due_at).is_not(None))


def is_in_approval(question: Question) -> bool:
    return question.answer == Answered.IN_APPROVAL or question.again_due_at is not None


def _in_approval() -> sa.ColumnElement[bool]:
    return sa.or_(col(Question.answer) == Answered.IN_APPROVAL, col(Question.again_due_at).is_not(None))


def stands(chase: Chase, question: Question) -> bool:
    """Whether the clock still runs towards the date that this step is about."""
    if not is_open(question) or question.agency_id != chase.agency_id:
        return False
    if chase.clock == Clock.ACKNOWLEDGE:
        return question.assignment == Assigned.OFFERED
    if chase.clock == Clock.AGAIN:
        return question.again_due_at == chase.due_at
    if chase.clock == Clock.APPROVE:
        return is_in_approval(question) and question.approve_due_at == chase.due_at
    return question.answer in UNANSWERED and question.paused_at is None and question.answer_due_at == chase.due_at


async def at_the_portal_desk(db: AsyncSession, actor: Actor, limit: int) -> Sequence[tuple[Chase, Question]]:
    """What no agency moved: steps of dates that still stand, the latest first."""
    clock, due = col(Chase.clock), col(Chase.due_at)
    still = sa.or_(
        sa.and_(
            clock == Clock.ANSWER,
            due == Question.answer_due_at,
            col(Question.paused_at).is_(None),
            col(Question.answer).in_(UNANSWERED),
        ),
        sa.and_(clock == Clock.APPROVE, due == Question.approve_due_at, _in_approval()),
        sa.and_(clock == Clock.AGAIN, due == Question.again_due_at),
        sa.and_(clock == Clock.ACKNOWLEDGE, col(Question.assignment) == Assigned.OFFERED),
    )
    late = (
        select(Chase, Question)
        .join(Question, sa.and_(col(Chase.surface) == SURFACE, col(Chase.thing_id) == col(Question.id)))
        .where(Chase.step == Step.PORTAL_DESK, Chase.agency_id == Question.agency_id, still, visible(Question, actor))
        .where(owing(), col(Question.merged_into_id).is_(None))
    )
    return (await db.exec(late.order_by(due, col(Chase.id)).limit(limit))).all()


async def told_of(db: AsyncSession, chase: Chase) -> Sequence[tuple[Chase, str]]:
    """Every step towards the same date, the first first, and the names of who was told."""
    named = ("surface", "thing_id", "clock", "due_at", "agency_id")
    found = (
        select(Chase, Person.name)
        .join(Reminder, col(Reminder.chase_id) == Chase.id)
        .join(Person, col(Person.id) == Reminder.person_id)
        .where(*(getattr(Chase, name) == getattr(chase, name) for name in named))
    )
    return (await db.exec(found.order_by(col(Chase.id), col(Person.id)))).all()
