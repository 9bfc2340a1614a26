"""One address for life: the announcement before the room opens, then the room, then what became of it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, policies
from engage.dialogues import Stage
from engage.web import kit
from engage.web.dialogues import announcement, room
from engage.web.dialogues.room import Asked
from engage.web.house import actor

ANNOUNCED = frozenset({Stage.DRAFT, Stage.SCHEDULED, Stage.INTAKE, Stage.CANCELLED})


async def show(request: Request) -> Response:
    """Which of them it is stands in a row, which is not read for a page that is known."""
    dialogue_id, asked = request.path_params["id"], Asked.of(request)

    async def build() -> Mapping[str, Any]:
        async with kit.reading(request) as db:
            dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        if dialogue.stage in ANNOUNCED:
            return {kit.TEMPLATE: "dialogues/announcement.html", **await announcement.context(request, dialogue_id)}
        return {kit.TEMPLATE: "dialogues/room.html", **await room.context(request, dialogue_id, asked)}

    channels = [dialogues.channel(dialogue_id), policies.CHANNEL]
    return await kit.public_page(request, "", asked.address(dialogue_id), channels, build, keeps=asked.is_usual)
