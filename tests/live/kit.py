"""What the tests of `live` share: a store like the application's, a clock, listeners, and a broker that misbehaves."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from live import log
from live.broker import Broker, Hint, MemoryBroker, OnHint, OnPresent, OnStir, Present, Stir, ignore
from live.hub import Hub
from live.viewers import Place, Queued


class TestClock:
    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Store:
    """Numbers facts at commit, as the application does."""

    def __init__(self, url: str, clock: TestClock, schema: str | None = None) -> None:
        self.clock = clock
        self.schema = schema
        self.reads = 0
        self.open_readers = 0
        self.on_read: Callable[[], Any] | None = None
        self.engine = _engine(url, schema)
        self._turn = asyncio.Lock()
        self._reader = self.engine.execution_options(ro=True)
        self._is_sqlite = url.startswith("sqlite")

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncSession]:
        self.reads += 1
        self.open_readers += 1
        try:
            if self.on_read is not None:
                await self.on_read()
            async with AsyncSession(self._reader, expire_on_commit=False) as db:
                yield db
        finally:
            self.open_readers -= 1

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        if self._is_sqlite:
            async with self._turn, self._session() as db:
                yield db
        else:
            async with self._session() as db:
                yield db

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self.engine, expire_on_commit=False) as db:
            yield db
            db.info["numbered"] = await log.number(db, self.clock())
            await db.commit()

    async def write(self, *channels: str, hub: Hub | None = None) -> list[log.Fact]:
        """One transaction with a fact on each channel."""
        async with self.transaction() as db:
            for channel in channels:
                log.record(db, channel, "answer.given", question=17)
        facts: list[log.Fact] = db.info["numbered"]
        if hub is not None:
            await hub.tell(facts)
        return facts


def _engine(url: str, schema: str | None) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, connect_args={"server_settings": {"search_path": schema or "public"}})
    engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def _(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _(connection: sa.Connection) -> None:
        is_reading = connection.get_execution_options().get("ro")
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


class Show:
    """What the application would render; counts how often it is asked for each fact."""

    def __init__(self) -> None:
        self.times: dict[tuple[str, int, str], int] = {}
        self.removed: set[int] = set()

    async def __call__(self, db: AsyncSession, events: list[log.Event], language: str) -> list[dict[str, Any]]:
        shown = []
        for one in events:
            key = (one.channel, one.number, language)
            self.times[key] = self.times.get(key, 0) + 1
            kind = "removed" if one.number in self.removed else one.type
            shown.append({"type": kind, "data": one.ids, "html": f"<p lang={language}>"})
        return shown


class FaultyBroker:
    """Loses, doubles and delays hints, by a seeded chance. `others` are the brokers of other processes."""

    def __init__(self, seed: int, loses: float = 0.3, doubles: float = 0.3, delays: float = 0.3) -> None:
        self.on_hint: OnHint = ignore
        self.on_stir: OnStir = ignore
        self.on_present: OnPresent = ignore
        self.others: list[FaultyBroker] = []
        self._chance = random.Random(seed)
        self._rates = loses, doubles, delays
        self._late: list[tuple[FaultyBroker, Hint]] = []

    async def tell(self, hints: Iterable[Hint]) -> None:
        loses, doubles, delays = self._rates
        late, self._late = self._late, []
        for hint in hints:
            for other in self.others:
                if self._chance.random() < loses:
                    continue
                if self._chance.random() < delays:
                    self._late.append((other, hint))
                    continue
                for _ in range(2 if self._chance.random() < doubles else 1):
                    other.on_hint(hint)
        for other, hint in late:
            other.on_hint(hint)

    async def stir(self, stir: Stir) -> None:
        for other in self.others:
            if self._chance.random() >= self._rates[0]:
                other.on_stir(stir)

    async def present(self, told: Iterable[Present]) -> None:
        for one in told:
            for other in self.others:
                if self._chance.random() >= self._rates[0]:
                    other.on_present(one)

    async def listen(self, channel: str) -> None: ...

    async def unlisten(self, channel: str) -> None: ...

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None: ...


async def follow(
    hub: Hub, channel: str, language: str = "vi", after: int | None = None, epoch: str | None = None, backlog: int = 256
) -> Queued:
    """Somebody who follows one channel."""
    viewer = Queued(language, backlog=backlog)
    await hub.join(viewer, Place(channel, after, epoch))
    return viewer


class Listener:
    """A viewer that reads as fast as it can and keeps the numbers it got."""

    def __init__(self, viewer: Queued) -> None:
        self.viewer = viewer
        self.channel = viewer.places[0].channel
        self.hello: dict[str, Any] = {}
        self.numbers: list[int] = []
        self.messages: list[dict[str, Any]] = []

    async def until(self, number: int, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not self.numbers or self.numbers[-1] < number:
                await self.once()

    @property
    def has_mail(self) -> bool:
        return self.viewer._ready.is_set()

    async def once(self) -> None:
        for frame in await self.viewer.take():
            message = json.loads(frame.text)
            if message["k"] == "hello":
                self.hello = message
                continue
            self.messages.append(message)
            if frame.number:
                self.numbers.append(frame.number)


def hub_on(store: Store, broker: Broker | None = None, show: Show | None = None, **options: Any) -> Hub:
    return Hub(store.reader, broker or MemoryBroker(), show or Show(), store.clock, **options)


async def eventually(is_so: Callable[[], bool], seconds: float = 8) -> None:
    """For what another process, or a task nobody can wait for, brings about."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110  polled: what is waited for has no event
            await asyncio.sleep(0.005)


async def settle(turns: int = 200) -> None:
    """Let everything that can run, run; waits for nothing outside this process."""
    for _ in range(turns):
        await asyncio.sleep(0)
