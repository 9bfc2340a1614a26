"""A crowded room: `python -m tests.benchmarks.room [--viewers 5000] [--facts 20] [--votes 200] [--seconds 30]`.

The whole program with two processes on PostgreSQL and Redis. Facts are committed by a writer of their own, votes come over the
sockets of those who read. How long from COMMIT to the reader, whether everything came to everyone, and what it cost.
"""

import argparse
import asyncio
import itertools
import json
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import uvloop

from engage.db import Store
from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from live import log
from live.broker import RedisBroker
from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.crowd import Count, Crowd, Manner
from tests.benchmarks.pages import Changes
from tests.benchmarks.peers.start import HELLO, MARK
from tests.benchmarks.peers.whole import started
from tests.conftest import Clock
from tests.live.client import masked
from tests.live.history import Connection, History, Logged, judged
from tests.processes import outside
from tests.site import Site
from tests.unit import town

TEXT = 1
VOTES_EVERY = 0.05
QUIET_SECONDS = 10.0


class Noted(Changes):
    """Remembers when each fact was committed."""

    def begin(self) -> None:
        self.store.teller = self
        self.committed: dict[int, float] = {}

    async def tell(self, facts: list[log.Fact]) -> None:
        for fact in facts:
            self.committed[fact.number] = time.monotonic()
        await super().tell(facts)


async def a_question(site: Site) -> int:
    """Which everybody sees."""
    async with site.database() as store:
        return await (await town.settled(store, Clock())).accepted()


async def write(changes: Noted, question_id: int, asked: Namespace) -> None:
    """Facts at their pace, late ones at once."""
    began = time.monotonic()
    for at in range(asked.facts * asked.seconds):
        await asyncio.sleep(max(began + at / asked.facts - time.monotonic(), 0))
        async with changes.store.transaction() as db:
            log.record(db, f"question:{question_id}", "question.accepted", question=question_id)


async def vote(crowd: Crowd, question_id: int, asked: Namespace) -> int:
    """One reader after another, each the other way when it is their turn again; how many votes were cast."""
    began, turns, cast = time.monotonic(), itertools.count(), 0
    while (passed := time.monotonic() - began) < asked.seconds:
        frames = []
        while cast < passed * asked.votes:
            turn, cast = next(turns), cast + 1
            said = {"k": "vote", "id": question_id, "on": turn // asked.viewers % 2 == 0, "key": str(turn)}
            frames.append((turn % asked.viewers, masked(TEXT, json.dumps(said).encode())))
        await asyncio.to_thread(crowd.say, frames)
        await asyncio.sleep(VOTES_EVERY)
    return cast


async def flow(changes: Noted, crowd: Crowd, question_id: int, asked: Namespace) -> int:
    async with asyncio.TaskGroup() as group:
        group.create_task(write(changes, question_id, asked))
        voting = group.create_task(vote(crowd, question_id, asked))
    return voting.result()


def told(text: bytes) -> list[dict[str, Any]]:
    frame = json.loads(text)
    return frame if isinstance(frame, list) else [frame]


def report(
    site: Site, crowd: Crowd, count: Count, changes: Noted, question_id: int, asked: Namespace, cast: int
) -> None:
    """That each vote stands is said by their number, below; here only that none was confirmed that nobody cast."""
    facts, channel = len(changes.committed), f"question:{question_id}"
    sample = crowd.kept()
    took = [
        (at - changes.committed[one["n"]]) * 1000
        for said in sample
        for at, text in said
        for one in told(text)
        if one["k"] == "fact" and one["n"] in changes.committed
    ]
    rows = site.rows("select channel, number, type from live_event where channel = :channel", channel=channel)
    clients = {
        str(at): [Connection(None, {channel: -1}, [one for _, text in said for one in told(text)], stayed=True)]
        for at, said in enumerate(sample)
    }
    epochs = [row[0] for row in site.rows("select value from live_epoch")]
    faults = judged(
        History([Logged(*row) for row in rows], epochs, clients, [channel], kept=frozenset(map(str, range(cast))))
    )
    cuts = quantiles(took, n=20)
    print(f"{facts} facts to {asked.viewers} readers: {facts * asked.viewers - count.heard} lost, {count.gone} let go")
    print(f"history of {len(clients)} readers: {len(faults)} faults {sorted({fault.fault for fault in faults})}")
    print(f"from COMMIT to the reader: p50 {cuts[9]:.0f}  p95 {cuts[18]:.0f}  max {max(took):.0f} ms")


def measure(site: Site, servers: dict[str, int], redis_url: str, asked: Namespace) -> None:
    question_id = outside(a_question(site))
    visitors = [guards.new_visitor() for _ in range(asked.viewers)]
    cookies = [f"{guards.VISITOR}={guards.visitor_cookie(DEMONSTRATION_SECRET, one)}" for one in visitors]
    manner = Manner(f"/live/question/{question_id}/socket", MARK, HELLO, cookies=cookies)
    with gathered() as crowd, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        began = time.monotonic()
        crowd.join(site.port, asked.viewers, manner)
        print(f"{asked.viewers} readers came in within {time.monotonic() - began:.1f} s", flush=True)
        changes = Noted(Store(site.database_url, pool_size=4), RedisBroker(redis_url))
        changes.begin()
        pids = servers | {name: process.pid for name, process in site.processes.items()}
        before, reading, began = {name: cpu.spent(pid) for name, pid in pids.items()}, crowd.spent, time.monotonic()
        writing = time.process_time()
        cast = runner.run(flow(changes, crowd, question_id, asked))
        count = crowd.until(len(changes.committed) * asked.viewers, QUIET_SECONDS)
        passed = time.monotonic() - began
        shares = {name: cpu.spent(pid) - before[name] for name, pid in pids.items()}
        shares |= {"readers": crowd.spent - reading, "writer": time.process_time() - writing}
        report(site, crowd, count, changes, question_id, asked, cast)
        stand, taken_back = site.rows("select count(*) from vote")[0][0], cast // asked.viewers % 2
        last = cast % asked.viewers
        print(
            f"{cast} votes in {passed:.1f} s; {stand} stand, and {asked.viewers - last if taken_back else last} should"
        )
        print("CPU, of one core: " + ", ".join(f"{name} {spent / passed:.0%}" for name, spent in shares.items()))
        runner.run(changes.broker.close())
        runner.run(changes.store.close())


@contextmanager
def gathered() -> Iterator[Crowd]:
    crowd = Crowd()
    try:
        yield crowd
    finally:
        crowd.stop()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("viewers", 5_000), ("facts", 20), ("votes", 200), ("seconds", 30)):
        options.add_argument(f"--{name}", type=int, default=usual)
    asked = options.parse_args()
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
        url = services.fresh_database(database)
        site = stack.enter_context(started(Site("postgres", Path(folder), url, redis.url)))
        measure(site, {"PostgreSQL": database.process.pid, "Redis": redis.process.pid}, redis.url, asked)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main()
