from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from engage import lists
from engage.lists import Filters, Which
from engage.web import cursors
from engage.web.cursors import Cursor
from engage.web.narrowing import Narrowing
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


def asked(query: str) -> Request:
    return Request(
        {"type": "http", "method": "GET", "path": "/questions", "query_string": query.encode(), "headers": []}
    )


def url(**pairs: str) -> str:
    return "&".join(f"{name}={value}" for name, value in pairs.items())


async def walk(town: Town, filters: Filters, start: str, way: str) -> list[list[int]]:
    """Pages as a reader meets them, by the list's own links."""
    pages, query = [], start
    while True:
        async with town.store.reading() as db:
            page = await cursors.paged(db, filters, Cursor.of(asked(query)), url)
        pages.append([row.id for row in page.rows])
        following = getattr(page, way)
        if following is None:
            return pages
        query = following


async def test_pages_neither_repeat_nor_lose_a_row_while_new_ones_arrive(town: Town) -> None:
    """Also when many came in at the very same moment."""
    filters = Filters(which=Which.ALL)
    there = [await town.accepted() for _ in range(47)]
    async with town.store.reading() as db:
        first = await cursors.paged(db, filters, Cursor(), url)
    newer = [await town.accepted() for _ in range(5)]
    rest = await walk(town, filters, first.next_url or "", "next_url")
    seen = [row.id for row in first.rows] + [one for page in rest for one in page]
    assert seen == there[::-1]
    assert not set(seen) & set(newer)


async def test_the_way_back_leads_to_the_same_pages(town: Town) -> None:
    filters = Filters(which=Which.OPEN)
    for _ in range(45):
        await town.accepted()
        town.clock.move(0.000001)
    forth = await walk(town, filters, "", "next_url")
    async with town.store.reading() as db:
        middle = await cursors.paged(db, filters, Cursor(), url)
        last = await cursors.paged(db, filters, Cursor.of(asked(middle.next_url or "")), url)
    assert [len(page) for page in forth] == [20, 20, 5]
    back = await walk(town, filters, last.next_url or "", "previous_url")
    assert back == forth[::-1]


def test_a_place_survives_the_address_to_the_microsecond() -> None:
    for micro in (0, 1, 123457, 999999):
        place = datetime(2026, 11, 25, 2, 0, 0, micro, UTC), 17
        assert cursors.read(cursors.written(place)) == place


async def test_overdue_are_those_past_their_date_whose_clock_runs(town: Town) -> None:
    late, paused, answered = await town.accepted(), await town.accepted(), await town.answered()
    async with town.store.transaction() as db:
        row = await db.get(lists.Question, paused)
        assert row
        row.paused_at = town.clock.now
        db.add(row)
    overdue = Filters(which=Which.OVERDUE)
    async with town.store.reading() as db:
        assert await lists.count(db, overdue) == 0
    town.clock.move(days=60)
    async with town.store.reading() as db:
        assert [row.id for row in await lists.listed(db, overdue, 9)] == [late]
        assert answered not in [row.id for row in await lists.listed(db, Filters(which=Which.OPEN), 9)]


async def test_months_are_counted_here_and_include_the_last_one(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)  # the last minute of November in Hà Nội
    november = await town.accepted()
    town.clock.move(120)
    december = await town.accepted()

    async def ids(since: datetime | None, until: datetime | None) -> list[int]:
        async with town.store.reading() as db:
            return [row.id for row in await lists.listed(db, Filters(which=Which.ALL, since=since, until=until), 9)]

    turn = datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert await ids(None, turn) == [november]
    assert await ids(turn, None) == [december]


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [("2026-11", "2026-11"), ("11/2026", "2026-11"), ("1-2026", "2026-01"), ("2026-13", ""), ("9999-01", ""), ("x", "")],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(typed: str, spelled: str) -> None:
    assert Narrowing.of(asked(f"from={typed}"), Which.ALL).asked["from"] == spelled


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("from_month=11&from_year=2026", "2026-11"),
        ("from_month=&from_year=2025", "2025-01"),
        ("from_month=&from_year=", ""),
        ("from_month=13&from_year=2026", ""),
        ("from_month=x&from_year=2026", ""),
        ("from=2026-03&from_month=11&from_year=2026", "2026-03"),
    ],
)
def test_a_month_is_chosen_in_two_selects(typed: str, spelled: str) -> None:
    assert Narrowing.of(asked(typed), Which.ALL).asked["from"] == spelled


def test_a_year_alone_ends_in_december() -> None:
    assert Narrowing.of(asked("to_month=&to_year=2025"), Which.ALL).asked["to"] == "2025-12"
