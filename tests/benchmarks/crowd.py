"""A crowd of websocket readers in a process of its own: raw sockets and one epoll, so that thousands of them cost little.

All count what they are sent; a sample also keeps it, with the moment it came. They answer pings and say what they are told to.
"""

import resource
import select
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from tests.benchmarks import cpu
from tests.live.client import masked
from tests.processes import HOST

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
AT_ONCE = 64  # handshakes under way
PATIENCE = 60.0
READ = 1 << 16
HEARTBEAT, ALIVE = b"2", masked(TEXT, b"3")  # of Engine.IO
Said = tuple[float, bytes]  # when it came, on the clock of `time.monotonic`


@dataclass(frozen=True, slots=True)
class Manner:
    """How a reader of that server behaves: what it asks for and says first, what greets it, and what is in each event."""

    path: str
    mark: bytes
    greeting: bytes = b""  # nothing: it is in when it is connected
    first: bytes = b""
    cookies: Sequence[str] = ()  # in turn
    sample: int = 100

    def request(self, port: int, at: int) -> bytes:
        cookie = f"cookie: {self.cookies[at % len(self.cookies)]}\r\n" if self.cookies else ""
        return (
            f"GET {self.path} HTTP/1.1\r\nhost: {HOST}:{port}\r\norigin: http://{HOST}:{port}\r\n"
            f"x-forwarded-for: 10.{at >> 16}.{at >> 8 & 255}.{at & 255}\r\n{cookie}"
            "upgrade: websocket\r\nconnection: Upgrade\r\n"
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
        ).encode()


@dataclass(frozen=True, slots=True)
class Count:
    """How many events all of them were given, when the last of them came, and how many readers were let go."""

    heard: int
    at: float
    gone: int


class Crowd:
    """The driver's end: each method asks the process and waits for its answer."""

    def __init__(self) -> None:
        here, there = get_context("spawn").Pipe()
        self._pipe = here
        self._process = get_context("spawn").Process(target=_gather, args=(there,), daemon=True)
        self._process.start()

    def join(self, port: int, many: int, manner: Manner, at_once: int = AT_ONCE) -> None:
        """So many more of them; returns when all are in. None may be sent away."""
        gone = self._ask("join", port, many, manner, at_once)
        assert not gone, f"{gone} were sent away"

    def until(self, heard: int, seconds: float = PATIENCE) -> Count:
        """When all together were given so many events, or the time is over."""
        count: Count = self._ask("until", heard, time.monotonic() + seconds)
        return count

    def all_heard(self, heard: int) -> Count:
        count = self.until(heard)
        assert count.heard == heard, f"{count} instead of {heard}"
        assert not count.gone, count
        return count

    def count(self) -> Count:
        return self.until(0)

    def kept(self) -> list[list[Said]]:
        """What the sample was given since it was asked last."""
        said: list[list[Said]] = self._ask("kept")
        return said

    def say(self, frames: Sequence[tuple[int, bytes]]) -> None:
        """Each by the reader with that number."""
        self._ask("say", frames)

    @property
    def spent(self) -> float:
        return cpu.spent(self._process.pid or 0)

    def stop(self) -> None:
        self._pipe.close()
        self._process.join(PATIENCE)

    def _ask(self, *words: Any) -> Any:
        self._pipe.send(words)
        if not self._pipe.poll(PATIENCE * 2):
            raise TimeoutError(str(words[0]))
        return self._pipe.recv()


@dataclass(slots=True, eq=False)
class _Reader:
    line: socket.socket
    manner: Manner
    is_connected: bool = False
    is_in: bool = False
    rest: bytes = b""
    kept: list[Said] | None = None


