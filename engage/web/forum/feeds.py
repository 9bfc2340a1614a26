"""What feed readers ask for: threads in which something was said last, of all sections or of one; a thread's newest posts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import forum, remarks, sections, threads
from engage.access import PUBLIC
from engage.forum import CHANNEL
from engage.remarks import Said
from engage.web import kit, load, words
from engage.web.forum import shown
from engage.web.house import house, language
from engage.web.language import localized
from engage.web.templates import query

ENTRIES = 30
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed in which nothing stands yet


async def listed(request: Request) -> Response:
    slug = request.query_params.get("section", "")[:80]

    async def build() -> Mapping[str, Any]:
        return await _listed(request, slug)

    address = f"/forum/feed.xml{query({'section': slug})}"
    return await kit.public_page(request, "feed.xml", address, [CHANNEL], build)


async def _listed(request: Request, slug: str) -> Mapping[str, Any]:
    view = await load.view(request)
    async with kit.reading(request) as db:
        rows = [await sections.one(db, slug)] if slug else await sections.every(db)
        found = [one for row in rows for one in await threads.latest(db, row.slug, ENTRIES)]
    found.sort(key=lambda one: threads.place_of(one[0]), reverse=True)
    root, say = house(request).settings.address, view.translator.say
    title = view.translator.named(rows[0]) if slug else say(words.talking.FEED)
    entries = [
        {
            "id": root + shown.url_of(view, thread.key),
            "url": root + shown.url_of(view, thread.key, thread.top),
            "title": opening.title,
            "updated": threads.place_of(thread)[0],
            "summary": say(words.talking.SAID, n=thread.many) + " " + _gist(opening.body),
            "agency": None,
        }
        for thread, opening in found[:ENTRIES]
    ]
    return _feed(request, "/forum/feed.xml" + query({"section": slug}), f"/forum/{slug}".rstrip("/"), title, entries)


async def thread(request: Request) -> Response:
    thread_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        return await _thread(request, thread_id)

    address = f"/forum/threads/{thread_id}/feed.xml"
    return await kit.public_page(request, "feed.xml", address, [f"thread:{thread_id}", CHANNEL], build, keeps=False)


async def _thread(request: Request, thread_id: int) -> Mapping[str, Any]:
    view = await load.view(request)
    async with kit.reading(request) as db:
        row, opening = await forum.seen_by(db, PUBLIC, thread_id)
        found = await remarks.numbered(db, Said.POST, thread_id, row.top - ENTRIES + 1, row.top, PUBLIC)
    root, say = house(request).settings.address, view.translator.say
    entries = [
        {
            "id": root + shown.url_of(view, thread_id, post.number or 1),
            "url": root + shown.url_of(view, thread_id, post.number or 1),
            "title": say(words.talking.POST, n=post.number, name=post.name),
            "updated": post.corrected_at or post.accepted_at or post.created_at,
            "summary": _gist(post.body),
            "agency": view.directory.agencies.get(post.badge_id) if post.badge_id else None,
        }
        for post in reversed(found)
    ]
    path = f"/forum/threads/{thread_id}"
    return _feed(request, f"{path}/feed.xml", path, opening.title, entries)


def _feed(
    request: Request, path: str, alternate: str, title: str, entries: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    root, spoken = house(request).settings.address, language(request)
    self_url = root + localized(path, spoken)
    newest = max((one["updated"] for one in entries), default=BEGINNING)
    feed = {"id": self_url, "title": title, "self": self_url, "alternate": root + localized(alternate, spoken)}
    return {"feed": {**feed, "updated": newest}, "entries": entries}


def _gist(body: str) -> str:
    return " ".join(body.split())[:240]
