"""What portals show in their pages: the comments on an article, how many there are, and what somebody's own still waits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import articles, comments, flags, policies
from engage.access import PUBLIC
from engage.articles import Named
from engage.db import now
from engage.discussions import Order
from engage.errors import NotAllowed, NotFound, Refused
from engage.sites import CHANNEL, Portal
from engage.web import embedding, guards, kit, load
from engage.web.comments import listing, naming, shown
from engage.web.forum.own import why
from engage.web.house import house, language
from engage.web.pages import Page
from engage.web.rendering import render
from live import stream

KEPT = 3  # first pages kept for everybody
MOST_COUNTED = 50
FRESH, FRESH_COUNTS = "public, max-age=15", "public, max-age=60"
Build = Callable[[], Awaitable[Mapping[str, Any]]]


async def show(request: Request) -> Response:
    naming.speak(request)
    named, order, number = naming.named(request), naming.order(request), naming.number(request)
    portal = await naming.portal(request, named.site)
    if not (named.article or named.address):
        raise Refused("article_missing", field="article")
    article_id = await naming.row_of(request, portal, named)

    async def build() -> Mapping[str, Any]:
        return await _fragment(request, portal, named, article_id, order, number)

    of_it = [f"article:{article_id}"] if article_id else []
    key = f"comments {named.model_dump_json()} {article_id} {order} {number}"
    channels = [*of_it, articles.channel_of(portal.id), CHANNEL, policies.CHANNEL]
    return await _kept(request, "comments/fragment.html", key, channels, build, keeps=number <= KEPT)


async def _fragment(
    request: Request, portal: Portal, named: Named, article_id: int, order: Order, number: int
) -> Mapping[str, Any]:
    view = await load.view(request)
    live = await kit.live_room(request, "article", article_id, f"article:{article_id}") if article_id else None
    hidden = {name: value for name, value in named.model_dump(mode="json").items() if value}
    said = {"live": live, "named": hidden, "is_embedded": True, "guard": shown.no_proof}
    async with kit.reading(request) as db:
        if article_id:
            article = await articles.one(db, article_id)
            said["reasons"] = {row.code: view.translator.named(row) for row in await flags.reasons(db)}
            return {**said, **await listing.page(db, view, article, order, number, PUBLIC)}
        reason = articles.why_closed(portal, named.section, named.published, now(db))
    nothing = {"article_id": 0, "many": 0, "comments": [], "orders": [], "pages": [], "order": order.value, "page": 1}
    return {**said, **nothing, "guests": portal.guests, "closed": listing.closed(view, reason)}


async def counts(request: Request) -> Response:
    """For a front page, in one request."""
    portal = await naming.portal(request, request.query_params.get("site", ""))
    asked = [one for one in request.query_params.getlist("article") if articles.EXTERNAL.fullmatch(one)]
    if not asked or len(asked) > MOST_COUNTED:
        raise Refused("articles_many", field="article", most=MOST_COUNTED)
    async with kit.reading(request) as db:
        found = await articles.counts(db, portal, asked)
    response = JSONResponse({"counts": found})
    return _unchanged(request, f'"{guards.digest(repr(sorted(found.items())))[:24]}"', FRESH_COUNTS, response)


async def mine(request: Request) -> Response:
    """For its writer alone: what waits, what was not let in and why, what readers see; to be changed, or taken back."""
    naming.speak(request)
    if embedding.portal(request) is None:
        raise NotFound()
    who, named, view = embedding.must_be_embedded(request), naming.named(request), await load.view(request)
    if named.site != who.portal.slug:
        raise NotAllowed("embed_site_differs")
    article_id = await naming.row_of(request, who.portal, named)
    async with kit.reading(request) as db:
        rows = await comments.written_by(db, who.actor.person_id or 0, article_id)
        lines = [
            {
                **shown.standing(view, row),
                "words": row.body,
                "why": await why(db, row, view.translator.language),
                "can_edit": await comments.may_edit(db, row),
                "can_withdraw": comments.may_withdraw(row),
            }
            for row in rows
        ]
    body = render(request, "comments/mine.html", {"lines": lines})
    return Response(body, media_type="text/html", headers={"cache-control": "no-store"})


async def _kept(
    request: Request, name: str, key: str, channels: Sequence[str], build: Build, *, keeps: bool
) -> Response:
    """As our own public pages are kept, for caches between us and a portal's readers."""
    pages, tag = house(request).pages, await kit.tag_of(request, channels)
    address = f"{language(request)} {key}"
    known = pages.get(address, tag)
    if known is None:
        known = Page(tag, render(request, name, await build()).encode(), "text/html")
        if keeps:
            pages.put(address, known)
    return _unchanged(request, tag, FRESH, Response(known.body, media_type=known.media_type))


def _unchanged(request: Request, tag: str, fresh: str, response: Response) -> Response:
    headers = {"etag": tag, "cache-control": fresh, "vary": "origin"}
    if tag in stream.tags(request):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
