"""Long talks, and what portals' pages load: `python -m tests.benchmarks.talk [remarks] [sqlite|postgres]…`.

Milliseconds of CPU a request, of the server and of PostgreSQL, so that a busy machine tells nearly the same; and on the clock.
"""

import asyncio
import gzip
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import quote

import uvloop

from engage import discussions, threads
from engage.discussions import Order
from tests import services
from tests.benchmarks import cpu, talked
from tests.benchmarks.load import Wire, get
from tests.benchmarks.pages import Apart
from tests.benchmarks.talked import COUNTED, LONG, SITE, Talk
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor

ROUNDS, BUILT, KEPT = 3, 20, 500
READER = "can-bo.bnv@engage.example"  # signed in: no page of theirs comes from the cache


@dataclass(slots=True)
class Costs:
    """What a request costs, by who pays."""

    site: Site
    payers: dict[str, int]
    wire: Wire
    names: Iterator[int] = field(default_factory=count)

    async def report(self, name: str, times: int, ask: Callable[[], object]) -> None:
        spent: dict[str, list[float]] = {who: [] for who in self.payers}
        took = []
        await _done(ask())
        for _ in range(ROUNDS):
            before = {who: cpu.spent(pid) for who, pid in self.payers.items()}
            for _ in range(times):
                began = time.perf_counter()
                await _done(ask())
                took.append((time.perf_counter() - began) * 1000)
            for who, pid in self.payers.items():
                spent[who].append((cpu.spent(pid) - before[who]) * 1000 / times)
        each = ", ".join(f"{who} {median(rounds):6.2f}" for who, rounds in spent.items())
        together = median(sum(one) for one in zip(*spent.values(), strict=True))
        print(f"{name:<44} CPU ms: {each}, together {together:6.2f}; clock {median(took):6.1f}", flush=True)

    async def page(self, name: str, reader: Visitor, path: str) -> None:
        def ask() -> None:
            answer = reader.get(path)
            assert answer.status_code == 200, f"{answer.status_code} {path}\n{answer.text[:500]}"

        await self.report(name, BUILT, ask)

    async def kept(self, name: str, path: str, status: int = 200, times: int = KEPT, **headers: str) -> None:
        request = get(self.site.port, path, **headers)
        await self._connect()

        async def ask() -> None:
            answer = await self.wire.ask(request)
            assert answer.status == status, answer.head

        await self.report(name, times, ask)

    async def built(self, name: str, path: str, **headers: str) -> None:
        """Under a title that no page had before, so that it is written anew."""
        await self._connect()

        async def ask() -> None:
            answer = await self.wire.ask(get(self.site.port, f"{path}&title=T{next(self.names)}", **headers))
            assert answer.status == 200, answer.head

        await self.report(name, BUILT, ask)

    async def _connect(self) -> None:
        """A server lets go of who is silent, as this one is while pages are asked for by somebody else."""
        self.wire.close()
        self.wire = await Wire.to(self.site.port)

    async def tag(self, path: str, **headers: str) -> str:
        return (await self.wire.ask(get(self.site.port, path, **headers))).header("etag")


async def _done(asked: object) -> None:
    if asyncio.iscoroutine(asked):
        await asked


async def measure(site: Site, payers: dict[str, int], talk: Talk, many: int) -> None:
    costs = Costs(site, payers, await Wire.to(site.port))
    await widgets(costs, talk)
    reader = site.staff(READER)
    await pages(costs, reader, talk, many)


async def widgets(costs: Costs, talk: Talk) -> None:
    answer = await costs.wire.ask(get(costs.site.port, "/widget.js"))
    print(f"widget.js: {len(answer.body)} bytes, {len(gzip.compress(answer.body, 9))} gzipped (goal 12,288)")
    fragment, there = f"/embed/comments?site={SITE}&article={LONG}", {"origin": talk.origin}
    counts = f"/embed/counts?site={SITE}" + "".join(f"&article=bai-{one}" for one in range(COUNTED))
    await costs.kept("fragment, kept, for a portal's server", fragment)
    await costs.kept("fragment, kept, for a widget", fragment, **there)
    await costs.kept(
        "fragment, 304, for a widget", fragment, 304, if_none_match=await costs.tag(fragment, **there), **there
    )
    await costs.kept(f"counts of {COUNTED} articles", counts, times=KEPT // 2, **there)
    await costs.kept("newest answers, kept", "/embed/answers", **there)
    await costs.kept("the next dialogue, kept", "/embed/dialogue?dialogue=next", **there)
    await costs.kept("home, kept", "/")


async def pages(costs: Costs, reader: Visitor, talk: Talk, many: int) -> None:
    await costs.page("home, built", reader, "/")
    await costs.page("the forum, built", reader, "/forum")
    await costs.page("a section, built", reader, f"/forum/{quote(talk.section)}")
    for place, number in _places(threads.page_of(many)):
        await costs.page(f"thread, {place}", reader, f"/forum/threads/{talk.thread_id}?page={number}")
    roots = costs.site.rows("select lines from article where id = :id", id=talk.article_id)[0][0]
    for order in Order:
        last = -(-roots // discussions.PAGE)
        last = min(last, discussions.MOST_USEFUL) if order is Order.USEFUL else last
        for place, number in _places(last):
            asked = f"order={order}&page={number}"
            await costs.page(f"article, {order}, {place}", reader, f"/articles/{talk.article_id}?{asked}")
            await costs.built(f"fragment, {order}, {place}", f"/embed/comments?site={SITE}&article={LONG}&{asked}")
    answers = costs.site.rows("select answers from remark where id = :id", id=talk.answered)[0][0]
    for place, number in _places(-(-answers // discussions.PAGE)):
        await costs.page(f"replies of one comment, {place}", reader, f"/comments/{talk.answered}/answers?page={number}")


def _places(last: int) -> list[tuple[str, int]]:
    return [("first", 1), (f"page {last // 2}", last // 2), (f"last, {last}", last)]


@contextmanager
def site_on(kind: str) -> Iterator[tuple[Site, dict[str, int]]]:
    """Filled by nobody yet, and not started; one server process, so that its cache is one. The worker is another."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            with services.redis() as redis:
                yield Apart(Path(folder), redis.url), {}
            return
        with services.postgres() as database, services.redis() as redis:
            url = services.fresh_database(database)
            yield Site("postgres", Path(folder), url, redis.url, workers=1), {"PostgreSQL": database.process.pid}


def main(many: int, kinds: Sequence[str]) -> None:
    print(cpu.about())
    for kind in kinds:
        print(f"{kind}; before: {cpu.surroundings()}", flush=True)
        with site_on(kind) as (site, payers):
            site.prepare()
            began = time.monotonic()
            talk = outside(_fill(site, many))
            print(f"{many} posts and {many} comments written in {time.monotonic() - began:.0f} s", flush=True)
            try:
                site.start()
                payers = {"server": site.processes["serve"].pid, **payers}
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    runner.run(measure(site, payers, talk, many))
            finally:
                site.stop()
        print(f"after: {cpu.surroundings()}", flush=True)


async def _fill(site: Site, many: int) -> Talk:
    async with site.database() as store:
        return await talked.fill(store, many)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000, sys.argv[2:] or ("sqlite", "postgres"))
