"""The queue of open cases: in which order, narrowed by what, how many. A queue is a WHERE clause; claiming is in `cases`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from moderation.cases import Case, is_free_for, is_open, returned
from moderation.entries import stands_first

Wheres = Sequence[sa.ColumnElement[bool]]
Place = tuple[datetime, int]


async def claim_next(
    db: AsyncSession,
    person_id: int,
    now: datetime,
    lease: timedelta,
    cleared_for_sealed: bool,
    after: Place | None = None,
    wheres: Wheres = (),
) -> Case | None:
    """Take the oldest case nobody else holds; a second click gives the same. `after`: passed over."""
    oldest = (
        _queue(select(col(Case.id)), cleared_for_sealed, after, wheres)
        .where(is_free_for(person_id, now))
        .limit(1)
        .with_for_update(skip_locked=True)  # two desks do not wait for each other; SQLite has one writer anyway
    )
    taken = sa.update(Case).where(col(Case.id) == oldest.scalar_subquery())
    return await returned(db, taken.values(claimed_by=person_id, claimed_until=now + lease))


async def waiting(
    db: AsyncSession, cleared: bool, limit: int, after: Place | None = None, wheres: Wheres = ()
) -> Sequence[Case]:
    """Open cases, oldest first; `after` is (opened_at, id) of the last one seen."""
    cases: Sequence[Case] = (await db.exec(_queue(select(Case), cleared, after, wheres).limit(limit))).all()
    return cases


async def count_waiting(db: AsyncSession, cleared: bool) -> int:
    counted = select(func.count()).select_from(Case).where(is_open(), stands_first())
    return (await db.exec(counted if cleared else counted.where(col(Case.sealed).is_(False)))).one()


async def held_by(db: AsyncSession, people: Sequence[int], now: datetime) -> dict[int, int]:
    """Which open case each of these persons holds; of several, the newest."""
    mine = select(col(Case.claimed_by), func.max(col(Case.id))).where(
        is_open(), col(Case.claimed_by).in_(people), col(Case.claimed_until) > now
    )
    rows = await db.exec(mine.group_by(col(Case.claimed_by)))
    return {int(person): int(case) for person, case in rows.all() if person is not None and case is not None}


async def tallied(db: AsyncSession, cleared: bool, most: int, by: dict[str, Any]) -> dict[str, int]:
    """How many of the oldest `most` open cases are each of `by`, in one look."""
    oldest = _queue(select(Case), cleared, None, ()).limit(most).subquery()
    alias = sa.orm.aliased(Case, oldest)
    sums = [func.coalesce(func.sum(sa.case((is_so(alias), 1), else_=0)), 0) for is_so in by.values()]
    row = (await (await db.connection()).execute(sa.select(func.count(), *sums).select_from(oldest))).one()
    return dict(zip(["all", *by], (int(n) for n in row), strict=True))


def _queue(chosen: Any, cleared: bool, after: Place | None, wheres: Wheres) -> Any:
    queue = chosen.where(is_open(), stands_first(), *wheres).order_by(col(Case.opened_at), col(Case.id))
    if not cleared:
        queue = queue.where(col(Case.sealed).is_(False))
    if after is None:
        return queue
    place = sa.tuple_(col(Case.opened_at), col(Case.id))
    return queue.where(place > sa.tuple_(sa.literal(after[0], UTCDateTime()), sa.literal(after[1])))
