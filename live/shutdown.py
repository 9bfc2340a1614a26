"""Say goodbye in time: a server that is told to stop waits for open responses, and streams never end by themselves.

Its own clean-up comes only after that waiting, so the goodbye hangs on the signal itself. It does not know the server.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def draining(drain: Callable[[], None]) -> Iterator[None]:
    """Inside the running loop, for as long as the application lives: `drain` is called when the process is told to
    stop, and whoever handled the signal before is called too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(drain)
        previous = before[signal.Signals(number)]
        if callable(previous):
            previous(number, frame)

    for number in SIGNALS:
        if callable(before[number]):
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number in SIGNALS:
            if signal.getsignal(number) is stop:
                signal.signal(number, before[number])
