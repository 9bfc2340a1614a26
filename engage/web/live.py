"""The live doors: a reader names a room, the house chooses the channel and asks whether the reader may be there."""

from collections.abc import Awaitable, Callable

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from engage import questions, signin
from engage.access import PUBLIC
from engage.errors import NotFound, TooMany, Unavailable
from engage.web import kit
from engage.web.house import CODE_SESSION, SESSION, actor, cookie, house, language
from engage.web.pace import address_key
from engage.web.streams import Streams
from live import stream
from live.stream import Room

ASKED_EVERY = 3.0  # seconds; what is revoked is over within five
Ask = Callable[[], Awaitable[bool]]


class _Counted(Response):
    """A stream that is counted for as long as it is open. A signed-in person's ends with the session, or with the rights it had."""

    def __init__(self, inner: Response, streams: Streams, address: str, is_still: Ask | None) -> None:
        super().__init__()
        self._inner, self._streams, self._address, self._is_still = inner, streams, address, is_still

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = False

        async def noted(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        with self._streams.one(self._address):
            if self._is_still is None:
                await self._inner(scope, receive, send)
                return
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cut_when_over, self._is_still, tasks.cancel_scope)
                await self._inner(scope, receive, noted)
                tasks.cancel_scope.cancel()
                return
            if began:  # cut short: the connection is closed in order
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _cut_when_over(is_still: Ask, inner: anyio.CancelScope) -> None:
    while await is_still():  # noqa: ASYNC110 no event tells of a row that went
        await anyio.sleep(ASKED_EVERY)
    inner.cancel()


async def events(request: Request) -> Response:
    return await stream.events(request, house(request).hub, await _room(request))


async def listen(request: Request) -> Response:
    streams, address = house(request).streams, address_key(request)
    if not streams.has_room(address):
        raise TooMany("too_many_streams")
    inner = await stream.stream(request, house(request).hub, await _room(request))
    return _Counted(inner, streams, address, _still(request))


def _still(request: Request) -> Ask | None:
    """Whether whoever opened the stream is still who they were; a reader without a session always is."""
    who, mine = actor(request), house(request)
    if who == PUBLIC:
        return None

    async def is_still() -> bool:
        try:
            return await signin.actor(mine.store, cookie(request, SESSION), cookie(request, CODE_SESSION)) == who
        except Unavailable:  # the database is away: nobody's rights changed meanwhile
            return True

    return is_still


async def _room(request: Request) -> Room:
    """One line a kind of room."""
    kind, thing_id, who = request.path_params["kind"], request.path_params["id"], actor(request)
    if kind == "questions" and thing_id == 0:
        return Room("questions", language(request))
    if kind == "review" and thing_id == 0 and who.is_moderator:
        return Room("review", language(request))
    if kind == "mine" and who.opened == f"question:{thing_id}":
        return Room(f"person:{who.opened_by}", language(request))
    if kind == "question":
        async with kit.reading(request) as db:
            await questions.seen_by(db, who, thing_id)
        return Room(f"question:{thing_id}", language(request))
    raise NotFound()
