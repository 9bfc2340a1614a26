"""Viewers, and the feeds they follow: plain state of one process, without a database or a broker.

A viewer's backlog is bounded; whoever is slower than that is let go and comes back with its position.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from live import wire

BACKLOG = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """An encoded message, shared by everyone it goes to. Number 0 is not part of the order."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What follows a position: `start` is where it really begins, `top` the newest number of the channel."""

    epoch: str
    start: int
    top: int
    frames: tuple[Frame, ...] = ()
    is_far_behind: bool = False


class Viewer:
    """Somebody who follows one channel in one language."""

    def __init__(self, channel: str, language: str, *, serial: int = 0, backlog: int = BACKLOG) -> None:
        self.channel = channel
        self.language = language
        self.serial = serial
        self.epoch: str | None = None
        self.start = 0
        self.top = 0
        self.is_far_behind = False
        self.position = 0
        self.code: int | None = None
        self._limit = backlog
        self._missed: list[Frame] = []
        self._backlog: deque[Frame] = deque()
        self._ready = asyncio.Event()

    def catch_up(self, passage: Passage) -> None:
        """What was missed before joining; it does not count against the backlog."""
        if self.epoch is None or passage.is_far_behind:
            self.epoch = self.epoch or passage.epoch
            self.start = self.position = passage.start
            self.is_far_behind = passage.is_far_behind
            self._missed.clear()
        self.top = passage.top
        for frame in passage.frames:
            self._missed.append(frame)
            self.position = frame.number
        if self._missed:
            self._ready.set()

    def offer(self, frame: Frame) -> None:
        """Never waits: one slow phone slows nobody."""
        if self.code is not None or frame.number <= self.position:
            return
        if len(self._backlog) >= self._limit:
            self._missed.clear()
            self._backlog.clear()
            self.dismiss(wire.TOO_SLOW)
            return
        self._backlog.append(frame)
        self.position = frame.number
        self._ready.set()

    def dismiss(self, code: int) -> None:
        """Say goodbye after what is still waiting."""
        if self.code is not None:
            return
        self.code = code
        self._backlog.append(Frame(0, wire.encode(wire.bye(code))))
        self._ready.set()

    async def take(self) -> list[Frame]:
        """Everything that waits, in order, as soon as there is something; after the goodbye, nothing."""
        if self.code is None:
            await self._ready.wait()
        frames = [*self._missed, *self._backlog]
        self._missed.clear()
        self._backlog.clear()
        self._ready.clear()
        return frames


@dataclass(eq=False)
class Feed:
    """A channel that somebody here follows: `top` was delivered, `wanted` is known to exist."""

    channel: str
    top: int | None = None
    wanted: int = 0
    joining: int = 0
    viewers: set[Viewer] = field(default_factory=set)
    pump: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        return not self.viewers and not self.joining and self.pump is None

    @property
    def is_behind(self) -> bool:
        return self.top is not None and self.wanted > self.top

    @property
    def languages(self) -> set[str]:
        return {viewer.language for viewer in self.viewers}

    def has_passed(self, viewer: Viewer) -> bool:
        """Something was delivered that the viewer has not read: it must not join yet."""
        return self.top is not None and viewer.position < self.top

    def admit(self, viewer: Viewer) -> None:
        """The viewer has read at least up to `top`; what follows reaches it live."""
        if self.top is None:
            self.top = viewer.position
        self.wanted = max(self.wanted, viewer.position)
        self.viewers.add(viewer)

    def deliver(self, frames: dict[str, list[Frame]], top: int) -> None:
        self.top = top
        for viewer in list(self.viewers):
            for frame in frames[viewer.language]:
                viewer.offer(frame)
            if viewer.code is not None:
                self.viewers.discard(viewer)

    def dismiss(self, code: int) -> None:
        for viewer in self.viewers:
            viewer.dismiss(code)
        self.viewers.clear()
