"""Searching the public questions, and "already asked?" while somebody writes."""

from starlette.requests import Request
from starlette.responses import Response

from engage import archive
from engage.archive import Filters
from engage.web import kit, load
from engage.web.house import language
from engage.web.language import localized
from engage.web.questions import PAGE, SUGGESTED, SUGGESTED_FROM
from engage.web.templates import query

MOST_TYPED = 200
MOST_PAGES = 50  # a thousand ranked matches, twenty a page


async def search(request: Request) -> Response:
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    page = _page(request.query_params.get("page", ""))
    view = await load.view(request)
    async with kit.reading(request) as db:
        found, more = await archive.searched(db, typed, Filters(), PAGE, page)
        lines = await load.lines(db, view, found)

    def url(number: int) -> str:
        return localized("/questions/search", language(request)) + query({"q": typed, "page": number})

    return kit.page(
        request,
        "questions/search.html",
        typed=typed,
        lines=lines,
        first_url=url(1) if page > 1 else None,
        next_url=url(page + 1) if more and page < MOST_PAGES else None,
    )


async def near(request: Request) -> Response:
    """A fragment for the asking page: what was asked before and resembles the title so far."""
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    view = await load.view(request)
    async with kit.reading(request) as db:
        lines = await load.lines(db, view, await archive.near(db, typed, SUGGESTED, SUGGESTED_FROM))
    return kit.page(request, "questions/_near.html", lines=lines)


def _page(typed: str) -> int:
    return min(max(int(typed), 1), MOST_PAGES) if typed.isdecimal() and len(typed) < 4 else 1
