"""Everything that must hold before a change lands, in one go: `python -m tests.everything [pytest's options]`.

Stops at the first thing that fails. CI runs this too, so what passes here passes there.
"""

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
CLOSING = re.compile(r" in \d+\.\d+s")  # how pytest's last line ends


def main(extra: Sequence[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", "-rs"]
    steps = (
        ("Style", [sys.executable, "-m", "ruff", "check", "."]),
        ("Format", [sys.executable, "-m", "ruff", "format", "--check", "."]),
        ("Types", [sys.executable, "-m", "mypy"]),
        ("Tests on SQLite, one process", [*pytest, "--on", "sqlite", *extra]),
        ("Tests on PostgreSQL and Redis, two server processes", [*pytest, "--on", "postgres", *extra]),
    )
    if not chromium():
        print("No chromium on this machine: the tests in tests/browser will be skipped (apt-get install chromium).")
    counts: Counter[str] = Counter()
    began = time.monotonic()
    for title, command in steps:
        print(f"\n── {title} ", end="", flush=True)
        print("─" * (100 - len(title)), flush=True)
        if code := _run(command, counts):
            return _summary(counts, began, f"stopped at: {title}", code)
    return _summary(counts, began, "everything holds", 0)


def chromium() -> str | None:
    """The browser that tests drive, where there is one."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


def _run(command: Sequence[str], counts: Counter[str]) -> int:
    """Run one step, pass on what it prints, and count the tests that its last line names."""
    last = ""
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, errors="replace") as step:
        assert step.stdout is not None
        for line in step.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line if line.strip() else last
    for number, what in COUNT.findall(last if CLOSING.search(last) else ""):
        counts["failed" if what.startswith("error") else what] += int(number)
    return step.returncode


def _summary(counts: Counter[str], began: float, said: str, code: int) -> int:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    print(f"\n{said}, after {minutes} min {seconds} s")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
