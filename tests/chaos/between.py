"""A line between the service and its Redis that loses, doubles and delays what is published, by a seeded chance.

Requests and answers pass as they are; only pushed messages are touched, and never cut.
"""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.processes import HOST, free_port

LATE = (0.05, 1.0)  # seconds


@dataclass
class Between:
    """`lost`, `doubled`, `late`: shares of the messages."""

    port: int
    target: int
    lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    chance: random.Random = field(default_factory=random.Random)
    touched: int = 0

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    @contextmanager
    def misbehaving(self, seed: int, lost: float = 0.3, doubled: float = 0.3, late: float = 0.3) -> Iterator[None]:
        self.chance, self.touched = random.Random(seed), 0
        self.lost, self.doubled, self.late = lost, doubled, late
        try:
            yield
        finally:
            self.lost = self.doubled = self.late = 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the service, until either side ends it."""
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self.target)
        except OSError:
            writer.close()
            return
        ways = (self._forth(reader, far_writer), self._back(far_reader, writer))
        tasks = [asyncio.ensure_future(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.close()
        far_writer.close()

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65536):
            writer.write(some)

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting = b""
        while some := await reader.read(65536):
            waiting += some
            while (end := _end(waiting, 0)) is not None:
                said, waiting = waiting[:end], waiting[end:]
                if b"\r\nmessage\r\n" in said[:24]:
                    self._publish(said, writer)
                else:
                    writer.write(said)

    def _publish(self, said: bytes, writer: asyncio.StreamWriter) -> None:
        draw = self.chance.random()
        self.touched += draw < self.lost
        if draw < self.lost:
            return
        for _ in range(2 if self.chance.random() < self.doubled else 1):
            if self.chance.random() < self.late:
                asyncio.get_running_loop().call_later(self.chance.uniform(*LATE), writer.write, said)
            else:
                writer.write(said)


@contextmanager
def between(redis_url: str) -> Iterator[Between]:
    """In a thread of its own, for as long as it is needed."""
    there = Between(free_port(), urlsplit(redis_url).port or 0)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(there.carry, HOST, there.port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        asyncio.run_coroutine_threadsafe(_all_over(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _all_over(server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0.05)


def _end(data: bytes, at: int) -> int | None:
    """Where the answer that begins there ends, or None when it is not whole yet (the second and third version of RESP)."""
    line = data.find(b"\r\n", at)
    if line < 0:
        return None
    kind, rest, after = data[at : at + 1], data[at + 1 : line], line + 2
    if kind in b"$=!":
        end = after + int(rest) + 2 if int(rest) >= 0 else after
        return end if end <= len(data) else None
    if kind not in b"*>~%|":
        return after
    many = int(rest) * (2 if kind in b"%|" else 1) + (kind == b"|")
    for _ in range(many):
        found = _end(data, after)
        if found is None:
            return None
        after = found
    return after
