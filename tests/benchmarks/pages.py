"""CPU milliseconds of the server for one public page: `python -m tests.benchmarks.pages [rounds]`.

The list of twenty and a question's page: changed before each request, unchanged but sent again, unchanged and known (304).
The floor is a Starlette application without anything that sends the same bytes.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import uvloop

from engage.db import Store
from live import log
from live.broker import Hint, RedisBroker, Stir
from tests import services
from tests.benchmarks import cpu, plain
from tests.benchmarks.load import Answer, Gone, Wire, get
from tests.processes import HOST, free_port
from tests.site import CHECKOUT, Site, running

CHANGED, UNCHANGED = 150, 1_500
FAR = 4_102_444_800_000_000  # microseconds: the year 2100, after everything that was answered
# The hint of a change travels through Redis while the next request is already under way.
UNDERWAY_SECONDS = 0.002
Again = Callable[[], Awaitable[None]]


class Apart(Site):
    """On SQLite with Redis: hints come from outside, and the worker's loops are another process's cost."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        super().__init__("sqlite", folder, redis_url=redis_url)
        self._commands["work"] = ["work"]


@dataclass(slots=True)
class Changes:
    """Makes facts true behind the server's back; their hints come to it as from a second process."""

    store: Store
    broker: RedisBroker

    async def tell(self, facts: list[log.Fact]) -> None:
        await self.broker.tell(Hint(fact.channel, fact.number) for fact in facts)

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        await self.broker.stir(Stir(channel, type, tuple(ids)))

    async def one(self, channel: str, question_id: int) -> None:
        async with self.store.transaction() as db:
            log.record(db, channel, "question.accepted", question=question_id)
        await asyncio.sleep(UNDERWAY_SECONDS)


@dataclass(slots=True)
class Server:
    pid: int
    port: int

    async def cost(self, times: int, again: Again) -> float:
        """CPU milliseconds for one."""
        began = cpu.spent(self.pid)
        for _ in range(times):
            await again()
        return (cpu.spent(self.pid) - began) / times * 1000


class Page:
    """One address, asked over one connection in three ways."""

    def __init__(self, server: Server, wire: Wire, path: str, channel: str, question_id: int, changes: Changes) -> None:
        self.server, self.wire, self.path = server, wire, path
        self.channel, self.question_id, self.changes = channel, question_id, changes
        self.tags: list[str] = []
        self.places = 0

    async def read(self) -> Answer:
        answer = await self.wire.ask(get(self.server.port, self.path))
        assert answer.status == 200, answer.head
        self.tags.append(answer.header("etag"))
        return answer

    async def changed(self) -> None:
        await self.changes.one(self.channel, self.question_id)
        await self.read()

    async def never_asked(self) -> None:
        """A place in the list where nobody has been: built as a changed page is, but the server has no rest before it."""
        self.places += 1
        answer = await self.wire.ask(get(self.server.port, f"{self.path}?after={FAR + self.places}-1"))
        assert answer.status == 200, answer.head

    async def cached(self) -> None:
        await self.read()

    async def known(self) -> None:
        answer = await self.wire.ask(get(self.server.port, self.path, if_none_match=self.tags[-1]))
        assert answer.status == 304, answer.head

    async def round(self) -> tuple[float, float, float]:
        before = len(self.tags)
        changed = await self.server.cost(CHANGED, self.changed)
        built = len(set(self.tags[before:]))
        assert built > CHANGED * 0.97, f"only {built} of {CHANGED} pages had changed"
        return changed, await self.server.cost(UNCHANGED, self.cached), await self.server.cost(UNCHANGED, self.known)


async def measure(site: Site, floor_port: int, floor_pid: int, redis_url: str, body: Path, rounds: int) -> None:
    engage = Server(site.processes["serve"].pid, site.port)
    changes = Changes(Store(site.database_url), RedisBroker(redis_url))
    changes.store.teller = changes
    answered = site.rows("select min(id) from question where published_at is not null")[0][0]
    wire = await Wire.to(site.port)
    pages = {
        "list of 20": Page(engage, wire, "/questions", "questions", answered, changes),
        "question": Page(engage, wire, f"/questions/{answered}", f"question:{answered}", answered, changes),
    }
    floor = Server(floor_pid, floor_port)
    for name, page in pages.items():
        sent = (await page.read()).body
        body.write_bytes(sent)  # noqa: ASYNC240 a benchmark of others
        figures = [(*await page.round(), await _floor(floor, body)) for _ in range(rounds)]
        _print(name, len(sent), [median(column) for column in zip(*figures, strict=True)])
    built = [await engage.cost(CHANGED, pages["list of 20"].never_asked) for _ in range(rounds)]
    print(f"list of 20, built for places nobody asked for before, without a pause: {median(built):.2f} ms")
    await changes.broker.close()
    await changes.store.close()


async def _floor(server: Server, body: Path) -> float:
    """The plain application reads the bytes at its start, so each page starts its own."""
    with _plain(server.port, body) as pid:
        server.pid = pid
        wire = await _wire_soon(server.port)

        async def again() -> None:
            await wire.ask(get(server.port, "/questions"))

        await again()
        return await server.cost(UNCHANGED, again)


@contextmanager
def _plain(port: int, body: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.plain:app", "--factory", "--port", str(port)]
    command += ["--no-access-log", "--no-server-header", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, plain.BODY: str(body)})
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


async def _wire_soon(port: int) -> Wire:
    for _ in range(200):
        try:
            return await Wire.to(port)
        except Gone:
            await asyncio.sleep(0.05)
    raise AssertionError(f"{HOST}:{port} does not answer")


def _print(name: str, size: int, figures: list[float]) -> None:
    changed, cached, known, floor = figures
    print(f"{name}, {size} bytes")
    print(f"  changed    {changed:6.2f} ms")
    print(f"  cached     {cached:6.2f} ms   {cached / floor:4.1f} × plain Starlette ({floor:.2f} ms)")
    print(f"  304        {known:6.2f} ms   {known / floor:4.1f} × plain Starlette")


def main(rounds: int) -> None:
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, services.redis() as redis:
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        with running(Apart(Path(folder), redis.url)) as site, runner:
            runner.run(measure(site, free_port(), 0, redis.url, Path(folder) / "body", rounds))
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
