"""Crowds: all who read the same bytes. A big one is written in slices, so that the loop stays free for everybody else."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from live.viewers import Batch, Viewer

SLICE = 1_000  # writes in one go: some milliseconds
Later = Callable[[float, Callable[[], None]], object]
Write = Callable[[bytes], None]


@dataclass(slots=True)
class _Underway:
    """Bytes on their way to those who were there when they were made."""

    payload: bytes
    writes: Sequence[Write]
    at: int = 0
    took: float = 0.0


class Crowd:
    """`took` is how many seconds of the loop the last batch cost."""

    def __init__(self, later: Later, now: Callable[[], float] = time.perf_counter) -> None:
        self.took = 0.0
        self._later = later
        self._now = now
        self._viewers: dict[Viewer, None] = {}
        # Never changed, only built anew: what is under way keeps the list it began with.
        self._writes: list[Write] | None = None
        self._underway: deque[_Underway] = deque()

    def __len__(self) -> int:
        return len(self._viewers)

    def __iter__(self) -> Iterator[Viewer]:
        return iter(self._viewers)

    def add(self, viewer: Viewer) -> None:
        self._viewers[viewer] = None
        self._writes = None

    def discard(self, viewer: Viewer) -> None:
        if viewer in self._viewers:
            del self._viewers[viewer]
            self._writes = None

    def send(self, batch: Batch) -> None:
        """To everyone who is here now; whoever is let go meanwhile misses it, whoever comes has read it."""
        if self._writes is None:
            self._writes = [viewer.write for viewer in self._viewers if viewer.write is not None]
        writes = (
            self._writes
        )  # kept: whoever is let go below makes the list be built anew, and the others still get this
        if len(writes) < len(self._viewers):
            for viewer in [viewer for viewer in self._viewers if viewer.write is None]:
                viewer.offer(batch)
                if viewer.code is not None:
                    self.discard(viewer)
        if writes:
            self._underway.append(_Underway(batch.socket, writes))
            if len(self._underway) == 1:
                self._write_on()

    def _write_on(self) -> None:
        first = self._underway[0]
        began = self._now()
        for write in first.writes[first.at : first.at + SLICE]:
            try:
                write(first.payload)
            except RuntimeError:  # uvloop says so of a connection that is closed; the rest must not lose the frame
                continue
        first.took += self._now() - began
        first.at += SLICE
        if first.at >= len(first.writes):
            self._underway.popleft()
            self.took = first.took
        if self._underway:
            self._later(0, self._write_on)
