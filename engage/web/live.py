"""The live doors: a reader names a room, the house chooses the channel and asks whether the reader may be there."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from engage import signin
from engage.access import Actor
from engage.errors import Failure, NotFound, TooMany
from engage.web import guards, pace, seating
from engage.web.house import CODE_SESSION, SESSION, House, actor, cookie, house, is_attachments_host, language
from engage.web.seating import NOWHERE, Seat, Standing
from live import stream, wire
from live.socket import goodbye
from live.stream import Room

# Whole towns share an address behind a carrier; a process has only so many files to open.
MOST_FROM_ADDRESS, MOST_HERE = 500, 8_000
FORBIDDEN = 1008  # before a socket is accepted the server makes a plain 403 of it


async def events(request: Request) -> Response:
    return await stream.events(request, house(request).hub, await _room(request, actor(request)))


async def listen(request: Request) -> Response:
    if not _has_room(request):
        raise TooMany("too_many_streams")
    return await stream.stream(request, house(request).hub, await _room(request, actor(request)))


async def socket(connection: WebSocket) -> None:
    """The same over a websocket. It has no door around it, so all that a door asks is asked here."""
    if is_attachments_host(connection) or not _is_ours(connection):
        await connection.close(FORBIDDEN)
        return
    mine = house(connection)
    try:
        who = await signin.actor(mine.store, cookie(connection, SESSION), cookie(connection, CODE_SESSION))
        room = await _room(connection, who)
    except Failure as failure:
        await connection.accept()
        await goodbye(connection, wire.NO_ROOM if isinstance(failure, NotFound) else wire.RESTART)
        return
    if not _has_room(connection):
        await connection.accept()
        await goodbye(connection, wire.TOO_MANY)
        return
    await mine.sockets.serve(connection, room)


def _is_ours(connection: WebSocket) -> bool:
    """Browsers always name the page's origin, and nobody else has business here."""
    return "origin" in connection.headers and guards.comes_from_us(connection, house(connection).settings.address)


def _has_room(connection: HTTPConnection) -> bool:
    hub = house(connection).hub
    return hub.viewers < MOST_HERE and hub.viewers_from(pace.address(connection)) < MOST_FROM_ADDRESS


async def _room(connection: HTTPConnection, who: Actor) -> Room:
    kind, thing_id = connection.path_params["kind"], connection.path_params["id"]
    question = NOWHERE
    if kind == "question":
        mine = house(connection)
        question = await mine.standings.share(thing_id, lambda: _standing(mine, thing_id))
    channel = seating.channel_of(kind, thing_id, who, question)
    # A seat names sessions only where they matter: readers of one room share theirs, whoever they are.
    known = who.person_id is not None or bool(who.opened)
    seat = Seat(kind, thing_id, *(cookie(connection, name) if known else "" for name in (SESSION, CODE_SESSION)))
    return Room(channel, language(connection), seat=seat, role=_role(who), address=pace.address(connection))


async def _standing(mine: House, question_id: int) -> Standing:
    """A herd that comes back to a room asks once. What has changed meanwhile is asked again with the next tick."""
    async with mine.store.reading() as db:
        return (await seating.standing_of(db, {question_id})).get(question_id, NOWHERE)


def _role(who: Actor) -> str:
    if who.is_moderator:
        return "moderator"
    return "official" if who.posts else "asker" if who.opened else "reader"
