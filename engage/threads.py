"""Threads as readers list them: pinned ones, newest first, counted by section, and posts found by their words.

In all of it a thread is as public as what opens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import search
from engage.access import PUBLIC, visible
from engage.forum import FIRST, Thread
from engage.remarks import Remark, Said

PAGE = 30  # posts on a page of a thread
Place = tuple[datetime, int]
Listed = tuple[Thread, Remark]  # a thread, and what opens it


@dataclass(frozen=True, slots=True)
class Counted:
    threads: int = 0
    posts: int = 0


async def counts(db: AsyncSession) -> Mapping[str, Counted]:
    """How much is talked about in each section."""
    # Asked thread by thread: SQLite would begin a join with every post there is.
    found = select(col(Thread.section), func.count(), func.sum(Thread.many)).where(sa.exists().where(_opens()))
    return {slug: Counted(many, int(posts)) for slug, many, posts in await db.exec(found.group_by(Thread.section))}


async def pinned(db: AsyncSession, section: str) -> Sequence[Listed]:
    wanted = select(col(Thread.id)).where(Thread.section == section, col(Thread.pinned_at).is_not(None))
    found = _listed().where(col(Thread.id).in_(wanted))  # a few, and looked for first
    return await _all(db, found.order_by(col(Thread.pinned_at).desc(), col(Thread.id).desc()))


async def newest(db: AsyncSession, section: str, most: int, after: Place | None = None) -> Sequence[Listed]:
    """By when something was last said, without those that are pinned."""
    found = _listed().where(Thread.section == section, col(Thread.pinned_at).is_(None))
    if after:
        found = found.where(sa.tuple_(col(Thread.last_at), col(Thread.id)) < sa.tuple_(*map(sa.literal, after)))
    return await _all(db, found.order_by(col(Thread.last_at).desc(), col(Thread.id).desc()).limit(most))


async def latest(db: AsyncSession, section: str, most: int) -> Sequence[Listed]:
    """Those with the newest posts, pinned or not."""
    found = _listed().where(Thread.section == section)
    return await _all(db, found.order_by(col(Thread.last_at).desc(), col(Thread.id).desc()).limit(most))


async def of_ids(db: AsyncSession, ids: Sequence[int]) -> Sequence[Listed]:
    found = _listed().where(col(Thread.id).in_(ids))
    return await _all(db, found.order_by(col(Thread.last_at).desc(), col(Thread.id).desc()))


def place_of(thread: Thread) -> Place:
    return thread.last_at or thread.opened_at, thread.key


async def found(db: AsyncSession, typed: str) -> Sequence[int]:
    """Posts that hold every word, the best first; also those of threads that readers do not see."""
    return await search.find(db, typed, search.REMARKS)


async def posts(db: AsyncSession, ids: Sequence[int]) -> Sequence[tuple[Remark, Thread]]:
    """Of these the ones that readers see, in this order, each with its thread."""
    rows = select(Remark, Thread).join(Thread, col(Thread.id) == col(Remark.place_id))
    rows = rows.where(col(Remark.id).in_(ids), Remark.surface == Said.POST, visible(Remark, PUBLIC))
    shown = {remark.key: (remark, thread) for remark, thread in await db.exec(rows)}
    public = await are_open(db, [thread.key for _, thread in shown.values()])
    return [shown[key] for key in ids if key in shown and shown[key][1].key in public]


async def are_open(db: AsyncSession, ids: Sequence[int]) -> frozenset[int]:
    """Of these threads those that readers see."""
    opening = col(Remark.surface) == Said.POST, col(Remark.number) == FIRST, visible(Remark, PUBLIC)
    found = select(Remark.place_id).where(*opening, col(Remark.place_id).in_(ids))
    return frozenset((await db.exec(found)).all())


async def count_after(db: AsyncSession, thread_id: int, number: int) -> tuple[int, int]:
    """How many posts readers see after that number, and the number of the first."""
    later = select(func.count(), func.min(Remark.number)).where(
        Remark.surface == Said.POST, Remark.place_id == thread_id, col(Remark.number) > number, visible(Remark, PUBLIC)
    )
    many, first = (await db.exec(later)).one()
    return many, first or 0


async def that_became(db: AsyncSession, question_id: int) -> int | None:
    """The thread that a question was, where readers see it."""
    found = select(col(Thread.id)).join(Remark, _opens()).where(Thread.question_id == question_id)
    return (await db.exec(found)).one_or_none()


async def answered(db: AsyncSession, thread_id: int, ids: Sequence[int]) -> Mapping[int, Remark]:
    """What posts answer to, where readers see it."""
    found = select(Remark).where(Remark.surface == Said.POST, Remark.place_id == thread_id, visible(Remark, PUBLIC))
    rows = await db.exec(found.where(col(Remark.id).in_(ids)))
    return {remark.key: remark for remark in rows}


def page_of(number: int) -> int:
    """The page of a thread on which a post stands: told by its number, so that no page is counted out."""
    return (max(number, 1) - 1) // PAGE + 1


def numbers_on(page: int) -> tuple[int, int]:
    return (page - 1) * PAGE + 1, page * PAGE


def _opens() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Remark.surface) == Said.POST,
        col(Remark.place_id) == col(Thread.id),
        col(Remark.number) == FIRST,
        visible(Remark, PUBLIC),
    )


def _listed() -> Any:
    return select(Thread, Remark).join(Remark, _opens())


async def _all(db: AsyncSession, chosen: Any) -> Sequence[Listed]:
    found: Sequence[Listed] = (await db.exec(chosen)).all()
    return found
