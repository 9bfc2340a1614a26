"""Viewers: whoever follows channels in this process, and what they are given. How it travels is each kind's own affair."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from live import frames, wire
from live.wire import Message

BACKLOG = 256

# How many were let go in this process, by the code they were told: for whoever measures.
let_go: Counter[int] = Counter()


class Frame:
    """A message, encoded at most once for everyone it goes to. Number 0 is not part of the order.

    `thing` names what it is about, such as "question:17", so that its words can be taken back while it waits.
    """

    __slots__ = ("_text", "message", "number", "thing")

    def __init__(self, number: int, message: Message, thing: str = "") -> None:
        self.number = number
        self.message = message
        self.thing = thing
        self._text = ""

    @property
    def text(self) -> str:
        self._text = self._text or wire.encode(self.message)
        return self._text

    @property
    def is_removal(self) -> bool:
        return self.message.get("type") == wire.REMOVED

    def emptied_like(self, removal: "Frame") -> "Frame":
        """The same number, without words."""
        return Frame(self.number, removal.message | {"n": self.number, "at": self.message["at"]}, self.thing)


def in_one_go(frames: Sequence[Frame], letters: int) -> int:
    """How many of them, at least one, stay below so many letters."""
    sizes = accumulate(len(frame.text) for frame in frames)
    return max(1, sum(size < letters for size in sizes))


class Batch:
    """Frames that leave together: one message on a socket, shared by all of them."""

    __slots__ = ("_socket", "frames")

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.frames = tuple(frames)
        self._socket = b""

    @property
    def text(self) -> str:
        if len(self.frames) == 1:
            return self.frames[0].text
        return f"[{','.join(frame.text for frame in self.frames)}]"

    @property
    def socket(self) -> bytes:
        """As a websocket frame, ready to be written."""
        self._socket = self._socket or frames.text(self.text.encode())
        return self._socket


@dataclass(frozen=True, slots=True)
class Passage:
    """What follows a position: `start` is where it really begins, `top` the newest number of the channel."""

    epoch: str
    start: int
    top: int
    frames: tuple[Frame, ...] = ()
    is_far_behind: bool = False

    @property
    def end(self) -> int:
        return self.frames[-1].number if self.frames else self.start


@dataclass(slots=True)
class Place:
    """A channel somebody wants to follow, from a position or from now on; `snapshot` is where to fetch a fresh start."""

    channel: str
    after: int | None = None
    epoch: str | None = None
    snapshot: str = ""
    start: int = 0  # where it really began
    position: int = 0  # up to where it was given when it joined
    top: int = 0  # the newest number then
    is_far_behind: bool = False  # what it has may not be continued: it was told to fetch the snapshot

    def continued(self, passage: Passage) -> list[Frame]:
        """What its reader is given next."""
        if passage.is_far_behind:
            self.position, self.is_far_behind = passage.start, True
            return [Frame(0, wire.snap(passage.epoch, passage.start, self.snapshot))]
        self.position = passage.end
        return list(passage.frames)


class Viewer(ABC):
    """Somebody who reads. `seat` says who and where, for whoever asks whether that is still permitted; `address` from where;
    `holder` is one name for all the lines that one person keeps open, empty where nobody knows.

    Who has a `write` is handed the bytes of a batch directly; to everyone else it is offered.
    """

    __slots__ = ("address", "code", "epoch", "holder", "language", "places", "role", "seat", "serial", "write")

    def __init__(self, language: str, seat: Hashable = None, role: str = "reader") -> None:
        self.language = language
        self.seat = seat
        self.role = role
        self.address = self.holder = ""
        self.serial = 0
        self.epoch: str | None = None
        self.places: tuple[Place, ...] = ()
        self.code: int | None = None  # why it was let go
        self.write: Callable[[bytes], None] | None = None

    @abstractmethod
    async def give(self, frames: Sequence[Frame]) -> None:
        """What it asked for, such as what it missed: at its own pace, and however much it is."""

    @abstractmethod
    def offer(self, batch: Batch) -> None:
        """What happens now. Never waits: one slow phone slows nobody."""

    @abstractmethod
    def dismiss(self, code: int) -> None:
        """Say goodbye after what is still waiting."""

    def begin(self) -> None:  # noqa: B027 most have nothing to do then
        """It has been given everything so far, and joins before anything else can happen."""


class Queued(Viewer):
    """Whoever takes what waits at its own pace. Its backlog is bounded: the slower ones come back with their position."""

    __slots__ = ("_backlog", "_limit", "_missed", "_ready")

    def __init__(self, language: str, seat: Hashable = None, role: str = "reader", *, backlog: int = BACKLOG) -> None:
        super().__init__(language, seat, role)
        self._limit = backlog
        self._missed: list[Frame] = []
        self._backlog: deque[Frame] = deque()
        self._ready = asyncio.Event()

    async def give(self, frames: Sequence[Frame]) -> None:
        self._missed += frames
        self._ready.set()

    def offer(self, batch: Batch) -> None:
        if self.code is not None:
            return
        if len(self._backlog) + len(batch.frames) > self._limit:
            self._missed.clear()
            self._backlog.clear()
            self.dismiss(wire.TOO_SLOW)
            return
        self._backlog.extend(batch.frames)
        self._ready.set()

    def dismiss(self, code: int) -> None:
        if self.code is not None:
            return
        self.code = code
        let_go[code] += 1
        self._backlog.append(Frame(0, wire.bye(code)))
        self._ready.set()

    async def take(self) -> list[Frame]:
        """Everything that waits, in order, as soon as there is something; after the goodbye, nothing."""
        if self.code is None:
            await self._ready.wait()
        waiting = [*self._missed, *self._backlog]
        self._missed.clear()
        self._backlog.clear()
        self._ready.clear()
        return waiting