@dataclass(slots=True)
class _Readers:
    """The process's end."""

    pipe: Connection
    poll: select.epoll = field(default_factory=select.epoll)
    by_file: dict[int, _Reader] = field(default_factory=dict)
    all: list[_Reader] = field(default_factory=list)
    heard: int = 0
    at: float = 0.0
    came: int = 0
    gone: int = 0
    coming: tuple[int, int, Manner, int] | None = None  # port, how many in all, in which manner, how many at once
    awaited: tuple[int, float] | None = None

    def run(self) -> None:
        self.poll.register(self.pipe.fileno(), select.EPOLLIN)
        while True:
            for file, _ in self.poll.poll(0.05):
                if file != self.pipe.fileno():
                    self.read(self.by_file[file])
                    continue
                try:
                    words = self.pipe.recv()
                except EOFError:
                    return
                getattr(self, f"on_{words[0]}")(*words[1:])
            self.look()

    def look(self) -> None:
        """Whether what somebody waits for is there."""
        if self.coming is not None:
            port, total, manner, at_once = self.coming
            while len(self.all) < total and len(self.all) - self.came - self.gone < at_once:
                self.connect(port, manner)
            if self.came + self.gone >= total:
                self.coming = None
                self.pipe.send(self.gone)
        if self.awaited is not None and (self.heard >= self.awaited[0] or time.monotonic() > self.awaited[1]):
            self.awaited = None
            self.pipe.send(Count(self.heard, self.at, self.gone))

    def on_join(self, port: int, many: int, manner: Manner, at_once: int) -> None:
        self.coming = port, len(self.all) + many, manner, at_once

    def on_until(self, heard: int, until: float) -> None:
        self.awaited = heard, until

    def on_kept(self) -> None:
        self.pipe.send([list(one.kept) for one in self.all if one.kept is not None])
        for one in self.all:
            if one.kept:
                one.kept.clear()

    def on_say(self, frames: Sequence[tuple[int, bytes]]) -> None:
        for at, frame in frames:
            self.say(self.all[at], frame)
        self.pipe.send(None)

    def connect(self, port: int, manner: Manner) -> None:
        at = len(self.all)
        line = socket.create_connection((HOST, port), timeout=PATIENCE)
        # It goes without a goodbye, so that the port is free at once.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.sendall(manner.request(port, at))
        line.setblocking(False)
        one = _Reader(line, manner, kept=[] if at % manner.sample == 0 else None)
        self.all.append(one)
        self.by_file[line.fileno()] = one
        self.poll.register(line.fileno(), select.EPOLLIN)

    def read(self, one: _Reader) -> None:
        try:
            data = one.line.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.lose(one)
            return
        self.at = time.monotonic()
        data = one.rest + data
        if not one.is_connected:
            data = self.shake(one, data)
        one.rest = self.frames(one, data)

    def shake(self, one: _Reader, data: bytes) -> bytes:
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            return data
        assert b" 101 " in head[:20], head
        one.is_connected = True
        if one.manner.first:
            self.say(one, one.manner.first)
        if not one.manner.greeting:
            self.enter(one)
        return rest

    def frames(self, one: _Reader, data: bytes) -> bytes:
        """Takes the whole frames; what is left is the beginning of the next."""
        if not one.is_connected:
            return data
        at, end = 0, len(data)
        while end - at >= 2:
            size, begin = data[at + 1], at + 2
            if size >= 126:
                begin = at + (4 if size == 126 else 10)
                size = int.from_bytes(data[at + 2 : begin])
            if begin + size > end:
                break
            if data[at] & 15 == TEXT:
                self.take(one, data, begin, begin + size)
            else:
                self.control(one, data[at] & 15, data[begin : begin + size])
            at = begin + size
        return data[at:]

    def take(self, one: _Reader, data: bytes, begin: int, end: int) -> None:
        self.heard += data.count(one.manner.mark, begin, end)
        if not one.is_in and data.find(one.manner.greeting, begin, end) >= 0:
            self.enter(one)
        if end - begin == 1 and data[begin:end] == HEARTBEAT:
            self.say(one, ALIVE)
        elif one.kept is not None:
            one.kept.append((self.at, data[begin:end]))

    def control(self, one: _Reader, op: int, payload: bytes) -> None:
        if op == PING:
            self.say(one, masked(PONG, payload))
        elif op == CLOSE:
            self.lose(one)

    def enter(self, one: _Reader) -> None:
        one.is_in = True
        self.came += 1

    def say(self, one: _Reader, frame: bytes) -> None:
        with suppress(OSError):
            one.line.send(frame)

    def lose(self, one: _Reader) -> None:
        if self.by_file.pop(one.line.fileno(), None) is not None:
            self.poll.unregister(one.line.fileno())
            one.line.close()
            self.gone += 1


def _gather(pipe: Connection) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    _Readers(pipe).run()
