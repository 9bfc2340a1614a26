"""Who is at a desk, or has a draft open, now: one row a person, renewed while their page is open. Knows no desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now

HERE_FOR = timedelta(seconds=60)
KEPT_FOR = timedelta(days=1)


class Presence(SQLModel, table=True):
    __tablename__ = "presence"
    __table_args__ = (sa.Index("presence_at_desk", "desk", "seen_at"),)

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    desk: str = Field(primary_key=True, sa_type=sa.String(20))
    seen_at: datetime


async def note(db: AsyncSession, desk: str, person_id: int) -> None:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Presence).values(person_id=person_id, desk=desk, seen_at=now(db))
    await db.exec(row.on_conflict_do_update(index_elements=["person_id", "desk"], set_={"seen_at": now(db)}))


async def others(db: AsyncSession, desk: str, person_id: int) -> Sequence[int]:
    """Who else was seen at the desk within a minute."""
    here = select(col(Presence.person_id)).where(
        Presence.desk == desk, col(Presence.seen_at) > now(db) - HERE_FOR, col(Presence.person_id) != person_id
    )
    return (await db.exec(here.order_by(col(Presence.person_id)))).all()


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(Presence).where(col(Presence.seen_at) < now(db) - KEPT_FOR))
