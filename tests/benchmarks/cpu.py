"""CPU time that other processes used, as the kernel counts it; and of which machine and versions a figure speaks."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.processes import family

TICKS = os.sysconf("SC_CLK_TCK")
PACKAGES = (
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "sqlalchemy",
    "aiosqlite",
    "asyncpg",
    "redis",
    "jinja2",
    "limits",
)


def spent(*pids: int) -> float:
    """CPU seconds of these processes and their children, ended ones too."""
    return sum(_ticks(pid) for root in pids for pid in family(root)) / TICKS


def about() -> str:
    """The line that every benchmark begins with."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {_model()}; Python {platform.python_version()}, {versions}"


def surroundings() -> str:
    """How busy the machine is with other things: on shared cores the same work takes more CPU time."""
    return f"load {os.getloadavg()[0]:.1f}, yardstick {median(_yardstick() for _ in range(9)):.1f} ms"


def _yardstick() -> float:
    """CPU milliseconds of a fixed piece of work."""
    began, counts = time.process_time(), dict.fromkeys(range(256), 0)
    for number in range(300_000):
        counts[number & 255] += number
    return (time.process_time() - began) * 1000


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0
    # After the name, which may hold anything in brackets: utime, stime, and both of the children waited for.
    return sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
