"""Promises of deadlines: due dates count working days on the published calendar, and overdue is computed."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage import deadlines
from engage.db import Store
from engage.deadlines import Calendar, CalendarDay, Complexity, Step, close_of, explained, here, is_overdue
from engage.errors import NotFound
from engage.seed import DATA
from engage.web.language import Translator
from engage.web.templates import folder
from engage.web.views import Directory, View
from tests.conftest import Clock


def _published() -> Calendar:
    with (DATA / "calendar.csv").open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = [
            {**row, "day": date.fromisoformat(row.pop("date"))} for row in csv.DictReader(lines)
        ]
    names = ("day", "kind", "name_vi", "name_en", "certainty")
    return Calendar.of(CalendarDay(**{name: row[name] for name in names}) for row in rows)


CALENDAR = _published()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 1))
TERMS = st.integers(0, 60)
WORKING: Mapping[date, bool] = {
    date(2026, 2, 13): True,  # the Friday before Tết
    date(2026, 2, 16): False,
    date(2026, 2, 20): False,
    date(2026, 2, 23): True,
    date(2026, 1, 2): False,  # swapped for Saturday 10 January
    date(2026, 1, 10): True,
    date(2026, 1, 11): False,  # the Sunday after it
    date(2026, 1, 17): False,  # any other Saturday
    date(2026, 8, 22): True,
    date(2026, 8, 31): False,
    date(2026, 11, 23): True,
    date(2026, 11, 24): False,  # Viet Nam Culture Day, a Tuesday
    date(2026, 11, 25): True,
}


@pytest.mark.parametrize(("day", "is_working"), WORKING.items(), ids=str)
def test_the_calendar_knows_holidays_and_make_up_saturdays(day: date, is_working: bool) -> None:
    assert CALENDAR.is_working(day) is is_working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết and two weekends
        (date(2026, 2, 17), 1, date(2026, 2, 23)),  # received in the holiday itself
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # a Saturday that is worked
        (date(2025, 12, 31), 2, date(2026, 1, 6)),
        (date(2026, 11, 23), 1, date(2026, 11, 25)),
        (date(2026, 11, 20), 10, date(2026, 12, 7)),
        (date(2026, 8, 28), 3, date(2026, 9, 7)),  # three days off and a weekend
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # no days: the day itself, whatever it is
    ],
)
def test_a_due_date_is_counted_by_hand_like_this(start: date, days: int, due: date) -> None:
    assert CALENDAR.after(start, days) == due


@given(DAYS, DAYS)
def test_working_days_are_counted_as_if_one_by_one(one: date, other: date) -> None:
    start, end = sorted([one, other])
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert CALENDAR.between(start, end) == sum(map(CALENDAR.is_working, days))


@given(DAYS, st.integers(1, 60))
def test_a_due_date_is_a_working_day_later_than_its_start(start: date, days: int) -> None:
    due = CALENDAR.after(start, days)
    assert due > start
    assert CALENDAR.is_working(due)


@given(DAYS, TERMS)
def test_between_counts_back_what_after_counted(start: date, days: int) -> None:
    assert CALENDAR.between(start, CALENDAR.after(start, days)) == days


@given(DAYS, st.integers(0, 90))
def test_after_finds_the_last_working_day_that_between_counted_to(start: date, further: int) -> None:
    end = start + timedelta(days=further)
    found = CALENDAR.after(start, CALENDAR.between(start, end))
    assert found == end if CALENDAR.is_working(end) else found <= end


@given(DAYS, TERMS, TERMS)
def test_two_terms_in_a_row_are_one_long_term(start: date, first: int, second: int) -> None:
    assert CALENDAR.after(CALENDAR.after(start, first), second) == CALENDAR.after(start, first + second)


@given(DAYS, DAYS)
def test_what_is_past_counts_negative(one: date, other: date) -> None:
    assert CALENDAR.between(one, other) == -CALENDAR.between(other, one)


def test_a_day_belongs_to_the_date_in_viet_nam() -> None:
    assert here(datetime(2026, 11, 24, 16, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert here(datetime(2026, 11, 24, 17, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert close_of(date(2026, 11, 25)) == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_overdue_begins_the_moment_after_the_office_closes() -> None:
    due = close_of(date(2026, 11, 25))
    assert not is_overdue(due, due)
    assert is_overdue(due, due + timedelta(microseconds=1))
    assert not is_overdue(None, due)


@pytest.mark.parametrize(
    ("at", "days_left", "overdue"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=UTC), 3, False),
        (datetime(2026, 11, 23, 3, tzinfo=UTC), 2, False),
        (datetime(2026, 11, 26, 10, 0, tzinfo=UTC), 0, False),  # 17:00 sharp
        (datetime(2026, 11, 26, 10, 1, tzinfo=UTC), -1, True),
        (datetime(2026, 11, 27, 1, tzinfo=UTC), -1, True),
        (datetime(2026, 11, 28, 1, tzinfo=UTC), -1, True),  # a Saturday makes it no worse
        (datetime(2026, 11, 30, 1, tzinfo=UTC), -2, True),
    ],
)
def test_a_due_date_says_how_it_stands_now(at: datetime, days_left: int, overdue: bool) -> None:
    due = explained(CALENDAR, datetime(2026, 11, 12, 3, tzinfo=UTC), 9, close_of(date(2026, 11, 26)), at)
    assert (due.days_left, due.overdue) == (days_left, overdue)


def test_overdue_on_a_weekend_is_overdue_although_no_working_day_passed() -> None:
    friday, saturday = close_of(date(2026, 11, 27)), datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert explained(CALENDAR, datetime(2026, 11, 12, 3, tzinfo=UTC), 10, friday, saturday).overdue


@given(DAYS, st.integers(1, 30), st.integers(0, 90 * 24 * 60))
def test_the_words_and_the_clock_agree_on_overdue(start: date, term: int, minutes: int) -> None:
    begun = datetime(start.year, start.month, start.day, 3, tzinfo=UTC)
    due_at = close_of(CALENDAR.after(start, term))
    at = begun + timedelta(minutes=minutes)
    due = explained(CALENDAR, begun, term, due_at, at)
    assert due.overdue is is_overdue(due_at, at)


@given(DAYS, st.integers(1, 60))
def test_an_explanation_names_exactly_the_holidays_that_were_jumped_over(start: date, term: int) -> None:
    due_on = CALENDAR.after(start, term)
    skipped = CALENDAR.holidays_between(start, due_on)
    weekdays = sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (due_on - start).days + 1))
    make_up = sum(start < day <= due_on for day in CALENDAR.make_up_days)
    assert weekdays + make_up - len(skipped) == term


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", ["10 ngày làm việc", "20/11/2026", "Chủ nhật", "24/11/2026", "Ngày Văn hóa Việt Nam"]), ("en", ["10"])],
)
def test_a_due_date_is_explained_in_words(language: str, said: list[str]) -> None:
    start = datetime(2026, 11, 20, 3, tzinfo=UTC)
    due = explained(CALENDAR, start, 10, close_of(date(2026, 12, 7)), start)
    shown = View(Translator(language, folder() / "locale"), Directory.of([], [], [])).due(due)
    assert shown is not None
    assert len(shown["why"]) == 3
    for piece in said:
        assert piece in " ".join(shown["why"])


@pytest.mark.anyio
async def test_a_term_is_a_row_and_counts_from_now(directory: Store, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 18, tzinfo=UTC)  # already the 24th in Hà Nội, a holiday
    async with directory.reading() as db:
        assert await deadlines.due_at(db, "question", Step.MODERATE) == close_of(date(2026, 11, 25))
        assert await deadlines.days_for(db, "question", Step.ANSWER, Complexity.COMPLEX) == 20


@pytest.mark.anyio
async def test_a_step_without_a_term_is_said_and_not_guessed(directory: Store) -> None:
    async with directory.reading() as db:
        with pytest.raises(NotFound, match="no_term"):
            await deadlines.due_at(db, "question", Step.APPROVE, Complexity.COMPLEX)
