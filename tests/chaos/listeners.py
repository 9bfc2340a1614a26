"""Readers who follow rooms while the service is hurt. Each writes down what it sees, and comes back by the client's rule:
apply what is next, drop what is old, and start from where you stand; the server's word on when to come back is scaled down."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from tests.chaos import lines
from tests.chaos.lines import BROKEN, Address, Stand
from tests.live.history import Connection

Ladder = Callable[[Address, Stand | None], AsyncIterator[str]]
LADDER: Sequence[Ladder] = (lines.socket, lines.socket, lines.stream, lines.polls)
SCALE = 0.05  # of what the server says about when to come back
AWAY, STAYS = (0.05, 0.4), (0.4, 2.0)  # seconds


@dataclass(frozen=True, slots=True)
class Room:
    path: str
    channel: str
    cookie: str = ""  # of whoever may enter; empty for everybody

    @property
    def is_public(self) -> bool:
        return not self.cookie


A_MOMENT = 2.0


@dataclass(slots=True)
class Told:
    """What all of them together were told, besides facts."""

    codes: Counter[int] = field(default_factory=Counter)  # of goodbyes
    statuses: Counter[int] = field(default_factory=Counter)  # of refusals
    without_retry: int = 0
    took: list[float] = field(default_factory=list)  # seconds from COMMIT to each who was there
    committed: dict[tuple[str, int], float] = field(default_factory=dict)  # when; by whoever writes in this process
    hidden: dict[str, float] = field(default_factory=dict)  # words that are taken back now, and since when
    without: list[set[str]] = field(default_factory=list)  # what each stay may not be given

    def hide(self, words: str) -> None:
        self.hidden[words] = time.monotonic()

    def show(self, words: str) -> None:
        """They are public again: whoever is here may be given them from now on."""
        self.hidden.pop(words, None)
        for gone in self.without:
            gone.discard(words)

    def gone(self) -> set[str]:
        """What whoever comes now may not be given. A reading that began just before it was taken back is still handed to those
        who come meanwhile; its removal follows."""
        now = time.monotonic()
        return {words for words, since in self.hidden.items() if now - since > A_MOMENT}

    @property
    def p95(self) -> float:
        """Seconds within which nineteen of twenty had a fact: one late moment of a busy machine is not the service's."""
        return sorted(self.took)[len(self.took) * 95 // 100] if self.took else 0.0


@dataclass(slots=True)
class Stay:
    after: int | None
    epoch: str | None
    began: float
    gone: set[str]
    messages: list[Mapping[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    stayed: bool = False


class Listener:
    def __init__(
        self,
        name: str,
        room: Room,
        ports: Sequence[int],
        ladder: Ladder,
        told: Told,
        *,
        comes_and_goes: bool,
        seed: str,
    ) -> None:
        self.name, self.room, self.stays = name, room, list[Stay]()
        self._ports, self._ladder, self._told = ports, ladder, told
        self._chance = random.Random(seed)
        self._resumes = self._chance.random() < 0.5
        self._comes_and_goes = comes_and_goes
        self._origin = f"14.{self._chance.randrange(256)}.{self._chance.randrange(256)}.{self._chance.randrange(256)}"
        self._epoch: str | None = None
        self._at: int | None = None
        self._here: Stay | None = None
        self._comes_back = AWAY
        self._is_calm = self._is_frozen = False

    async def follow(self) -> None:
        """Come, and come back, until cancelled."""
        while True:
            may_leave = self._comes_and_goes and not self._is_calm
            try:
                async with asyncio.timeout(self._chance.uniform(*STAYS) if may_leave else None):
                    await self._stay()
            except TimeoutError:  # of its own will: half of them forget where they stood
                if not self._resumes:
                    self._epoch = self._at = None
            await asyncio.sleep(self._chance.uniform(*self._comes_back))

    @property
    def polls(self) -> bool:
        return self._ladder is lines.polls

    @property
    def is_here(self) -> bool:
        return self._here is not None

    def calm_down(self) -> None:
        self._is_calm = True

    def stands_at(self, number: int) -> bool:
        return self._here is not None and self._at == number

    def freeze(self) -> None:
        """Nothing that comes from now on counts."""
        self._is_frozen = True
        if self._here is not None:
            self._here.stayed = True

    @property
    def connections(self) -> list[Connection]:
        return [
            Connection(
                stay.epoch,
                {self.room.channel: -1 if stay.after is None else stay.after},
                stay.messages,
                stay.stayed,
                stay.texts if self.room.is_public else (),
                sorted(stay.gone),
            )
            for stay in self.stays
        ]

    async def _stay(self) -> None:
        self._comes_back = AWAY
        stay = Stay(self._at, self._epoch, time.monotonic(), self._told.gone())
        self._told.without.append(stay.gone)
        stand = None if self._at is None or self._epoch is None else Stand(self._epoch, self._at)
        headers = {"x-forwarded-for": self._origin} | ({"cookie": self.room.cookie} if self.room.cookie else {})
        there = Address(self._chance.choice(self._ports), self.room.path, headers)
        try:
            async with aclosing(self._ladder(there, stand)) as texts:  # type: ignore[type-var]  # each is a generator
                async for text in texts:
                    if not self._is_frozen and not self._read(stay, text):
                        return
        except BROKEN:
            return
        finally:
            self._here = None

    def _read(self, stay: Stay, text: str) -> bool:
        """False when it has to start anew."""
        said = json.loads(text)
        messages = said if isinstance(said, list) else [said]
        if not messages:
            return True  # only to say that the line is there
        if messages[0]["k"] == "refused":
            self._told.statuses[messages[0]["status"]] += 1
            return False
        if self._here is not stay:
            self._here = stay
            self.stays.append(stay)
        elif messages[0]["k"] == "hello":  # whoever polls meets another life of the log on the same line
            return False
        stay.texts.append(text)
        stay.messages += messages
        return all(self._apply(stay, one) for one in messages)

    def _apply(self, stay: Stay, one: Mapping[str, Any]) -> bool:
        match one["k"]:
            case "hello":
                self._epoch = one["epoch"]
                self._at = one["top"] if self._at is None else self._at
            case "snap":
                self._epoch, self._at = one["epoch"], one["n"]
            case "fact" if one["c"] == self.room.channel:
                return self._next(stay, one["n"])
            case "bye":
                self._told.codes[one["code"]] += 1
                self._told.without_retry += "retry_ms" not in one
                least, most = one.get("retry_ms", (1000, 1000))
                self._comes_back = least / 1000 * SCALE, most / 1000 * SCALE
            case "closed":
                return False
        return True

    def _next(self, stay: Stay, number: int) -> bool:
        committed = self._told.committed.get((self.room.channel, number))
        if committed is not None and stay.began < committed and not self.polls:
            self._told.took.append(time.monotonic() - committed)
        if self._at is not None and number > self._at + 1:
            return False
        self._at = max(number, self._at or 0)
        return True
