"""Tries to sign in: each further wrong one waits longer. Knows what was typed, never whether such an account exists.

A browser that signed in before keeps its owner's count apart, so no stranger can keep an account waiting by typing nonsense.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now, upsert
from engage.errors import TooMany

FREE_TRIES = 5
FREE_TRIES_ANYWHERE = 30
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
SAID_IN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. `device` names a browser that this account signed in with before."""

    address: str = ""
    port: int | None = None
    network: str = ""
    device: str = ""


class Attempt(SQLModel, table=True):
    """Tries in a row without a success, of one account from one place."""

    __tablename__ = "attempt"

    key: str = Field(primary_key=True, sa_type=sa.String(64))
    times: int
    wait_until: datetime | None = None
    tried_at: datetime


async def begin(db: AsyncSession, login: str, origin: Origin) -> None:
    """Counts the try before it is judged: a hundred at once are a hundred tries. Raises TooMany while a wait runs."""
    at = now(db)
    for key, free in sorted(_keys(login, origin).items()):
        row = upsert(db, Attempt).values(key=key, times=1, tried_at=at)
        more = row.on_conflict_do_update(
            index_elements=["key"], set_={"times": Attempt.times + 1, "tried_at": at}
        ).returning(col(Attempt.times), col(Attempt.wait_until))
        times, until = (await db.exec(more)).one()
        if until is not None and until > at:
            raise _waiting(until, at)
        await db.exec(sa.update(Attempt).where(col(Attempt.key) == key).values(wait_until=_until(times - free, at)))


async def forgive(db: AsyncSession, login: str, origin: Origin) -> None:
    await db.exec(sa.delete(Attempt).where(col(Attempt.key).in_(list(_keys(login, origin)))))


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(Attempt).where(col(Attempt.tried_at) < now(db) - FORGOTTEN_AFTER))


def _keys(login: str, origin: Origin) -> dict[str, int]:
    """Counter → how many tries are free."""
    if origin.device:
        return {_key(login, "device", origin.device): FREE_TRIES}
    return {_key(login, "network", origin.network): FREE_TRIES, _key(login, "anywhere", ""): FREE_TRIES_ANYWHERE}


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _until(over: int, at: datetime) -> datetime | None:
    return at + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None


def _waiting(until: datetime, at: datetime) -> TooMany:
    seconds = int((until - at).total_seconds()) + 1
    if seconds <= SAID_IN_SECONDS:
        return TooMany("sign_in_wait_seconds", until=until, n=seconds)
    return TooMany("sign_in_wait", until=until, n=-(-seconds // 60))
