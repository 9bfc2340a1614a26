"""How long rows of each kind are kept: days that an administrator edits, never fewer than a law asks. Knows none of these rows.

What is due goes once a night (`expiry`); until then a change of the days can be taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.deadlines import HERE
from engage.errors import Refused

NIGHT = time(2, 0)


class Kept(StrEnum):
    ACCESS_RECORD = "access_record"
    MAIL = "mail"  # sent
    CONTACT = "contact"  # of askers, after the answer
    REFUSED = "refused"  # questions: every word of theirs
    WITHDRAWN = "withdrawn"
    FOLLOW = "follow"  # of dialogues, after their end
    FLAG = "flag"  # of readers, since they were made
    LOG = "log"  # facts of desks and persons; those that readers follow are never trimmed


# Twelve months by law, a leap year too. The words of who was refused: as long as an appeal is thinkable.
LEAST: Mapping[str, int] = {Kept.ACCESS_RECORD: 366, Kept.REFUSED: 30}


class Retention(SQLModel, table=True):
    """How many days rows of a kind are kept; when they were last looked through, and how many went then."""

    __tablename__ = "retention"

    kind: str = Field(primary_key=True, sa_type=sa.String(40))
    days: int
    ran_at: datetime | None = None
    erased: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


def least(kind: str) -> int:
    return LEAST.get(kind, 1)


def must_be_kept(kind: str, days: int) -> None:
    if days < least(kind):
        raise Refused("kept_too_short", field="days", least=least(kind))


async def every(db: AsyncSession) -> Sequence[Retention]:
    return (await db.exec(select(Retention).order_by(col(Retention.kind)))).all()


def last_night(at: datetime) -> datetime:
    """The newest one that has come."""
    night = datetime.combine(at.astimezone(HERE).date(), NIGHT, HERE).astimezone(UTC)
    return night if night <= at else night - timedelta(days=1)


def next_night(at: datetime) -> datetime:
    return last_night(at) + timedelta(days=1)
