"""Moving windows in this process's memory: when each key was let through lately. Knows no door and no person.

The library's own memory starts a thread at every hit, which walks over all keys there ever were; this one lets them go.
"""

import time
from collections import deque
from collections.abc import Callable

from limits.storage import MovingWindowSupport, Storage

SCHEME = "windows"
TIDY_EVERY = 1_000  # hits


class Windows(Storage, MovingWindowSupport):
    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 the library's name and type for it

    def __init__(self, uri: str | None = None, clock: Callable[[], float] = time.time, **_: str) -> None:
        super().__init__(uri)
        self._clock = clock
        self._hits = 0
        # A key names its limit too, so its length never changes: seconds, and the moments inside them, oldest first.
        self._windows: dict[str, tuple[float, deque[float]]] = {}

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        self._tidy_sometimes()
        now = self._clock()
        moments = self._windows.setdefault(key, (expiry, deque()))[1]
        while moments and moments[0] < now - expiry:
            moments.popleft()
        if len(moments) + amount > limit:
            return False
        moments.extend([now] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002 asked for by the library
        now = self._clock()
        inside = [moment for moment in self._windows.get(key, (0, ()))[1] if moment >= now - expiry]
        return (inside[0] if inside else now), len(inside)

    def clear(self, key: str) -> None:
        self._windows.pop(key, None)

    def reset(self) -> int:
        forgotten = len(self._windows)
        self._windows.clear()
        return forgotten

    def check(self) -> bool:
        return True

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    # Only moving windows are kept here; the library asks for these of every storage.

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    def get(self, key: str) -> int:
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError

    def _tidy_sometimes(self) -> None:
        self._hits += 1
        if self._hits % TIDY_EVERY:
            return
        now = self._clock()
        for key in [
            key for key, (seconds, moments) in self._windows.items() if not moments or moments[-1] < now - seconds
        ]:
            del self._windows[key]
