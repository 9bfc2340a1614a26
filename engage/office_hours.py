"""When people at their desks get mail: on working days, between two times that are rows. Knows no mail."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import database_now, detached, remembered
from engage.deadlines import HERE, Calendar, calendar, here
from engage.errors import NotFound
from engage.policies import CHANNEL

OF_AGENCIES = "agencies"


class OfficeHours(SQLModel, table=True):
    __tablename__ = "office_hours"

    whose: str = Field(primary_key=True, sa_type=sa.String(20))
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Pure."""

    calendar: Calendar
    opens: time
    closes: time

    def are_open(self, at: datetime) -> bool:
        return self.calendar.is_working(here(at)) and self.opens <= at.astimezone(HERE).time() < self.closes

    def next_opening(self, at: datetime) -> datetime:
        """The next morning of a working day: today's, while it has not come."""
        day = here(at)
        while not self.calendar.is_working(day) or self._opening(day) <= at:
            day += timedelta(days=1)
        return self._opening(day)

    def _opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, HERE).astimezone(UTC)


async def of(db: AsyncSession) -> Hours:
    async def read() -> OfficeHours:
        row = (await db.exec(select(OfficeHours).where(OfficeHours.whose == OF_AGENCIES))).one_or_none()
        if row is None:
            raise NotFound()
        return detached(db, row)

    row = await remembered(db, "office_hours", CHANNEL, read)
    return Hours(await calendar(db), row.opens, row.closes)


async def are_open(db: AsyncSession) -> bool:
    return (await of(db)).are_open(await database_now(db))
