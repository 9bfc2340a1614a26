"""Our own pages of comments: on an article, and the replies to one comment."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import articles, comments, discussions
from engage.discussions import Order
from engage.errors import NotFound
from engage.sites import CHANNEL
from engage.web import kit, load
from engage.web.comments import listing, naming, shown
from engage.web.house import actor
from engage.web.templates import query

KEPT = 3


class Elsewhere(Exception):
    """It was merged: its comments stand under another number."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


async def show(request: Request) -> Response:
    article_id, order, number = request.path_params["id"], naming.order(request), naming.number(request)

    async def build() -> Mapping[str, Any]:
        return await _article(request, article_id, order, number)

    asked = {"order": "" if order is Order.NEWEST else order.value, "page": str(number) if number > 1 else ""}
    path, channels = f"/articles/{article_id}{query(asked)}", [f"article:{article_id}", CHANNEL]
    try:
        return await kit.public_page(request, "comments/show.html", path, channels, build, keeps=number <= KEPT)
    except Elsewhere as elsewhere:
        return kit.redirect(request, elsewhere.path, 308)


async def _article(request: Request, article_id: int, order: Order, number: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "article", article_id, f"article:{article_id}")
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        article = await articles.one(db, article_id)
        if article.merged_into_id is not None:
            raise Elsewhere(f"/articles/{article.merged_into_id}")
        article = await articles.seen_by(db, who, article_id)
        page = await listing.page(db, view, article, order, number, who)
        address = await articles.address_of(db, article)
    return {**page, "live": live, "title": article.title, "address": address, "is_embedded": False}


async def answers(request: Request) -> Response:
    remark_id, number = request.path_params["id"], naming.number(request)
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        root = await comments.one(db, who, remark_id)
        if root.reply_to_id is not None:
            return kit.redirect(request, f"/comments/{root.reply_to_id}/answers")
        last = max(-(-root.answers // discussions.PAGE), 1)
        if number > last:
            raise NotFound()
        below = await discussions.answers(db, root.key, number, who)
        article = await articles.one(db, root.place_id)
        on_page = await discussions.page_of(db, root)
    here = f"/comments/{root.key}/answers"
    return kit.page(
        request,
        "comments/answers.html",
        title=article.title,
        article_path=f"/articles/{article.key}{query({'order': 'oldest', 'page': str(on_page)})}",
        comment=shown.comment(view, root, below),
        pages=listing.numbered(number, last, lambda one: f"{here}?page={one}"),
        page=number,
        closed="",
        is_embedded=False,
    )
