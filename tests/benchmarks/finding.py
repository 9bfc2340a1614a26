"""Lists, desks and search over many questions on PostgreSQL: `python -m tests.benchmarks.finding [questions]`.

Milliseconds of whole requests over HTTP, one after another, as one reader or one official waits for them; and of CPU.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import httpx2

from tests import services
from tests.benchmarks import cpu, many
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor

ROUNDS, QUERIES = 30, 200
AGENCY = "bao-hiem-xa-hoi-viet-nam"


class Finding:
    """Asks the site one thing after another, and says what each took: on the clock, and of CPU, which neighbours change less."""

    def __init__(self, site: Site, database: services.Postgres) -> None:
        self.pids = {"server": site.processes["serve"].pid, "PostgreSQL": database.process.pid}

    def report(self, name: str, asks: Iterable[Callable[[], httpx2.Response]]) -> None:
        before = {who: cpu.spent(pid) for who, pid in self.pids.items()}
        took = [milliseconds(ask) for ask in asks]
        spent = {who: (cpu.spent(pid) - before[who]) * 1000 / len(took) for who, pid in self.pids.items()}
        cost = ", ".join(f"{who} {each:5.1f}" for who, each in spent.items())
        median_, p95 = median(took), quantiles(took, n=20)[-1]
        print(f"{name:<28} median {median_:6.1f} ms  p95 {p95:6.1f} ms  CPU ms: {cost}  of {len(took)}", flush=True)

    def page(self, name: str, visitor: Visitor, path: str) -> None:
        """The page as somebody signed in meets it: built anew each time, never from the cache."""
        self.report(name, [lambda: visitor.get(path)] * ROUNDS)

    def pages(self, name: str, visitor: Visitor, paths: Sequence[str]) -> None:
        self.report(name, [partial(visitor.get, path) for path in paths])


def milliseconds(ask: Callable[[], httpx2.Response]) -> float:
    began = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code in {200, 303}, f"{answer.status_code} {answer.url}\n{answer.text[:500]}"
    return took


def deeper(visitor: Visitor) -> Iterator[Callable[[], httpx2.Response]]:
    """A list's later pages, each by its predecessor's link."""
    path = "/questions"
    for _ in range(ROUNDS):
        yield partial(visitor.get, path)
        assert visitor.seen is not None
        before_link = visitor.seen.text.partition('rel="next"')[0]
        path = before_link.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")


def measure(site: Site, database: services.Postgres) -> None:
    reader, moderator = site.staff("can-bo.bnv@engage.example"), site.staff("kiem-duyet-1@engage.example")
    coordinator = site.staff("dau-moi.bhxh@engage.example")
    finding, words = Finding(site, database), [quote(typed) for typed in many.queries(QUERIES)]
    finding.page("home", reader, "/")
    finding.page("list", reader, "/questions")
    for name, value in (("topic", "bao-hiem-xa-hoi"), ("agency", AGENCY), ("province", "ha-noi")):
        finding.page(f"list by {name}", reader, f"/questions?{name}={value}")
    finding.page("list, waiting for an answer", reader, "/questions?stage=open")
    finding.report("list, page after page", deeper(reader))
    finding.page("agencies", reader, "/agencies")
    finding.page("agency page", reader, f"/agencies/{AGENCY}")
    finding.pages("search", reader, [f"/questions/search?q={typed}" for typed in words])
    finding.pages("already asked?", reader, [f"/questions/near?q={typed}" for typed in words])
    finding.page("moderator's desk", moderator, "/review")
    taking = moderator.form("/review", action="/review/next")
    keys = [{"key": secrets.token_hex(16)} for _ in range(ROUNDS)]
    finding.report("next item", [partial(moderator.press, taking, key) for key in keys])
    for tab in ("offered", "working", "approval", "answered"):
        finding.page(f"agency desk, {tab}", coordinator, f"/desk?agency={AGENCY}&tab={tab}")


def without_worker(site: Site) -> None:
    """It would meet 27,000 overdue questions for the first time, which no desk has waiting on an ordinary day."""
    worker = site.processes["work"]
    worker.terminate()
    worker.wait()


def main(size: int) -> None:
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, services.postgres() as database, services.redis() as redis:
        url = services.fresh_database(database)
        site = Site("postgres", Path(folder), url, redis.url)
        site.prepare()
        began = time.monotonic()
        outside(many.fill(url, size))
        print(f"{size} questions written in {time.monotonic() - began:.0f} s")
        try:
            site.start()
            without_worker(site)
            measure(site, database)
        finally:
            site.stop()
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 300_000)
