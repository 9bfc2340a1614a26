"""Flags: what readers report in public texts, and how much each counts. Knows no noun, and takes nothing down.

A flag belongs to the words that its reader saw; whoever reads other words may flag anew. How much it counts is settled when it is
made: by who made it, by what became of that reader's earlier flags, and by whether somebody at the same address was first.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices
from engage.ask import Lines
from engage.db import MOST_ID, locked, now, one_of
from engage.notices import Kind
from engage.people import Kind as PersonKind
from engage.people import Person
from engage.votes import DIGITS, GONE, of_person
from moderation import raising

SURFACE = "flag"
MOST_WORDS = 1000
VISITOR, PROVED, TIMES_MORE, TIMES_LESS = (
    4,
    8,
    2,
    4,
)  # what a flag counts: of a visitor, of somebody whose address is proved
ENOUGH = 3  # flags of one reader that came to nothing, before the next ones count less
MANY = 12  # flags of one reader in a day, after which they count less
SOURCES_KEPT = timedelta(days=2)  # the key of a source is another one each day, so an older one compares with nothing


class State(StrEnum):
    WAITING = "waiting"
    UPHELD = "upheld"  # a part was covered, or the text was taken down
    DISMISSED = "dismissed"  # a moderator left it as it is


class FlagReason(SQLModel, table=True):
    """Why readers report a text. `at_once`: one such flag is enough for a moderator to look."""

    __tablename__ = "flag_reason"

    code: str = Field(primary_key=True, sa_type=sa.String(40))
    place: int = 99
    name_vi: str = Field(sa_type=sa.String(120))
    name_en: str = Field(sa_type=sa.String(120))
    at_once: bool = False
    active: bool = True


_WAITING = sa.text("state = 'waiting'")


class Flag(SQLModel, table=True):
    """One a reader and wording. `person_id`: who is told what became of it."""

    __tablename__ = SURFACE
    __table_args__ = (
        one_of("flag_state", "state", State),
        sa.UniqueConstraint("surface", "thing_id", "flagger", "wording", name="flag_once"),
        sa.Index("flag_waiting", "surface", "thing_id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        sa.Index("flag_of_flagger", "flagger", "made_at"),
        sa.Index("flag_made", "made_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    flagger: str = Field(sa_type=sa.String(40))  # named as voters are
    wording: str = Field(sa_type=sa.String(32))
    reason: str = Field(foreign_key="flag_reason.code", sa_type=sa.String(40))
    words: str = Field(default="", sa_type=sa.String(MOST_WORDS))
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    weight: int
    source: str = Field(default="", sa_type=sa.String(16))
    state: str = Field(default=State.WAITING, sa_type=sa.String(10))
    made_at: datetime
    answered_at: datetime | None = None


class FlagForm(BaseModel):
    """What a reader says of a text; `tell` asks for a mail, `website` is a trap that people never see."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thing: str = Input(default="", max_length=20)
    id: int = Input(default=0, ge=0, le=MOST_ID)
    reason: str = Input(default="", max_length=40)
    words: Lines = Input(default="", max_length=MOST_WORDS)
    tell: bool = False
    website: str = Input(default="", max_length=200)


@dataclass(frozen=True, slots=True)
class Flagger:
    """Who flags: `name` as voters are named; `source` where a reader is, as votes hide it, empty for staff."""

    name: str
    source: str = ""
    person_id: int | None = None
    is_proved: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a reader's flags so far, and how many they made within a day."""

    upheld: int = 0
    dismissed: int = 0
    lately: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    times: int = 0
    weight: int = 0


def worth(record: Record, *, is_proved: bool) -> int:
    """More of who was right before, less of who flags whatever there is."""
    weight = PROVED if is_proved else VISITOR
    if record.lately >= MANY or (record.dismissed >= ENOUGH and record.dismissed > 3 * record.upheld):
        return weight // TIMES_LESS
    return weight * TIMES_MORE if record.upheld > record.dismissed else weight


async def every_reason(db: AsyncSession) -> Sequence[FlagReason]:
    return (await db.exec(select(FlagReason).order_by(col(FlagReason.place), col(FlagReason.code)))).all()


async def reasons(db: AsyncSession) -> Sequence[FlagReason]:
    """Those readers choose from."""
    return [row for row in await every_reason(db) if row.active]


async def make(
    db: AsyncSession, surface: str, thing_id: int, wording: str, flagger: Flagger, form: FlagForm, reason: FlagReason
) -> tuple[Flag, int]:
    """Stored, and what it is worth before neighbours are thought of. Whoever flagged these words before finds that flag.

    Of one address the heaviest counts: a second one adds only what it is worth more.
    """
    own = worth(await record(db, flagger.name), is_proved=flagger.is_proved)
    others = await _heaviest_from(db, surface, thing_id, wording, flagger.source)
    kept = await was_kept(db, surface, thing_id, wording)
    made = Flag(
        surface=surface,
        thing_id=thing_id,
        flagger=flagger.name,
        wording=wording,
        reason=reason.code,
        words=form.words,
        person_id=flagger.person_id if form.tell else None,
        weight=max(own - others, 0),
        source=flagger.source,
        state=State.DISMISSED if kept else State.WAITING,
        made_at=now(db),
        answered_at=now(db) if kept else None,
    )
    db.add(made)
    await db.flush()
    return made, own


