"""Pages of a list, each named by where the one before it ended: keyset paging, so that page 500 costs what page 1 costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import lists
from engage.db import MOST_ID
from engage.lists import Filters, Listed, Place

PAGE = 20
BEGINNING, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Cursor:
    """After a place, before one, or at the top."""

    after: Place | None = None
    before: Place | None = None

    @classmethod
    def of(cls, request: Request) -> "Cursor":
        after = read(request.query_params.get("after", ""))
        return cls(after, None if after else read(request.query_params.get("before", "")))

    @property
    def pairs(self) -> dict[str, str]:
        return {
            "after": written(self.after) if self.after else "",
            "before": written(self.before) if self.before else "",
        }

    @property
    def is_top(self) -> bool:
        return not (self.after or self.before)


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list and the ways on: none where there is nothing."""

    rows: Sequence[Listed]
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None

    @property
    def ways(self) -> dict[str, str | None]:
        return {"first_url": self.first_url, "previous_url": self.previous_url, "next_url": self.next_url}


async def paged(db: AsyncSession, filters: Filters, cursor: Cursor, url: Address) -> Paged:
    """`url(after=…)` writes the address of another page of the same list."""

    def beside(row: Listed, side: str) -> str:
        return url(**{side: written(lists.place_of(row, filters))})

    if cursor.before:
        found = await lists.listed(db, filters, PAGE + 1, before=cursor.before)
        if len(found) > PAGE:
            rows = found[-PAGE:]
            return Paged(rows, url(), beside(rows[0], "before"), beside(rows[-1], "after"))
        cursor = Cursor()  # nothing before it any more: the top, whole, rather than half a page
    found = await lists.listed(db, filters, PAGE + 1, after=cursor.after)
    rows, more = found[:PAGE], len(found) > PAGE
    following = beside(rows[-1], "after") if more else None
    if cursor.is_top:
        return Paged(rows, next_url=following)
    return Paged(rows, url(), beside(rows[0], "before") if rows else None, following)


def written(place: Place) -> str:
    return f"{(place[0] - BEGINNING) // MICROSECOND}-{place[1]}"  # whole numbers: a rounded place would lose a row


def read(text: str) -> Place | None:
    """A damaged one is the top."""
    moment, _, question_id = text.partition("-")
    if not (moment.isdecimal() and question_id.isdecimal() and len(text) <= 40) or int(question_id) > MOST_ID:
        return None
    try:
        return BEGINNING + int(moment) * MICROSECOND, int(question_id)
    except OverflowError:
        return None


def number(text: str) -> int | None:
    """An id as the place of a list that is ordered by ids; a damaged one is the top."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MOST_ID else None
