"""The live doors: a reader names a room, the house chooses the channel and asks whether the reader may be there."""

from starlette.requests import Request
from starlette.responses import Response

from engage import questions
from engage.errors import NotFound
from engage.web import kit
from engage.web.house import actor, house, language
from live import stream
from live.stream import Room


async def events(request: Request) -> Response:
    return await stream.events(request, house(request).hub, await _room(request))


async def listen(request: Request) -> Response:
    return await stream.stream(request, house(request).hub, await _room(request))


async def _room(request: Request) -> Room:
    """One line a kind of room."""
    kind, thing_id = request.path_params["kind"], request.path_params["id"]
    if kind == "questions" and thing_id == 0:
        return Room("questions", language(request))
    if kind == "question":
        async with kit.reading(request) as db:
            await questions.seen_by(db, actor(request), thing_id)
        return Room(f"question:{thing_id}", language(request))
    raise NotFound()
