"""Small things about processes and time that starting servers needs. Knows no server."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

HOST = "127.0.0.1"
T = TypeVar("T")


def outside(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end from plain code, even when this thread has a loop that runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def eventually(true: Callable[[], T], seconds: float, otherwise: Callable[[], str]) -> T:
    """Ask again and again, until the answer is true or the time is over."""
    end = time.monotonic() + seconds
    while not (answer := true()):
        if time.monotonic() > end:
            raise AssertionError(otherwise())
        time.sleep(0.05)
    return answer


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and all that descend from it, the eldest first."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended while we looked
        return [pid]
    return [pid, *(member for child in children for member in family(child))]
