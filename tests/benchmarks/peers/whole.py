"""The whole program: `engage serve` with one process and Redis, its worker apart. Facts come from a writer of their own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engage.db import Store
from live.broker import RedisBroker
from live.seats import MOST_IN_ROOM
from tests import services
from tests.benchmarks.crowd import Manner
from tests.benchmarks.pages import Apart, Changes
from tests.benchmarks.peers.start import HELLO, MARK, Peer
from tests.site import Site

ROOM = "/live/questions/0/socket"
CHANNEL = "questions"
NOWHERE = 1  # no such question is public, so its facts leave without their words: as long, and as dear to find out


@contextmanager
def serve(folder: Path) -> Iterator[Peer]:
    folder = folder / "serve"
    folder.mkdir()
    with services.redis() as redis, started(Apart(folder, redis.url)) as site, asyncio.Runner() as runner:
        changes = Changes(Store(site.database_url), RedisBroker(redis.url))
        changes.store.teller = changes

        def publish() -> None:
            runner.run(changes.one(CHANNEL, NOWHERE))

        try:
            about, pid = "engage serve, SQLite and Redis", site.processes["serve"].pid
            yield Peer(
                "engage", about, site.port, pid, Manner(ROOM, MARK, HELLO), publish, site=site, most=MOST_IN_ROOM
            )
        finally:
            runner.run(changes.broker.close())
            runner.run(changes.store.close())


@contextmanager
def started(site: Site) -> Iterator[Site]:
    """Without the demonstration, which takes longer to write than anything here to measure."""
    site.prepare(demonstration=False)
    try:
        site.start()
        yield site
    finally:
        site.stop()
