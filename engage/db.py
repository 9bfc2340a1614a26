"""The store: engines for reading and writing, and the transaction that numbers facts, commits, then tells.

Does not know any noun, nor who listens; `live` keeps the log, the store only calls it at the right moment.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import sqlite
from engage.errors import Unavailable
from live import log, stirs

# Before the first table: SQLite's batch migrations can only change constraints that have names.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Thing = TypeVar("Thing")
Clock = Callable[[], datetime]
MOST_ID = 2**31 - 1  # what an integer column holds on PostgreSQL
BUSY_SECONDS = 5
REST_SECONDS = 5
SQLITE = (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
# PostgreSQL's classes for: shutting down or starting up, no connection, out of memory, disk or connections; and a deadlock,
# which ends one of two: that one tries again.
AWAY = ("57P", "08", "53", "40P01")
_NOW = sa.text("select now()")
LOST = (OperationalError, InterfaceError, TimeoutError, ConnectionError)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Teller(Protocol):
    """Who hears of facts after COMMIT, and of counts that changed: the hub, in the application."""

    async def tell(self, facts: list[log.Fact]) -> None: ...

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None: ...


class Store:
    """One database, two doors: `reading` never writes, `transaction` writes alone or not at all."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        clock: Clock = utc_now,
        asks_time: bool | None = None,
        alone: bool = False,
    ) -> None:
        """`alone`: for a command that does one thing after another, and nobody waits beside it."""
        self.clock = clock
        self.is_sqlite = url.startswith("sqlite")
        # Leases and reminders go by the database's clock, lest a machine an hour off takes what others hold. A clock that
        # somebody brings is kept to everywhere.
        self.asks_time = not self.is_sqlite and (clock is utc_now if asks_time is None else asks_time)
        self.engine = _engine(url, pool_size, alone)
        self.teller: Teller | None = None
        # One fair queue in front of SQLite's single writer; its busy timeout is only for a second process.
        self._turn: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None
        self._reader = self.engine.execution_options(ro=True)
        # Where a channel stands, as far as this process is told; None: ask the log. The hub, in the application.
        self.known: Callable[[str], int | None] = lambda _channel: None
        self._memory: dict[str, tuple[int, Any]] = {}
        self._epoch = ""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        async with _lost_as_unavailable(), AsyncSession(self._reader, expire_on_commit=False) as db:
            self._equip(db)
            yield db

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Everything inside is written together, and its facts are numbered in the same commit; then listeners are told."""
        async with _lost_as_unavailable(), self._alone(), AsyncSession(self.engine, expire_on_commit=False) as db:
            self._equip(db, writes=True)
            yield db
            facts = await log.number(db, self.clock())
            await db.commit()
        if self.teller is None:
            return
        if facts:
            await self.teller.tell(facts)
        for stir in stirs.stirred(db):
            await self.teller.stir(stir.channel, stir.type, stir.ids)

    def note_epoch(self, epoch: str) -> None:
        """In another life of the log a number may stand for something else: what was remembered by numbers is forgotten."""
        if epoch != self._epoch:
            self._memory.clear()
        self._epoch = epoch

    async def close(self) -> None:
        await self.engine.dispose()

    def kept(self, name: str, channel: str) -> Any:
        """What `remembered` would say without asking, so that nobody opens a session for it; None where it would ask."""
        position, thing = self._memory.get(name, (None, None))
        return thing if position is not None and position == self.known(channel) else None

    def _equip(self, db: AsyncSession, **also: Any) -> None:
        db.info.update(clock=self.clock, asks_time=self.asks_time, memory=self._memory, known=self.known, **also)

    def _alone(self) -> AbstractAsyncContextManager[Any]:
        return self._turn if self._turn is not None else nullcontext()


def now(db: AsyncSession) -> datetime:
    """The time of this session's store: tests and simulations bring their own clock."""
    clock: Clock = db.info["clock"]
    return clock()


async def database_now(db: AsyncSession) -> datetime:
    """The time that all processes share: PostgreSQL's own. On SQLite there is one machine, and its clock is as good."""
    if not db.info["asks_time"]:
        return now(db)
    at: datetime = (await (await db.connection()).execute(_NOW)).scalar_one()
    return at


