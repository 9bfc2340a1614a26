"""What people talk about this week: threads by their new posts, questions by their new followers. Only what readers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists, threads
from engage.access import PUBLIC, visible
from engage.db import now
from engage.follows import Follow
from engage.lists import Listed
from engage.questions import SURFACE
from engage.remarks import Remark, Said

WEEK = timedelta(days=7)
MOST_READ = 5_000  # of a busy week the newest stand for it: the page costs the same however much is said
SPARE = 3  # times as many are looked at as are shown, for some of them readers do not see


@dataclass(frozen=True, slots=True)
class Talked:
    """A thread as lists have it, and how many posts it got this week."""

    listed: threads.Listed
    posts: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A question as lists have it, and how many began to follow it this week."""

    listed: Listed
    followers: int


async def talked(db: AsyncSession, most: int) -> Sequence[Talked]:
    lately = col(Remark.surface) == Said.POST, col(Remark.accepted_at) > now(db) - WEEK, visible(Remark, PUBLIC)
    newest: Any = select(col(Remark.place_id).label("id")).where(*lately).order_by(col(Remark.accepted_at).desc())
    times = await _busiest(db, newest, most)
    found = {one[0].key: one for one in await threads.of_ids(db, list(times))}
    return [Talked(found[key], posts) for key, posts in times.items() if key in found][:most]


async def followed(db: AsyncSession, most: int) -> Sequence[Followed]:
    lately = col(Follow.surface) == SURFACE, col(Follow.since) > now(db) - WEEK
    newest: Any = select(col(Follow.thing_id).label("id")).where(*lately).order_by(col(Follow.since).desc())
    times = await _busiest(db, newest, most)
    return [Followed(row, times[row.id]) for row in await lists.in_order(db, list(times))][:most]


async def _busiest(db: AsyncSession, newest: Any, most: int) -> dict[int, int]:
    """How often each is named, the most often named first."""
    named = newest.limit(MOST_READ).subquery()
    times = func.count().label("times")
    counted = sa.select(named.c.id, times).group_by(named.c.id).order_by(times.desc(), named.c.id.desc())
    rows = (await (await db.connection()).execute(counted.limit(SPARE * most))).all()
    return {int(key): int(many) for key, many in rows}
