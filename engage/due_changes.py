"""The ledger of due dates: a row for each change of a text's answer clock, and the date that all of them lead to."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.assigned import AssignedText, address
from engage.db import one_of
from engage.deadlines import Calendar, here


class Change(StrEnum):
    STARTED = "started"
    COMPLEXITY_SET = "complexity_set"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    HANDED_OVER = "handed_over"
    CALENDAR_CHANGED = "calendar_changed"


class DueChange(SQLModel, table=True):
    """Never edited, never deleted. `agency_id` is whom the days are booked on; None is the portal desk."""

    __tablename__ = "due_change"
    __table_args__ = (
        one_of("due_change_kind", "kind", Change),
        sa.Index("due_change_of_thing", "surface", "thing_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    kind: str = Field(sa_type=sa.String(16))
    at: datetime
    since: datetime | None = None  # when the clock was stopped that runs again now
    by: int | None = Field(default=None, foreign_key="person.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    days: int = 0  # working days it adds; negative when it takes some away
    reason: str = Field(default="", sa_type=sa.String(1000))  # public
    due_before: datetime | None = None
    due_after: datetime


def due_on(calendar: Calendar, changes: Sequence[DueChange]) -> date:
    """Where the whole ledger leads, on this calendar. Pure: until the answer is out, the stored date must equal it."""
    return calendar.after(here(changes[0].at), sum(days_of(calendar, change) for change in changes))


def days_of(calendar: Calendar, change: DueChange) -> int:
    """A pause counts the working days that fell into it, also when the calendar is corrected afterwards."""
    if change.kind == Change.RESUMED and change.since is not None:
        return calendar.between(here(change.since), here(change.at))
    return change.days


async def of(db: AsyncSession, text: AssignedText) -> Sequence[DueChange]:
    """Oldest first; empty before the clock starts. What started before there was a ledger has its start in its own columns."""
    surface, thing_id = address(text)
    rows = select(DueChange).where(DueChange.surface == surface, DueChange.thing_id == thing_id)
    found = list(await db.exec(rows.order_by(col(DueChange.id))))
    if text.answer_from is None or text.answer_due_at is None or (found and found[0].kind == Change.STARTED):
        return found
    begun = DueChange(
        surface=surface,
        thing_id=thing_id,
        kind=Change.STARTED,
        at=text.answer_from,
        agency_id=text.agency_id,
        days=(text.answer_days or 0) - sum(row.days for row in found if row.kind == Change.COMPLEXITY_SET),
        due_after=found[0].due_before if found and found[0].due_before else text.answer_due_at,
    )
    return [begun, *found]
