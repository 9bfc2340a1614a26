"""A crowd of listeners, a writer whose facts flow, and the verdict on what everybody saw when it is quiet again."""

import asyncio
import json
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engage.access import Moderation
from engage.db import Store, Teller
from engage.errors import Unavailable
from live import log
from live.broker import Broker, Hint, Stir
from tests.chaos.listeners import LADDER, Ladder, Listener, Room, Told
from tests.live.history import Connection, History, Logged, Verdict, judged

QUIET_SECONDS = 25.0
PAUSE = 0.02
VERDICTS = "CHAOS_VERDICTS"  # names the file that the show is made of


@dataclass(frozen=True, slots=True)
class Stage:
    """What a crowd follows: rooms for everybody, one for somebody alone, and questions that come and go."""

    public: Sequence[Room]
    private: Sequence[Room]
    fleeting: Sequence[tuple[int, str]]  # id and title
    secrets: Sequence[str]

    @property
    def rooms(self) -> Sequence[Room]:
        return [*self.public, *self.private]


@dataclass(slots=True)
class Noted:
    """Writes down when what was written here was committed, and passes it on to whoever tells it, if anybody does."""

    told: Told
    then: Teller | None

    async def tell(self, facts: list[log.Fact]) -> None:
        now = time.monotonic()
        self.told.committed.update({(fact.channel, fact.number): now for fact in facts})
        if self.then is not None:
            await self.then.tell(facts)

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        if self.then is not None:
            await self.then.stir(channel, type, ids)


@dataclass(slots=True)
class Hinting:
    """As a second process tells it: by hints alone."""

    broker: Broker

    async def tell(self, facts: list[log.Fact]) -> None:
        await self.broker.tell(Hint(fact.channel, fact.number) for fact in facts)

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        await self.broker.stir(Stir(channel, type, tuple(ids)))


@dataclass(slots=True)
class Writer:
    stores: Sequence[Store]
    stage: Stage
    told: Told
    chance: random.Random
    written: int = 0

    async def write(self, at_once: int = 1) -> None:
        """Some facts in one transaction; who cannot commit tries something else next time."""
        draw = self.chance.random()
        try:
            if draw < 0.1 and self.stage.fleeting:
                await self._come_or_go(*self.chance.choice(self.stage.fleeting))
            else:
                rooms = self.chance.sample(self.stage.rooms, self.chance.randint(1, len(self.stage.rooms)))
                await self._record([room.channel for room in rooms] * at_once, "answer.corrected")
        except Unavailable:
            await asyncio.sleep(0.1)

    async def _record(self, channels: Sequence[str], fact: str, question_id: int = 0, then: str = "") -> None:
        async with self.chance.choice(self.stores).transaction() as db:
            if then:
                change = sa.text("update question set moderation = :then where id = :id")
                await (await db.connection()).execute(change, {"then": then, "id": question_id})
            for channel in channels:
                log.record(db, channel, fact, question=question_id or _subject(channel))
        self.written += len(channels)

    async def _come_or_go(self, question_id: int, title: str) -> None:
        if title in self.told.hidden:
            self.told.show(title)
            await self._record(["questions"], "question.restored", question_id, Moderation.ACCEPTED)
        else:
            await self._record(["questions"], "question.hidden", question_id, Moderation.HIDDEN)
            self.told.hide(title)


def _subject(channel: str) -> int:
    kind, _, number = channel.partition(":")
    return int(number) if kind == "question" else 1


