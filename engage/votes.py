"""Votes on a text ("I ask this too"): one row per voter and text, and what is counted is what the rows say. Knows no noun.

A voter is a signed-in person, or a visitor who has our cookie; never an address. Where many visitors vote from one address within
an hour, those beyond what the policy allows are set aside: kept, not counted, until a moderator says what they are.
"""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now, one_of, upsert

PERSON, VISITOR, GONE = "p:", "v:", "g:"
DIGITS = 32  # of a visitor's digest
SOURCES_KEPT = timedelta(hours=2)
Thing = tuple[str, int]
Key = tuple[str, int, str]


class Standing(StrEnum):
    COUNTED = "counted"
    QUARANTINED = "quarantined"  # until a moderator has looked
    KEPT_OUT = "kept_out"


_ASIDE = sa.text("standing <> 'counted'")


class Vote(SQLModel, table=True):
    """The order of the key serves both questions: whether somebody voted, and how many did."""

    __tablename__ = "vote"
    __table_args__ = (
        one_of("vote_standing", "standing", Standing),
        sa.Index("vote_aside", "surface", "thing_id", postgresql_where=_ASIDE, sqlite_where=_ASIDE),
    )

    surface: str = Field(primary_key=True, sa_type=sa.String(20))
    thing_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    voter: str = Field(primary_key=True, sa_type=sa.String(40), index=True)
    since: datetime
    standing: str = Field(default=Standing.COUNTED, sa_type=sa.String(12))


class VoteSource(SQLModel, table=True):
    """How many visitors at one address voted on a text within an hour. The address is a hash, whose key is another one each day."""

    __tablename__ = "vote_source"

    hour: datetime = Field(primary_key=True)
    surface: str = Field(primary_key=True, sa_type=sa.String(20))
    thing_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(primary_key=True, sa_type=sa.String(16))
    times: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one voter wants: their vote given, or taken back. `source` is where a visitor is, as `source_of` hides it;
    empty for a person."""

    surface: str
    thing_id: int
    voter: str
    on: bool = True
    source: str = ""

    @property
    def key(self) -> Key:
        return self.surface, self.thing_id, self.voter


def of_person(person_id: int) -> str:
    return f"{PERSON}{person_id}"


def of_visitor(visitor: str) -> str:
    """Nobody can tell from the row which cookie it was."""
    return VISITOR + hashlib.sha256(visitor.encode()).hexdigest()[:DIGITS]


def source_of(secret: str, address: str, at: datetime) -> str:
    return hmac.new(secret.encode(), f"vote\0{at.date()}\0{address}".encode(), hashlib.sha256).hexdigest()[:16]


async def cast(db: AsyncSession, ballots: Collection[Ballot], most: int) -> set[Thing]:
    """Many at once, each voter at most once a text: a vote that is given twice is one. `most` visitors at one address count.
    Texts of which an address has just now gone beyond that.

    Sorted, so that two processes never wait for each other crosswise.
    """
    ordered = sorted(ballots, key=lambda one: one.key)
    given = await _new(db, [one for one in ordered if one.on])
    aside, noticed = await beyond(db, [one for one in given if one.source], most)
    if given:
        at, names = now(db), ("surface", "thing_id", "voter")
        rows = [
            dict(zip(names, one.key, strict=True)) | {"since": at, "standing": _standing(one, aside)} for one in given
        ]
        await (await db.connection()).execute(upsert(db, Vote).on_conflict_do_nothing(), rows)
    if taken_back := [one.key for one in ordered if not one.on]:
        await (await db.connection()).execute(_REMOVE, [dict(zip(_REMOVED, key, strict=True)) for key in taken_back])
    return noticed


async def join(db: AsyncSession, surface: str, thing_id: int, person_id: int) -> None:
    """An asker whose question goes on as another one asks it too, without a click."""
    row = upsert(db, Vote).values(
        standing=Standing.COUNTED, surface=surface, thing_id=thing_id, voter=of_person(person_id), since=now(db)
    )
    await db.exec(row.on_conflict_do_nothing())


async def part(db: AsyncSession, surface: str, thing_id: int, person_id: int) -> None:
    """The asker's question is one of its own again."""
    await db.exec(sa.delete(Vote).where(*_is(surface, thing_id), col(Vote.voter) == of_person(person_id)))


async def given_by(db: AsyncSession, person_id: int) -> Sequence[Vote]:
    mine = select(Vote).where(Vote.voter == of_person(person_id)).order_by(col(Vote.since).desc())
    return (await db.exec(mine)).all()


