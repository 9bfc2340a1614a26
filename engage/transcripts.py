"""Signed letters that the portal desk typed in for an agency without accounts: number, date, who typed. Knows ids only."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now


class Transcript(SQLModel, table=True):
    """The paper behind one answer. Its signatory stands in the answer, as any answer's does."""

    __tablename__ = "transcript"

    answer_id: int = Field(primary_key=True, foreign_key="answer.id")
    number: str = Field(default="", sa_type=sa.String(60))
    dated: date | None = None
    typed_by: int = Field(foreign_key="person.id")
    typed_at: datetime


async def note(db: AsyncSession, answer_id: int, by: int, number: str, dated: date | None) -> None:
    row = await of(db, answer_id) or Transcript(answer_id=answer_id, typed_by=by, typed_at=now(db))
    row.number, row.dated, row.typed_by, row.typed_at = number, dated, by, now(db)
    db.add(row)
    await db.flush()


async def of(db: AsyncSession, answer_id: int) -> Transcript | None:
    return await db.get(Transcript, answer_id)


async def copy(db: AsyncSession, from_id: int, to_id: int) -> None:
    row = await of(db, from_id)
    if row is not None:
        await note(db, to_id, row.typed_by, row.number, row.dated)
