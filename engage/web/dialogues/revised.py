"""Every text of a dialogue's answers that readers have seen: what was corrected after it had gone out, when and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, differences, floors, guests, markup, replies, revisions
from engage.access import PUBLIC
from engage.errors import NotFound
from engage.revisions import Revision
from engage.web import kit, load


async def show(request: Request) -> Response:
    dialogue_id, question_id = request.path_params["id"], request.path_params["question"]

    async def build() -> Mapping[str, Any]:
        return await _answers(request, dialogue_id, question_id)

    address = f"/dialogues/{dialogue_id}/answers/{question_id}/revisions"
    channels = [dialogues.channel(dialogue_id), f"question:{question_id}"]
    return await kit.public_page(request, "dialogues/revised.html", address, channels, build)


async def _answers(request: Request, dialogue_id: int, question_id: int) -> Mapping[str, Any]:
    """Of a question that readers see, and that somebody has answered."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, PUBLIC, dialogue_id)
        heard = await floors.one(db, dialogue, question_id)
        out = [one for one in await replies.of_questions(db, [question_id]) if one.released_at is not None]
        if not out:
            raise NotFound()
        names = {guest.key: guest.name for guest in await guests.of(db, dialogue_id)}
        kept = [(reply, await revisions.of(db, replies.KIND, reply.key)) for reply in out]
    return {
        "dialogue": dialogue,
        "question": view.question(heard.question, None),
        "answers": [
            {"id": reply.key, "name": names.get(reply.guest_id, ""), "versions": _versions(texts)}
            for reply, texts in kept
        ],
    }


def _versions(kept: Sequence[Revision]) -> list[dict[str, Any]]:
    """Newest first, each with what it changed in the one before."""
    shown = [
        {
            "number": one.number,
            "at": one.at,
            "reason": one.content.get("reason", ""),
            "words": markup.plain(one.content["text"]),
            "change": differences.between(before.content["text"], one.content["text"]) if before else None,
        }
        for before, one in zip([None, *kept], kept, strict=False)
    ]
    return shown[::-1]
