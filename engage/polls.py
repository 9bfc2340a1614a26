"""Polls: one question to everybody, one or several choices. The rows, their states, finding one. Knows no noun, nor who votes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import locked, one_of
from engage.errors import NotFound, Refused
from engage.moves import Moves

SURFACE = "poll"
LEAST_CHOICES, MOST_CHOICES = 2, 10
LONGEST_WORDS, LONGEST_CHOICE = 300, 200


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


MOVES: Moves = {
    State.DRAFT: frozenset({State.OPEN, State.WITHDRAWN}),
    State.OPEN: frozenset({State.CLOSED, State.WITHDRAWN}),
    State.CLOSED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


class Poll(SQLModel, table=True):
    """About a thing of any surface; where it is shown is that surface's affair."""

    __tablename__ = SURFACE
    __table_args__ = (one_of("poll_state", "state", State), sa.Index("poll_of", "surface", "thing_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    state: str = Field(default=State.DRAFT, sa_type=sa.String(10))
    words: str = Field(sa_type=sa.String(LONGEST_WORDS))
    several: bool = False
    made_by: int = Field(foreign_key="person.id")
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closes_at: datetime | None = None  # by itself; in a dialogue somebody closes it
    reason: str = Field(default="", sa_type=sa.String(500))  # why it was withdrawn
    on_screen: bool = False  # in the hall, at most one of a thing

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the poll is not stored yet")
        return self.id

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    def takes(self, at: datetime) -> bool:
        """Marks, at that moment: also before the worker has closed what is over."""
        return self.is_open and (self.closes_at is None or at < self.closes_at)

    @property
    def is_public(self) -> bool:
        """Whether readers have seen it."""
        return self.opened_at is not None


class Choice(SQLModel, table=True):
    """Its id is never another choice's: whoever read the old ones must not be counted for a new one."""

    __tablename__ = "poll_choice"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="poll.id", index=True)
    place: int
    words: str = Field(sa_type=sa.String(LONGEST_CHOICE))

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the choice is not stored yet")
        return self.id


# What a poll asks


async def make(
    db: AsyncSession, surface: str, thing_id: int, words: str, choices: Sequence[str], *, several: bool, by: int
) -> Poll:
    """Not open yet. Raises Refused for too few or too many different choices."""
    different = _checked(words, choices)
    poll = Poll(surface=surface, thing_id=thing_id, words=words, several=several, made_by=by)
    db.add(poll)
    await db.flush()
    await _offer(db, poll, different)
    return poll


async def reword(db: AsyncSession, poll: Poll, words: str, choices: Sequence[str], *, several: bool) -> None:
    """Other words, and other choices."""
    different = _checked(words, choices)
    poll.words, poll.several = words, several
    db.add(poll)
    await db.exec(sa.delete(Choice).where(col(Choice.poll_id) == poll.key))
    await _offer(db, poll, different)


def _checked(words: str, choices: Sequence[str]) -> Sequence[str]:
    different = list(dict.fromkeys(choice for choice in choices if choice))
    if not words:
        raise Refused("poll_words_missing", field="words")
    if not LEAST_CHOICES <= len(different) <= MOST_CHOICES:
        raise Refused("poll_choices", field="choices", least=LEAST_CHOICES, most=MOST_CHOICES)
    if any(len(choice) > LONGEST_CHOICE for choice in different):
        raise Refused("poll_choice_too_long", field="choices", most=LONGEST_CHOICE)
    return different


async def _offer(db: AsyncSession, poll: Poll, choices: Sequence[str]) -> None:
    db.add_all(Choice(poll_id=poll.key, place=place, words=choice) for place, choice in enumerate(choices))
    await db.flush()


# Finding


async def one(db: AsyncSession, surface: str, thing_id: int, poll_id: int) -> Poll:
    found = select(Poll).where(Poll.id == poll_id, Poll.surface == surface, Poll.thing_id == thing_id)
    poll: Poll | None = (await db.exec(locked(db, found))).one_or_none()
    if poll is None:
        raise NotFound()
    return poll


async def of(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Poll]:
    """As they were made."""
    found = select(Poll).where(Poll.surface == surface, Poll.thing_id == thing_id)
    return (await db.exec(found.order_by(col(Poll.id)))).all()


async def choices(db: AsyncSession, poll_ids: Collection[int]) -> Mapping[int, Sequence[Choice]]:
    """By poll, as they are read."""
    found: dict[int, list[Choice]] = {poll_id: [] for poll_id in poll_ids}
    chosen = select(Choice).where(col(Choice.poll_id).in_(poll_ids))
    for choice in (await db.exec(chosen.order_by(col(Choice.poll_id), col(Choice.place)))).all():
        found[choice.poll_id].append(choice)
    return found
