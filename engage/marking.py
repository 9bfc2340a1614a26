"""Marking: what voters choose in a poll, and what is counted.

Figures are shown once it is closed, never of fewer than ten voters. A voter stands in the rows under a digest that is another
one in every poll (`voter_of`): nobody who reads the rows can tell who chose what, nor whether two polls had the same voter.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, polls, votes
from engage.db import locked, now, one_of
from engage.polls import SURFACE, Choice, Poll, State
from engage.votes import Ballot, Standing

LEAST_VOTERS = 10


class Marked(SQLModel, table=True):
    """One choice of one voter. Those beyond what may come from one address do not count (`votes`)."""

    __tablename__ = "poll_mark"
    __table_args__ = (one_of("poll_mark_standing", "standing", Standing),)

    poll_id: int = Field(primary_key=True, foreign_key="poll.id")
    voter: str = Field(primary_key=True, sa_type=sa.String(40))
    choice_id: int = Field(primary_key=True, foreign_key="poll_choice.id")
    at: datetime
    standing: str = Field(default=Standing.COUNTED, sa_type=sa.String(12))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a voter chooses now, instead of what they chose before. `source` is as a ballot's."""

    poll_id: int
    voter: str
    choices: frozenset[int]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A poll with its choices. While it is open, and where so few took part that one might tell who, nothing is counted."""

    poll: Poll
    choices: Sequence[Choice]
    voters: int | None = None
    times: Mapping[int, int] | None = None  # by choice

    @property
    def counted(self) -> Sequence[tuple[str, int]]:
        return () if self.times is None else [(one.words, self.times.get(one.key, 0)) for one in self.choices]


def voter_of(secret: str, poll_id: int, voter: str) -> str:
    """Of a voter as votes know one."""
    digest = hmac.new(secret.encode(), f"poll\0{poll_id}\0{voter}".encode(), hashlib.sha256)
    return digest.hexdigest()[: votes.DIGITS]


async def mark(db: AsyncSession, marks: Sequence[Mark], most: int) -> list[str | None]:
    """Many at once, in their order: of one voter's in one poll the last one holds, and may be changed until it is closed.
    For each the reason why it does not count, or None. `most` visitors at one address count.

    The polls are locked, so that none closes meanwhile, and no other process writes the same voter.
    """
    known = {poll.key: poll for poll in await _locked(db, {one.poll_id for one in marks})}
    offered = await polls.choices(db, known)
    reasons = [_why_not(one, known.get(one.poll_id), offered.get(one.poll_id, ()), now(db)) for one in marks]
    last = {(one.poll_id, one.voter): one for one, reason in zip(marks, reasons, strict=True) if reason is None}
    if last:
        await _write(db, list(last.values()), most)
    return reasons


async def _locked(db: AsyncSession, ids: Collection[int]) -> Sequence[Poll]:
    found: Sequence[Poll] = (await db.exec(locked(db, select(Poll).where(col(Poll.id).in_(ids)).order_by("id")))).all()
    return found


def _why_not(mark: Mark, poll: Poll | None, offered: Sequence[Choice], at: datetime) -> str | None:
    if poll is None or not poll.takes(at):
        return "poll_is_closed"
    if not mark.choices:
        return "poll_choice_missing"
    if not mark.choices <= {choice.key for choice in offered}:
        return "poll_choices_changed"
    return "poll_takes_one" if len(mark.choices) > 1 and not poll.several else None


async def _write(db: AsyncSession, marks: Sequence[Mark], most: int) -> None:
    before = await _standings(db, marks)
    aside = await _beyond(db, [one for one in marks if (one.poll_id, one.voter) not in before and one.source], most)
    standings = before | dict.fromkeys(aside, Standing.QUARANTINED)
    rows = [
        {"poll_id": one.poll_id, "voter": one.voter, "choice_id": choice, "at": now(db)}
        | {"standing": standings.get((one.poll_id, one.voter), Standing.COUNTED)}
        for one in marks
        for choice in sorted(one.choices)
    ]
    connection = await db.connection()
    if before:
        await connection.execute(_REMOVE, [{"of_poll": poll_id, "by_voter": voter} for poll_id, voter in before])
    await connection.execute(_INSERT, rows)


async def _beyond(db: AsyncSession, marks: Sequence[Mark], most: int) -> Sequence[tuple[int, str]]:
    """Of new voters those beyond what may come from one address in an hour."""
    ballots = [Ballot(SURFACE, one.poll_id, one.voter, source=one.source) for one in marks]
    aside, noticed = await votes.beyond(db, ballots, most)
    for _, poll_id in sorted(noticed):
        await audit.note(db, None, "votes.quarantined", poll=poll_id)
    return [(poll_id, voter) for _, poll_id, voter in aside]


async def _standings(db: AsyncSession, marks: Sequence[Mark]) -> dict[tuple[int, str], str]:
    """Of those who marked before: who changes their mind stands where they stood."""
    mine = {(one.poll_id, one.voter) for one in marks}
    before = select(col(Marked.poll_id), col(Marked.voter), col(Marked.standing)).where(
        col(Marked.poll_id).in_({one.poll_id for one in marks}), col(Marked.voter).in_({one.voter for one in marks})
    )
    found = (await db.exec(before)).all()
    return {(poll_id, voter): standing for poll_id, voter, standing in found if (poll_id, voter) in mine}


async def judge(db: AsyncSession, poll_id: int, standing: Standing) -> int:
    """Of what was set aside: count it, or keep it out. How many voters that were."""
    judged = [col(Marked.poll_id) == poll_id, col(Marked.standing) == Standing.QUARANTINED]
    voters = (await db.exec(select(func.count(sa.distinct(col(Marked.voter)))).where(*judged))).one()
    await db.exec(sa.update(Marked).where(*judged).values(standing=standing))
    return voters


async def is_marked(db: AsyncSession, poll_id: int) -> bool:
    """Whether somebody has: from then on its words stand, for a mark is about what its voter read."""
    return (await db.exec(select(Marked.poll_id).where(Marked.poll_id == poll_id).limit(1))).first() is not None


async def marked(db: AsyncSession, poll_id: int, voter: str) -> frozenset[int]:
    """What this voter chose, wherever it stands: who was set aside is not told."""
    mine = select(col(Marked.choice_id)).where(Marked.poll_id == poll_id, Marked.voter == voter)
    return frozenset((await db.exec(mine)).all())


async def voters(
    db: AsyncSession, poll_ids: Collection[int], standing: Standing = Standing.COUNTED
) -> Mapping[int, int]:
    """How many took part, by poll."""
    counted = select(col(Marked.poll_id), func.count(sa.distinct(col(Marked.voter)))).where(
        col(Marked.poll_id).in_(poll_ids), col(Marked.standing) == standing
    )
    found = (await db.exec(counted.group_by(col(Marked.poll_id)))).all()
    return dict.fromkeys(poll_ids, 0) | {int(poll): int(times) for poll, times in found}


async def results(db: AsyncSession, held: Sequence[Poll]) -> list[Result]:
    """In their order; counted are those that are closed, of ten voters and more."""
    offered = await polls.choices(db, [poll.key for poll in held])
    took_part = await voters(db, [poll.key for poll in held if poll.state == State.CLOSED])
    told = {poll_id: number for poll_id, number in took_part.items() if number >= LEAST_VOTERS}
    times = await _times(db, told)
    return [
        replace(result, voters=told[result.poll.key], times=times) if result.poll.key in told else result
        for result in (Result(poll, offered[poll.key]) for poll in held)
    ]


async def _times(db: AsyncSession, poll_ids: Collection[int]) -> Mapping[int, int]:
    if not poll_ids:
        return {}
    counted = select(col(Marked.choice_id), func.count()).where(
        col(Marked.poll_id).in_(poll_ids), col(Marked.standing) == Standing.COUNTED
    )
    return {int(one): int(n) for one, n in (await db.exec(counted.group_by(col(Marked.choice_id)))).all()}


# Built once: building them would cost as much as running them.
_INSERT = sa.insert(SQLModel.metadata.tables["poll_mark"])
_REMOVE = sa.delete(Marked).where(
    col(Marked.poll_id) == sa.bindparam("of_poll"), col(Marked.voter) == sa.bindparam("by_voter")
)
