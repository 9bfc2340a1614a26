"""Searching the public questions, and "already asked?" while somebody writes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import lists, receipts
from engage import search as index
from engage.lists import Listed, Order, Which
from engage.search import Query
from engage.web import kit, load, marks, words
from engage.web.cursors import PAGE
from engage.web.house import language
from engage.web.language import localized
from engage.web.narrowing import Narrowing
from engage.web.questions import SUGGESTED, SUGGESTED_FROM

MOST_TYPED = 200
MOST_PAGES = 50  # a thousand ranked matches, twenty a page


async def search(request: Request) -> Response:
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    if receipts.read(typed):  # a key to one question, and nothing to look for in the others
        return kit.page(request, "questions/search_code.html", code=typed)
    narrowing, page = Narrowing.of(request, Which.ALL), _page(request.query_params.get("page", ""))
    order = Order.NEWEST if request.query_params.get("order") == Order.NEWEST else Order.BEST
    view = await load.view(request)
    async with kit.reading(request) as db:
        found, times = await lists.searched(db, typed, narrowing.filters(view), order, PAGE, page)
        lines = await load.lines(db, view, found)
    query = Query.of(typed)
    marked = [_marked(line, row, typed, query) for line, row in zip(lines, found, strict=True)]
    here = localized("/questions/search", language(request))

    def url(number: int = 1, **changed: str) -> str:
        return here + narrowing.address(q=typed, order=order, page=str(number) if number > 1 else "", **changed)

    more = times > page * PAGE and page < MOST_PAGES
    context: dict[str, Any] = dict(
        typed=typed,
        lines=marked,
        found=times,
        filters=narrowing.asked,
        years=narrowing.years,
        which=narrowing.which,
        order=order,
        whiches=[(code, view.translator.say(said)) for code, said in words.directing.WHICH.items()],
        orders=[(code, view.translator.say(said)) for code, said in words.directing.ORDERS.items()],
        **view.directory.choices,
        chips=narrowing.chips(view, url),
        first_url=url() if page > 1 else None,
        previous_url=url(page - 1) if page > 1 else None,
        next_url=url(page + 1) if more else None,
    )
    return kit.page(request, "questions/search.html", **context)


async def near(request: Request) -> Response:
    """A fragment for the asking page: what was asked before and resembles the title so far."""
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    view = await load.view(request)
    async with kit.reading(request) as db:
        lines = await load.suggested(db, view, typed, SUGGESTED, SUGGESTED_FROM)
    return kit.page(request, "questions/_near.html", lines=lines)


def _marked(line: dict[str, Any], question: Listed, typed: str, query: Query) -> dict[str, Any]:
    """The words that were looked for, marked; and of the text the place where they stand."""
    gist, spans = line["gist"], index.spans(line["gist"], query)
    if not spans and (further := index.spans(body := " ".join(question.body.split()), query)):
        gist, spans = body, further
    return {
        **line,
        "title": marks.found(line["title"], index.spans(line["title"], query)),
        "gist": marks.excerpt(gist, spans),
        "key": (line["key"], typed),
    }


def _page(typed: str) -> int:
    return min(max(int(typed), 1), MOST_PAGES) if typed.isdecimal() and len(typed) < 4 else 1
