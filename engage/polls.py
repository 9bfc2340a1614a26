"""Polls: one question to everybody, one or several choices. Figures are shown once it is closed, never of fewer than ten voters."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import locked, now
from engage.errors import Conflict, NotFound, Refused
from live import stirs

LEAST_CHOICES, MOST_CHOICES, LEAST_VOTERS = 2, 10, 10


class Poll(SQLModel, table=True):
    """About a thing of any surface; where it is shown is that surface's affair."""

    __tablename__ = "poll"
    __table_args__ = (sa.Index("poll_of", "surface", "thing_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    words: str = Field(sa_type=sa.String(300))
    several: bool = False
    made_by: int = Field(foreign_key="person.id")
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the poll is not stored yet")
        return self.id

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class Choice(SQLModel, table=True):
    __tablename__ = "poll_choice"

    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="poll.id", index=True)
    place: int
    words: str = Field(sa_type=sa.String(200))


class Marked(SQLModel, table=True):
    """One choice of one voter."""

    __tablename__ = "poll_mark"

    poll_id: int = Field(primary_key=True, foreign_key="poll.id")
    voter: str = Field(primary_key=True, sa_type=sa.String(70))
    choice_id: int = Field(primary_key=True, foreign_key="poll_choice.id")
    at: datetime


async def make(
    db: AsyncSession, surface: str, thing_id: int, words: str, choices: Sequence[str], *, several: bool, by: int
) -> Poll:
    """Not open yet. Raises Refused for too few or too many different choices."""
    different = list(dict.fromkeys(choice for choice in choices if choice))
    if not words:
        raise Refused("poll_words_missing", field="words")
    if not LEAST_CHOICES <= len(different) <= MOST_CHOICES:
        raise Refused("poll_choices", field="choices", least=LEAST_CHOICES, most=MOST_CHOICES)
    poll = Poll(surface=surface, thing_id=thing_id, words=words, several=several, made_by=by)
    db.add(poll)
    await db.flush()
    db.add_all(Choice(poll_id=poll.key, place=place, words=choice) for place, choice in enumerate(different))
    await db.flush()
    return poll


async def open_(db: AsyncSession, poll: Poll) -> None:
    if poll.opened_at is not None:
        raise Conflict("moved_on")
    poll.opened_at = now(db)
    db.add(poll)
    await db.flush()


async def close(db: AsyncSession, poll: Poll) -> None:
    if not poll.is_open:
        raise Conflict("moved_on")
    poll.closed_at = now(db)
    db.add(poll)
    await db.flush()


async def mark(db: AsyncSession, poll: Poll, voter: str, choice_ids: Sequence[int], channel: str) -> None:
    """What this voter chooses now, instead of what they chose before; nothing takes it back."""
    if not poll.is_open:
        raise Refused("poll_is_closed")
    wanted = set(choice_ids)
    if not wanted <= {choice.id for choice in await choices(db, poll.key)}:
        raise Refused("unknown_choice", field="choice")
    if len(wanted) > 1 and not poll.several:
        raise Refused("poll_takes_one", field="choice")
    await db.exec(sa.delete(Marked).where(col(Marked.poll_id) == poll.key, col(Marked.voter) == voter))
    db.add_all(Marked(poll_id=poll.key, voter=voter, choice_id=one, at=now(db)) for one in sorted(wanted))
    await db.flush()
    stirs.stir(db, channel, "voters", poll.key)


async def one(db: AsyncSession, surface: str, thing_id: int, poll_id: int) -> Poll:
    found = select(Poll).where(Poll.id == poll_id, Poll.surface == surface, Poll.thing_id == thing_id)
    poll: Poll | None = (await db.exec(locked(db, found))).one_or_none()
    if poll is None:
        raise NotFound()
    return poll


async def of(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Poll]:
    found = select(Poll).where(Poll.surface == surface, Poll.thing_id == thing_id)
    return (await db.exec(found.order_by(col(Poll.id)))).all()


async def choices(db: AsyncSession, poll_id: int) -> Sequence[Choice]:
    return (await db.exec(select(Choice).where(Choice.poll_id == poll_id).order_by(col(Choice.place)))).all()


async def marked(db: AsyncSession, poll_id: int, voter: str) -> frozenset[int]:
    """What this voter chose."""
    mine = select(col(Marked.choice_id)).where(Marked.poll_id == poll_id, Marked.voter == voter)
    return frozenset((await db.exec(mine)).all())


async def voters(db: AsyncSession, poll_ids: Sequence[int]) -> Mapping[int, int]:
    """How many took part, by poll."""
    counted = select(col(Marked.poll_id), func.count(sa.distinct(col(Marked.voter)))).where(
        col(Marked.poll_id).in_(poll_ids)
    )
    return {int(poll): int(times) for poll, times in (await db.exec(counted.group_by(col(Marked.poll_id)))).all()}


async def figures(db: AsyncSession, poll: Poll) -> Mapping[int, int] | None:
    """Votes by choice; None while it is open, or when so few took part that one might tell who."""
    if poll.closed_at is None or (await voters(db, [poll.key])).get(poll.key, 0) < LEAST_VOTERS:
        return None
    counted = select(col(Marked.choice_id), func.count()).where(Marked.poll_id == poll.key)
    found = (await db.exec(counted.group_by(col(Marked.choice_id)))).all()
    return {choice.id or 0: 0 for choice in await choices(db, poll.key)} | {int(one): int(n) for one, n in found}
