"""Who did what and when: rows of ids, kinds and codes, written in the transaction that acts, chained by the worker. Never a text.

A row names its actor by a keyed hash; the key is a row of its own that goes with the person, and then nobody can tell any more.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import chain
from engage.chain import Head, Link
from engage.db import now, upsert
from engage.people import Kind, Person

TIP = 1
AT_ONCE = 500


class Audit(SQLModel, table=True):
    """`place` and `hash` come from the worker. `times` is more than one where something was counted over a minute."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str = Field(sa_type=sa.String(64), index=True)
    kind: str = Field(sa_type=sa.String(40), index=True)
    reason: str = Field(default="", sa_type=sa.String(40))
    ids: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    times: int = 1
    place: int | None = Field(default=None, unique=True)
    hash: str | None = Field(default=None, sa_type=sa.String(64))


class AuditKey(SQLModel, table=True):
    """What ties a person to their rows."""

    __tablename__ = "audit_key"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(sa_type=sa.String(64))


class AuditTally(SQLModel, table=True):
    """What happens too often for a row each; the worker turns a minute that is over into one row."""

    __tablename__ = "audit_tally"

    minute: datetime = Field(primary_key=True)
    actor: str = Field(primary_key=True, sa_type=sa.String(64))
    kind: str = Field(primary_key=True, sa_type=sa.String(40))
    reason: str = Field(primary_key=True, sa_type=sa.String(40))
    times: int = 1


class AuditTip(SQLModel, table=True):
    """One row, locked by whoever chains: two workers take turns."""

    __tablename__ = "audit_tip"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int
    hash: str = Field(sa_type=sa.String(64))


async def note(db: AsyncSession, by: int | None, kind: str, *, reason: str = "", **ids: int | None) -> None:
    """One line in the verb that acts. `by` None is the house itself."""
    named = {name: number for name, number in ids.items() if number is not None}
    db.add(Audit(at=now(db), actor=await _mark(db, by), kind=kind, reason=reason, ids=named))
    await db.flush()


async def count(db: AsyncSession, by: int | None, kind: str, *, reason: str = "") -> None:
    """For what a person may do any number of times a minute."""
    minute = now(db).replace(second=0, microsecond=0)
    row = upsert(db, AuditTally).values(minute=minute, actor=await _mark(db, by), kind=kind, reason=reason, times=1)
    keys = ["minute", "actor", "kind", "reason"]
    await db.exec(row.on_conflict_do_update(index_elements=keys, set_={"times": AuditTally.times + 1}))


async def forget(db: AsyncSession, person_id: int) -> None:
    """The rows stay; whose they were is gone for good."""
    await db.exec(sa.delete(AuditKey).where(col(AuditKey.person_id) == person_id))


# Reading


async def actors(db: AsyncSession) -> Mapping[str, tuple[int, str]]:
    """Mark → (id, name) of everybody on the staff who ever acted."""
    known = select(AuditKey, col(Person.name)).join(Person, col(Person.id) == col(AuditKey.person_id))
    rows = (await db.exec(known.where(Person.kind == Kind.STAFF))).all()
    return {_hash(row.key, row.person_id): (row.person_id, name) for row, name in rows}


async def mark_of(db: AsyncSession, person_id: int) -> str:
    row = await db.get(AuditKey, person_id)
    return _hash(row.key, person_id) if row else "nobody"


async def newest(
    db: AsyncSession,
    most: int,
    *,
    before: int | None = None,
    actor: str = "",
    kind: str = "",
    since: datetime | None = None,
) -> Sequence[Audit]:
    """From the newest to the oldest; `before` is the last id of the page before."""
    found = select(Audit).order_by(col(Audit.id).desc()).limit(most)
    wanted = [
        *((col(Audit.id) < before,) if before is not None else ()),
        *((col(Audit.actor) == actor,) if actor else ()),
        *((col(Audit.kind) == kind,) if kind else ()),
        *((col(Audit.at) >= since,) if since else ()),
    ]
    return (await db.exec(found.where(*wanted))).all()


