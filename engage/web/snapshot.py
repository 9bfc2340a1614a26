"""Pages for the day everything is down: what the public sees now, as files with addresses that begin where they lie.

A file stands where its page's address says, with `.html`: so the same links hold on a disk, below another path, and at the very
addresses that readers have. What is not among the files leads to the first page, which says that the service is stopped.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request

from engage import lists, questions
from engage.access import PUBLIC
from engage.errors import NotFound
from engage.lists import Filters, Listed
from engage.web import load, published, rules
from engage.web.house import House
from engage.web.language import LANGUAGES, localized, other_than
from engage.web.views import View

FRONT, A_PAGE = 10, 50
UNUSED = ("js/", "icons.svg")  # scripts, and the icons that stand in each page: a browser takes none from another file
ASSETS = "snapshot"  # not among the addresses of the service: a proxy hands them out by itself
Files = dict[str, bytes]
Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Set:
    """The pages of one language, named by their addresses without it."""

    house: House
    language: str
    made_at: datetime
    addresses: frozenset[str]

    def write(self, name: str, address: str, **context: Any) -> tuple[str, bytes]:
        here = _file(localized(address, self.language))
        sprite = self.house.templates.assets["icons.svg"].body.decode()
        link = partial(self.link, here=here)
        page = self.house.templates.get(name, self.language).render(
            {
                "layout": "snapshot/base.html",
                "url": link,
                "asset": lambda asset: "" if asset in UNUSED else _relative(f"{ASSETS}/{asset}", here),
                "other_language": _relative(_file(localized(address, other_than(self.language))), here),
                "sprite": Markup(sprite),  # noqa: S704 a file of ours
                "site": self.house.settings.site,
                "demonstration": not self.house.settings.is_production,
                "made_at": self.made_at,
                **context,
            }
        )
        return here, page.encode()

    def link(self, address: str, *, here: str) -> str:
        """From that file to the page of an address, or to the words that say why there is none."""
        known = address if address in self.addresses else "/"
        there = _relative(_file(localized(known, self.language)), here)
        return there if known == address else f"{there}#stopped"

    def here(self, address: str) -> "partial[str]":
        return partial(self.link, here=_file(localized(address, self.language)))


async def files(app: Starlette, newest: int) -> Files:
    """Every file by its path. The application serves nothing else, and is closed afterwards."""
    house: House = app.state.house
    try:
        async with house.store.reading() as db:
            found = await lists.listed(db, Filters(), newest)
        made_at, written = house.store.clock(), Files()
        for language in LANGUAGES:
            written |= await _pages(app, language, found, made_at)
    finally:
        await house.store.close()
    plain = {name: asset for name, asset in house.templates.assets.items() if not name.startswith(UNUSED)}
    return written | {f"{ASSETS}/{name}": asset.body for name, asset in plain.items()}


async def _pages(app: Starlette, language: str, found: Sequence[Listed], made_at: datetime) -> Files:
    house: House = app.state.house
    request = Request({"type": "http", "method": "GET", "app": app, "language": language, "path": "/", "headers": []})
    view = await load.view(request)
    async with house.store.reading() as db:
        read = {one.id: await _question(db, view, one.id) for one in found}
        # What was taken down a moment ago is on no list either.
        found = [one for one in found if read[one.id]]
        lines = await load.lines(db, view, found)
    shelves = dict(_shelves(lines))
    every = {"/", "/rules", *shelves, *(f"/questions/{one.id}" for one in found)}
    pages = Set(house, language, made_at, frozenset(every))
    written = Files([pages.write("rules.html", "/rules", **await rules.in_force(request))])
    written |= [pages.write("snapshot/index.html", "/", lines=_lines(pages, "/", lines[:FRONT]))]
    for address, some in shelves.items():
        ways = _ways(pages, list(shelves), address)
        written |= [pages.write("snapshot/list.html", address, lines=_lines(pages, address, some), **ways)]
    for one in found:
        written |= [_written(pages, f"/questions/{one.id}", **(read[one.id] or {}))]
    return written


async def _question(db: AsyncSession, view: View, question_id: int) -> dict[str, Any] | None:
    try:
        question = await questions.seen_by(db, PUBLIC, question_id)
    except NotFound:
        return None
    answer = await published.answer(db, view, question)
    return (
        {"question": view.question(question, await load.author_of(db, question)), "answer": answer} if answer else None
    )


def _written(pages: Set, address: str, question: dict[str, Any], answer: dict[str, Any]) -> tuple[str, bytes]:
    link = pages.here(address)
    # Files stay with the service; addresses of pages begin where this one lies.
    answer |= {"files": (), "versions_url": link(_bare(answer["versions_url"]))}
    for name in ("newer", "replaces"):
        answer[name] = [{**one, "url": link(_bare(one["url"]))} for one in answer[name]]
    return pages.write("snapshot/question.html", address, question=question, answer=answer)


def _lines(pages: Set, address: str, lines: Lines) -> list[dict[str, Any]]:
    link = pages.here(address)
    shown = []
    for line in lines:
        newer = (link(_bare(line["newer"][0])), line["newer"][1]) if line["newer"] else None
        shown.append(
            {**line, "url": link(_bare(line["url"])), "newer": newer, "key": (pages.language, address, line["key"])}
        )
    return shown


def _shelves(lines: Lines) -> Iterator[tuple[str, Lines]]:
    """The list, cut into pages."""
    yield "/questions", lines[:A_PAGE]
    for page in range(2, 1 + -(-len(lines) // A_PAGE)):
        yield f"/questions/page-{page}", lines[(page - 1) * A_PAGE : page * A_PAGE]


def _ways(pages: Set, shelves: list[str], address: str) -> dict[str, Any]:
    """Where a page of the list stands among the others."""
    if address not in shelves:
        return {}
    at, link = shelves.index(address), pages.here(address)
    after = link(shelves[at + 1]) if at + 1 < len(shelves) else None
    first, before = (link(shelves[0]), link(shelves[at - 1])) if at else (None, None)
    return {"page": at + 1, "first_url": first, "previous_url": before, "next_url": after}


def _bare(address: str) -> str:
    return address.removeprefix(localized("", "en"))


def _file(address: str) -> str:
    return "index.html" if address == "/" else f"{address.lstrip('/')}.html"


def _relative(path: str, here: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(here) or ".")
