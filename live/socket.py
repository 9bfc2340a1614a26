"""The websocket door: facts and what passes, on the same cursor as the other doors. Who may enter is decided before.

On our own server the connection is handed over to a slim viewer and the call returns; elsewhere it works through plain ASGI.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from live import frames, wire
from live.hub import Hub
from live.server import FIRST, HANDOVER
from live.slim import MOST_SAID, SAID_WITHIN, Fleet, Slim
from live.stream import Malformed, Position, Room, epoch_of, number_of, places
from live.viewers import Batch, Frame, Queued, Viewer, in_one_go

SUBPROTOCOL = "engage.live.1"
PLACES = ("room", "me")
MOST_TOKEN = 200
INTRODUCED_WITHIN = 5.0  # seconds in which a socket says who it is that no cookie speaks for
AT_ONCE, MOST_LETTERS = (
    100,
    24_000,
)  # facts in one answer to whoever missed some, and their size; who missed more asks again

# One vote of that viewer: on what, given or taken back. Answers with a reason when it is refused.
Vote = Callable[[Viewer, int, bool], Awaitable[str | None]]
# What somebody joins with who gave that token: the room, or the code of why there is none.
Meet = Callable[[str], Awaitable[Room | int]]

logger = structlog.get_logger(__name__)


async def no_votes(_viewer: Viewer, _id: int, _on: bool) -> str | None:
    """Where nothing can be voted on."""
    return "no_votes"


class Sockets:
    """Every websocket of one process."""

    def __init__(self, hub: Hub, vote: Vote = no_votes) -> None:
        self.fleet = Fleet(self._heard, hub.leave)
        self._hub = hub
        self._vote = vote
        self._tasks: set[asyncio.Task[None]] = set()  # kept, or nothing would keep them from being collected

    async def serve(self, socket: WebSocket, room: Room) -> None:
        """From the handshake to the end, or until the connection is handed over."""
        await _accept(socket)
        await self._enter(socket, room)

    async def introduced(self, socket: WebSocket, meet: Meet, within: float = INTRODUCED_WITHIN) -> None:
        """The same for one that has to say first who it is, by a `join`."""
        await _accept(socket)
        try:
            async with asyncio.timeout(within):
                token = await _introduction(socket)
            room = await meet(token) if token is not None else None
        except TimeoutError:
            room = wire.SIGN_IN
        except Malformed:
            room = wire.MALFORMED
        if isinstance(room, int):
            await goodbye(socket, room)
        elif room is not None:
            await self._enter(socket, room)

    async def _enter(self, socket: WebSocket, room: Room) -> None:
        try:
            position = _asked(socket)
        except Malformed:
            await goodbye(socket, wire.MALFORMED)
            return
        try:
            await self._follow(socket, room, position)
        except (WebSocketDisconnect, WebSocketDisconnected):
            return
        except Exception as failure:  # such as a log that cannot be read now: they come back with their position
            logger.warning("socket.not_joined", failure=repr(failure))
            await goodbye(socket, wire.RESTART)

    async def run(self) -> None:
        """Ask the slim ones whether they live, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            self.fleet.sweep(loop.time())

    async def _follow(self, socket: WebSocket, room: Room, position: Position) -> None:
        hand_over = socket.scope.get("extensions", {}).get(HANDOVER)
        if hand_over is not None:
            slim = Slim(room.language, room.seat, room.role, self.fleet, socket.send_text, hand_over)
            room.marks(slim)
            await self._hub.join(slim, *places(room, position))
            if slim.code is not None and slim.was_refused:
                await goodbye(socket, slim.code)
            return
        viewer = Queued(room.language, room.seat, room.role)
        room.marks(viewer)
        try:
            await self._hub.join(viewer, *places(room, position))
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(self._listen(socket, viewer))
                await _write(socket, viewer)
                listening.cancel()
        finally:
            self._hub.leave(viewer)

    async def _listen(self, socket: WebSocket, viewer: Queued) -> None:
        began, said = 0.0, 0
        loop = asyncio.get_running_loop()
        while viewer.code is None:
            try:
                text = await socket.receive_text()
            except (WebSocketDisconnect, WebSocketDisconnected):
                viewer.dismiss(frames.GONE)
                return
            except KeyError:  # bytes
                viewer.dismiss(wire.MALFORMED)
                return
            if loop.time() - began > SAID_WITHIN:
                began, said = loop.time(), 0
            said += 1
            if said > MOST_SAID:
                viewer.dismiss(wire.TOO_MANY)
                return
            self._heard(viewer, text)

    # What viewers say

    def _heard(self, viewer: Viewer, text: str) -> None:
        task = asyncio.create_task(self._answer(viewer, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, viewer: Viewer, text: str) -> None:
        try:
            said = _parsed(text)
            answered = await self._missed(viewer, said) if said["k"] == "after" else await self._voted(viewer, said)
            await viewer.give(answered)
        except Malformed:
            self._hub.leave(viewer)
            viewer.dismiss(wire.MALFORMED)
        except (WebSocketDisconnect, WebSocketDisconnected):
            self._hub.leave(viewer)
        except Exception as failure:  # they ask again
            logger.warning("socket.not_answered", failure=repr(failure))

    async def _missed(self, viewer: Viewer, said: dict[str, Any]) -> list[Frame]:
        of, epoch, number = said.get("of", "room"), said.get("epoch"), said.get("n")
        at = PLACES.index(of) if of in PLACES else len(PLACES)
        if at >= len(viewer.places) or not isinstance(epoch, str) or type(number) is not int or number < 0:
            raise Malformed(said)
        place = viewer.places[at]
        passage = await self._hub.read(place.channel, viewer.language, number, epoch, AT_ONCE)
        if passage.is_far_behind:
            return [Frame(0, wire.snap(passage.epoch, passage.start, place.snapshot))]
        # No more than a slow line takes without being too slow: who gets less than there is asks again.
        return list(passage.frames[: in_one_go(passage.frames, MOST_LETTERS)])

    async def _voted(self, viewer: Viewer, said: dict[str, Any]) -> list[Frame]:
        id, on, key = said.get("id"), said.get("on"), said.get("key")
        if said["k"] != "vote" or type(id) is not int or not isinstance(on, bool) or not _is_said_back(key):
            raise Malformed(said)
        reason = await self._vote(viewer, id, on)
        return [Frame(0, wire.ok(key) if reason is None else wire.no(key, reason))]


async def turned_away(socket: WebSocket, code: int) -> None:
    """Accepted only to be told why it may not stay: of what is refused a browser tells the page nothing."""
    await _accept(socket)
    await goodbye(socket, code)


async def _accept(socket: WebSocket) -> None:
    """A browser that named our protocol gives up where it is not named back."""
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope.get("subprotocols", ()) else None)


