"""The log: every fact of a channel has a number 1, 2, 3 …, given inside the transaction that made it true.

It holds no words, only ids; what is sent is made at sending, from the rows as they are then.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

NOTES = "live.notes"


class Channel(SQLModel, table=True):
    """The newest number of a channel; its row lock is what puts the writers of one channel in a line."""

    __tablename__ = "live_channel"

    name: str = Field(primary_key=True, max_length=80)
    top: int = Field(sa_type=sa.BigInteger)


class Event(SQLModel, table=True):
    """A fact as it is kept."""

    __tablename__ = "live_event"
    __table_args__ = (sa.Index("ix_live_event_at", "at"),)

    channel: str = Field(primary_key=True, max_length=80)
    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    type: str = Field(max_length=40)
    ids: dict[str, int] = Field(sa_type=sa.JSON)
    revision: int | None = None
    at: datetime


class Epoch(SQLModel, table=True):
    """The one row that changes when numbers may have gone back: a restore from backup."""

    __tablename__ = "live_epoch"

    id: int = Field(default=1, primary_key=True)
    value: str = Field(max_length=40)


@dataclass(frozen=True, slots=True)
class Fact:
    """What one transaction made true, with the number it got."""

    channel: str
    number: int
    type: str
    ids: dict[str, int]
    revision: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Note:
    channel: str
    type: str
    ids: dict[str, int]
    revision: int | None


def record(db: AsyncSession, channel: str, type: str, *, revision: int | None = None, **ids: int) -> None:
    """Note a fact; `number` writes it just before COMMIT. A session that rolls back must not be used again."""
    db.info.setdefault(NOTES, []).append(_Note(channel, type, ids, revision))


async def number(db: AsyncSession, at: datetime) -> list[Fact]:
    """Write and number what was noted. Only the transaction calls this, as the last thing before COMMIT:
    from here on every other writer of these channels waits."""
    notes: list[_Note] = db.info.pop(NOTES, [])
    if not notes:
        return []
    connection = await db.connection()
    steps = Counter(note.channel for note in notes)
    # Sorted, so that two transactions never lock the same two channels crosswise.
    rows = [{"name": name, "top": steps[name]} for name in sorted(steps)]
    tops = await connection.execute(_RAISE_TOPS[connection.dialect.name], rows)
    last = {name: top - steps[name] for name, top in tops}
    facts = []
    for note in notes:
        last[note.channel] += 1
        facts.append(Fact(note.channel, last[note.channel], note.type, note.ids, note.revision, at))
    await connection.execute(_ADD_EVENTS, [_row(fact) for fact in facts])
    return facts


async def since(db: AsyncSession, channel: str, after: int, limit: int = 500) -> list[Event]:
    """The facts that follow `after`, oldest first."""
    asked = {"channel": channel, "after": after, "limit": limit}
    found = await (await db.connection()).execute(_SINCE, asked)
    return [Event(**row) for row in found.mappings()]


async def tops(db: AsyncSession, names: Iterable[str]) -> dict[str, int]:
    """The newest number of each named channel; 0 where nothing happened yet."""
    wanted = sorted(set(names))
    found = await db.exec(select(Channel.name, Channel.top).where(col(Channel.name).in_(wanted)))
    return dict.fromkeys(wanted, 0) | dict(found.all())


async def floor(db: AsyncSession, channel: str) -> int | None:
    """The oldest number that is still kept; None when nothing is."""
    oldest = select(Event.number).where(Event.channel == channel).order_by(col(Event.number)).limit(1)
    return (await db.exec(oldest)).first()


async def recent(db: AsyncSession, after_time: datetime) -> dict[str, int]:
    """The newest number of every channel that has a fact younger than `after_time`."""
    found = await db.exec(select(Event.channel, Event.number).where(Event.at > after_time))
    newest: dict[str, int] = {}
    # The maximum is taken here: GROUP BY tempts the planner away from the index on time.
    for channel, number in found:
        if number > newest.get(channel, 0):
            newest[channel] = number
    return newest


async def epoch(db: AsyncSession) -> str:
    """Which life of the log this is. Raises LookupError before the first `new_epoch`."""
    value = (await db.exec(select(Epoch.value).where(Epoch.id == 1))).first()
    if value is None:
        raise LookupError("the log has no epoch yet: migrate and seed first")
    return value


async def new_epoch(db: AsyncSession) -> str:
    """Start another life of the log; every listener fetches a fresh snapshot."""
    value = secrets.token_hex(6)
    row = await db.get(Epoch, 1) or Epoch(id=1, value=value)
    row.value = value
    db.add(row)
    await db.flush()
    return value


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "channel": fact.channel,
        "number": fact.number,
        "type": fact.type,
        "ids": fact.ids,
        "revision": fact.revision,
        "at": fact.at,
    }


_CHANNELS = SQLModel.metadata.tables["live_channel"]
_EVENTS = SQLModel.metadata.tables["live_event"]
_ADD_EVENTS = sa.insert(_EVENTS)
_SINCE = (
    sa.select(_EVENTS)
    .where(_EVENTS.c.channel == sa.bindparam("channel"), _EVENTS.c.number > sa.bindparam("after"))
    .order_by(_EVENTS.c.number)
    .limit(sa.bindparam("limit"))
)


def _raise_tops(insert: postgresql.Insert | sqlite.Insert) -> sa.sql.dml.ReturningInsert[str, int]:
    raised = insert.on_conflict_do_update(
        index_elements=[_CHANNELS.c.name], set_={"top": _CHANNELS.c.top + insert.excluded.top}
    )
    return raised.returning(_CHANNELS.c.name, _CHANNELS.c.top)


# Built once: compiling them anew would cost more than running them.
_RAISE_TOPS = {
    "sqlite": _raise_tops(sqlite.insert(_CHANNELS)),
    "postgresql": _raise_tops(postgresql.insert(_CHANNELS)),
}
