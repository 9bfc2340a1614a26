"""Votes a second, over HTTP and over sockets: `python -m tests.benchmarks.votes [--seconds 30] [--http 300] [--sockets 2000]`.

Every vote is sent at its own moment, whether or not earlier ones were answered; how long it took counts from that moment. In the
end the rows must be what was answered with `ok`, and the counts that readers see must be the rows.
"""

import argparse
import asyncio
import json
import resource
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

import uvloop

from engage import votes, voting
from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from live.frames import Op
from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.load import Wire, post, proof
from tests.live.client import masked
from tests.processes import HOST
from tests.site import Site, running
from tests.visitor import new_address

QUESTIONS, WIRES = 10, 128
PER_LINE = 1.4  # votes a second on one connection: the service takes twenty in ten seconds


@dataclass
class Answers:
    """How long each vote took, and which votes stand now: (question, voter)."""

    seconds: list[float] = field(default_factory=list)
    standing: set[tuple[int, str]] = field(default_factory=set)
    refused: int = 0

    def note(self, began: float, question_id: int, voter: str, *, on: bool) -> None:
        self.seconds.append(time.monotonic() - began)
        (self.standing.add if on else self.standing.discard)((question_id, voter))

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")


async def at_rate(rate: int, seconds: float, one: Callable[[int], Awaitable[None]]) -> float:
    """One after the other by the clock, however slow the answers are. The seconds until the last was answered."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            if (wait := began + number / rate - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            group.create_task(cast("asyncio._CoroutineLike[None]", one(number)))
    return time.monotonic() - began


async def over_http(site: Site, questions: list[int], rate: int, seconds: float) -> tuple[Answers, float]:
    """Everybody votes once, each from an address of their own."""
    answers, wires = Answers(), asyncio.Queue[Wire]()
    for _ in range(WIRES):
        wires.put_nowait(await Wire.to(site.port))

    async def one(number: int) -> None:
        began, visitor, question_id = time.monotonic(), guards.new_visitor(), questions[number % len(questions)]
        pairs = {"on": "yes", "key": secrets.token_urlsafe(18)} | proof(visitor)
        wire = await wires.get()
        answer = await wire.ask(post(site.port, f"/questions/{question_id}/vote", pairs, visitor))
        wires.put_nowait(wire)
        if answer.status == 303:
            answers.note(began, question_id, votes.of_visitor(visitor), on=True)
        else:
            answers.refused += 1

    took = await at_rate(rate, seconds, one)
    while not wires.empty():
        wires.get_nowait().close()
    return answers, took


class Line(asyncio.Protocol):
    """A websocket of one visitor in one question's room, as cheap as can be."""

    def __init__(self, question_id: int) -> None:
        self.question_id = question_id
        self.visitor = guards.new_visitor()
        self.is_on = False
        self.greeted = asyncio.get_running_loop().create_future()
        self._received = b""
        self._waiting: dict[str, asyncio.Future[bool]] = {}
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int, question_id: int) -> Self:
        _, line = await asyncio.get_running_loop().create_connection(lambda: cls(question_id), HOST, port)
        cookie = guards.visitor_cookie(DEMONSTRATION_SECRET, line.visitor)
        line.write(
            f"GET /live/question/{question_id}/socket HTTP/1.1\r\nhost: {HOST}:{port}\r\norigin: http://{HOST}:{port}\r\n"
            "upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: "
            f"dGhlIHNhbXBsZSBub25jZQ==\r\nx-forwarded-for: {new_address()}\r\ncookie: {guards.VISITOR}={cookie}\r\n\r\n".encode()
        )
        await line.greeted
        return line

    async def vote(self, key: str, *, on: bool) -> bool:
        self._waiting[key] = answered = asyncio.get_running_loop().create_future()
        said = {"k": "vote", "id": self.question_id, "on": on, "key": key}
        self.write(masked(Op.TEXT, json.dumps(said).encode()))
        return await answered

    def write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in (self.greeted, *self._waiting.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionError(f"the line ended: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.greeted.done():
            head, found, rest = self._received.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head[:20], head
            self._received = rest
            self.greeted.set_result(None)
        while (frame := self._frame()) is not None:
            if frame[:9] in (b'{"k":"ok"', b'{"k":"no"'):
                said = json.loads(frame)
                self._waiting.pop(said["key"]).set_result(said["k"] == "ok")

    def _frame(self) -> bytes | None:
        """The payload of the next frame of the server."""
        if len(self._received) < 4:
            return None
        size, start = self._received[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(self._received[2:start])
        if len(self._received) < start + size:
            return None
        frame, self._received = self._received[start : start + size], self._received[start + size :]
        return frame


async def over_sockets(site: Site, questions: list[int], rate: int, seconds: float) -> tuple[Answers, float]:
    """Everybody votes, thinks again, and votes again."""
    answers, many = Answers(), max(int(rate / PER_LINE), 1)
    lines = [await Line.to(site.port, questions[number % len(questions)]) for number in range(many)]

    async def one(number: int) -> None:
        began, line = time.monotonic(), lines[number % many]
        line.is_on = on = not line.is_on
        if await line.vote(str(number), on=on):
            answers.note(began, line.question_id, votes.of_visitor(line.visitor), on=on)
        else:
            answers.refused += 1

    took = await at_rate(rate, seconds, one)
    for line in lines:
        line.close()
    return answers, took


Way = Callable[[Site, list[int], int, float], Awaitable[tuple[Answers, float]]]


def measure(what: str, site: Site, way: Way, rate: int, seconds: float, **servers: int) -> None:
    found = site.rows(
        "select id from question where moderation = 'accepted' and not sealed and merged_into_id is null"
        " and id not in (select merged_into_id from question where merged_into_id is not null) order by id limit :n",
        n=QUESTIONS,
    )
    questions = [row.id for row in found]
    before = _rows(site, questions)
    pids = {name: process.pid for name, process in site.processes.items()} | servers
    used, own = {name: cpu.spent(pid) for name, pid in pids.items()}, time.process_time()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answers, took = runner.run(way(site, questions, rate, seconds))
        counts = runner.run(_counts(site, questions))
    spent = {name: cpu.spent(pid) - used[name] for name, pid in pids.items()} | {"client": time.process_time() - own}
    rows = _rows(site, questions)
    assert rows - before == answers.standing, "the rows are not what was answered"
    told = {one: sum(row[0] == one for row in rows) for one in questions}
    assert counts == told, f"the counts are not the rows: {counts} {told}"
    reached, p50, p95 = len(answers.seconds) / took, answers.percentile(0.5), answers.percentile(0.95)
    print(
        f"{what}: asked {rate}/s for {seconds:.0f} s, reached {reached:.0f}/s, refused {answers.refused}; counts equal rows"
    )
    print(f"  ok after p50 {p50:.0f} ms, p95 {p95:.0f} ms, slowest {answers.percentile(1):.0f} ms")
    print(f"  CPU, cores: {', '.join(f'{name} {seconds_ / took:.2f}' for name, seconds_ in spent.items())}")


def _rows(site: Site, questions: list[int]) -> set[tuple[int, str]]:
    """Whatever was set aside is none of them: everybody has an address of their own."""
    found = site.rows("select thing_id, voter from vote where surface = 'question' and standing = 'counted'")
    return {(row.thing_id, row.voter) for row in found if row.thing_id in questions}


async def _counts(site: Site, questions: list[int]) -> dict[int, int]:
    async with site.database() as store, store.reading() as db:
        return await voting.counts(db, questions)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--http", type=int, default=300)
    parser.add_argument("--sockets", type=int, default=2_000)
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers that are started inherit it
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, running(Site("sqlite", Path(folder))) as site:
        measure("HTTP, SQLite, one process", site, over_http, asked.http, asked.seconds)
        measure("sockets, SQLite, one process", site, over_sockets, asked.sockets, asked.seconds)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
        site = stack.enter_context(
            running(Site("postgres", Path(folder), services.fresh_database(database), redis.url))
        )
        servers = {"postgres": database.process.pid, "redis": redis.process.pid}
        measure("HTTP, PostgreSQL and Redis, two processes", site, over_http, asked.http, asked.seconds, **servers)
        measure(
            "sockets, PostgreSQL and Redis, two processes", site, over_sockets, asked.sockets, asked.seconds, **servers
        )
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main()