async def at_place(db: AsyncSession, place: int) -> Audit | None:
    return (await db.exec(select(Audit).where(Audit.place == place))).one_or_none()


async def links(db: AsyncSession) -> AsyncIterator[Link]:
    """The whole chain by place, a few hundred rows at a time."""
    last = 0
    while True:
        found = select(Audit).where(col(Audit.place) > last).order_by(col(Audit.place)).limit(AT_ONCE)
        rows = (await db.exec(found.execution_options(populate_existing=True))).all()
        if not rows:
            return
        for row in rows:
            last = row.place or 0
            yield Link(last, row.id or 0, text(row), row.hash or "")
            db.expunge(row)


def text(row: Audit) -> str:
    """Everything a row says, always in the same words."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps([row.id, at, row.actor, row.kind, row.reason, row.times, row.ids], sort_keys=True)


# The worker's part


async def is_waiting(db: AsyncSession) -> bool:
    """Asked before a transaction is opened: most of the time there is nothing to chain."""
    rows = select(col(Audit.id)).where(col(Audit.place).is_(None)).limit(1)
    this_minute = now(db).replace(second=0, microsecond=0)
    tallies = select(col(AuditTally.times)).where(col(AuditTally.minute) < this_minute).limit(1)
    return bool((await db.exec(rows)).first() or (await db.exec(tallies)).first())


async def settle_tallies(db: AsyncSession) -> int:
    """A minute that is over becomes one row a person and kind."""
    this_minute = now(db).replace(second=0, microsecond=0)
    over = sa.delete(AuditTally).where(col(AuditTally.minute) < this_minute).returning(AuditTally)
    tallies = (await db.exec(over.execution_options(synchronize_session=False))).scalars().all()
    db.add_all(
        Audit(at=one.minute, actor=one.actor, kind=one.kind, reason=one.reason, times=one.times) for one in tallies
    )
    await db.flush()
    return len(tallies)


async def chain_waiting(db: AsyncSession) -> int:
    """Give every row that waits its place, in the order of ids. A row that is committed later comes later, whatever its id."""
    await db.exec(upsert(db, AuditTip).values(id=TIP, place=0, hash=chain.START).on_conflict_do_nothing())
    tip = (await db.exec(select(AuditTip).where(AuditTip.id == TIP).with_for_update())).one()
    waiting = select(Audit).where(col(Audit.place).is_(None)).order_by(col(Audit.id)).limit(AT_ONCE)
    rows = (await db.exec(waiting)).all()
    for row in rows:
        tip.place += 1
        row.place = tip.place
        row.hash = tip.hash = chain.joined(tip.hash, tip.place, text(row))
        db.add(row)
    db.add(tip)
    await db.flush()
    return len(rows)


async def head(db: AsyncSession) -> Head | None:
    """Where the chain ends now; None while there is no chain."""
    newest = select(Audit).where(col(Audit.place).is_not(None)).order_by(col(Audit.place).desc()).limit(1)
    row = (await db.exec(newest)).one_or_none()
    at = now(db).isoformat(timespec="seconds")
    return Head(at, row.place or 0, row.id or 0, row.hash or "") if row else None


async def _mark(db: AsyncSession, by: int | None) -> str:
    if by is None:
        return ""
    known = select(col(AuditKey.key)).where(AuditKey.person_id == by)
    key = (await db.exec(known)).one_or_none()
    if key is None:  # of two at once one wins, and both use that key
        fresh: Any = upsert(db, AuditKey).values(person_id=by, key=secrets.token_hex(32))
        await db.exec(fresh.on_conflict_do_nothing())
        key = (await db.exec(known)).one()
    return _hash(key, by)


def _hash(key: str, person_id: int) -> str:
    return hmac.new(key.encode(), str(person_id).encode(), hashlib.sha256).hexdigest()
