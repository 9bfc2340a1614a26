"""Presence: how many follow a room, in all processes together. Each tells the others its number, at most once by contract like
hints; what a process said last holds for a while, and that of one that was killed fades.

Rounded, and silent about a few: the number says how big the crowd is, never that one person came or went.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from live import wire
from live.broker import Broker, Present
from live.viewers import Frame

EVERY = 5.0  # seconds between two looks: what changed is told then
AGAIN = 20.0  # seconds after which it is told although it did not change
FORGOTTEN = 45.0  # seconds after which a silent process does not count
FEWEST, EXACT = 5, 20
TYPE = "presence"

logger = structlog.get_logger(__name__)


def nowhere(_channel: str) -> bool:
    """Where no presence is told."""
    return False


def rounded(many: int) -> int:
    """As readers are told: 0 for a few, exact up to twenty, then to 10, 50 and 100."""
    if many < FEWEST:
        return 0
    step = 1 if many <= EXACT else 10 if many < 250 else 50 if many < 1_000 else 100
    return (many + step // 2) // step * step


class Presence:
    """`sizes` is how many follow each channel in this process; `counted` says in which rooms the number is told."""

    def __init__(
        self,
        sizes: Callable[[], Mapping[str, int]],
        broker: Broker,
        pass_on: Callable[[str, str, Mapping[str, Any]], None],
        counted: Callable[[str], bool] = nowhere,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes = sizes
        self._broker = broker
        self._pass_on = pass_on
        self._counted = counted
        self._clock = clock
        self._process = secrets.token_hex(6)
        self._told: dict[str, tuple[int, float]] = {}  # by channel: which number, when
        self._heard: dict[str, dict[str, tuple[int, float]]] = {}  # by channel and process
        self._shown: dict[str, int] = {}
        broker.on_present = self.hear

    def shown(self) -> Mapping[str, int]:
        """By channel, what those who follow it in this process were told last."""
        return self._shown

    def greeting(self, channel: str) -> list[Frame]:
        """What a newcomer is told at once; nobody else needs to be told that one more came."""
        many = self._shown.get(channel, 0)
        return [Frame(0, wire.passing(TYPE, {"room": many}))] if many else []

    def hear(self, present: Present) -> None:
        if present.process != self._process:
            self._heard.setdefault(present.channel, {})[present.process] = present.many, self._clock()

    async def run(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception as failure:
                logger.warning("presence.not_told", failure=repr(failure))
            await asyncio.sleep(EVERY)

    async def tick(self) -> None:
        """Tell the others what changed or was not told for long, forget who is silent, and pass the new numbers on."""
        now = self._clock()
        sizes = {channel: many for channel, many in self._sizes().items() if many and self._counted(channel)}
        news = [channel for channel, many in sizes.items() if self._is_news(channel, many, now)]
        gone = self._told.keys() - sizes.keys()
        await self._broker.present(
            [Present(channel, self._process, sizes.get(channel, 0)) for channel in (*news, *gone)]
        )
        self._told |= {channel: (sizes[channel], now) for channel in news}
        for channel in gone:
            del self._told[channel]
        for channel in self._heard.keys() - sizes.keys():
            del self._heard[channel]
        self._shown = {channel: self._now(channel, many, now) for channel, many in sizes.items()}

    def _is_news(self, channel: str, many: int, now: float) -> bool:
        told, at = self._told.get(channel, (None, 0.0))
        return told != many or now - at >= AGAIN

    def _now(self, channel: str, many: int, now: float) -> int:
        heard = self._heard.pop(channel, {})
        if alive := {process: said for process, said in heard.items() if said[0] and now - said[1] < FORGOTTEN}:
            self._heard[channel] = alive
        shown = rounded(many + sum(other for other, _ in alive.values()))
        if shown != self._shown.get(channel, 0):
            self._pass_on(channel, TYPE, {"room": shown})
        return shown
