"""The table of the history checker's verdicts, for docs/benchmarks.md: `python -m tests.chaos.verdicts [pytest's options]`.

Every accident of tests/chaos, on SQLite and on PostgreSQL and Redis with two server processes, with three seeds.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks import cpu
from tests.chaos.crowd import VERDICTS
from tests.site import CHECKOUT

SEEDS = 3
FILES = tuple(f"tests/chaos/test_{name}.py" for name in ("listeners", "inside", "narrow", "dialogue"))
HEAD = (
    "| accident | on | seeds | readers | connections | facts read | p95 from COMMIT | verdict |\n"
    "|---|---|---|---:|---:|---:|---:|---|"
)


def main(extra: Sequence[str]) -> int:
    codes = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "verdicts"
        for on in ("sqlite", "postgres"):
            command = [sys.executable, "-m", "pytest", "--on", on, "--accidents", "--seeds", str(SEEDS), *FILES, *extra]
            codes.append(subprocess.run(command, cwd=CHECKOUT, env={**os.environ, VERDICTS: str(file)}).returncode)
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    print(f"\n{cpu.about()}; {cpu.surroundings()}\n\n{HEAD}")
    for row in rows(lines):
        print(row)
    return max(codes)


def rows(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """One for each accident on each database, its seeds together."""

    def accident(line: Mapping[str, Any]) -> tuple[str, str]:
        return str(line["fault"]), str(line["on"])

    return [_row(*key, list(runs)) for key, runs in groupby(sorted(lines, key=accident), accident)]


def _row(fault: str, on: str, runs: Sequence[Mapping[str, Any]]) -> str:
    seeds = ", ".join(str(run["seed"]) for run in runs)
    readers = max(run["readers"] for run in runs)
    sums = [f"{sum(run[what] for run in runs):,}" for what in ("connections", "facts")]
    found = sorted({fault for run in runs for fault in run["found"]})
    slowest = max(run["p95"] for run in runs)
    return (
        f"| {fault} | {on} | {seeds} | {readers:,} | {sums[0]} | {sums[1]} | {slowest:.2f} s | "
        f"{', '.join(found) or 'all promises kept'} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