async def forget(db: AsyncSession, person_id: int) -> None:
    """What they voted on counts on; that it was them is gone."""
    for vote in await given_by(db, person_id):
        key = col(Vote.surface) == vote.surface, col(Vote.thing_id) == vote.thing_id, col(Vote.voter) == vote.voter
        await db.exec(sa.update(Vote).where(*key).values(voter=GONE + secrets.token_hex(DIGITS // 2)))


async def counts(db: AsyncSession, surface: str, thing_ids: Collection[int]) -> dict[int, int]:
    """By text; those without votes are left out."""
    if not thing_ids:
        return {}
    rows = await (await db.connection()).execute(_COUNTS, {"surface": surface, "ids": list(thing_ids)})
    return {int(thing): int(times) for thing, times in rows.all()}


async def count(db: AsyncSession, surface: str, *thing_ids: int) -> int:
    """Everybody once, on whichever of these texts they voted."""
    voters = sa.distinct(col(Vote.voter))
    return (await db.exec(select(func.count(voters)).where(*_is(surface, *thing_ids), _COUNTED))).one()


async def has_voted(db: AsyncSession, voter: str, surface: str, *thing_ids: int) -> bool:
    """Wherever the vote stands: who was set aside is not told."""
    mine = select(col(Vote.thing_id)).where(*_is(surface, *thing_ids), col(Vote.voter) == voter).limit(1)
    return (await db.exec(mine)).first() is not None


async def aside(db: AsyncSession, surface: str, *thing_ids: int) -> Mapping[str, int]:
    """How many votes do not count, by where they stand."""
    found = select(col(Vote.standing), func.count()).where(*_is(surface, *thing_ids), _ASIDE)
    return {str(standing): int(times) for standing, times in (await db.exec(found.group_by(col(Vote.standing)))).all()}


async def judge(db: AsyncSession, surface: str, thing_ids: Sequence[int], standing: Standing) -> int:
    """Of what was set aside: count it, or keep it out. How many that were."""
    judged = sa.update(Vote).where(*_is(surface, *thing_ids), _ASIDE, col(Vote.standing) != standing)
    done = await db.exec(judged.values(standing=standing).execution_options(synchronize_session=False))
    return int(done.rowcount)


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(VoteSource).where(col(VoteSource.hour) < now(db) - SOURCES_KEPT))


async def _new(db: AsyncSession, ballots: Sequence[Ballot]) -> list[Ballot]:
    """Those whose votes are not there yet."""
    if not ballots:
        return []
    surfaces, things, voters = (set(part) for part in zip(*(one.key for one in ballots), strict=True))
    known = select(col(Vote.surface), col(Vote.thing_id), col(Vote.voter)).where(
        col(Vote.surface).in_(surfaces), col(Vote.thing_id).in_(things), col(Vote.voter).in_(voters)
    )
    there = set((await db.exec(known)).all())
    return [one for one in ballots if one.key not in there]


async def beyond(db: AsyncSession, ballots: Sequence[Ballot], most: int) -> tuple[set[Key], set[Thing]]:
    """Those beyond what may come from one address in this hour; and the texts of which that happens for the first time."""
    times = Counter((one.surface, one.thing_id, one.source) for one in ballots)
    if not times:
        return set(), set()
    hour, names = now(db).replace(minute=0, second=0, microsecond=0), ("surface", "thing_id", "source")
    rows = [dict(zip(names, key, strict=True)) | {"hour": hour, "times": times[key]} for key in sorted(times)]
    one_more: Any = upsert(db, VoteSource)
    one_more = one_more.on_conflict_do_update(
        index_elements=["hour", *names], set_={"times": VoteSource.times + one_more.excluded.times}
    )
    said = one_more.returning(*(getattr(VoteSource, name) for name in (*names, "times")))
    after = {(row[0], row[1], row[2]): row[3] for row in (await (await db.connection()).execute(said, rows)).all()}
    left = {key: most - (after[key] - times[key]) for key in times}
    noticed = {key[:2] for key in times if 0 <= left[key] < times[key]}
    beyond = set()
    for one in ballots:
        key = one.surface, one.thing_id, one.source
        left[key] -= 1
        if left[key] < 0:
            beyond.add(one.key)
    return beyond, noticed


def _standing(ballot: Ballot, aside: Collection[Key]) -> Standing:
    return Standing.QUARANTINED if ballot.key in aside else Standing.COUNTED


_COUNTED = col(Vote.standing) == Standing.COUNTED
# Built once: for a list of twenty, building it would cost as much as running it.
_COUNTS = (
    sa.select(col(Vote.thing_id), func.count())
    .where(
        col(Vote.surface) == sa.bindparam("surface"),
        col(Vote.thing_id).in_(sa.bindparam("ids", expanding=True)),
        _COUNTED,
    )
    .group_by(col(Vote.thing_id))
)
_REMOVED = "from_surface", "from_thing", "by_voter"
_REMOVE = sa.delete(Vote).where(
    *(
        column == sa.bindparam(name)
        for column, name in zip((Vote.surface, Vote.thing_id, Vote.voter), _REMOVED, strict=True)
    )
)


def _is(surface: str, *thing_ids: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Vote.surface) == surface, col(Vote.thing_id).in_(thing_ids)
