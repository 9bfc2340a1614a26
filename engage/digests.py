"""Digests: one mail a person and day, with what is due and what was brought to them. Holds no words: they are made at sending."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from engage import notices, office_hours
from engage.chases import Chase, Reminder, stands
from engage.db import Store, database_now
from engage.deadlines import here
from engage.notices import GATHERED, Notice
from engage.people import Person
from engage.questions import SURFACE as QUESTION
from engage.questions import Question

SURFACE = "digest"
AT_ONCE = 100


class Digest(SQLModel, table=True):
    """Also the promise of one a day, whichever process writes it."""

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("person_id", "day", name="uq_digest_once_a_day"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    day: date
    at: datetime


async def gather(store: Store) -> int:
    """The worker's drain. Waits for working hours, and until every open text was looked at this morning."""
    async with store.reading() as db:
        if not await office_hours.are_open(db) or await _is_chasing(db):
            return 0
        waiting = await _waiting(db, here(await database_now(db)))
    for person_id in waiting:
        async with store.transaction() as db:
            await write(db, person_id)
    return len(waiting)


async def write(db: AsyncSession, person_id: int) -> None:
    at = await database_now(db)
    reminders = select(Reminder).where(Reminder.person_id == person_id, col(Reminder.digest_id).is_(None))
    waiting = (await db.exec(reminders.with_for_update(skip_locked=True))).all()
    brought = (await db.exec(_brought().where(Notice.person_id == person_id).with_for_update(skip_locked=True))).all()
    if not waiting and not brought:  # another process was quicker
        return
    late = await _late(db, person_id, at)
    digest = late or Digest(person_id=person_id, day=here(at), at=at)
    digest.day, digest.at = here(at), at
    db.add(digest)
    await db.flush()
    for reminder in waiting:
        reminder.digest_id = digest.id
        db.add(reminder)
    for notice in brought:
        notice.digest_id, notice.sent_at = digest.id, at
        db.add(notice)
    await db.flush()
    if late is None:
        await notices.write(db, person_id, notices.Kind.DIGEST, SURFACE, digest.id or 0)


async def _late(db: AsyncSession, person_id: int, at: datetime) -> Digest | None:
    """An earlier day's that the mail server has not taken: today's lines go with it. Not one that is on its way this moment."""
    waits = select(Notice).where(
        Notice.person_id == person_id,
        Notice.kind == notices.Kind.DIGEST,
        col(Notice.sent_at).is_(None),
        sa.or_(col(Notice.locked_until).is_(None), col(Notice.locked_until) < at),
    )
    notice = (await db.exec(waits.order_by(col(Notice.id)).limit(1).with_for_update(skip_locked=True))).one_or_none()
    return await db.get(Digest, notice.thing_id) if notice else None


async def items(db: AsyncSession, digest_id: int) -> list[tuple[Chase, Question]]:
    """What of it still stands, the most urgent first: one line a clock, its latest step. Public texts only."""
    told = (
        select(Chase, Question)
        .join(Reminder, col(Reminder.chase_id) == Chase.id)
        .join(Question, sa.and_(col(Chase.surface) == QUESTION, col(Chase.thing_id) == col(Question.id)))
        .where(Reminder.digest_id == digest_id)
        .order_by(col(Chase.due_at), col(Chase.id))
    )
    latest: dict[tuple[int, str], tuple[Chase, Question]] = {}
    for chase, question in await db.exec(told):
        if stands(chase, question):
            latest[question.key, chase.clock] = (chase, question)
    return sorted(latest.values(), key=lambda pair: (pair[0].due_at, pair[0].id))


async def _waiting(db: AsyncSession, today: date) -> Sequence[int]:
    had = select(Digest.person_id).where(Digest.day == today)
    reminded = select(Reminder.person_id).where(col(Reminder.digest_id).is_(None))
    ripe = _brought().with_only_columns(col(Notice.person_id)).where(col(Notice.due_at) <= await database_now(db))
    who = col(Person.id)
    people = select(Person.id).where(sa.or_(who.in_(reminded), who.in_(ripe)), who.not_in(had))
    return [person_id or 0 for person_id in await db.exec(people.order_by(who).limit(AT_ONCE))]


def _brought() -> SelectOfScalar[Notice]:
    return select(Notice).where(col(Notice.sent_at).is_(None), col(Notice.kind).in_(GATHERED))


async def _is_chasing(db: AsyncSession) -> bool:
    due = select(col(Question.id)).where(col(Question.chase_at) <= await database_now(db))
    return (await db.exec(due.limit(1))).first() is not None
