"""One address for life: the announcement before the room opens, then the room, then what became of it."""

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues
from engage.dialogues import Stage
from engage.web import kit
from engage.web.dialogues import announcement, room
from engage.web.house import actor

ANNOUNCED = frozenset({Stage.DRAFT, Stage.SCHEDULED, Stage.INTAKE, Stage.CANCELLED})


async def show(request: Request) -> Response:
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
    if dialogue.stage in ANNOUNCED:
        return await announcement.page(request, dialogue)
    return await room.page(request, dialogue)
