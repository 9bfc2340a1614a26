"""One address for life: the room, then what became of it."""

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues
from engage.web import kit
from engage.web.dialogues import room
from engage.web.house import actor


async def show(request: Request) -> Response:
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
    return await room.page(request, dialogue)
