"""Feeds: one channel that somebody in this process follows, and the order in which its facts leave.

Plain state of one process, without a database or a broker. What follows quickly upon a fact leaves together with what follows it:
the first at once, the rest when a window closes that grows with the time one fan-out takes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from live import wire
from live.crowds import Crowd, Later
from live.viewers import Batch, Frame, Viewer

LEAST_WINDOW, MOST_WINDOW = 0.025, 0.25  # seconds
PASSING_EVERY = 0.5  # seconds: at most two frames a second carry what passes


@dataclass(eq=False)
class Feed:
    """`top` was handed out, `wanted` is known to exist. `later` runs something after so many seconds."""

    channel: str
    later: Later
    top: int | None = None
    wanted: int = 0
    joining: int = 0
    crowds: dict[str, Crowd] = field(default_factory=dict)  # by language
    _ahead: dict[Viewer, int] = field(default_factory=dict)  # who has read more than was handed out, and up to where
    _pending: dict[str, list[Frame]] = field(default_factory=dict)
    _is_open: bool = False  # the window: what comes now waits until it closes
    _passing: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _passing_rests: bool = False

    @property
    def is_idle(self) -> bool:
        return not self.size and not self.joining

    @property
    def is_behind(self) -> bool:
        return self.top is not None and self.wanted > self.top

    @property
    def is_gathering(self) -> bool:
        """What was handed out waits for the window to close."""
        return bool(self._pending)

    @property
    def languages(self) -> set[str]:
        return {language for language, crowd in self.crowds.items() if crowd} | {one.language for one in self._ahead}

    @property
    def size(self) -> int:
        return sum(len(crowd) for crowd in self.crowds.values()) + len(self._ahead)

    @property
    def viewers(self) -> list[Viewer]:
        return [*(viewer for crowd in self.crowds.values() for viewer in crowd), *self._ahead]

    def has_passed(self, position: int) -> bool:
        """Something was handed out beyond that position: whoever stands there must read it before joining."""
        return self.top is not None and position < self.top

    def admit(self, viewer: Viewer, position: int) -> None:
        """The viewer has read at least up to `top`; what follows reaches it live."""
        if self.top is None:
            self.top = position
        self.wanted = max(self.wanted, position)
        if position > self.top:
            self._ahead[viewer] = position
            return
        self._flush()  # what waits was read by the newcomer already
        self._crowd(viewer.language).add(viewer)

    def leave(self, viewer: Viewer) -> None:
        self._ahead.pop(viewer, None)
        self._crowd(viewer.language).discard(viewer)

    def hand_out(self, frames: Mapping[str, list[Frame]], top: int) -> None:
        """The next facts, in each language that somebody reads."""
        for language, crowd in self.crowds.items():
            if crowd:
                _purge(waiting := self._pending.setdefault(language, []), frames[language])
                waiting += frames[language]
        self.top = top
        for viewer, position in list(self._ahead.items()):
            self._catch_up(viewer, position, frames[viewer.language])
        if not self._is_open:
            self._flush()

    def pass_on(self, type: str, data: Mapping[str, Any]) -> None:
        """Numbers that change often: of each type the newest entries win, and older ones may never be sent."""
        self._passing[type] = {**self._passing.get(type, {}), **data}
        if not self._passing_rests and not self._is_open:
            self._flush()

    def dismiss(self, code: int) -> None:
        self._flush()
        for viewer in self.viewers:
            viewer.dismiss(code)
        self.crowds.clear()
        self._ahead.clear()

    def _crowd(self, language: str) -> Crowd:
        return self.crowds.setdefault(language, Crowd(self.later))

    def _catch_up(self, viewer: Viewer, position: int, frames: Iterable[Frame]) -> None:
        """Join the others as soon as they have been given what the viewer has read."""
        if self.top is None or self.top < position:
            return
        del self._ahead[viewer]
        self._flush()
        if unread := [frame for frame in frames if frame.number > position]:
            viewer.offer(Batch(unread))
        self._crowd(viewer.language).add(viewer)

    def _flush(self) -> None:
        """Everything that waits leaves as one frame, and with it what passes, when that is due."""
        pending, self._pending = self._pending, {}
        passing: list[Frame] = []
        if not self._passing_rests and self._passing:
            passing = [Frame(0, wire.passing(type, data)) for type, data in self._passing.items()]
            self._passing = {}
            self._passing_rests = True
            self.later(PASSING_EVERY, self._passing_is_due)
        took = 0.0
        for language, crowd in self.crowds.items():
            if frames := [*pending.get(language, ()), *passing]:
                crowd.send(Batch(frames))
            took = max(took, crowd.took)
        if pending and not self._is_open:
            self._is_open = True
            self.later(min(max(LEAST_WINDOW, 2 * took), MOST_WINDOW), self._close_window)

    def _close_window(self) -> None:
        self._is_open = False
        if self._pending or (self._passing and not self._passing_rests):
            self._flush()

    def _passing_is_due(self) -> None:
        self._passing_rests = False
        if self._passing and not self._is_open:
            self._flush()


def _purge(waiting: list[Frame], coming: Iterable[Frame]) -> None:
    """What was taken back must not leave with its words: its earlier frames keep their numbers only."""
    gone = {frame.thing: frame for frame in coming if frame.is_removal}
    for at, frame in enumerate(waiting):
        if frame.thing in gone and not frame.is_removal:
            waiting[at] = frame.emptied_like(gone[frame.thing])
