"""Reading: the list, a topic's page, a question's page."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import archive, attachments, enclosures, lists, questions, threads, voting
from engage.errors import NotFound
from engage.lists import Filters, Which
from engage.questions import LISTS, SURFACE
from engage.web import cursors, kit, load, pieces, words
from engage.web.cursors import Cursor
from engage.web.house import actor, house, language
from engage.web.language import localized
from engage.web.narrowing import Narrowing
from engage.web.templates import query

RELATED = 3


async def listed(request: Request) -> Response:
    narrowing, cursor = Narrowing.of(request, Which.ANSWERED), Cursor.of(request)

    async def build() -> Mapping[str, Any]:
        return await _list(request, narrowing, cursor)

    address = f"/questions{narrowing.address(**cursor.pairs)}"
    return await kit.public_page(request, "questions/list.html", address, ["questions"], build, keeps=cursor.is_top)


async def _list(request: Request, narrowing: Narrowing, cursor: Cursor) -> Mapping[str, Any]:
    live = await kit.live_room(request, "questions", 0, "questions")
    view = await load.view(request)
    here = localized("/questions", language(request))
    filters = narrowing.filters(view)

    def url(**changed: str) -> str:
        return here + narrowing.address(**changed)

    async with kit.reading(request) as db:
        page = await cursors.paged(db, filters, cursor, url)
        lines = await load.lines(db, view, page.rows)
        found = await lists.count(db, filters)
    feeds = {name: narrowing.asked[name] for name in ("topic", "agency")}
    return {
        "live": live,
        "lines": lines,
        **page.ways,
        "found": found,
        "most_counted": lists.COUNTED,
        "filters": narrowing.asked,
        "years": narrowing.years,
        "which": narrowing.which,
        "tabs": [(view.translator.say(said), url(stage=which), which) for which, said in words.directing.WHICH.items()],
        **view.directory.choices,
        "chips": narrowing.chips(view, url),
        "feed_url": localized("/feed.xml", language(request)) + query(feeds),
    }


async def topic(request: Request) -> Response:
    slug, cursor = request.path_params["slug"], Cursor.of(request)

    async def build() -> Mapping[str, Any]:
        return await _topic(request, slug, cursor)

    address = f"/topics/{slug}{query(cursor.pairs)}"
    return await kit.public_page(request, "topics/show.html", address, ["questions"], build, keeps=cursor.is_top)


async def _topic(request: Request, slug: str, cursor: Cursor) -> Mapping[str, Any]:
    view, here = await load.view(request), localized(f"/topics/{slug}", language(request))
    known = view.directory
    topic = next((row for row in known.topics.values() if row.slug == slug), None)
    if topic is None:
        raise NotFound()
    async with kit.reading(request) as db:
        page = await cursors.paged(db, Filters(topic_id=topic.id), cursor, lambda **at: here + query(at))
        lines = await load.lines(db, view, page.rows)
        counts = {
            which: await lists.count(db, Filters(topic_id=topic.id, which=which))
            for which in (Which.ANSWERED, Which.OPEN)
        }
    return {
        "topic": topic,
        "field": view.translator.say(words.FIELDS.get(topic.field, topic.field)),
        "agency": known.agencies.get(topic.agency_id),
        "successor": known.topics.get(topic.successor_id) if topic.successor_id else None,
        "counts": counts,
        "lines": lines,
        **page.ways,
        "feed_url": localized("/feed.xml", language(request)) + query({"topic": slug}),
    }


class Elsewhere(Exception):
    """The page of that number is of another kind, and has another address."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


async def show(request: Request) -> Response:
    return await page(request, f"/questions/{request.path_params['id']}", SURFACE)


async def page(request: Request, path: str, surface: str) -> Response:
    """A question's page, or one of feedback; who comes by the other's address is led on."""
    question_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        return await _question(request, question_id, path)

    channels = [f"question:{question_id}", LISTS[surface]]
    try:
        return await kit.public_page(request, "questions/show.html", path, channels, build)
    except Elsewhere as elsewhere:
        return kit.redirect(request, elsewhere.path, 308)


async def _question(request: Request, question_id: int, path: str) -> Mapping[str, Any]:
    live = await kit.live_room(request, "question", question_id, f"question:{question_id}")
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, actor(request), question_id)
        if question.path != path:
            raise Elsewhere(question.path)
        files = await enclosures.seen(db, actor(request), attachments.QUESTION, question_id)
        near = await archive.related(db, question, RELATED)
        return {
            **await pieces.shown(db, view, question, files),
            "live": live,
            "address": house(request).settings.address + localized(path, language(request)),
            "thread_id": await threads.that_became(db, question_id),
            "related": await load.lines(db, view, near),
            "votes": (await voting.counts(db, [question_id]))[question_id],
        }
