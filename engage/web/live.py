"""The live doors: a reader names a room, the house chooses the channel and asks whether the reader may be there."""

from functools import partial

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from engage.access import PUBLIC, Actor
from engage.db import MOST_ID
from engage.errors import Failure, NotFound
from engage.web import embedding, guards, kit, pace, seating, snapshots, voters
from engage.web.house import CODE_SESSION, SESSION, actor, cookie, house, is_attachments_host, language
from engage.web.rooms import Standing
from engage.web.seating import Seat
from live import stream, wire
from live.socket import turned_away
from live.stream import Room

FORBIDDEN = 1008  # before a socket is accepted the server makes a plain 403 of it


async def events(request: Request) -> Response:
    return await stream.events(request, house(request).hub, await _asked(request))


async def listen(request: Request) -> Response:
    room = await _asked(request)
    if not house(request).hub.has_room(room.channel, room.address):
        return stream.turned_away(wire.TOO_MANY)
    return await stream.stream(request, house(request).hub, room)


async def socket(connection: WebSocket) -> None:
    """The same over a websocket. It has no door around it, so all that a door asks is asked here."""
    if is_attachments_host(connection):
        await connection.close(FORBIDDEN)
    elif embedding.is_foreign(connection):
        await _from_a_portal(connection)
    elif not _is_ours(connection):
        await connection.close(FORBIDDEN)
    else:
        await _serve(connection)


async def _from_a_portal(connection: WebSocket) -> None:
    """On a registered portal's page no cookie counts: who wants to be known says `join` in the address, and then who it is."""
    embedding.without_cookies(connection)
    try:
        portal = await embedding.portal_of(connection)
    except Failure:
        await turned_away(connection, wire.RESTART)
        return
    if portal is None:
        await connection.close(FORBIDDEN)
    elif "join" in connection.query_params:
        await house(connection).sockets.introduced(connection, partial(_introduced, connection))
    else:
        await _serve(connection)


async def _introduced(connection: WebSocket, token: str) -> Room | int:
    connection.state.bearer = token
    return await _met(connection)


async def _serve(connection: WebSocket) -> None:
    met = await _met(connection)
    if isinstance(met, int):
        await turned_away(connection, met)
    else:
        await house(connection).sockets.serve(connection, met)


async def _met(connection: WebSocket) -> Room | int:
    """The room it asks for, or why it may not be there."""
    mine = house(connection)
    try:
        seat = _seat(connection)
        who, question = await mine.arrivals.meet(seat)
        if seat.bearer and who == PUBLIC:
            return wire.SIGN_IN
        room = _room(connection, who, question)
    except Failure as failure:
        return wire.NO_ROOM if isinstance(failure, NotFound) else wire.RESTART
    return room if mine.hub.has_room(room.channel, room.address) else wire.TOO_MANY


def _is_ours(connection: WebSocket) -> bool:
    """Browsers always name the page's origin, and nobody else has business here."""
    return "origin" in connection.headers and guards.comes_from_us(connection, house(connection).settings.address)


async def _asked(request: Request) -> Room:
    """The room of a request; its door knows already who it is."""
    _, question = await house(request).arrivals.meet(_seat(request, is_known=False))
    return _room(request, actor(request), question)


def _room(connection: HTTPConnection, who: Actor, question: Standing) -> Room:
    kind, thing_id = connection.path_params["kind"], connection.path_params["id"]
    channel = seating.channel_of(kind, thing_id, who, question)
    # A seat names sessions only where they matter: readers of one room share theirs, whoever they are.
    spoken = language(connection)
    return Room(
        channel,
        spoken,
        snapshots.address(kind, thing_id, spoken),
        _seat(connection, is_known=who.person_id is not None or bool(who.opened)),
        me=f"person:{who.person_id}" if kind in kit.DESKS else "",
        role=_role(who),
        address=guards.address_key(pace.address(connection)),
        holder=voters.voter_of(connection, who),
    )


def _seat(connection: HTTPConnection, *, is_known: bool = True) -> Seat:
    if connection.path_params["id"] > MOST_ID:
        raise NotFound()
    place = connection.path_params["kind"], connection.path_params["id"]
    if embedding.is_foreign(connection):
        bearer = getattr(connection.state, "bearer", "") if is_known else ""
        return Seat(*place, bearer=bearer, origin=connection.headers["origin"])
    sessions = (cookie(connection, name) if is_known else "" for name in (SESSION, CODE_SESSION))
    return Seat(*place, *sessions)


def _role(who: Actor) -> str:
    if who.is_moderator:
        return "moderator"
    return "official" if who.posts else "asker" if who.opened else "reader"
