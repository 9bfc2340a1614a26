"""Reading the forum: what is talked about, a section, searching."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import bookmarks, forum, sections, threads
from engage import search as index
from engage.forum import CHANNEL
from engage.search import Query
from engage.web import cursors, kit, load, marks
from engage.web.cursors import Cursor
from engage.web.forum import shown
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.search import MOST_TYPED
from engage.web.templates import query

NEWEST = 3


async def home(request: Request) -> Response:
    async def build() -> Mapping[str, Any]:
        return await _home(request)

    return await kit.public_page(request, "forum/home.html", "/forum", [CHANNEL], build)


async def _home(request: Request) -> Mapping[str, Any]:
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        rows, counts = await sections.every(db), await threads.counts(db)
        newest = {row.slug: await threads.latest(db, row.slug, NEWEST) for row in rows}
        followed = await threads.of_ids(db, await bookmarks.followed(db, who.person_id))
        every = [*followed, *(one for found in newest.values() for one in found)]
        mine = await bookmarks.of(db, who.person_id, [thread.key for thread, _ in every])
    nothing = threads.Counted()
    return {
        "sections": [
            {
                **shown.section(view, row),
                "counted": counts.get(row.slug, nothing),
                "lines": [shown.line(view, one, mine.get(one[0].key)) for one in newest[row.slug]],
            }
            for row in rows
        ],
        "followed": [shown.line(view, one, mine.get(one[0].key)) for one in followed],
        "feed_url": localized("/forum/feed.xml", language(request)),
    }


async def section(request: Request) -> Response:
    slug, cursor = request.path_params["slug"], Cursor.of(request)

    async def build() -> Mapping[str, Any]:
        return await _section(request, slug, Cursor(after=cursor.after))

    address = f"/forum/{slug}{query({'after': cursor.pairs['after']})}"
    return await kit.public_page(request, "forum/section.html", address, [CHANNEL], build, keeps=cursor.is_top)


async def _section(request: Request, slug: str, cursor: Cursor) -> Mapping[str, Any]:
    view, who = await load.view(request), actor(request)
    here = localized(f"/forum/{slug}", language(request))
    async with kit.reading(request) as db:
        row = await sections.one(db, slug)
        found = await threads.newest(db, slug, cursors.PAGE + 1, cursor.after)
        pinned = await threads.pinned(db, slug) if cursor.is_top else []
        mine = await bookmarks.of(db, who.person_id, [thread.key for thread, _ in (*pinned, *found)])
    lines, has_more = found[: cursors.PAGE], len(found) > cursors.PAGE
    after = cursors.written(threads.place_of(lines[-1][0])) if has_more else ""
    return {
        "section": shown.section(view, row),
        "lines": [shown.line(view, one, mine.get(one[0].key)) for one in (*pinned, *lines)],
        "first_url": None if cursor.is_top else here,
        "next_url": here + query({"after": after}) if has_more else None,
        "feed_url": localized("/forum/feed.xml", language(request)) + query({"section": slug}),
    }


async def search(request: Request) -> Response:
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    number = max(cursors.number(request.query_params.get("page", "")) or 1, 1)
    view = await load.view(request)
    first = (number - 1) * cursors.PAGE
    async with kit.reading(request) as db:
        ids = await threads.found(db, typed)
        found = await threads.posts(db, ids[first : first + cursors.PAGE])
        titles = await forum.titles(db, [thread.key for _, thread in found])
    asked, here = Query.of(typed), localized("/forum/search", language(request))
    more = len(ids) > first + cursors.PAGE

    def url(page: int) -> str:
        return here + query({"q": typed, "page": str(page) if page > 1 else ""})

    return kit.page(
        request,
        "forum/search.html",
        typed=typed,
        lines=[
            {
                "title": titles.get(thread.key, ""),
                "number": remark.number,
                "url": shown.url_of(view, thread.key, remark.number or 1),
                "name": remark.name,
                "at": remark.accepted_at,
                "gist": _marked(remark.body, asked),
            }
            for remark, thread in found
        ],
        first_url=url(1) if number > 1 else None,
        previous_url=url(number - 1) if number > 1 else None,
        next_url=url(number + 1) if more else None,
    )


def _marked(body: str, asked: Query) -> Any:
    said = " ".join(body.split())
    return marks.excerpt(said, index.spans(said, asked))
