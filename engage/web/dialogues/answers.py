"""One question of a dialogue with its answers: an address for good, to be shared and cited. It says so, too, while it waits."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, floors, voting
from engage.web import kit, load
from engage.web.dialogues import shown
from engage.web.house import actor, house, language
from engage.web.language import localized


async def show(request: Request) -> Response:
    dialogue_id, question_id = request.path_params["id"], request.path_params["question"]

    async def build() -> Mapping[str, Any]:
        return await _answer(request, dialogue_id, question_id)

    address = f"/dialogues/{dialogue_id}/answers/{question_id}"
    channels = [dialogues.channel(dialogue_id), f"question:{question_id}"]
    return await kit.public_page(request, "dialogues/answer.html", address, channels, build)


async def _answer(request: Request, dialogue_id: int, question_id: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "question", question_id, f"question:{question_id}")
    view, path = await load.view(request), f"/dialogues/{dialogue_id}/answers/{question_id}"
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        [item] = await shown.answers(db, view, dialogue, [await floors.one(db, dialogue, question_id)])
        return {
            "live": live,
            "dialogue": dialogue,
            "item": item,
            "question": item,
            "votes": (await voting.counts(db, [question_id]))[question_id],
            "address": house(request).settings.address + localized(path, language(request)),
        }
