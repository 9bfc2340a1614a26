"""How many live streams one process keeps open, so that one address cannot take them all. Knows no request."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

# Whole towns share an address behind a carrier; a process has only so many files to open.
MOST_FROM_ADDRESS, MOST_HERE = 500, 8_000


class Streams:
    """How many streams are open in this process, and from which addresses."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def has_room(self, address: str) -> bool:
        return self._open[address] < MOST_FROM_ADDRESS and self._open.total() < MOST_HERE

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        self._open[address] += 1
        try:
            yield
        finally:
            self._open -= Counter([address])  # entries at zero go
