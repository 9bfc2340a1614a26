"""What a reader narrows a list by, as it stands in the address, and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from engage.deadlines import HERE
from engage.lists import Filters, Which
from engage.web import words
from engage.web.templates import query
from engage.web.views import View

ROWS = ("topic", "agency", "province")
MONTHS = ("from", "to")
MOST = 80
YEARS = 10  # back from this one
# As a month field sends it, and as people write it.
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<m>\d{1,2})[/-](?P<y>\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`asked` holds slugs and months, each in its one spelling; empty ones narrow nothing."""

    asked: Mapping[str, str]
    which: Which
    usual: Which

    @classmethod
    def of(cls, request: Request, which: Which) -> "Narrowing":
        """`which` is what a list shows when nothing is said."""
        said = {name: request.query_params.get(name, "")[:MOST] for name in (*ROWS, *MONTHS)}
        months = {name: _spelled(said[name] or _chosen(request, name)) for name in MONTHS}
        stage = request.query_params.get("stage", "")
        return cls(said | months, Which(stage) if stage in set(Which) else which, which)

    @property
    def years(self) -> list[int]:
        """To choose from, this one first; one that was asked for otherwise is among them."""
        now = datetime.now(HERE).year
        asked = {int(self.asked[name][:4]) for name in MONTHS if self.asked[name]}
        return sorted({*range(now - YEARS, now + 1), *asked}, reverse=True)

    def address(self, **changed: str) -> str:
        """The query of this list, or of one that differs. What is shown anyway is not said."""
        said = {**self.asked, "stage": self.which, **changed}
        return query(said | {"stage": ""} if said["stage"] == self.usual else said)

    def filters(self, view: View) -> Filters:
        """An unknown name finds nothing rather than everything."""
        rows = _rows(view)

        def id_of(name: str) -> int | None:
            slug = self.asked[name]
            return next((row.id for row in rows[name].values() if row.slug == slug), 0) if slug else None

        return Filters(
            topic_id=id_of("topic"),
            agency_id=id_of("agency"),
            province_id=id_of("province"),
            which=self.which,
            since=_first_moment(self.asked["from"]),
            until=_first_moment(self.asked["to"], months=1),
        )

    def chips(self, view: View, url: Callable[..., str]) -> list[tuple[str, str]]:
        """What is narrowed, each with the address that lets go of it."""
        rows = _rows(view)
        named = {name: next((r for r in rows[name].values() if r.slug == self.asked[name]), None) for name in ROWS}
        said = {name: view.translator.named(row) for name, row in named.items() if row}
        for name in MONTHS:
            if month := self.asked[name]:
                said[name] = view.translator.say(words.directing.MONTHS[name], month=f"{month[5:]}/{month[:4]}")
        return [(text, url(**{name: ""})) for name, text in said.items()]


def _rows(view: View) -> dict[str, Mapping[Any, Any]]:
    known = view.directory
    return {"topic": known.topics, "agency": known.agencies, "province": known.provinces}


def _chosen(request: Request, name: str) -> str:
    """A month as two selects send it. A year alone begins in January or ends in December; a month alone is this year's."""
    month, year = (request.query_params.get(f"{name}_{part}", "")[:4] for part in ("month", "year"))
    if not (month or year):
        return ""
    return f"{month or ('1' if name == 'from' else '12')}/{year or datetime.now(HERE).year}"


def _spelled(typed: str) -> str:
    """A month as a month field spells it; what is none is nothing."""
    found = _MONTH.fullmatch(typed.strip())
    if found is None:
        return ""
    year, month = int(found["year"] or found["y"]), int(found["month"] or found["m"])
    return f"{year:04}-{month:02}" if 2000 <= year < 2100 and 1 <= month <= 12 else ""


def _first_moment(month: str, *, months: int = 0) -> datetime | None:
    if not month:
        return None
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=HERE).astimezone(UTC)
