"""Atom: answers as they come, those to questions and those to feedback apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import lists, revising
from engage.errors import NotFound
from engage.lists import Filters
from engage.questions import FEEDBACK, LISTS, SURFACE
from engage.web import kit, load, words
from engage.web.house import house, language
from engage.web.language import localized
from engage.web.templates import query

ENTRIES = 30
TITLES: Mapping[str, str] = {SURFACE: words.FEED, FEEDBACK: words.contributing.FEED}


async def questions(request: Request) -> Response:
    return await _answers(request, SURFACE, "/feed.xml")


async def feedback(request: Request) -> Response:
    return await _answers(request, FEEDBACK, "/feedback/feed.xml")


async def _answers(request: Request, surface: str, path: str) -> Response:
    """The newest answers, of all, of one topic or of one agency."""
    asked = {name: request.query_params.get(name, "")[:80] for name in ("topic", "agency")}

    async def build() -> Mapping[str, Any]:
        return await _feed(request, asked, surface, path)

    return await kit.public_page(request, "feed.xml", f"{path}{query(asked)}", [LISTS[surface]], build)


async def _feed(request: Request, asked: dict[str, str], surface: str, path: str) -> Mapping[str, Any]:
    view = await load.view(request)
    async with kit.reading(request) as db:
        topic = next((row for row in view.directory.topics.values() if row.slug == asked["topic"]), None)
        agency = next((row for row in view.directory.agencies.values() if row.slug == asked["agency"]), None)
        if (asked["topic"] and not topic) or (asked["agency"] and not agency):
            raise NotFound()
        chosen = Filters(surface=surface, topic_id=topic.id if topic else None, agency_id=agency.id if agency else None)
        lines = await load.lines(db, view, await lists.listed(db, chosen, ENTRIES))
        changed = await revising.changes(db, [line["id"] for line in lines])
    root, spoken = house(request).settings.address, language(request)
    self_url = root + localized(path, spoken) + query(asked)
    name = view.translator.named(topic or agency) if topic or agency else view.translator.say(TITLES[surface])
    entries = [
        {
            "id": root + line["url"],
            "url": root + line["url"],
            "title": line["title"],
            "updated": changed.get(line["id"], line["answered_at"]),
            "summary": f"{view.translator.say(words.OUTDATED)} {line['gist']}" if line["is_outdated"] else line["gist"],
            "agency": line["agency"],
        }
        for line in lines
    ]
    entries.sort(key=lambda entry: entry["updated"], reverse=True)
    newest = entries[0]["updated"] if entries else datetime(2026, 1, 1, tzinfo=UTC)
    alternate = root + localized(f"/{LISTS[surface]}", spoken) + query(asked)
    return {
        "feed": {"id": self_url, "title": name, "self": self_url, "alternate": alternate, "updated": newest},
        "entries": entries,
    }
