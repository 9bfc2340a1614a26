"""Two doors to the same cursor: server-sent events, and plain JSON for whoever cannot keep a connection.

They know HTTP and the hub; which room a request may enter is decided before they are called.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from live import wire
from live.hub import Hub
from live.passages import FAR
from live.viewers import BACKLOG, Frame, Passage, Place, Queued, Viewer

# A reader whose connection takes nothing for so long is gone, whatever its socket says.
STALLED = 30.0

NUMBER = re.compile(r"[0-9]{1,18}")
EPOCH = re.compile(r"[A-Za-z0-9_-]{1,40}")
NOT_KEPT = {"cache-control": "no-store, no-transform", "x-accel-buffering": "no"}
_NUMBERED = {"hello", "snap", "fact"}
WORDS = {
    "vi": "Yêu cầu không đúng định dạng: vị trí phải gồm “epoch” và một số không âm.",
    "en": "The request is malformed: a position is an “epoch” and a number that is not negative.",
}


@dataclass(frozen=True, slots=True)
class Room:
    """What a page follows: the server has chosen the channel. `snapshot` is where to fetch a fresh start."""

    channel: str
    language: str
    snapshot: str = ""
    seat: Hashable = None
    me: str = ""  # the reader's own channel
    role: str = "reader"
    address: str = ""  # where the reader is
    holder: str = ""  # who, for whatever is counted by person

    def marks(self, viewer: Viewer) -> None:
        """Whoever enters is known by where and who they are."""
        viewer.address, viewer.holder = self.address, self.holder


@dataclass(frozen=True, slots=True)
class Position:
    epoch: str | None
    after: int | None
    me: int | None = None  # in the reader's own channel


class Malformed(ValueError):
    """A position or a limit that no honest client sends."""


async def events(request: Request, hub: Hub, room: Room) -> Response:
    """What follows a position, as JSON; without a position, only where the channel stands."""
    try:
        position = _asked(request)
        limit = number_of(request.query_params.get("limit")) or FAR
    except Malformed:
        return _refusal(room)
    body = await _page(hub, room, position, max(1, min(limit, FAR)))
    # Of the body, not of the position: what was taken down since must not be confirmed as unchanged.
    tag = f'"{hashlib.blake2b(body.encode(), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if tag in tags(request):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def stream(
    request: Request,
    hub: Hub,
    room: Room,
    *,
    every: float = wire.HEARTBEAT,
    stalled: float = STALLED,
    backlog: int = BACKLOG,
) -> Response:
    """What follows a position, as it happens."""
    try:
        position = _resumed(request) or _asked(request)
    except Malformed:
        return _refusal(room)
    headers = dict(NOT_KEPT)
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=headers)
    viewer = Queued(room.language, room.seat, room.role, backlog=backlog)
    room.marks(viewer)
    await hub.join(viewer, *places(room, position))
    return _Stream(hub, viewer, _lines(viewer, every), headers, stalled)


def turned_away(code: int) -> Response:
    """Said in the stream itself: a browser's own reader of events is shown no status, and would come back at once."""
    body = f"retry: {wire.RETRY_MS[1]}\ndata: {wire.encode(wire.bye(code))}\n\n"
    return Response(body, media_type="text/event-stream", headers=NOT_KEPT)


def places(room: Room, position: Position) -> list[Place]:
    """What whoever enters that room follows: the room, and their own channel."""
    own = [Place(room.me, position.me, position.epoch)] if room.me else []
    return [Place(room.channel, position.after, position.epoch, room.snapshot), *own]


class _Stream(StreamingResponse):
    """A response that leaves the hub however it ends, and does not wait for ever on a reader who stopped reading."""

    def __init__(
        self,
        hub: Hub,
        viewer: Viewer,
        lines: AsyncIterator[str],
        headers: dict[str, str],
        stalled: float,
    ) -> None:
        super().__init__(lines, media_type="text/event-stream", headers=headers)
        self._hub = hub
        self._viewer = viewer
        self._stalled = stalled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(self._stalled):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        except (TimeoutError, ClientDisconnect):
            # Gone or stuck; the position in its hand brings it back.
            return
        finally:
            self._hub.leave(self._viewer)


async def _lines(viewer: Queued, every: float) -> AsyncIterator[str]:
    stands = {place.channel: place.start for place in viewer.places}
    yield f"retry: {_retry(viewer)}\n"
    while True:
        try:
            async with asyncio.timeout(every):
                frames = await viewer.take()
        except TimeoutError:
            yield ": \n\n"
            continue
        if not frames:
            return
        yield "".join(_event(viewer, stands, frame) for frame in frames)


def _event(viewer: Queued, stands: dict[str, int], frame: Frame) -> str:
    """Its id is where the reader stands once it has this: whoever loses the line then still gets what it missed."""
    if frame.number:
        stands[frame.message["c"]] = frame.number
    if frame.message["k"] not in _NUMBERED:
        return f"data: {frame.text}\n\n"
    room, *me = stands.values()
    return f"id: {viewer.epoch}:{room}:{me[0] if me else 0}\ndata: {frame.text}\n\n"


def _retry(viewer: Viewer) -> int:
    """Spreads the readers of a restarted server over the whole span, evenly and without chance."""
    least, most = wire.RETRY_MS
    return least + viewer.serial * 617 % (most - least)


async def _page(hub: Hub, room: Room, position: Position, limit: int) -> str:
    known = await hub.position(room.channel)
    epoch = await hub.epoch()
    if position.after in (None, known) and position.epoch in (None, epoch):
        return _facts(Passage(epoch, known, known))
    passage = await hub.read(room.channel, room.language, position.after, position.epoch, limit)
    if passage.is_far_behind:
        return wire.encode(wire.snap(passage.epoch, passage.start, room.snapshot))
    return _facts(passage)


def _facts(passage: Passage) -> str:
    head = wire.encode({"epoch": passage.epoch, "top": passage.top})
    return f'{head[:-1]},"facts":[{",".join(frame.text for frame in passage.frames)}]}}'


def _asked(request: Request) -> Position:
    query = request.query_params
    return Position(epoch_of(query.get("epoch")), number_of(query.get("after")), number_of(query.get("me")))


def _resumed(request: Request) -> Position | None:
    """A browser that reconnects by itself repeats the old address; only this header knows how far it got."""
    last = request.headers.get("last-event-id")
    if not last:
        return None
    parts = last.split(":")
    if len(parts) != 3:
        raise Malformed(last)
    return Position(epoch_of(parts[0]), number_of(parts[1]), number_of(parts[2]))


def number_of(text: str | None) -> int | None:
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Malformed(text)
    return int(text)


def epoch_of(text: str | None) -> str | None:
    if not text:
        return None
    if not EPOCH.fullmatch(text):
        raise Malformed(text)
    return text


def tags(request: Request) -> set[str]:
    """What the reader has already."""
    given = request.headers.get("if-none-match", "")
    return {tag.strip().removeprefix("W/") for tag in given.split(",")}


def _refusal(room: Room) -> Response:
    words = WORDS.get(room.language, WORDS["vi"])
    return JSONResponse({"error": "malformed", "words": words}, 400, {"cache-control": "no-store"})
