"""Thousands of viewers in a few processes: raw websockets, of which one in twenty is read word for word.

Each process says once a second, as a line of JSON, how many are there and what came; it hears "slow 0.05" and ends with its input.
"""

import asyncio
import base64
import json
import random
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from subprocess import PIPE, Popen
from typing import Any, cast

import uvloop

from live import wire
from tests.processes import HOST
from tests.site import CHECKOUT

READ_ONE_IN = 20
SAMPLE = 300  # delays that are told a second
AT_ONCE = 50  # of each process that are connecting in the same moment
FACT = re.compile(rb'"n":(\d+),"at":"([^"]+)"')
NUMBER = re.compile(rb'"n":(\d+),')
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"  # who does not answer is let go
HELLO = re.compile(rb'"k":"hello","epoch":"([^"]+)","top":(\d+)')


@dataclass
class Second:
    """What one process tells of the last second."""

    here: int = 0
    lost: int = 0  # ended by the server, or broken
    back: list[float] = field(default_factory=list)  # seconds that those who returned were away
    snaps: int = 0
    gaps: int = 0
    doubles: int = 0
    facts: int = 0  # as those who read every word had them
    delays: list[float] = field(default_factory=list)


class Crowd:
    def __init__(self, port: int, paths: Sequence[str], count: int, first: int, cookies: Sequence[str]) -> None:
        self.port, self.paths, self.cookies = port, paths, cookies
        self.now, self.chance = Second(), random.Random(first)
        self.viewers = [Viewer(self, number) for number in range(first, first + count)]

    async def come(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(viewer: "Viewer") -> None:
            async with gate:
                await viewer.connect()
                await viewer.greeted.wait()

        await asyncio.gather(*(one(viewer) for viewer in self.viewers))

    async def tell(self) -> None:
        while True:
            await asyncio.sleep(1)
            told, self.now = self.now, Second()
            told.here = sum(viewer.greeted.is_set() for viewer in self.viewers)
            told.delays = self.chance.sample(told.delays, min(SAMPLE, len(told.delays)))
            print(json.dumps(asdict(told)), flush=True)

    async def hear(self) -> None:
        while line := await asyncio.to_thread(sys.stdin.readline):
            share = float(line.removeprefix("slow "))
            for viewer in self.viewers[: int(len(self.viewers) * share)]:
                viewer.stop_reading()


class Viewer(asyncio.Protocol):
    def __init__(self, crowd: Crowd, number: int) -> None:
        self.greeted = asyncio.Event()
        self._crowd, self._number = crowd, number
        self._is_read = number % READ_ONE_IN == READ_ONE_IN - 1  # never one of the first, who may be slow
        self._epoch, self._at, self._tail = b"", 0, b""
        self._transport: asyncio.Transport | None = None
        self._left = 0.0
        self._retries: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        crowd = self._crowd
        path = crowd.paths[self._number % len(crowd.paths)]
        query = f"?epoch={self._epoch.decode()}&after={self._at}" if self._epoch else ""
        key = base64.b64encode(self._number.to_bytes(16)).decode()
        address = f"14.{self._number >> 16 & 255}.{self._number >> 8 & 255}.{self._number & 255}"
        cookie = f"cookie: {crowd.cookies[self._number % len(crowd.cookies)]}\r\n" if crowd.cookies else ""
        head = (
            f"GET {path}/socket{query} HTTP/1.1\r\nhost: {HOST}:{crowd.port}\r\norigin: http://{HOST}:{crowd.port}\r\n"
            f"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: {key}\r\n"
            f"x-forwarded-for: {address}\r\n{cookie}\r\n"
        )
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, HOST, crowd.port)
        except OSError:
            self._again()
            return
        if self._transport is not None:
            self._transport.write(head.encode())

    def stop_reading(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._tail = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        if PING in data and self._transport is not None:
            self._transport.write(PONG)
        if not self.greeted.is_set():
            self._tail += data
            if found := HELLO.search(self._tail):
                self._greet(found)
            return
        if self._is_read:
            self._read(self._tail + data)
        elif b'"n":' in data:
            self._tail = data

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self.greeted.is_set():
            self._left, self._crowd.now.lost = time.monotonic(), self._crowd.now.lost + 1
            self.greeted.clear()
        if not self._is_read and (numbers := NUMBER.findall(self._tail)):
            self._at = int(numbers[-1])
        self._again()

    def _greet(self, found: re.Match[bytes]) -> None:
        self._at = self._at if self._epoch == found[1] else int(found[2])
        self._epoch = found[1]
        self.greeted.set()
        if self._left:
            self._crowd.now.back.append(time.monotonic() - self._left)
        rest = self._tail[found.end() :]
        if b'"k":"snap"' in rest:
            self._crowd.now.snaps += 1
            self._at = int(found[2])
        if self._is_read:
            self._read(rest)

    def _read(self, data: bytes) -> None:
        now, end, told = time.time(), 0, self._crowd.now
        for found in FACT.finditer(data):
            number, end = int(found[1]), found.end()
            told.facts += 1
            told.gaps += number > self._at + 1
            told.doubles += number <= self._at
            self._at = number
            told.delays.append(now - datetime.fromisoformat(found[2].decode()).timestamp())
        self._tail = data[end:]

    def _again(self) -> None:
        """By the client's rule: some time between what the server says, and what it would have said had it not been killed."""
        least, most = wire.RETRY_MS
        self._retries = asyncio.ensure_future(self._later(self._crowd.chance.uniform(least, most) / 1000))

    async def _later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.connect()


class Outside:
    """Those processes, from the one that measures."""

    def __init__(self, processes: Sequence[Popen[str]]) -> None:
        self._processes = processes

    def second(self) -> Second:
        """The next line of each, added up."""
        lines = [json.loads(cast(Any, process.stdout).readline()) for process in self._processes]
        return Second(**{name: sum((line[name] for line in lines[1:]), lines[0][name]) for name in lines[0]})

    def until(self, here: int, seconds: int = 120) -> int:
        """How many seconds it took until so many are there."""
        for passed in range(1, seconds + 1):
            if self.second().here >= here:
                return passed
        raise AssertionError(f"fewer than {here} viewers after {seconds} s")

    def say(self, line: str) -> None:
        for process in self._processes:
            print(line, file=process.stdin, flush=True)


@contextmanager
def viewers(
    port: int, paths: Sequence[str], count: int, *, cookies: Sequence[str] = (), processes: int = 2
) -> Iterator[Outside]:
    each = count // processes
    command = [sys.executable, "-m", "tests.benchmarks.viewers", str(port), ",".join(paths), str(each)]
    begun = [
        Popen([*command, str(number * each), ",".join(cookies)], cwd=CHECKOUT, stdin=PIPE, stdout=PIPE, text=True)
        for number in range(processes)
    ]
    try:
        yield Outside(begun)
    finally:
        for process in begun:
            process.kill()
            process.communicate()


def p(delays: Sequence[float], percent: int) -> float:
    """Milliseconds."""
    return sorted(delays)[len(delays) * percent // 100] * 1000 if delays else 0.0


def many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))


async def _main(port: str, paths: str, count: str, first: str, cookies: str) -> None:
    many_files()
    crowd = Crowd(int(port), paths.split(","), int(count), int(first), [one for one in cookies.split(",") if one])
    coming, telling = asyncio.create_task(crowd.come()), asyncio.create_task(crowd.tell())
    await crowd.hear()
    coming.cancel()
    telling.cancel()


if __name__ == "__main__":
    uvloop.run(_main(*sys.argv[1:]))
