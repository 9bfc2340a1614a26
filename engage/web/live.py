"""The live doors: a reader names a room, the house chooses the channel and asks whether the reader may be there."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from engage import questions
from engage.errors import NotFound, TooMany
from engage.web import kit
from engage.web.door import address_key
from engage.web.house import actor, house, language
from engage.web.streams import Streams
from live import stream
from live.stream import Room


class _Counted(Response):
    """A stream that is counted for as long as it is open."""

    def __init__(self, inner: Response, streams: Streams, address: str) -> None:
        super().__init__()
        self._inner, self._streams, self._address = inner, streams, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._streams.one(self._address):
            await self._inner(scope, receive, send)


async def events(request: Request) -> Response:
    return await stream.events(request, house(request).hub, await _room(request))


async def listen(request: Request) -> Response:
    streams, address = house(request).streams, address_key(request)
    if not streams.has_room(address):
        raise TooMany("too_many_streams")
    inner = await stream.stream(request, house(request).hub, await _room(request))
    return _Counted(inner, streams, address)


async def _room(request: Request) -> Room:
    """One line a kind of room."""
    kind, thing_id = request.path_params["kind"], request.path_params["id"]
    if kind == "questions" and thing_id == 0:
        return Room("questions", language(request))
    if kind == "review" and thing_id == 0 and actor(request).is_moderator:
        return Room("review", language(request))
    if kind == "question":
        async with kit.reading(request) as db:
            await questions.seen_by(db, actor(request), thing_id)
        return Room(f"question:{thing_id}", language(request))
    raise NotFound()
