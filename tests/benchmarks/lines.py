"""What several benchmarks print alike: on which database, beside what else, and one line a figure."""

import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from tests import services
from tests.benchmarks import cpu
from tests.site import Site

Ask = Callable[[int], Awaitable[object]]


def on_each(kinds: Sequence[str], measure: Callable[[Site], None]) -> None:
    """A site that nothing was made of yet, on each kind of database."""
    print(cpu.about())
    for kind in kinds:
        print(f"{kind}; before: {cpu.surroundings()}", flush=True)
        with ExitStack() as stack:
            folder, url = Path(stack.enter_context(tempfile.TemporaryDirectory())), ""
            if kind == "postgres":
                url = services.fresh_database(stack.enter_context(services.postgres()))
            measure(Site(kind, folder, url))  # type: ignore[arg-type]  # one of the two
        print(f"after: {cpu.surroundings()}", flush=True)


async def report(name: str, rounds: int, ask: Ask, clock: Callable[[], float] = time.perf_counter) -> None:
    """`clock`: of the wall, or of the CPU, so that a busy machine tells the same."""
    took = []
    for number in range(rounds):
        began = clock()
        await ask(number)
        took.append(clock() - began)
    tell(name, took)


def tell(name: str, seconds: Sequence[float]) -> None:
    took = [one * 1000 for one in seconds]
    p95 = quantiles(took, n=20)[-1]
    print(f"{name:<34} p50 {median(took):6.1f}  p95 {p95:6.1f}  max {max(took):6.1f} ms of {len(took)}", flush=True)


@contextmanager
def two_processes() -> Iterator[Site]:
    """Prepared, with the demonstration, and not started: PostgreSQL, Redis, two servers and the worker."""
    print(cpu.about())
    print(f"before: {cpu.surroundings()}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
        site = Site("postgres", folder, services.fresh_database(database), redis.url)
        site.prepare()
        try:
            yield site
        finally:
            site.stop()
    print(f"after: {cpu.surroundings()}", flush=True)
