"""How far somebody has read a thread, and which threads they follow: a row per reader and thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now, upsert
from engage.forum import Thread

MOST = 100  # of one reader, on one page


class Bookmark(SQLModel, table=True):
    """`number`: the last post they have had before them."""

    __tablename__ = "bookmark"
    __table_args__ = (sa.Index("bookmark_followed", "person_id", "follows"),)

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    thread_id: int = Field(primary_key=True, foreign_key="thread.id")
    number: int = 0
    follows: bool = False
    since: datetime


async def reach(db: AsyncSession, person_id: int, thread_id: int, number: int) -> None:
    """Never back: who opens an old page has not forgotten the newer ones."""
    row = upsert(db, Bookmark).values(person_id=person_id, thread_id=thread_id, number=number, since=now(db))
    further = Bookmark.number < row.excluded.number
    keys = ["person_id", "thread_id"]
    await db.exec(row.on_conflict_do_update(index_elements=keys, set_={"number": number}, where=further))


async def follow(db: AsyncSession, person_id: int, thread: Thread, *, on: bool) -> None:
    """What was said until now counts as read."""
    row = upsert(db, Bookmark).values(
        person_id=person_id, thread_id=thread.key, number=thread.top, follows=on, since=now(db)
    )
    await db.exec(row.on_conflict_do_update(index_elements=["person_id", "thread_id"], set_={"follows": on}))


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
