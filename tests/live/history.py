"""The history checker: from what every client saw, and what the log holds in the end, it says which promises were broken.

A history is written down by clients that only write: they repair nothing, so what the server did is there to be judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    GAP = "gap"  # a number was skipped
    DOUBLE = "double"  # a number came twice
    REORDER = "reorder"  # an earlier number came after a later one
    PHANTOM = "phantom"  # something came that the log does not hold
    EPOCH = "epoch"  # a number of another life of the log
    RESUME = "resume"  # a reader was not continued where it stood, nor sent to the snapshot
    LOST = "lost"  # somebody who was there at the end never got the last facts
    LEAK = "leak"  # words that are not public, or that were taken back before somebody came
    UNKEPT = "unkept"  # "ok" for what was never committed


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log."""

    channel: str
    number: int
    type: str


@dataclass(frozen=True, slots=True)
class Connection:
    """One stay of one client: the position it came with (by channel), and every message in the order it came."""

    epoch: str | None
    after: Mapping[str, int]
    messages: Sequence[Mapping[str, Any]]
    stayed: bool = False  # until the end, when everything was quiet
    texts: Sequence[str] = ()  # as they came, for what may not be in them
    gone: Sequence[str] = ()  # words that were taken back before it began


@dataclass(slots=True)
class History:
    """`epochs` are the lives of the log in their order, `secrets` words that no public channel may carry, `kept` the keys of
    all that was sent by clients and is committed."""

    rows: Sequence[Logged]
    epochs: Sequence[str]
    clients: Mapping[str, Sequence[Connection]]
    channels: Sequence[str]
    secrets: Sequence[str] = ()
    removed: set[str] = field(default_factory=lambda: {"removed"})
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    fault: Fault
    client: str
    channel: str = ""
    number: int = 0


def judged(history: History) -> list[Verdict]:
    """Every broken promise; an empty list is the proof that there is none in this history."""
    found = list[Verdict]()
    for client, connections in history.clients.items():
        for connection in connections:
            for channel in history.channels:
                found += _Judge(history, client, connection, channel).verdicts()
            words = (*history.secrets, *connection.gone)
            if any(word in text for text in connection.texts for word in words):
                found.append(Verdict(Fault.LEAK, client))
            if any(one["k"] == "ok" and one["key"] not in history.kept for one in connection.messages):
                found.append(Verdict(Fault.UNKEPT, client))
    return found


class _Judge:
    """Follows one connection on one channel."""

    def __init__(self, history: History, client: str, connection: Connection, channel: str) -> None:
        self._types = {row.number: row.type for row in history.rows if row.channel == channel}
        self._history = history
        self._client = client
        self._connection = connection
        self._channel = channel
        self._epoch = next((one["epoch"] for one in connection.messages if one["k"] == "hello"), None)
        self._at = _start(connection, channel)
        self._seen = set[int]()

    def verdicts(self) -> Iterator[Verdict]:
        if self._at is None:
            return
        yield from self._of_its_begin()
        for one in self._connection.messages:
            if one["k"] == "snap":
                self._at = one["n"]
            elif one["k"] == "fact" and one["c"] == self._channel:
                yield from self._of(one["n"], one["type"])
        if self._connection.stayed and self._at != max(self._types, default=0):
            yield self._verdict(Fault.LOST, self._at)

    def _of_its_begin(self) -> Iterator[Verdict]:
        if self._epoch is not None and self._epoch not in self._history.epochs:
            yield self._verdict(Fault.EPOCH)
        has_snap = any(one["k"] == "snap" for one in self._connection.messages)
        was_greeted = self._epoch is not None  # or it was sent away at once, to come back
        if was_greeted and self._connection.epoch not in (None, self._epoch) and not has_snap:
            yield self._verdict(Fault.RESUME)

    def _of(self, number: int, type: str) -> Iterator[Verdict]:
        assert self._at is not None
        is_now = self._epoch == self._history.epochs[-1]
        if (is_now and type not in (*self._history.removed, self._types.get(number))) or (
            is_now and number not in self._types
        ):
            yield self._verdict(Fault.PHANTOM, number)
        if number in self._seen:
            yield self._verdict(Fault.DOUBLE, number)
        elif number <= self._at:
            yield self._verdict(Fault.REORDER, number)
        elif number > self._at + 1:
            yield self._verdict(Fault.GAP, number)
        self._seen.add(number)
        self._at = max(self._at, number)

    def _verdict(self, fault: Fault, number: int = 0) -> Verdict:
        return Verdict(fault, self._client, self._channel, number)


def _start(connection: Connection, channel: str) -> int | None:
    """Where it is to be continued: at its own position, or where the greeting says that the channel stood."""
    if channel not in connection.after:
        return None
    hello = next((one for one in connection.messages if one["k"] == "hello"), None)
    if hello is None:
        return connection.after[channel] if connection.after[channel] >= 0 else None
    own, room = connection.after[channel], channel == next(iter(connection.after))
    return own if own >= 0 else int(hello["top" if room else "me"])
