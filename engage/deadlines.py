"""Due dates in working days, on a calendar and day counts that are rows. Knows no noun; overdue is computed, never stored.

Working days follow the Labour Code 45/2019/QH14, article 112 (public holidays), with make-up days as announced each year.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import detached, now, one_of, remembered
from engage.errors import NotFound
from engage.policies import CHANNEL

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSE_OF_DAY = time(17, 0)
SATURDAY = 5
LEAST_DAYS, MOST_DAYS = 1, 250


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    MAKE_UP_DAY = "make_up_day"


class Step(StrEnum):
    MODERATE = "moderate"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    APPROVE = "approve"
    # How far a date may be moved, and how much is left at least for who gets a text from elsewhere
    EXTEND = "extend"
    EXTENSIONS = "extensions"  # times, not days
    HANDED_OVER = "handed_over"
    # When somebody is reminded: days before the date, and days after it
    DUE_SOON = "due_soon"
    SUPERVISOR = "supervisor"
    PORTAL_DESK = "portal_desk"
    CLARIFY = "clarify"
    SECOND_LOOK = "second_look"
    REQUEST = "data_request"
    ROUNDS = "rounds"  # of clarification: times, not days
    # Days of the calendar, worked or not: what an asker may still do after an answer
    RATING = "rating"
    FOLLOW_UP = "follow_up"


class Complexity(StrEnum):
    SIMPLE = "simple"
    COMPLEX = "complex"


class CalendarDay(SQLModel, table=True):
    """A day that is not what its weekday says."""

    __tablename__ = "calendar_day"
    __table_args__ = (one_of("calendar_day_kind", "kind", DayKind),)

    day: date = Field(primary_key=True)
    kind: str = Field(sa_type=sa.String(12))
    name_vi: str = Field(sa_type=sa.String(120))
    name_en: str = Field(sa_type=sa.String(120))
    certainty: str = Field(default="official", sa_type=sa.String(20))


class Term(SQLModel, table=True):
    """How many working days a step may take."""

    __tablename__ = "term"
    __table_args__ = (one_of("term_step", "step", Step), one_of("term_complexity", "complexity", Complexity))

    surface: str = Field(primary_key=True, sa_type=sa.String(20))
    step: str = Field(primary_key=True, sa_type=sa.String(12))
    complexity: str = Field(primary_key=True, sa_type=sa.String(10))
    days: int


TIMES = frozenset({Step.EXTENSIONS, Step.ROUNDS})
CALENDAR_DAYS = frozenset({Step.RATING, Step.FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The exceptions, ready to count with. Pure."""

    holidays: dict[date, CalendarDay]
    make_up_days: frozenset[date]

    @classmethod
    def of(cls, days: Iterable[CalendarDay]) -> "Calendar":
        rows = list(days)
        return cls(
            {row.day: row for row in rows if row.kind == DayKind.HOLIDAY},
            frozenset(row.day for row in rows if row.kind == DayKind.MAKE_UP_DAY),
        )

    def is_working(self, day: date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, start: date, days: int) -> date:
        """The day that is `days` working days after `start`; the day of receipt itself does not count."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is past."""
        if end < start:
            return -self.between(end, start)
        weekdays = _weekdays_until(end) - _weekdays_until(start)
        return weekdays - len(self.holidays_between(start, end)) + len(self.worked_between(start, end))

    def holidays_between(self, start: date, end: date) -> list[CalendarDay]:
        """Public holidays that the count jumped over, weekends aside."""
        return [row for day, row in sorted(self.holidays.items()) if start < day <= end and day.weekday() < SATURDAY]

    def worked_between(self, start: date, end: date) -> list[date]:
        """Days that are worked although their weekday says otherwise."""
        return [day for day in sorted(self.make_up_days) if start < day <= end and day.weekday() >= SATURDAY]


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as a reader meets it. `days_left` counts working days and is negative when overdue; while the clock stands
    still, it stays what it was."""

    at: datetime
    on: date
    days_left: int
    start: date
    term: int
    skipped: tuple[CalendarDay, ...]
    worked: tuple[date, ...] = ()
    paused: bool = False

    @property
    def overdue(self) -> bool:
        return self.days_left < 0


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays since the first of all days, a Monday: a desk full of old questions counts thousands of days a page."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * SATURDAY + min(rest, SATURDAY)


def here(at: datetime) -> date:
    """The calendar date in Viet Nam at this moment."""
    return at.astimezone(HERE).date()


def close_of(day: date) -> datetime:
    return datetime.combine(day, CLOSE_OF_DAY, HERE).astimezone(UTC)


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    return due_at is not None and at > due_at


def explained(
    calendar: Calendar, start: datetime, term: int, due_at: datetime, at: datetime, paused_at: datetime | None = None
) -> Due:
    """How a stored date was computed, and how it stands now."""
    at = paused_at or at
    begun, on, today = here(start), here(due_at), here(at)
    left = calendar.between(today, on)
    if left >= 0 and at > due_at:
        left = -1
    skipped, worked = tuple(calendar.holidays_between(begun, on)), tuple(calendar.worked_between(begun, on))
    return Due(due_at, on, left, begun, term, skipped, worked, paused_at is not None)


async def calendar(db: AsyncSession) -> Calendar:
    return await remembered(db, "calendar", CHANNEL, lambda: calendar_now(db))


async def calendar_now(db: AsyncSession) -> Calendar:
    """As the rows are at this moment: who moves a date does not count on what this process has heard of."""
    return Calendar.of([detached(db, row) for row in await every_day(db)])


async def every_day(db: AsyncSession) -> Sequence[CalendarDay]:
    return (await db.exec(select(CalendarDay).order_by(col(CalendarDay.day)))).all()


async def days_for(db: AsyncSession, surface: str, step: Step, complexity: str = Complexity.SIMPLE) -> int:
    async def read() -> Mapping[tuple[str, str, str], int]:
        return {(row.surface, row.step, row.complexity): row.days for row in (await db.exec(select(Term))).all()}

    days = (await remembered(db, "terms", CHANNEL, read)).get((surface, str(step), str(complexity)))
    if days is None:
        raise NotFound("no_term")
    return days


async def due_at(db: AsyncSession, surface: str, step: Step, complexity: str = Complexity.SIMPLE) -> datetime:
    """The close of the last working day of the step, counted from now."""
    days = await days_for(db, surface, step, complexity)
    return close_of((await calendar(db)).after(here(now(db)), days))
