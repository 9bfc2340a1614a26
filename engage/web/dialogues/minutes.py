"""Published minutes: the page, and the same for word processors and for programs."""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, docx, proceedings
from engage.access import PUBLIC
from engage.dialogues import Stage
from engage.errors import NotFound
from engage.proceedings import Proceedings
from engage.web import kit, load
from engage.web.dialogues import papers, shaped
from engage.web.dialogues.minuted import Minuted
from engage.web.house import house, language
from engage.web.pages import Page


async def show(request: Request) -> Response:
    dialogue_id = request.path_params["id"]

    async def build() -> dict[str, Any]:
        held, minuted = await published(request)
        return {
            "dialogue": held.dialogue,
            "paper": papers.html(minuted.blocks(held)),
            "schema": shaped.schema_of(held, minuted),
        }

    channels = [dialogues.channel(dialogue_id)]
    return await kit.public_page(
        request, "dialogues/minutes.html", f"/dialogues/{dialogue_id}/minutes", channels, build
    )


async def word(request: Request) -> Response:
    def write(held: Proceedings, minuted: Minuted) -> bytes:
        title = minuted.say("title", title=held.dialogue.title)
        at = held.dialogue.published_at or held.minutes.written_at
        return docx.written(
            minuted.blocks(held), title=title, subject=held.dialogue.title, language=language(request), at=at
        )

    return await _file(request, "docx", docx.MEDIA_TYPE, write)


async def program(request: Request) -> Response:
    def write(held: Proceedings, minuted: Minuted) -> bytes:
        return json.dumps(shaped.json_of(held, minuted), ensure_ascii=False, indent=1).encode()

    return await _file(request, "json", "application/json", write)


async def published(request: Request) -> tuple[Proceedings, Minuted]:
    """As readers see them, whoever asks; what is not out is missing."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, PUBLIC, request.path_params["id"])
        if dialogue.stage != Stage.PUBLISHED:
            raise NotFound()
        held = await proceedings.of(db, dialogue)
    return held, Minuted(view, lambda path: house(request).settings.address + path)


async def _file(
    request: Request, ending: str, media_type: str, write: Callable[[Proceedings, Minuted], bytes]
) -> Response:
    """Kept as long as the dialogue's channel says that nothing has changed, like the page."""
    dialogue_id, mine = request.path_params["id"], house(request)
    tag = await kit.tag_of(request, [dialogues.channel(dialogue_id)])
    key = f"{language(request)} /dialogues/{dialogue_id}/minutes.{ending}"
    known = mine.pages.get(key, tag)
    if known is None:
        held, minuted = await published(request)
        known = Page(tag, write(held, minuted), media_type)
        mine.pages.put(key, known)
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    named = f'attachment; filename="bien-ban-{dialogue_id}.{ending}"'
    return Response(known.body, media_type=media_type, headers={**headers, "content-disposition": named})
