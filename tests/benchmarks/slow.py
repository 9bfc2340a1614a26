"""What slow readers cost the others: `python -m tests.benchmarks.slow [viewers]`.

Everybody follows one room in which 200 facts a second come in groups of ten. In the same run, first all read; then five of a
hundred stop, and are let go when 128 KB wait for them. The delay is from the fact's own time to a reader of every word.
"""

import sys
from collections.abc import Sequence

from tests.benchmarks import cpu
from tests.benchmarks.storm import facts, two_processes
from tests.benchmarks.viewers import Outside, Second, many_files, p, viewers
from tests.processes import family
from tests.site import Site

SECONDS, SETTLE = 30, 5
SLOW = 0.05


def measure(site: Site, count: int) -> None:
    with viewers(site.port, ["/live/questions/0"], count) as readers, facts(site, ["questions"], at_once=10):
        readers.until(count // 2 * 2)
        _seconds(readers, SETTLE)
        _print(f"all {count} read", site, readers)
        readers.say(f"slow {SLOW}")
        _print(f"{SLOW:.0%} of them have stopped", site, readers)


def _seconds(readers: Outside, many: int) -> Sequence[Second]:
    return [readers.second() for _ in range(many)]


def _print(name: str, site: Site, readers: Outside) -> None:
    serving = family(site.processes["serve"].pid)[0]
    began = cpu.spent(serving)
    seconds = _seconds(readers, SECONDS)
    delays = [delay for one in seconds for delay in one.delays]
    print(
        f"{name}: p50 {p(delays, 50):.0f} ms, p95 {p(delays, 95):.0f} ms, p99 {p(delays, 99):.0f} ms; others let go "
        f"{sum(one.lost for one in seconds)}, gaps {sum(one.gaps for one in seconds)}, "
        f"server {(cpu.spent(serving) - began) / SECONDS:.2f} of a core"
    )


def main(count: int) -> None:
    many_files()
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with two_processes() as (site, _):
        measure(site, count)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 2_000)
