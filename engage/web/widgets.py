"""What portals' pages load of ours: the script, its styles, the newest answers, a dialogue. All of it public, none of it theirs."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, dialogues, floors, lists
from engage.access import PUBLIC
from engage.dialogues import OVER, Stage
from engage.errors import NotFound
from engage.lists import Filters
from engage.web import cursors, kit, load, portable
from engage.web.dialogues import shown
from engage.web.fragments import ICONS, choose_language, fragment, which
from engage.web.house import house, language
from engage.web.language import LANGUAGES, localized
from engage.web.pages import Page
from engage.web.templates import Templates, query
from engage.web.words import embedding
from live import stream

MOST, USUAL, ANSWERS = 10, 5, 5
NEXT = "next"
FOR_EVERYBODY = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
STANDS, STANDS_BY_NAME = "public, max-age=300", "public, max-age=31536000, immutable"
ROOM_ICONS = ("ask", "check", "clock", "info", "mic", "pause", "talk")  # of the pieces of a room that is on air


async def script(request: Request) -> Response:
    return _file(request, "/widget.js", "text/javascript", written)


async def style(request: Request) -> Response:
    return _file(request, "/embed/style.css", "text/css", lambda templates: portable.sheet(templates.assets))


def _file(request: Request, path: str, media_type: str, made: Any) -> Response:
    """Made once for a release. Under `?v=` of this release it never changes."""
    mine = house(request)
    tag = f'"{mine.templates.release}"'
    known = mine.pages.get(path, tag)
    if known is None:
        known = Page(tag, made(mine.templates).encode(), media_type)
        mine.pages.put(path, known)
    is_named = request.query_params.get("v") == mine.templates.release
    headers = {"etag": tag, "cache-control": STANDS_BY_NAME if is_named else STANDS} | FOR_EVERYBODY
    if tag in stream.tags(request):
        return Response(status_code=304, headers=headers)
    return Response(known.body, media_type=media_type, headers=headers)


def written(templates: Templates) -> str:
    said = {
        spoken: {name: templates.translators[spoken].gettext(words) for name, words in embedding.WIDGET.items()}
        for spoken in LANGUAGES
    }
    return portable.script(templates.assets, json.dumps(said, ensure_ascii=False, separators=(",", ":")))


# The newest answers


async def answers(request: Request) -> Response:
    choose_language(request)
    asked = {name: request.query_params.get(name, "")[:80] for name in ("topic", "agency")}
    most = min(max(cursors.number(request.query_params.get("most", "")) or USUAL, 1), MOST)

    async def build() -> Mapping[str, Any]:
        return await _answers(request, asked, most)

    address = "/embed/answers" + query({**asked, "most": most})
    return await fragment(request, "embed/answers.html", address, ["questions", agencies.CHANNEL], build)


async def _answers(request: Request, asked: Mapping[str, str], most: int) -> Mapping[str, Any]:
    view = await load.view(request)
    topic = next((row for row in view.directory.topics.values() if row.slug == asked["topic"]), None)
    agency = next((row for row in view.directory.agencies.values() if row.slug == asked["agency"]), None)
    if (asked["topic"] and not topic) or (asked["agency"] and not agency):
        raise NotFound()
    chosen = Filters(topic_id=topic.id if topic else None, agency_id=agency.id if agency else None)
    async with kit.reading(request) as db:
        lines = await load.lines(db, view, await lists.listed(db, chosen, most), counted=False)
    return {
        "about": view.translator.named(topic or agency) if topic or agency else "",
        "lines": lines,
        "all_url": localized("/questions", language(request)) + query(asked),
    }


# A dialogue


async def dialogue(request: Request) -> Response:
    choose_language(request)
    wanted = request.query_params.get("dialogue", NEXT)
    number = None if wanted == NEXT else cursors.number(wanted)
    if wanted != NEXT and number is None:
        raise NotFound()

    async def build() -> Mapping[str, Any]:
        return await _dialogue(request, number)

    channels = [dialogues.LIST if number is None else dialogues.channel(number)]
    if number is None:
        number = await which(request, "next dialogue", dialogues.LIST, _next) or None
        channels += [dialogues.channel(number)] if number else []
    return await fragment(request, "embed/dialogue.html", f"/embed/dialogue?dialogue={number}", channels, build)


async def _next(db: AsyncSession) -> int:
    """On air, else the next one, else the last that was held."""
    found = await dialogues.upcoming(db, 1) or await dialogues.past(db, 1)
    return found[0].key if found else 0


async def _dialogue(request: Request, number: int | None) -> Mapping[str, Any]:
    if number is None:
        return {"dialogue": None}
    room = await kit.live_room(request, "dialogue", number, dialogues.channel(number))
    view = await load.view(request)
    async with kit.reading(request) as db:
        found = await dialogues.seen_by(db, PUBLIC, number)
        now = await shown.now(db, view, found)
        heard = await floors.answered(db, found, ANSWERS) if found.is_on_air else []
        answered = await shown.answers(db, view, found, heard)
    return {
        "live": None if found.stage == Stage.PUBLISHED else room,
        "dialogue": found,
        "now": now,
        "answers": answered,
        "is_before": found.stage not in OVER and not found.is_on_air,
        "has_minutes": found.stage == Stage.PUBLISHED,
        "page_url": localized(f"/dialogues/{number}", language(request)),
        ICONS: ROOM_ICONS,
    }
