"""Editing the calendar: a day at a time, or whole years from a CSV that says first what it would do. Due dates follow."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from sqlmodel import Field as Column
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines, histories, notices, recounts
from engage.ask import Line
from engage.db import Store, now
from engage.deadlines import CalendarDay, DayKind, here
from engage.errors import Conflict, NotFound, Refused
from engage.histories import Act, Change
from engage.people import Person
from engage.policies import CHANNEL
from live import log

SURFACE = "calendar"
NOUN = "day"  # in the history
COLUMNS = ("date", "kind", "name_vi", "name_en", "certainty")
MOST_LINES = 1000
SOON = timedelta(days=60)
PROJECTED = "projected"
CERTAINTIES = ("official", "announced", "unverified", PROJECTED)
YEARS = (2000, 2100)
# What Vietnamese letters turn into when UTF-8 is read as something else.
GARBLED = ("Ã", "áº", "á»", "Ä‘", "Æ°", "Æ¡")


class CalendarAlarm(SQLModel, table=True):
    """An administrator was told in that week that the calendar ends."""

    __tablename__ = "calendar_alarm"

    person_id: int = Column(foreign_key="person.id", primary_key=True)
    week: date = Column(primary_key=True)


def as_day(value: object) -> date:
    """dd/MM/yyyy, as people here write it, or as a CSV has it."""
    if isinstance(value, date):
        return value
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(str(value).strip(), form).date()
        except ValueError:
            continue
        if YEARS[0] <= day.year <= YEARS[1]:
            return day
    raise PydanticCustomError("calendar_day_wrong", "")


def _name(value: str) -> str:
    if any(sign in value for sign in GARBLED):
        raise PydanticCustomError("calendar_name_garbled", "")
    if not value:
        raise PydanticCustomError("calendar_name_missing", "")
    return value


def _kind(value: object) -> object:
    if value not in set(DayKind):
        raise PydanticCustomError("calendar_kind_wrong", "")
    return value


def _certainty(value: object) -> object:
    if value not in CERTAINTIES:
        raise PydanticCustomError("calendar_certainty_wrong", "")
    return value


Name = Annotated[Line, Field(max_length=120)]


class DayForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Annotated[date, BeforeValidator(as_day)]
    kind: Annotated[Literal["holiday", "make_up_day"], BeforeValidator(_kind)]
    name_vi: Annotated[Name, BeforeValidator(lambda value: _name(str(value).strip()))]
    name_en: Annotated[Name, BeforeValidator(lambda value: _name(str(value).strip()))]
    certainty: Annotated[str, BeforeValidator(_certainty)]

    @property
    def said(self) -> tuple[str, ...]:
        return self.kind, self.name_vi, self.name_en, self.certainty


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one line; `code` names the words."""

    line: int
    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Whole years are replaced: a day of such a year that is not in the file goes."""

    added: Sequence[DayForm] = ()
    changed: Sequence[DayForm] = ()
    removed: Sequence[CalendarDay] = ()
    faults: Sequence[Fault] = ()

    @property
    def days(self) -> list[date]:
        return [
            *(form.day for form in self.added),
            *(form.day for form in self.changed),
            *(row.day for row in self.removed),
        ]


@dataclass(frozen=True, slots=True)
class Ends:
    """`known`: the last day of the last year with days; `settled`: of the last without mere projections."""

    known: date
    settled: date

    def is_near(self, today: date) -> bool:
        return self.settled - today <= SOON


def ends(days: Sequence[CalendarDay]) -> Ends | None:
    years = {row.day.year for row in days}
    settled = years - {row.day.year for row in days if row.certainty == PROJECTED}
    if not years:
        return None
    return Ends(_last_of(max(years)), _last_of(max(settled, default=min(years) - 1)))


async def alarm(db: AsyncSession) -> Ends | None:
    """Where the calendar ends, when that is near."""
    found = ends(await deadlines.every_day(db))
    return found if found is None or found.is_near(here(now(db))) else None


async def change_day(db: AsyncSession, by: int | None, form: DayForm, act: Act = Act.EDITED) -> None:
    row = await db.get(CalendarDay, form.day)
    await _noted(db, by, form.day, act if row or act is not Act.EDITED else Act.ADDED, row, form)
    row = row or CalendarDay(day=form.day, kind="", name_vi="", name_en="")
    row.kind, row.name_vi, row.name_en, row.certainty = form.said
    db.add(row)
    await _changed(db, [form.day])


async def remove_day(db: AsyncSession, by: int | None, day: date, act: Act = Act.REMOVED) -> None:
    row = await db.get(CalendarDay, day)
    if row is None:
        raise NotFound()
    await _noted(db, by, day, act, row, None)
    await db.delete(row)
    await _changed(db, [day])


async def undo(db: AsyncSession, by: int | None, change_id: int) -> date:
    """The day as it was before its last change; undoing once more brings the change back."""
    change = await db.get(Change, change_id)
    last = await histories.last(db, NOUN, change.slug) if change else None
    if change is None or last is None or last[0].id != change_id:
        raise Conflict("moved_on")
    day = date.fromisoformat(change.slug)
    if change.before:
        await change_day(db, by, DayForm.model_validate({"day": day, **change.before}), Act.UNDONE)
    else:
        await remove_day(db, by, day, Act.UNDONE)
    return day


async def planned(db: AsyncSession, text: str) -> Plan:
    """Read a CSV against the calendar as it is. Nothing is written."""
    forms, faults = parsed(text)
    years = {form.day.year for form in forms}
    stored = {row.day: row for row in await deadlines.every_day(db)}
    told = {form.day for form in forms}
    return Plan(
        added=[form for form in forms if form.day not in stored],
        changed=[form for form in forms if form.day in stored and form.said != _said(stored[form.day])],
        removed=[row for day, row in stored.items() if day.year in years and day not in told],
        faults=faults,
    )


async def apply(db: AsyncSession, by: int | None, plan: Plan) -> None:
    if plan.faults or not plan.days:
        raise Refused("calendar_nothing_to_do", field="csv")
    stored = {row.day: row for row in await deadlines.every_day(db)}
    for row in plan.removed:
        await _noted(db, by, row.day, Act.IMPORTED, row, None)
        await db.exec(sa.delete(CalendarDay).where(col(CalendarDay.day) == row.day))
    forms: list[DayForm] = [*plan.added, *plan.changed]
    for form in forms:
        await _noted(db, by, form.day, Act.IMPORTED, stored.get(form.day), form)
        row = CalendarDay(day=form.day, **dict(zip(COLUMNS[1:], form.said, strict=True)))
        await db.merge(row)
    await _changed(db, plan.days)


def parsed(text: str) -> tuple[list[DayForm], list[Fault]]:
    """Lines as forms, and every bad line by its number. Commas, semicolons, or the tabs of a spreadsheet. Pure."""
    lines = text.removeprefix("\ufeff").strip().splitlines()
    if len(lines) > MOST_LINES + 1:
        return [], [Fault(MOST_LINES + 2, "calendar_too_many_lines", {"most": MOST_LINES})]
    head = lines[0] if lines else ""
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=max("\t;,", key=head.count), strict=False)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        return [], [Fault(1, "calendar_column_missing", {"column": ", ".join(missing)})]
    forms: dict[date, DayForm] = {}
    faults: list[Fault] = []
    for row in rows:
        try:
            form = DayForm.model_validate({"day": row["date"], **{name: row[name] or "" for name in COLUMNS[1:]}})
        except ValidationError as wrong:
            faults += [Fault(rows.line_num, error["type"], error.get("ctx", {})) for error in wrong.errors()]
            continue
        if form.day in forms:
            faults.append(Fault(rows.line_num, "calendar_day_twice"))
        forms.setdefault(form.day, form)
    return list(forms.values()), faults


async def remind(store: Store) -> int:
    """The worker's drain: while the calendar's end is near, each administrator gets one mail a week."""
    async with store.transaction() as db:
        today = here(now(db))
        if await alarm(db) is None:
            return 0
        week = today - timedelta(days=today.weekday())
        told = sa.exists().where(col(CalendarAlarm.person_id) == Person.id, col(CalendarAlarm.week) == week)
        administrators = select(col(Person.id)).where(Person.is_administrator, col(Person.ended_at).is_(None), ~told)
        waiting = [person_id or 0 for person_id in await db.exec(administrators)]
        for person_id in waiting:
            db.add(CalendarAlarm(person_id=person_id, week=week))
            await notices.write(db, person_id, notices.Kind.CALENDAR_ENDS, SURFACE, week.toordinal())
        await db.flush()
    return 0


async def _noted(
    db: AsyncSession, by: int | None, day: date, act: Act, row: CalendarDay | None, form: DayForm | None
) -> None:
    """Before the row is touched."""
    before = dict(zip(COLUMNS[1:], _said(row), strict=True)) if row else {}
    after = dict(zip(COLUMNS[1:], form.said, strict=True)) if form else {}
    await histories.keep(db, NOUN, day.isoformat(), act, by, before, after)


async def _changed(db: AsyncSession, days: Sequence[date]) -> None:
    await db.flush()
    await recounts.mark(db, days)
    log.record(db, CHANNEL, "calendar.changed")


def _said(row: CalendarDay) -> tuple[str, ...]:
    return row.kind, row.name_vi, row.name_en, row.certainty


def _last_of(year: int) -> date:
    return date(year, 12, 31)