async def remembered(db: AsyncSession, name: str, channel: str, read: Callable[[], Awaitable[Thing]]) -> Thing:
    """What is dear to read and seldom changes: read anew only when its channel of the log has moved on.

    It outlives the session that read it, so `read` must detach its rows.
    """
    memory: dict[str, tuple[int, Any]] = db.info["memory"]
    kept = memory.get(name)
    if kept is not None and kept[0] == db.info["known"](channel):
        return cast(Thing, kept[1])
    # Asked in this very session, once: what the process has heard of may be newer than what the session can see.
    positions: dict[str, int] = db.info.setdefault("positions", {})
    if channel not in positions:
        positions |= await log.tops(db, [channel])
    position = positions[channel]
    if kept is None or kept[0] != position:
        kept = memory[name] = position, await read()
    return cast(Thing, kept[1])


def detached(db: AsyncSession, row: Thing) -> Thing:
    """The row as it is now, no longer the session's."""
    db.expunge(row)
    return row


async def put(db: AsyncSession, statement: Insert, row: Mapping[str, Any]) -> sa.CursorResult[Any]:
    """Insert by a statement built once: on a busy path, building it anew costs more than running it."""
    return await (await db.connection()).execute(statement, row)


def into(table: type[SQLModel]) -> Insert:
    return sa.insert(SQLModel.metadata.tables[str(table.__tablename__)])


def upsert(db: AsyncSession, table: type[SQLModel]) -> Any:
    """An insert that may say what to do when the row is there already; both databases spell it alike, SQLAlchemy does not."""
    return (postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite_dialect.insert)(table)


def locked(db: AsyncSession, chosen: Any) -> Any:
    """In a transaction what is read stays so until COMMIT, lest a verb decide on what a colleague is changing."""
    return chosen.with_for_update(key_share=True) if "writes" in db.info else chosen


@asynccontextmanager
async def _lost_as_unavailable() -> AsyncIterator[None]:
    """A database that is away, full or out of connections is a 503 in words, never a traceback for the reader."""
    try:
        yield
    except LOST as lost:
        raise Unavailable() from lost
    except DBAPIError as failed:
        state = str(getattr(failed.orig, "sqlstate", None))
        if failed.connection_invalidated or state.startswith(AWAY) or "disk" in str(failed.orig).lower():
            raise Unavailable() from failed
        raise


def _engine(url: str, pool_size: int, alone: bool) -> AsyncEngine:
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=5, hide_parameters=True)
        sa.event.listen(engine.sync_engine, "checkin", _begin_rest)
        sa.event.listen(engine.sync_engine, "checkout", partial(_end_rest, engine.dialect))
        return engine
    path = sa.make_url(url).database or ""
    opened = partial(sqlite.connect, path, at_once=alone)
    engine = create_async_engine(
        url, async_creator=opened, pool_size=pool_size, max_overflow=20, pool_timeout=5, hide_parameters=True
    )
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _begin_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _end_rest(dialect: sa.Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """A connection that rested may be dead by now. One that works all the time is not asked: it would be a journey each time."""
    rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
    if rested < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except Exception as failed:  # the pool opens another one
        raise sa.exc.DisconnectionError() from failed


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 must not open transactions behind our back
    cursor = connection.cursor()
    for pragma in SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    keeps = not options.get("rebuilds")
    if connection.info.get("keeps", True) != keeps:  # before BEGIN: within a transaction it would have no effect
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if keeps else 'OFF'}")
        connection.info["keeps"] = keeps
    connection.exec_driver_sql("BEGIN" if options.get("ro") else "BEGIN IMMEDIATE")


def one_of(name: str, column: str, values: type[Any], *, nullable: bool = False) -> sa.CheckConstraint:
    """A CHECK that a text column holds one of an enum's values (a native enum would store names and need a migration)."""
    listed = ", ".join(f"'{member.value}'" for member in values)
    nothing = f" or {column} is null" if nullable else ""
    return sa.CheckConstraint(f"{column} in ({listed}){nothing}", name=name)


def partly(rows: str) -> dict[str, Any]:
    """Of an index: that it holds these rows only, as both databases are told it."""
    wanted = sa.text(rows)
    return {"postgresql_where": wanted, "sqlite_where": wanted}


Place = tuple[datetime, int]


def beyond(at: Any, key: Any, place: Place) -> sa.ColumnElement[bool]:
    """Rows after a place in a list that is ordered by a time and an id."""
    return sa.or_(at > place[0], sa.and_(at == place[0], key > place[1]))
