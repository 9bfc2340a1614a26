"""How far somebody has read a thread, and which threads they follow: a row per reader and thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices
from engage.db import now, upsert
from engage.people import Person

MOST = 100  # of one reader, on one page
THREAD = "thread"
LULL = timedelta(minutes=10)  # where many write at once, one mail tells of all of it


class Bookmark(SQLModel, table=True):
    """`number`: the last post they have had before them. `is_told`: a mail said that there is more, and they have not come yet."""

    __tablename__ = "bookmark"
    __table_args__ = (sa.Index("bookmark_followed", "person_id", "follows"),)

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    thread_id: int = Field(primary_key=True, foreign_key="thread.id")
    number: int = 0
    follows: bool = False
    is_told: bool = False
    since: datetime


async def reach(db: AsyncSession, person_id: int, thread_id: int, number: int) -> None:
    """Never back: who opens an old page has not forgotten the newer ones."""
    row = upsert(db, Bookmark).values(person_id=person_id, thread_id=thread_id, number=number, since=now(db))
    further = Bookmark.number < row.excluded.number
    keys = ["person_id", "thread_id"]
    await db.exec(
        row.on_conflict_do_update(index_elements=keys, set_={"number": number, "is_told": False}, where=further)
    )


async def follow(db: AsyncSession, person_id: int, thread_id: int, top: int, *, on: bool) -> None:
    """What was said until now, up to the number `top`, counts as read."""
    row = upsert(db, Bookmark).values(person_id=person_id, thread_id=thread_id, number=top, follows=on, since=now(db))
    await db.exec(
        row.on_conflict_do_update(index_elements=["person_id", "thread_id"], set_={"follows": on, "is_told": False})
    )


async def of(db: AsyncSession, person_id: int | None, thread_ids: Sequence[int]) -> Mapping[int, Bookmark]:
    if person_id is None or not thread_ids:
        return {}
    mine = select(Bookmark).where(Bookmark.person_id == person_id, col(Bookmark.thread_id).in_(thread_ids))
    return {row.thread_id: row for row in await db.exec(mine)}


async def followed(db: AsyncSession, person_id: int | None) -> Sequence[int]:
    if person_id is None:
        return []
    mine = select(Bookmark.thread_id).where(Bookmark.person_id == person_id, col(Bookmark.follows))
    return (await db.exec(mine.order_by(col(Bookmark.since).desc()).limit(MOST))).all()


async def tell(db: AsyncSession, thread_id: int, *, but: int) -> None:
    """One mail to whoever follows the thread and has read since the last one. `but`: who wrote what is new."""
    at = now(db)
    mine = sa.and_(
        col(Bookmark.thread_id) == thread_id,
        col(Bookmark.follows),
        ~col(Bookmark.is_told),
        col(Bookmark.person_id) != but,
    )
    people = sa.select(
        col(Bookmark.person_id),
        sa.literal(str(notices.Kind.THREAD_NEWS)),
        sa.literal(THREAD),
        sa.literal(thread_id),
        sa.literal(at, notices.AT),
        sa.literal(at + LULL, notices.AT),
        sa.literal(0),
    ).join(Person, col(Person.id) == col(Bookmark.person_id))
    reachable = col(Person.email).is_not(None), col(Person.restricted_at).is_(None), col(Person.ended_at).is_(None)
    names = ["person_id", "kind", "surface", "thing_id", "created_at", "due_at", "tries"]
    await db.exec(sa.insert(notices.Notice).from_select(names, people.where(mine, *reachable)))
    told = sa.update(Bookmark).where(mine).values(is_told=True)
    await db.exec(told.execution_options(synchronize_session=False))


async def leave(db: AsyncSession, person_id: int, thread_id: int) -> None:
    """From a mail. How far they have read stays."""
    mine = col(Bookmark.person_id) == person_id, col(Bookmark.thread_id) == thread_id
    await db.exec(sa.update(Bookmark).where(*mine).values(follows=False).execution_options(synchronize_session=False))


async def forget(db: AsyncSession, person_id: int) -> None:
    await db.exec(sa.delete(Bookmark).where(col(Bookmark.person_id) == person_id))
