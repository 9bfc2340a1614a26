"""Promises of the calendar: an import says first what it would do, and a changed day moves the dates that include it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from engage import calendars, deadlines, histories, recounts
from engage.calendars import DayForm, ends, parsed
from engage.db import Store
from engage.deadlines import CalendarDay, here
from engage.due_changes import Change
from engage.errors import Conflict, NotFound, Refused
from engage.notices import Kind, Notice
from engage.people import Person
from engage.seed import DATA
from tests.unit.test_clocks import explained, ledger
from tests.unit.town import Town

HEAD = "date,kind,name_vi,name_en,certainty"
GOOD = "2028-01-01,holiday,Tết Dương lịch,New Year's Day,official"


def a_day(day: date, **changes: str) -> DayForm:
    told = {"kind": "holiday", "name_vi": "Ngày nghỉ thêm", "name_en": "Extra day off", "certainty": "official"}
    return DayForm.model_validate({**told, "day": day, **changes})


# Reading a file


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([HEAD, GOOD], []),
        ([HEAD, GOOD, GOOD], [(3, "calendar_day_twice")]),
        ([HEAD, "31/02/2028,holiday,A,A,official"], [(2, "calendar_day_wrong")]),
        ([HEAD, "0001-01-01,holiday,A,A,official"], [(2, "calendar_day_wrong")]),
        ([HEAD, GOOD, "2028-01-03,feast,A,A,official"], [(3, "calendar_kind_wrong")]),
        ([HEAD, "2028-01-03,holiday,,A,official"], [(2, "calendar_name_missing")]),
        ([HEAD, "2028-01-03,holiday"], [(2, "calendar_name_missing")] * 2 + [(2, "calendar_certainty_wrong")]),
        ([HEAD, "2028-01-03,holiday,Táº¿t,Tet,official"], [(2, "calendar_name_garbled")]),
        ([HEAD, "2028-01-03,holiday,A,A,surely"], [(2, "calendar_certainty_wrong")]),
        ([GOOD], [(1, "calendar_column_missing")]),
        ([], [(1, "calendar_column_missing")]),
        ([HEAD, *["x"] * 10_000], [(1002, "calendar_too_many_lines")]),
    ],
)
def test_every_bad_line_is_named_by_its_number(lines: list[str], faults: list[tuple[int, str]]) -> None:
    assert [(fault.line, fault.code) for fault in parsed("\n".join(lines))[1]] == faults


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_is_copied_from_a_spreadsheet_is_read_as_well(between: str) -> None:
    text = f"\ufeff{HEAD}\r\n01/01/2028,holiday,Tết,New Year,official\r\n".replace(",", between)
    (form,), faults = parsed(text)
    assert (form.day, form.name_vi, faults) == (date(2028, 1, 1), "Tết", [])


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    for whole in (text, f"{HEAD}\n{text}", f'{HEAD}\n"{text}'):
        forms, faults = parsed(whole)
        assert forms or faults or whole.strip() == HEAD


def test_the_calendar_ends_with_its_last_year_and_is_certain_until_the_last_without_projections() -> None:
    row = {"kind": "holiday", "name_vi": "a", "name_en": "a"}
    days = [CalendarDay(day=date(2026, 1, 1), certainty="official", **row)]
    days += [CalendarDay(day=date(2027, 1, 1), certainty="projected", **row)]
    found = ends(days)
    assert found is not None
    assert (found.known, found.settled) == (date(2027, 12, 31), date(2026, 12, 31))
    assert [found.is_near(date(2026, month, 1)) for month in (10, 11, 12)] == [False, True, True]
    assert ends([]) is None


# Writing it


@pytest.mark.anyio
async def test_the_calendar_in_use_imported_again_changes_nothing(town: Town) -> None:
    async with town.store.transaction() as db:
        plan = await calendars.planned(db, (DATA / "calendar.csv").read_text(encoding="utf-8"))
        assert not plan.days
        assert not plan.faults
        with pytest.raises(Refused, match="calendar_nothing_to_do"):
            await calendars.apply(db, None, plan)


@pytest.mark.anyio
async def test_years_in_the_file_are_replaced_and_others_stay(town: Town) -> None:
    text = f"{HEAD}\n{GOOD}\n2027-01-01,holiday,Năm mới,New Year's Day,official"
    async with town.store.transaction() as db:
        plan = await calendars.planned(db, text)
        await calendars.apply(db, None, plan)
    assert [form.day for form in plan.added] == [date(2028, 1, 1)]
    assert [form.day for form in plan.changed] == [date(2027, 1, 1)]
    async with town.store.reading() as db:
        days = {row.day: row for row in await deadlines.every_day(db)}
    assert [day for day in days if day.year == 2027] == [date(2027, 1, 1)]
    assert days[date(2027, 1, 1)].name_vi == "Năm mới"
    assert date(2026, 9, 2) in days


# Due dates follow


async def _change(town: Town, *days: date, remove: bool = False) -> None:
    async with town.store.transaction() as db:
        for day in days:
            await (calendars.remove_day(db, None, day) if remove else calendars.change_day(db, None, a_day(day)))


@pytest.mark.anyio
async def test_a_new_holiday_moves_the_dates_that_include_it_and_says_so(town: Town) -> None:
    question_id, answered = await town.taken(), await town.answered()
    before = (await town.question(answered)).answer_due_at
    await _change(town, date(2026, 12, 1), date(2026, 12, 2))
    while await recounts.drain(town.store):
        pass
    question, rows = await town.question(question_id), await ledger(town, question_id)
    assert here(question.answer_due_at or town.clock.now) == date(2026, 12, 11)
    assert [row.kind for row in rows] == [Change.STARTED, Change.CALENDAR_CHANGED]
    assert await explained(town, question_id)
    assert (await town.question(answered)).answer_due_at == before
    await _change(town, date(2026, 12, 1), date(2026, 12, 2), remove=True)
    await recounts.drain(town.store)
    assert here((await town.question(question_id)).answer_due_at or town.clock.now) == date(2026, 12, 9)


@pytest.mark.anyio
async def test_a_day_outside_its_span_leaves_a_text_alone(town: Town) -> None:
    question_id = await town.taken()
    await _change(town, date(2026, 11, 23), date(2026, 12, 10))
    assert await recounts.drain(town.store) == 0
    assert len(await ledger(town, question_id)) == 1


@pytest.mark.anyio
async def test_a_day_that_is_not_there_cannot_be_removed(town: Town) -> None:
    with pytest.raises(NotFound):
        await _change(town, date(2026, 12, 1), remove=True)


# The alarm


@pytest.mark.anyio
async def test_while_the_end_is_near_each_administrator_is_told_once_a_week(town: Town) -> None:
    async with town.store.transaction() as db:
        for name in ("moderator", "approver"):  # besides the one there is
            person = await db.get_one(Person, town.id(name))
            person.is_administrator = True
            db.add(person)
    town.clock.now = datetime(2026, 10, 30, 3, tzinfo=UTC)
    for _ in range(20):
        await calendars.remind(town.store)
        town.clock.move(days=1)
    async with town.store.reading() as db:
        mails = (await db.exec(select(Notice).where(Notice.kind == Kind.CALENDAR_ENDS))).all()
    assert len(mails) == 3 * 4  # Sunday 1 November, and the weeks from the 2nd, 9th and 16th


async def test_who_changed_a_day_is_kept_and_the_last_change_can_be_taken_back(directory: Store) -> None:
    day = date(2031, 5, 5)
    async with directory.transaction() as db:
        await calendars.change_day(db, None, a_day(day))
        await calendars.remove_day(db, None, day)
    async with directory.transaction() as db:
        (removed, _), (added, _) = await histories.of_noun(db, calendars.NOUN, 9)
        assert (added.act, removed.act, removed.after) == ("added", "removed", {})
        with pytest.raises(Conflict):
            await calendars.undo(db, None, added.id or 0)
        await calendars.undo(db, None, removed.id or 0)
        assert await db.get(CalendarDay, day)
        (undone, _), *_rest = await histories.of_noun(db, calendars.NOUN, 9)
        await calendars.undo(db, None, undone.id or 0)
        assert await db.get(CalendarDay, day) is None
