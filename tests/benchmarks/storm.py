"""A herd that comes back: `python -m tests.benchmarks.storm [viewers]`.

Two server processes on PostgreSQL and Redis, 20 facts a second; one process is killed with -9. How many of those it had are back
within 30 s, how long they were away, and what the database was asked for meanwhile: it must grow with rooms, not with viewers.
One viewer in ten is signed in.
"""

import asyncio
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from live import log
from live.broker import RedisBroker
from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.connect import cookies
from tests.benchmarks.viewers import many_files, p, viewers
from tests.chaos.crowd import Hinting
from tests.processes import family, outside
from tests.site import Site

SECONDS, PAUSE = 30, 0.05
TABLES = ("live_event", "live_channel", "sign_in", "question")
READS = "select relname, seq_scan + coalesce(idx_scan, 0) as reads from pg_stat_user_tables"


@contextmanager
def facts(site: Site, channels: list[str], at_once: int = 1) -> Iterator[None]:
    """Written as by one more process, in a thread of their own."""
    over = threading.Event()

    async def write() -> None:
        async with site.database() as store:
            store.teller = Hinting(RedisBroker(site.environment["ENGAGE_REDIS_URL"]))
            while not over.is_set():
                began = time.monotonic()
                async with store.transaction() as db:
                    for channel in channels * at_once:
                        log.record(db, channel, "answer.corrected", question=int(channel.partition(":")[2] or 1))
                await asyncio.sleep(max(PAUSE - (time.monotonic() - began), 0))

    thread = threading.Thread(target=outside, args=(write(),))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def rooms(site: Site) -> tuple[list[str], list[str]]:
    """Paths and channels: the list, and two questions that have an answer."""
    found = site.rows("select id from question where moderation = 'accepted' and answer = 'published' limit 2")
    ids = [row[0] for row in found]
    paths = ["/live/questions/0", *(f"/live/question/{id}" for id in ids)]
    return paths, ["questions", *(f"question:{id}" for id in ids)]


def measure(site: Site, database: services.Postgres, count: int) -> None:
    paths, channels = rooms(site)
    signed_in = max(count // 10, 2)
    with (
        viewers(site.port, paths, count - signed_in) as readers,
        viewers(site.port, paths, signed_in, cookies=cookies(site), processes=1) as officials,
        facts(site, channels),
    ):
        came = readers.until((count - signed_in) // 2 * 2)
        officials.until(signed_in)
        quiet = _asked(site, SECONDS, lambda: (readers.second(), officials.second()))
        workers = [pid for pid in family(site.processes["serve"].pid)[1:] if _serves(pid)]
        before = _reads(site)
        os.kill(workers[0], signal.SIGKILL)
        seconds = [one for _ in range(SECONDS) for one in (readers.second(), officials.second())]
        storm = {table: reads - before[table] for table, reads in _reads(site).items()}
    lost, back = sum(one.lost for one in seconds), [away for one in seconds for away in one.back]
    print(f"{count} viewers in {len(paths)} rooms, {signed_in} signed in; there within {came} s")
    print(
        f"killed: {lost} lost their line; back within {SECONDS} s: {len(back)} ({100 * len(back) / max(lost, 1):.1f} %)"
    )
    print(f"away: p50 {p(back, 50) / 1000:.1f} s, p95 {p(back, 95) / 1000:.1f} s, of which the server asked for 2–9 s")
    broken = sum(one.gaps for one in seconds), sum(one.doubles for one in seconds), sum(one.snaps for one in seconds)
    print(
        f"facts read word for word {sum(one.facts for one in seconds)}: gaps %d, doubles %d, sent to the snapshot %d"
        % broken
    )
    for table in TABLES:
        print(f"reads of {table}: {storm[table]} in the storm, {quiet[table]} in {SECONDS} quiet seconds")


def _asked(site: Site, seconds: int, one: Callable[[], object]) -> Mapping[str, int]:
    before = _reads(site)
    for _ in range(seconds):
        one()
    return {table: reads - before[table] for table, reads in _reads(site).items()}


def _reads(site: Site) -> dict[str, int]:
    """Scans of each table so far, as PostgreSQL counts them (it tells with up to a second's delay)."""
    return {row[0]: row[1] for row in site.rows(READS)}


def _serves(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def two_processes() -> Iterator[tuple[Site, services.Postgres]]:
    many_files()
    with tempfile.TemporaryDirectory() as folder, services.postgres() as database, services.redis() as redis:
        site = Site("postgres", Path(folder), services.fresh_database(database), redis.url)
        site.prepare()
        try:
            site.start()
            yield site, database
        finally:
            site.stop()


def main(count: int) -> None:
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with two_processes() as (site, database):
        measure(site, database, count)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5_000)
