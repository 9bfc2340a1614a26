"""What the public saw, and when: one row each time a text that readers see is published or changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now


class Revision(SQLModel, table=True):
    __tablename__ = "revision"

    kind: str = Field(primary_key=True, sa_type=sa.String(20))
    thing_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime
    by: int | None = Field(default=None, foreign_key="person.id")
    content: dict[str, Any] = Field(sa_type=sa.JSON)


async def keep(db: AsyncSession, kind: str, thing_id: int, by: int | None, content: dict[str, Any]) -> int:
    """Keep what is being published; returns its number, counted from 1."""
    counted = select(func.count()).where(Revision.kind == kind, Revision.thing_id == thing_id)
    number = (await db.exec(counted)).one() + 1
    db.add(Revision(kind=kind, thing_id=thing_id, number=number, at=now(db), by=by, content=content))
    await db.flush()
    return number


async def of(db: AsyncSession, kind: str, thing_id: int) -> Sequence[Revision]:
    kept = select(Revision).where(Revision.kind == kind, Revision.thing_id == thing_id)
    return (await db.exec(kept.order_by(col(Revision.number)))).all()
