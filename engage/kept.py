"""Kept answers: a repeated submission gets the answer of the first one, for a day. Keeps no text and no code."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import into, now, put

LASTS = timedelta(hours=24)


class Kept(SQLModel, table=True):
    """One row per submission that succeeded, written in its own transaction."""

    __tablename__ = "kept"

    visitor: str = Field(primary_key=True, sa_type=sa.String(64))
    door: str = Field(primary_key=True, sa_type=sa.String(80))
    key: str = Field(primary_key=True, sa_type=sa.String(64))
    fingerprint: str = Field(primary_key=True, sa_type=sa.String(64))
    status: int
    location: str = Field(sa_type=sa.String(300))
    at: datetime = Field(index=True)


_KEEP = into(Kept)
_FIND = sa.select(col(Kept.status), col(Kept.location)).where(
    *(getattr(Kept, name) == sa.bindparam(name) for name in ("visitor", "door", "key", "fingerprint"))
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Which form was sent, and what its body was; the visitor is stored hashed."""

    visitor: str
    door: str
    key: str
    fingerprint: str


async def answer_to(db: AsyncSession, sent: Submission) -> Answer | None:
    """The first answer to this very submission. The same key with another body is a new submission."""
    found = (await (await db.connection()).execute(_FIND, asdict(sent))).one_or_none()
    return Answer(*found) if found else None


async def keep(db: AsyncSession, sent: Submission, status: int, location: str) -> None:
    """Raises IntegrityError when another process is answering the same submission at this moment."""
    await put(db, _KEEP, {**asdict(sent), "status": status, "location": location, "at": now(db)})


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(Kept).where(col(Kept.at) < now(db) - LASTS))