async def by(db: AsyncSession, surface: str, thing_id: int, wording: str, flagger: str) -> Flag | None:
    """The reader's own flag of these words."""
    mine = select(Flag).where(*_of(surface, thing_id, wording), col(Flag.flagger) == flagger)
    found: Flag | None = (await db.exec(locked(db, mine))).one_or_none()
    return found


async def waiting(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Flag]:
    """What nobody has answered, the oldest first: for a moderator, who is never told whose they are."""
    found = select(Flag).where(Flag.surface == surface, Flag.thing_id == thing_id, Flag.state == State.WAITING)
    return (await db.exec(found.order_by(col(Flag.id)))).all()


async def counted(db: AsyncSession, surface: str, thing_id: int, wording: str) -> Counted:
    wheres = *_of(surface, thing_id, wording), col(Flag.state) == State.WAITING
    times, weight = (await db.exec(select(func.count(), func.sum(Flag.weight)).where(*wheres))).one()
    return Counted(int(times), int(weight or 0))


async def was_kept(db: AsyncSession, surface: str, thing_id: int, wording: str) -> bool:
    """Whether a moderator has looked at these words, and left them."""
    wheres = *_of(surface, thing_id, wording), col(Flag.state) == State.DISMISSED
    return (await db.exec(select(col(Flag.id)).where(*wheres).limit(1))).first() is not None


async def record(db: AsyncSession, flagger: str) -> Record:
    mine = select(col(Flag.state), func.count()).where(Flag.flagger == flagger).group_by(col(Flag.state))
    came_to: Mapping[str, int] = dict((await db.exec(mine)).all())
    lately = select(func.count()).where(Flag.flagger == flagger, Flag.made_at > now(db) - timedelta(days=1))
    times = (await db.exec(lately)).one()
    return Record(came_to.get(State.UPHELD, 0), came_to.get(State.DISMISSED, 0), times)


async def answer(db: AsyncSession, surface: str, thing_id: int, state: State) -> None:
    """All that wait, whatever words they were about; who asked for it is told."""
    for flag in await waiting(db, surface, thing_id):
        flag.state, flag.answered_at = state, now(db)
        db.add(flag)
        if flag.person_id is not None:
            await notices.tell(db, flag.person_id, Kind.FLAG_ANSWERED, SURFACE, flag.id or 0)
    await db.flush()


async def uphold(db: AsyncSession, surface: str, thing_id: int, *, by: int, reason: str) -> None:
    """The text was taken from readers, wherever that was decided: nobody has to look at it for their sake any more."""
    await raising.close(db, surface, thing_id, by, reason, now(db))
    await answer(db, surface, thing_id, State.UPHELD)


async def made_by(db: AsyncSession, person_id: int) -> Sequence[dict[str, Any]]:
    """What is kept about a person, as plain values."""
    mine = select(Flag).where(Flag.flagger == of_person(person_id)).order_by(col(Flag.id))
    shown = {"surface", "thing_id", "reason", "words", "state", "made_at", "answered_at"}
    return [flag.model_dump(mode="json", include=shown) for flag in (await db.exec(mine)).all()]


async def forget(db: AsyncSession, person_id: int) -> None:
    """What they flagged counts on; that it was them, and what they said, is gone."""
    for flag in (await db.exec(select(Flag).where(Flag.flagger == of_person(person_id)))).all():
        flag.flagger, flag.person_id, flag.words, flag.source = GONE + secrets.token_hex(DIGITS // 2), None, "", ""
        db.add(flag)
    await db.flush()


async def forget_words(db: AsyncSession, surface: str, thing_id: int) -> None:
    """What readers said of a text that is forgotten: they may have quoted it."""
    said = sa.update(Flag).where(col(Flag.surface) == surface, col(Flag.thing_id) == thing_id)
    await db.exec(said.values(words="").execution_options(synchronize_session=False))


async def forget_old(db: AsyncSession) -> None:
    old = sa.update(Flag).where(col(Flag.made_at) < now(db) - SOURCES_KEPT, col(Flag.source) != "")
    await db.exec(old.values(source="").execution_options(synchronize_session=False))


async def is_proved(db: AsyncSession, person_id: int | None) -> bool:
    """Staff are known to be one person each; a citizen has shown that the address is theirs."""
    person = await db.get(Person, person_id) if person_id is not None else None
    return person is not None and (person.kind == PersonKind.STAFF or person.verified_at is not None)


async def _heaviest_from(db: AsyncSession, surface: str, thing_id: int, wording: str, source: str) -> int:
    """What the flags from one address have come to already."""
    if not source:
        return 0
    neighbours = select(func.sum(Flag.weight)).where(*_of(surface, thing_id, wording), col(Flag.source) == source)
    return int((await db.exec(neighbours)).one() or 0)


def _of(surface: str, thing_id: int, wording: str) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Flag.surface) == surface, col(Flag.thing_id) == thing_id, col(Flag.wording) == wording
