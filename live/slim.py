"""Slim viewers: websocket connections without a task, a queue or a timer of their own. The bytes that everyone reads are written
straight to their transports; what they say is judged frame by frame.

A fleet is all of them in one process: it asks who still lives, and stands for them where the server counts its connections.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from live import frames, wire
from live.frames import Broken, Incoming, Message, Op
from live.viewers import Batch, Frame, Viewer, let_go

ROUNDS = wire.HEARTBEAT  # one sweep a second; each viewer is asked in one of so many
SILENCE = 35.0  # seconds without a byte: nobody is there any more
MOST_SAID, SAID_WITHIN = 20, 10.0  # messages of one client, in so many seconds
LINGER = 2.0  # seconds for the other side to read a goodbye
SEND_BUFFER, HIGH_WATER = 64 * 1024, 128 * 1024  # bytes that wait for one reader before it is too slow
UNANSWERED_MS = 25_000  # TCP gives up on a silent peer
ALIVE = frames.ping() + frames.text(
    wire.NOTHING.encode()
)  # their browser answers the first, their page sees the second

Give = Callable[[str], Awaitable[None]]  # through the server, before the connection is handed over
Say = Callable[["Slim", str], None]


class Handover(Protocol):
    def __call__(self, slim: "Slim") -> bool:
        """Give that viewer the connection: its transport, and what the client has said since. False when it is lost already."""


class Fleet:
    """`hear` is given what a viewer says, `leave` a viewer that is gone."""

    def __init__(self, hear: Say, leave: Callable[[Viewer], None]) -> None:
        self.hear = hear
        self.leave = leave
        self._rounds: list[set[Slim]] = [set() for _ in range(ROUNDS)]
        self._round = 0
        self._connections: set[Any] | None = None  # of the server

    def __len__(self) -> int:
        return sum(map(len, self._rounds))

    def add(self, slim: "Slim", connections: set[Any]) -> None:
        self._rounds[slim.serial % ROUNDS].add(slim)
        self._connections = connections
        connections.add(self)

    def discard(self, slim: "Slim") -> None:
        self._rounds[slim.serial % ROUNDS].discard(slim)
        if self._connections is not None and not len(self):
            self._connections.discard(self)  # the server, when it stops, waits until nobody is left

    def sweep(self, now: float) -> None:
        """Once a second: the next of the rounds is asked whether it lives, or let go."""
        self._round = (self._round + 1) % ROUNDS
        for slim in list(self._rounds[self._round]):
            slim.ask(now)

    def shutdown(self) -> None:
        """The server stops, and tells each of its connections so."""
        for slim in [slim for round in self._rounds for slim in round]:
            self.leave(slim)
            slim.dismiss(wire.RESTART)


class Slim(Viewer, asyncio.Protocol):
    __slots__ = ("_began", "_fleet", "_give", "_hand_over", "_heard", "_incoming", "_said", "_transport")

    def __init__(self, language: str, seat: Hashable, role: str, fleet: Fleet, give: Give, hand_over: Handover) -> None:
        super().__init__(language, seat, role)
        self._fleet = fleet
        self._give: Give | None = give
        self._hand_over: Handover | None = hand_over
        self._transport: asyncio.Transport | None = None
        self._incoming: Incoming | None = None  # only while a message is unfinished
        self._heard = 0.0  # when the last byte came
        self._began, self._said = 0.0, 0  # how many messages since when

    # What it is given

    async def give(self, frames: Sequence[Frame]) -> None:
        if not frames or self.code is not None:
            return
        batch = Batch(frames)
        if self.write is not None:
            self.write(batch.socket)
        elif self._give is not None:
            await self._give(batch.text)

    def offer(self, batch: Batch) -> None:
        if self.write is not None:
            self.write(batch.socket)

    def begin(self) -> None:
        hand_over, self._hand_over, self._give = self._hand_over, None, None
        if hand_over is None or not hand_over(self):
            self.code = frames.GONE

    def dismiss(self, code: int) -> None:
        """Goodbye, close frame, end of our side; the other has a moment to read it before the line is cut."""
        if self.code is not None:
            return
        self.code = code
        let_go[code] += 1
        if self._transport is not None:
            self._part(Batch([Frame(0, wire.bye(code))]).socket + frames.close(code))

    def ask(self, now: float) -> None:
        """Whether it still lives."""
        if now - self._heard > SILENCE:
            self._cut()
        elif self.write is not None:
            self._safely(ALIVE)

    @property
    def was_refused(self) -> bool:
        """Dismissed while the connection was still the server's: somebody else has to say so."""
        return self.code is not None and self._hand_over is not None

    # What its connection tells

    def take_over(self, transport: asyncio.Transport, connections: set[Any]) -> None:
        """The connection is its own from now on."""
        self._transport, self.write = transport, transport.write
        self._heard = asyncio.get_running_loop().time()
        transport.set_write_buffer_limits(HIGH_WATER)
        _tuned(transport.get_extra_info("socket"))
        self._fleet.add(self, connections)

    def data_received(self, data: bytes) -> None:
        self._heard = asyncio.get_running_loop().time()
        if self.code is not None:
            return  # read and thrown away, so that the goodbye arrives
        incoming = self._incoming or Incoming()
        try:
            for message in incoming.feed(data):
                self._judge(message)
                if self.code is not None:
                    return
        except Broken as fault:
            self._fleet.leave(self)
            self._refuse(fault.code)
            return
        self._incoming = None if incoming.is_between else incoming

    def pause_writing(self) -> None:
        """Called while something is written: more waits for this reader than it may keep."""
        self._fleet.leave(self)
        self.dismiss(wire.TOO_SLOW)

    def resume_writing(self) -> None:
        """It was let go when it was too slow."""

    def eof_received(self) -> None:
        """Nothing keeps the line open from their side: it is closed."""

    def connection_lost(self, _exc: Exception | None) -> None:
        self.code = self.code or frames.GONE
        self._transport = self.write = self._incoming = None
        self._fleet.discard(self)
        self._fleet.leave(self)

    # Inside

    def _judge(self, message: Message) -> None:
        if self._says_too_much():
            self._fleet.leave(self)
            self.dismiss(wire.TOO_MANY)
        elif message.op is Op.PONG:
            return
        elif message.op is Op.PING:
            self._safely(frames.pong(message.payload))
        elif message.op is Op.CLOSE:
            self._fleet.leave(self)
            self.code = message.code
            self._part(frames.close(message.code))
        elif message.op is Op.BINARY:
            raise Broken(frames.UNSUPPORTED)
        else:
            self._fleet.hear(self, message.payload.decode())

    def _says_too_much(self) -> bool:
        if self._heard - self._began > SAID_WITHIN:
            self._began, self._said = self._heard, 0
        self._said += 1
        return self._said > MOST_SAID

    def _refuse(self, code: int) -> None:
        """One of our own reasons is said in words too; one of the standard's in its close frame only."""
        if code in wire.REASONS:
            self.dismiss(code)
        elif self.code is None:
            self.code = code
            self._part(frames.close(code))

    def _safely(self, data: bytes) -> None:
        try:
            if self.write is not None:
                self.write(data)
        except RuntimeError:  # closed a moment ago
            return

    def _part(self, last: bytes) -> None:
        transport = self._transport
        self._safely(last)
        self.write = self._incoming = None
        if transport is None or transport.is_closing():
            return
        if transport.can_write_eof():  # close() with something unread would reset the line, and the goodbye be lost
            with suppress(OSError):  # their end is closed already, and everybody after this one waits for a goodbye too
                transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER, self._cut)

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _tuned(line: socket.socket | None) -> None:
    """A reader that stops is noticed by what waits for it, so the kernel may hold little, and not for ever."""
    if line is None or line.family not in (socket.AF_INET, socket.AF_INET6):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