async def goodbye(socket: WebSocket, code: int) -> None:
    """The last words to one that was accepted."""
    try:
        await socket.send_text(wire.encode(wire.bye(code)))
        await socket.close(code)
    except (WebSocketDisconnect, WebSocketDisconnected):
        return


async def _write(socket: WebSocket, viewer: Queued) -> None:
    while True:
        try:
            async with asyncio.timeout(wire.HEARTBEAT):
                waiting = await viewer.take()
        except TimeoutError:
            await socket.send_text(wire.NOTHING)
            continue
        if not waiting:
            break
        await socket.send_text(Batch(waiting).text)
    if viewer.code is not None and viewer.code != frames.GONE:
        await socket.close(viewer.code)


async def _introduction(socket: WebSocket) -> str | None:
    """The token of its `join`; None when it is gone already."""
    on_ours = socket.scope.get("extensions", {}).get(FIRST)
    try:
        if on_ours is None:
            return _joining(await socket.receive_text())
        message = await on_ours()
    except (WebSocketDisconnect, WebSocketDisconnected):
        return None
    except (frames.Broken, KeyError) as fault:
        raise Malformed("join") from fault
    if message is None or message.op is frames.Op.CLOSE:
        return None
    if message.op is not frames.Op.TEXT:
        raise Malformed("join")
    return _joining(message.payload.decode())


def _joining(text: str) -> str:
    token = _parsed(text, ("join",)).get("token")
    if not isinstance(token, str) or not 0 < len(token) <= MOST_TOKEN:
        raise Malformed("join")
    return token


def _is_said_back(key: object) -> TypeGuard[str]:
    """Half a character is a string to JSON, and none to whoever has to write it."""
    return isinstance(key, str) and not any("\ud800" <= one <= "\udfff" for one in key)


def _asked(socket: WebSocket) -> Position:
    query = socket.query_params
    return Position(epoch_of(query.get("epoch")), number_of(query.get("after")), number_of(query.get("me")))


def _parsed(text: str, kinds: tuple[str, ...] = ("after", "vote")) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed(text) from None
    if not isinstance(said, dict) or said.get("k") not in kinds:
        raise Malformed(text)
    return said
