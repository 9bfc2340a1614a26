"""Everything that must hold before a change lands, in one go: `python -m tests.everything [pytest's options]`.

What is quick comes first and ends it at once; then the tests run side by side, each on a service of its own, because most of
a test's time is waiting for one. What each printed follows when it has ended. CI runs this too, so what passes here passes there.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

CHECKOUT = Path(__file__).parents[1]
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
CLOSING = re.compile(r" in \d+\.\d+s")  # how pytest's last line ends
STYLE = (
    ("Style", ("ruff", "check", ".")),
    ("Format", ("ruff", "format", "--check", ".")),
    ("Types", ("mypy",)),
)
TESTS = (
    ("Tests on SQLite, one process", ("--on", "sqlite", "--ignore", "tests/browser")),
    ("Tests on PostgreSQL and Redis, two server processes", ("--on", "postgres")),
    ("Tests in a browser", ("--on", "sqlite", "tests/browser")),
)


PATIENCE = 60  # seconds: pytest takes down what its tests had set up


class Run(NamedTuple):
    title: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]  # everything it prints


def main(extra: Sequence[str]) -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if not chromium():
        print("No chromium on this machine: the tests in tests/browser will be skipped (apt-get install chromium).")
    for title, words in STYLE:
        _headline(title)
        if code := subprocess.run([sys.executable, "-m", *words], cwd=CHECKOUT).returncode:
            return _summary(Counter(), began, [title], code)
    return _tests(extra, began)


def chromium() -> str | None:
    """The browser that tests drive, where there is one."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


def _tests(extra: Sequence[str], began: float) -> int:
    counts, fallen = Counter[str](), list[str]()
    runs = [_begun(title, [*words, *extra]) for title, words in TESTS]
    try:
        codes = {run.title: _ended(run, counts, fallen) for run in runs}
    finally:
        _end_all(runs)
    print("\n".join(fallen))  # once more, where whoever reads only the end finds them
    return _summary(counts, began, [title for title, code in codes.items() if code], max(codes.values()))


def _begun(title: str, words: Sequence[str]) -> Run:
    said = tempfile.TemporaryFile()  # noqa: SIM115 closed with the process that reads it
    command = [sys.executable, "-m", "pytest", "-rsfE", *words]
    return Run(title, subprocess.Popen(command, cwd=CHECKOUT, stdout=said, stderr=subprocess.STDOUT), said)


def _end_all(runs: Sequence[Run]) -> None:
    """Nothing to those that have ended; when one is given up, so are the others, and their servers with them."""
    for run in runs:
        run.process.send_signal(signal.SIGINT)
    for run in runs:
        try:
            run.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            run.process.kill()


def _ended(run: Run, counts: Counter[str], fallen: list[str]) -> int:
    """Wait for it, pass on what it printed, and count the tests that its last lines name."""
    code = run.process.wait()
    run.said.seek(0)
    text = run.said.read().decode(errors="replace")
    _headline(run.title)
    print(text, flush=True)
    last = next((line for line in reversed(text.splitlines()) if CLOSING.search(line)), "")
    fallen += [line for line in text.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    for number, what in COUNT.findall(last):
        counts["failed" if what.startswith("error") else what] += int(number)
    return code


def _headline(title: str) -> None:
    print(f"\n── {title} {'─' * (100 - len(title))}", flush=True)


def _summary(counts: Counter[str], began: float, failed: Sequence[str], code: int) -> int:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    said = f"does not hold: {', '.join(failed)}" if failed else "everything holds"
    print(f"\n{said}, after {minutes} min {seconds} s")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
