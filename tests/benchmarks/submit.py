"""Questions submitted a second, load client and database on the same machine: `python -m tests.benchmarks.submit [seconds]`.

The whole way over HTTP, with limits raised through their rows, never switched off. Then the statements of one submission.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx2
import sqlalchemy as sa
import uvloop
from starlette.applications import Starlette

from engage.app import create_app
from engage.settings import load
from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.load import CLEAN, HELD, Asking, Wire, crowd
from tests.site import Site, running

ROUNDS, AT_ONCE = 3, 16


async def submit_for(port: int, seconds: float) -> Counter[int]:
    """How often each status was answered."""
    wires = asyncio.Queue[Wire]()
    for _ in range(AT_ONCE):
        wires.put_nowait(await Wire.to(port))
    answered: Counter[int] = Counter()
    end = time.monotonic() + seconds

    async def one() -> None:
        wire = wires.get_nowait()
        answered[(await wire.ask(Asking(CLEAN).request(port))).status] += 1
        wires.put_nowait(wire)

    await crowd(AT_ONCE, one, lambda: time.monotonic() > end)
    while not wires.empty():
        wires.get_nowait().close()
    return answered


def rate(site: Site, seconds: float) -> tuple[float, float]:
    """Submissions a second, and CPU milliseconds of the server for one."""
    pid = site.processes["serve"].pid
    used, began = cpu.spent(pid), time.monotonic()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answered = runner.run(submit_for(site.port, seconds))
    passed = time.monotonic() - began
    assert set(answered) == {303}, answered
    return answered[303] / passed, (cpu.spent(pid) - used) / answered[303] * 1000


def report(what: str, site: Site, seconds: float) -> None:
    rate(site, 2)  # connections, compiled statements, the first pages of the database
    figures = [rate(site, seconds) for _ in range(ROUNDS)]
    each, spent = (median(column) for column in zip(*figures, strict=True))
    waiting = site.rows("select count(*) from question where moderation = 'received'")[0][0]
    let_out = site.rows("select count(*) from question where moderation = 'accepted' and title like 'Hỏi về thời hạn%'")
    slowest = min(per_second for per_second, _ in figures)
    print(f"{what}: {each:.0f} submissions/s (slowest round {slowest:.0f}), {spent:.2f} ms of the server's CPU each")
    print(f"  meanwhile the worker let out {let_out[0][0]}, {waiting} wait")


def statements(site: Site) -> None:
    app = create_app(load({name: value for name, value in site.environment.items() if value}))
    with asyncio.Runner() as runner:
        for name, body in (("clean", CLEAN), ("held", HELD)):
            said = runner.run(_statements(app, Asking(body)))
            print(f"statements of a {name} submission: {len(said)} ({', '.join(said)})")
        runner.run(app.state.house.store.close())


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
    with tempfile.TemporaryDirectory() as folder:
        with running(Site("sqlite", Path(folder))) as site:
            report("SQLite, one process, worker inside", site, seconds)
        statements(site)
    with tempfile.TemporaryDirectory() as folder, services.postgres() as database, services.redis() as redis:
        url = services.fresh_database(database)
        with running(Site("postgres", Path(folder), url, redis.url)) as site:
            report("PostgreSQL and Redis, two processes and a worker", site, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 8)