@dataclass(slots=True)
class Crowd:
    store: Store
    stage: Stage
    told: Told
    listeners: Sequence[Listener]
    epochs: list[str]
    writer: Writer
    began: float = field(default_factory=time.monotonic)
    fault: str = ""
    seed: int = 0
    rows: list[Logged] = field(default_factory=list)

    async def all_here(self, seconds: float = QUIET_SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while not all(listener.is_here for listener in self.listeners):  # noqa: ASYNC110 polled: nobody tells of it
                await asyncio.sleep(0.05)

    async def quiet(self) -> None:
        """Everybody is there and has everything; what comes later does not count."""
        for listener in self.listeners:
            listener.calm_down()
        deadline = time.monotonic() + QUIET_SECONDS
        while True:
            tops = await self.tops()
            if time.monotonic() > deadline or all(one.stands_at(tops[one.room.channel]) for one in self.listeners):
                break
            await asyncio.sleep(0.1)
        for listener in self.listeners:
            listener.freeze()
        async with self.store.reading() as db:
            said = sa.text("select channel, number, type from live_event")
            rows = (await (await db.connection()).execute(said)).all()
        self.rows = [Logged(*row) for row in rows if row[0] in tops and row[1] <= tops[row[0]]]

    async def tops(self) -> dict[str, int]:
        """The newest number of every channel that somebody follows."""
        async with self.store.reading() as db:
            return await log.tops(db, {listener.room.channel for listener in self.listeners})

    @property
    def snaps(self) -> int:
        """How often somebody was sent to the snapshot."""
        return sum(one["k"] == "snap" for one in self._messages)

    @property
    def heard(self) -> Sequence[Mapping[str, Any]]:
        """Every fact that anybody was given."""
        return [one for one in self._messages if one["k"] == "fact"]

    @property
    def _messages(self) -> Sequence[Mapping[str, Any]]:
        return [one for listener in self.listeners for stay in listener.stays for one in stay.messages]

    def verdicts(self) -> list[Verdict]:
        clients: dict[str, Sequence[Connection]] = {one.name: one.connections for one in self.listeners}
        channels = sorted({listener.room.channel for listener in self.listeners})
        found = judged(History(self.rows, self.epochs, clients, channels, self.stage.secrets))
        self._note(found)
        return found

    def all_well(self) -> None:
        away = [one.name for one in self.listeners if not one.stays or not one.stays[-1].stayed]
        found = self.verdicts()
        assert not found, f"{len(found)} broken promises, such as {found[:3]}; told {self.told.codes}"
        assert not away, f"never came back: {away}; told {self.told.codes}, refused {self.told.statuses}"
        assert not {code for code in self.told.codes if code not in (1012, 4408)}, self.told.codes
        assert not self.told.without_retry, "a goodbye that does not say when to come back"

    def _note(self, found: Sequence[Verdict]) -> None:
        if not (path := os.environ.get(VERDICTS)):
            return
        line = {
            "fault": self.fault,
            "on": "SQLite" if self.store.is_sqlite else "PostgreSQL + Redis",
            "seed": self.seed,
            "readers": len(self.listeners),
            "connections": sum(len(one.stays) for one in self.listeners),
            "facts": len(self.heard),
            "p95": round(self.told.p95, 2),
            "found": [str(one.fault) for one in found],
        }
        with Path(path).open("a") as file:
            file.write(json.dumps(line) + "\n")


@asynccontextmanager
async def gathered(
    stores: Sequence[Store],
    stage: Stage,
    ports: Sequence[int],
    *,
    seed: int,
    fault: str,
    size: int = 40,
    ladder: Sequence[Ladder] = LADDER,
    comes_and_goes: bool = True,
) -> AsyncIterator[Crowd]:
    """They follow from now until the end of the block, where all must be well."""
    told, store = Told(), stores[0]
    for one in stores:
        one.teller = Noted(told, one.teller)
    async with store.reading() as db:
        epochs = [await log.epoch(db)]
    listeners = [
        Listener(
            f"{seed}-{number}",
            stage.rooms[number % len(stage.rooms)],
            ports,
            ladder[number // len(stage.rooms) % len(ladder)],
            told,
            comes_and_goes=comes_and_goes and number % 4 != 0,
            seed=f"{seed}-{number}",
        )
        for number in range(size)
    ]
    crowd = Crowd(store, stage, told, listeners, epochs, Writer(stores, stage, told, random.Random(seed)))
    crowd.fault, crowd.seed = fault, seed
    tasks = [asyncio.create_task(listener.follow()) for listener in listeners]
    try:
        yield crowd
        await crowd.quiet()
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    broken = [one for one in ended if isinstance(one, Exception)]
    if broken:
        raise broken[0]
    crowd.all_well()


async def facts_flow(
    crowd: Crowd, meanwhile: Awaitable[object], least: int = 120, *, at_once: int = 1, pause: float = PAUSE
) -> None:
    """Facts are written for as long as something goes on, and until there are enough."""
    going_on = asyncio.ensure_future(meanwhile)
    while not going_on.done() or crowd.writer.written < least:
        await crowd.writer.write(at_once)
        await asyncio.sleep(pause)
    await going_on


async def rewound(store: Store, tops: Mapping[str, int]) -> str:
    """The log as a backup had it, under another epoch: what a restore leaves behind."""
    async with store.transaction() as db:
        connection = await db.connection()
        for channel, top in tops.items():
            at = {"channel": channel, "top": top}
            await connection.execute(sa.text("delete from live_event where channel = :channel and number > :top"), at)
            await connection.execute(sa.text("update live_channel set top = :top where name = :channel"), at)
        return await log.new_epoch(db)
