"""Chasing the agency: each step of each clock once, as a row, with the people who are told. Whoever runs it, however often.

Every open text is looked at on the morning of each working day; which rows there are does not depend on when that was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, assignments, clocks, deadlines, office_hours
from engage.access import Moderation
from engage.agencies import Agency, Post
from engage.assigned import Answered, Assigned
from engage.chases import Chase, Clock, Patience, Reminder, Running, Step, is_in_approval, is_open, owing, reached
from engage.db import Store, database_now
from engage.errors import Failure
from engage.people import Person
from engage.questions import SURFACE, Question

AT_ONCE = 200
LATER = timedelta(hours=1)

logger = structlog.get_logger(__name__)


async def chase(store: Store) -> int:
    """The worker's drain: one transaction a text. One that fails is logged, and looked at again in an hour."""
    async with store.reading() as db:
        due = select(col(Question.id)).where(col(Question.chase_at) <= await database_now(db))
        waiting = (await db.exec(due.order_by(col(Question.chase_at)).limit(AT_ONCE))).all()
    for question_id in waiting:
        try:
            async with store.transaction() as db:
                await look_at(db, question_id or 0)
        except Failure as failure:
            logger.error("chase.failed", question=question_id, reason=failure.reason)
            async with store.transaction() as db:
                await _look_again(db, question_id or 0, await database_now(db) + LATER)
    return len(waiting)


async def look_at(db: AsyncSession, question_id: int) -> None:
    """Write what has come for one text, and when to look at it next. Another process may have it in hand: then it is theirs."""
    at = await database_now(db)
    found = select(Question).where(Question.id == question_id, col(Question.chase_at) <= at)
    question = (await db.exec(found.with_for_update(skip_locked=True))).one_or_none()
    if question is None:
        return
    if not is_open(question):
        await _look_again(db, question_id, None)
        return
    calendar, patience = await deadlines.calendar_now(db), await patience_of(db, question.surface)
    for running in await _running(db, question):
        steps = reached(calendar, running.clock, running.due_at, at, patience)
        await _note(db, question, running, steps, at)
    await _look_again(db, question_id, (await office_hours.of(db)).next_opening(at))


async def adopt(store: Store) -> int:
    """Open texts that nobody looks at: let in before there was chasing, or come back. Looked at from now on."""
    lost = sa.update(Question).where(
        col(Question.chase_at).is_(None),
        col(Question.moderation) == Moderation.ACCEPTED,
        col(Question.assignment) != Assigned.UNASSIGNED,
        col(Question.sealed).is_(False),
        col(Question.merged_into_id).is_(None),
        owing(),
    )
    async with store.transaction() as db:
        adopted = await db.exec(lost.values(chase_at=await database_now(db)))
        await _start_approvals(db)
    return adopted.rowcount


async def _start_approvals(db: AsyncSession) -> None:
    """Answers sent to their approver by a release that set no date for it: they are due as if they were sent today."""
    undated = select(Question).where(Question.answer == Answered.IN_APPROVAL, col(Question.approve_due_at).is_(None))
    for question in (await db.exec(undated.order_by(col(Question.id)).limit(AT_ONCE))).all():
        clock = await clocks.start_approval(db, question)
        question.approve_from, question.approve_due_at = clock["approve_from"], clock["approve_due_at"]
        db.add(question)
    await db.flush()


async def patience_of(db: AsyncSession, surface: str) -> Patience:
    steps = (deadlines.Step.DUE_SOON, deadlines.Step.SUPERVISOR, deadlines.Step.PORTAL_DESK)
    return Patience(*[await deadlines.days_for(db, surface, step) for step in steps])


async def _running(db: AsyncSession, question: Question) -> list[Running]:
    running: list[Running] = []
    if question.agency_id is None or question.assignment == Assigned.UNASSIGNED:
        return running
    if question.assignment == Assigned.OFFERED:
        running.append(Running(Clock.ACKNOWLEDGE, (await assignments.current(db, question)).acknowledge_due_at))
    if question.again_due_at:
        running.append(Running(Clock.AGAIN, question.again_due_at))
    elif question.answer_due_at and question.paused_at is None:
        running.append(Running(Clock.ANSWER, question.answer_due_at))
    if is_in_approval(question) and question.approve_due_at:
        running.append(Running(Clock.APPROVE, question.approve_due_at))
    return running


async def _note(db: AsyncSession, question: Question, running: Running, steps: Sequence[Step], at: datetime) -> None:
    agency_id, clock, due_at = question.agency_id or 0, running.clock, running.due_at
    mine = {"surface": SURFACE, "thing_id": question.key, "clock": clock, "due_at": due_at, "agency_id": agency_id}
    noted = set((await db.exec(select(Chase.step).filter_by(**mine))).all())
    for step in steps:
        if step in noted:
            continue
        row = Chase.model_validate({**mine, "step": step, "at": at})
        db.add(row)
        await db.flush()
        told = await _recipients(db, question, clock, step)
        db.add_all([Reminder(chase_id=row.id or 0, person_id=person_id) for person_id in sorted(told)])
    await db.flush()


async def _recipients(db: AsyncSession, question: Question, clock: Clock, step: Step) -> set[int]:
    """Who can do something about it: first who has it in hand, then who answers for them, at last the portal desk."""
    agency_id = question.agency_id or 0
    if step is Step.PORTAL_DESK:
        moderators = select(col(Person.id)).where(Person.is_moderator, col(Person.ended_at).is_(None))
        return {person_id or 0 for person_id in await db.exec(moderators)}
    approvers = set(await agencies.who(db, agency_id, Post.APPROVER))
    coordinators = set(await agencies.who(db, agency_id, Post.COORDINATOR))
    if step is Step.SUPERVISOR:
        return approvers | coordinators | await _above(db, agency_id)
    if clock is Clock.APPROVE:
        return approvers
    official = getattr(question, "official_id", None)  # the official who has it in hand, where coordinators name one
    in_hand = {official} if official and clock in {Clock.ANSWER, Clock.AGAIN} else coordinators
    return in_hand | coordinators if step is Step.OVERDUE else in_hand


async def _above(db: AsyncSession, agency_id: int) -> set[int]:
    """Coordinators of the agency that this one belongs to."""
    agency = await db.get(Agency, agency_id)
    if agency is None or agency.parent_slug is None:
        return set()
    parent = await agencies.by_slug(db, agency.parent_slug)
    return set(await agencies.who(db, parent.id or 0, Post.COORDINATOR))


async def _look_again(db: AsyncSession, question_id: int, at: datetime | None) -> None:
    await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(chase_at=at))
