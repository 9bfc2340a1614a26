"""One act on several texts of a desk at once: what each was before, so that all of it can be taken back. Knows no noun."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, officials
from engage.access import Actor
from engage.assigned import IN_HAND, Assigned, AssignedText
from engage.db import locked, now
from engage.deadlines import Complexity
from engage.errors import Conflict, NotFound, Refused

UNDO_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
Item = dict[str, Any]


class Batch(SQLModel, table=True):
    """`items`: pairs of what a text was before the act, and after it."""

    __tablename__ = "batch"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    act: str = Field(sa_type=sa.String(12))
    items: list[list[Item]] = Field(default_factory=list, sa_type=sa.JSON)
    at: datetime
    undone_at: datetime | None = None


def as_it_is(text: AssignedText) -> Item:
    """What an act on many may change of a text."""
    return {
        "id": text.key,
        "assignment": str(text.assignment),
        "official": text.official_id,
        "handed_at": text.handed_at.isoformat() if text.handed_at else None,
        "complexity": str(text.complexity),
    }


async def keep(db: AsyncSession, actor: Actor, act: str, items: Sequence[tuple[Item, Item]]) -> int:
    batch = Batch(person_id=actor.person_id or 0, act=act, items=[list(pair) for pair in items], at=now(db))
    db.add(batch)
    await db.flush()
    return batch.id or 0


async def one(db: AsyncSession, actor: Actor, batch_id: int) -> Batch:
    """One's own; anybody else's is missing."""
    mine = select(Batch).where(Batch.id == batch_id, Batch.person_id == actor.person_id)
    batch: Batch | None = (await db.exec(locked(db, mine))).one_or_none()
    if batch is None:
        raise NotFound()
    return batch


def can_be_undone(batch: Batch, at: datetime) -> bool:
    return batch.undone_at is None and at < batch.at + UNDO_FOR


async def close(db: AsyncSession, actor: Actor, batch_id: int) -> Batch:
    """It is being taken back: once, and not for ever."""
    batch = await one(db, actor, batch_id)
    if not can_be_undone(batch, now(db)):
        raise Conflict("batch_undone" if batch.undone_at else "batch_too_late")
    batch.undone_at = now(db)
    db.add(batch)
    await db.flush()
    return batch


async def put_back(db: AsyncSession, actor: Actor, text: AssignedText, before: Item, after: Item) -> None:
    """One text of it, while it stands as the act left it and its answer is not on the way."""
    if as_it_is(text) != after:
        raise Conflict("moved_on")
    if text.answer not in IN_HAND:
        raise Refused("answer_is_on_its_way")
    if before["complexity"] != after["complexity"]:
        await assignments.set_complexity(db, actor, text, Complexity(before["complexity"]))
    if before["official"] != after["official"]:
        await officials.put_back(db, actor, text, before["official"])
    if (before["assignment"], after["assignment"]) == (Assigned.OFFERED, Assigned.ACCEPTED):
        await assignments.undo_accept(db, actor, text)


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(Batch).where(col(Batch.at) < now(db) - KEPT_FOR))
