"""Lists, desks and search over many questions on PostgreSQL: `python -m tests.benchmarks.finding [questions]`.

Milliseconds of whole requests over HTTP, one after another, as one reader or one official waits for them.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import httpx2

from tests import services
from tests.benchmarks import cpu, many
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor

ROUNDS, DEPTH, QUERIES = 30, 5, 200
AGENCY = "bao-hiem-xa-hoi-viet-nam"


def milliseconds(ask: Callable[[], httpx2.Response]) -> float:
    began = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code in {200, 303}, f"{answer.status_code} {answer.url}\n{answer.text[:500]}"
    return took


def report(name: str, took: Sequence[float]) -> None:
    print(f"{name:<44} median {median(took):7.1f} ms   p95 {quantiles(took, n=20)[-1]:7.1f} ms   of {len(took)}")


def pages(name: str, visitor: Visitor, path: str) -> None:
    """The page as somebody signed in meets it: built anew each time, never from the cache."""
    report(name, [milliseconds(lambda: visitor.get(path)) for _ in range(ROUNDS)])


def depths(visitor: Visitor) -> None:
    """A list's later pages, each by its predecessor's link."""
    took, path = [], "/questions"
    for _ in range(ROUNDS):
        took.append(milliseconds(lambda path=path: visitor.get(path)))  # type: ignore[misc]  # bound now
        assert visitor.seen is not None
        path = (
            visitor.seen.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        )
    report("list, page after page", took)


def searches(visitor: Visitor) -> None:
    wanted = many.queries(QUERIES)
    paths = [f"/questions/search?q={quote(words)}" for words in wanted]
    report("search", [milliseconds(lambda path=path: visitor.get(path)) for path in paths])  # type: ignore[misc]  # bound now
    near = [f"/questions/near?title={quote(words)}" for words in wanted]
    report("already asked?", [milliseconds(lambda path=path: visitor.get(path)) for path in near])  # type: ignore[misc]  # bound now


def measure(site: Site) -> None:
    reader, moderator = site.staff("can-bo.bnv@engage.example"), site.staff("kiem-duyet-1@engage.example")
    coordinator = site.staff("dau-moi.bhxh@engage.example")
    pages("home", reader, "/")
    pages("list", reader, "/questions")
    for name, value in (("topic", "bao-hiem-xa-hoi"), ("agency", AGENCY), ("province", "ha-noi")):
        pages(f"list by {name}", reader, f"/questions?{name}={value}")
    pages("list, waiting for an answer", reader, "/questions?stage=open")
    depths(reader)
    pages("agency page", reader, f"/agencies/{AGENCY}")
    searches(reader)
    pages("moderator's desk", moderator, "/review")
    taking = moderator.form("/review", action="/review/next")
    report(
        "next item",
        [milliseconds(lambda: moderator.press(taking, {"key": secrets.token_hex(16)})) for _ in range(ROUNDS)],
    )
    for tab in ("offered", "working", "approval", "answered"):
        pages(f"agency desk, {tab}", coordinator, f"/desk?agency={AGENCY}&tab={tab}")


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
            measure(site)
        finally:
            site.stop()
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 300_000)
