"""One page of the comments on an article, as fragments and our own pages show it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import articles, discussions, sites
from engage.access import Actor
from engage.articles import Article
from engage.db import now
from engage.discussions import Order
from engage.errors import NotFound
from engage.web import words
from engage.web.comments import shown
from engage.web.templates import query
from engage.web.views import View

BESIDE = 2  # pages named before and after this one


async def page(
    db: AsyncSession, view: View, article: Article, order: Order, number: int, who: Actor
) -> Mapping[str, Any]:
    last = discussions.pages(article, order)
    if number > last:
        raise NotFound()
    portal = (await sites.portals(db)).by_id.get(article.site_id)
    return {
        "article_id": article.key,
        "many": article.many,
        "comments": shown.lines(view, await discussions.page(db, article, order, number, who)),
        "closed": closed(view, articles.why_shut(portal, article, now(db))),
        "guests": bool(portal and portal.guests),
        **ways(view, article.key, order, number, last),
    }


def closed(view: View, reason: str) -> str:
    return view.translator.say(words.REASONS[reason]) if reason else ""


def ways(view: View, article_id: int, order: Order, number: int, last: int) -> Mapping[str, Any]:
    """Orders and numbered pages, as addresses of our own page."""

    def path(**asked: str) -> str:
        return f"/articles/{article_id}{query(asked)}"

    said = {one: view.translator.say(words.commenting.ORDERS[one]) for one in Order}
    return {
        "order": order.value,
        "page": number,
        "orders": [(one.value, said[one], path(order=one)) for one in Order],
        "pages": numbered(number, last, lambda one: path(order=order, page=str(one))),
    }


def numbered(here: int, last: int, path: Callable[[int], str]) -> list[tuple[int, str]]:
    """Numbered ways: the first, the last, and those around this one. A gap is a page of number 0."""
    if last == 1:
        return []
    near = sorted({1, last, *range(max(here - BESIDE, 1), min(here + BESIDE, last) + 1)})
    found: list[tuple[int, str]] = []
    for before, one in zip([0, *near], near, strict=False):
        if one - before > 1:
            found.append((0, ""))
        found.append((one, path(one)))
    return found
