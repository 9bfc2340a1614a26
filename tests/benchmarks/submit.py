"""Questions submitted a second, load client and database on the same machine: `python -m tests.benchmarks.submit [seconds]`.

The whole way over HTTP, with limits raised through their rows, never switched off. Then the statements of one submission.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import sqlalchemy as sa
import uvloop
from starlette.applications import Starlette

from engage import agencies, policies
from engage.app import create_app
from engage.settings import load
from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.load import CLEAN, HELD, Asking, Wire, crowd
from tests.site import Site, running

ROUNDS, AT_ONCE = 3, 16
CORES = os.cpu_count() or 1


async def submit_for(port: int, seconds: float) -> Counter[int]:
    """How often each status was answered."""
    wires = asyncio.Queue[Wire]()
    for _ in range(AT_ONCE):
        wires.put_nowait(await Wire.to(port))
    answered: Counter[int] = Counter()
    end = time.monotonic() + seconds

    async def one() -> None:
        wire = wires.get_nowait()
        answered[(await wire.ask(Asking(CLEAN, seen=False).request(port))).status] += 1
        wires.put_nowait(wire)

    await crowd(AT_ONCE, one, lambda: time.monotonic() > end)
    while not wires.empty():
        wires.get_nowait().close()
    return answered


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one round: submissions a second, and CPU milliseconds of each process for one."""

    per_second: float
    spent: dict[str, float]

    @property
    def together(self) -> float:
        return sum(self.spent.values())


def rate(site: Site, pids: dict[str, int], seconds: float) -> Figures:
    used = {name: cpu.spent(pid) for name, pid in pids.items()}
    began, own = time.monotonic(), time.process_time()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answered = runner.run(submit_for(site.port, seconds))
    passed = time.monotonic() - began
    done = answered[303]
    assert done > sum(answered.values()) * 0.99, answered  # a title may resemble an earlier one and be asked back
    spent = {name: (cpu.spent(pid) - used[name]) / done * 1000 for name, pid in pids.items()}
    return Figures(done / passed, spent | {"load client": (time.process_time() - own) / done * 1000})


def report(what: str, site: Site, seconds: float, processes: int, **servers: int) -> None:
    pids = {name: process.pid for name, process in site.processes.items()} | servers
    rate(site, pids, 2)  # connections, compiled statements, the first pages of the database
    rounds = sorted((rate(site, pids, seconds) for _ in range(ROUNDS)), key=lambda one: one.per_second)
    middle = rounds[len(rounds) // 2]
    shares = ", ".join(f"{name} {spent:.2f}" for name, spent in middle.spent.items())
    # Were all cores ours: one Python process fills one core at most.
    most = min(CORES * 1000 / middle.together, processes * 1000 / middle.spent["serve"])
    print(f"{what}: {middle.per_second:.0f} submissions/s (slowest round {rounds[0].per_second:.0f})")
    print(f"  CPU ms each: {shares}; together {middle.together:.2f}; enough for {most:.0f}/s on {CORES} idle cores")
    print(f"  questions by step at the end: {_steps(site)}")


def _steps(site: Site) -> str:
    rows = site.rows("select moderation, count(*) as times from question group by moderation order by moderation")
    return ", ".join(f"{row.times} {row.moderation}" for row in rows)


def statements(site: Site) -> None:
    app = create_app(load({name: value for name, value in site.environment.items() if value}))
    store, hub = app.state.house.store, app.state.house.hub

    async def count_all() -> None:
        for channel in (agencies.CHANNEL, policies.CHANNEL):  # as the application does when it starts
            await hub.position(channel)
        await _statements(app, Asking(HELD, seen=False))
        for name, body in (("clean", CLEAN), ("held", HELD)):
            said = await _statements(app, Asking(body, seen=False))
            print(f"statements of a {name} submission: {len(said)} ({', '.join(said)})")
        await store.close()

    with asyncio.Runner() as runner:
        runner.run(count_all())


async def _statements(app: Starlette, asking: Asking) -> list[str]:
    transport = httpx2.ASGITransport(app)
    head, _, body = asking.request(80).partition(b"\r\n\r\n")
    headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
    engine = app.state.house.store.engine.sync_engine
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        with _counted(engine) as said:
            answer = await client.post("/questions", content=body, headers=headers)
    assert answer.status_code == 303, answer.text
    return said


@contextmanager
def _counted(engine: sa.Engine) -> Iterator[list[str]]:
    """Verb and table of every statement."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        words = statement.replace("\n", " ").split()
        table = next((words[at + 1] for at, word in enumerate(words[:-1]) if word in {"FROM", "INTO", "UPDATE"}), "")
        said.append(f"{words[0].lower()} {table}".strip())

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def main(seconds: float) -> None:
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder:
        with running(Site("sqlite", Path(folder))) as site:
            report("SQLite, one process, worker inside", site, seconds, 1)
        statements(site)
    with tempfile.TemporaryDirectory() as folder, services.postgres() as database, services.redis() as redis:
        url = services.fresh_database(database)
        with running(Site("postgres", Path(folder), url, redis.url)) as site:
            servers = {"postgres": database.process.pid, "redis": redis.process.pid}
            report("PostgreSQL and Redis, two processes and a worker", site, seconds, 2, **servers)
            os.kill(site.processes["work"].pid, signal.SIGSTOP)
            report("the same while the worker pauses", site, seconds, 2, **servers)
            os.kill(site.processes["work"].pid, signal.SIGCONT)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 8)
