"""Following a text without an account: one click counts, an address that was confirmed gets the news. Knows no noun.

A mail's link carries a token that is computed (secret, surface, person), not stored: it opens a page whose buttons confirm or end
the following.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices
from engage.db import now
from engage.errors import NotFound
from engage.people import Kind, Person, is_email

MAC_DIGITS = 32
FIRST = "question"  # tokens in mails of its followers do not name it: they are older than other surfaces
ASKER = "asker:"


class Follow(SQLModel, table=True):
    """One row per follower and text. `person_id` is who gets mail, once `confirmed_at` is set."""

    __tablename__ = "follow"
    __table_args__ = (sa.Index("follow_lately", "surface", "since"),)

    surface: str = Field(primary_key=True, sa_type=sa.String(20))
    thing_id: int = Field(primary_key=True)
    follower: str = Field(primary_key=True, sa_type=sa.String(70))
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    since: datetime
    confirmed_at: datetime | None = None


class FollowForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True
    mail: bool = False  # sent by the form that asks for an address
    email: str = Input(default="", max_length=254, validate_default=True)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str, typed: ValidationInfo) -> str:
        if typed.data.get("mail") and not value.strip():
            raise PydanticCustomError("follow_email_missing", "")
        if value.strip() and not is_email(value.strip()):
            raise PydanticCustomError("email_wrong", "")
        return value.strip().lower()


async def follow(
    db: AsyncSession,
    surface: str,
    thing_id: int,
    follower: str,
    *,
    email: str = "",
    language: str = "vi",
    asks: notices.Kind = notices.Kind.FOLLOW_ASKED,
) -> None:
    """Once per follower, however often pressed. An address is written to once, to be confirmed."""
    row = await db.get(Follow, (surface, thing_id, follower))
    if row is None:
        row = Follow(surface=surface, thing_id=thing_id, follower=follower, since=now(db))
    if email and row.person_id is None:
        person = Person(kind=Kind.GUEST, name="", email=email, language=language, created_at=now(db))
        db.add(person)
        await db.flush()
        row.person_id = person.id
        await notices.write(db, person.id or 0, asks, surface, thing_id)
    db.add(row)
    await db.flush()


async def unfollow(db: AsyncSession, surface: str, thing_id: int, follower: str) -> None:
    """The address goes with it."""
    row = await db.get(Follow, (surface, thing_id, follower))
    if row is not None and row.person_id is not None:
        await end(db, surface, row.person_id)
        return
    await db.exec(sa.delete(Follow).where(*_is(surface, thing_id), col(Follow.follower) == follower))


async def is_following(db: AsyncSession, surface: str, thing_id: int, follower: str) -> bool:
    return await one(db, surface, thing_id, follower) is not None


async def one(db: AsyncSession, surface: str, thing_id: int, follower: str) -> Follow | None:
    return await db.get(Follow, (surface, thing_id, follower))


async def join(db: AsyncSession, surface: str, thing_id: int, asker: Person) -> None:
    """An asker whose question goes on as another one follows it from now on, without a click."""
    row = Follow(surface=surface, thing_id=thing_id, follower=f"{ASKER}{asker.id}", since=now(db))
    if asker.email:
        row.person_id, row.confirmed_at = asker.id, now(db)
    await db.merge(row)
    await db.flush()


async def part(db: AsyncSession, surface: str, thing_id: int) -> None:
    """The asker's question is one of its own again."""
    await db.exec(sa.delete(Follow).where(*_is(surface, thing_id), col(Follow.follower).startswith(ASKER)))


async def leave(db: AsyncSession, surface: str, thing_id: int, asker_id: int) -> None:
    """The asker takes back what they asked, and needs no news."""
    await db.exec(sa.delete(Follow).where(*_is(surface, thing_id), col(Follow.follower) == f"{ASKER}{asker_id}"))


async def forget(db: AsyncSession, surface: str, rows: Sequence[tuple[int, str]]) -> None:
    """Of things and followers: nothing more happens there. The addresses go too, but for those of askers."""
    mine = col(Follow.surface) == surface, sa.tuple_(col(Follow.thing_id), col(Follow.follower)).in_(rows)
    readers = select(col(Follow.person_id)).where(*mine, ~col(Follow.follower).startswith(ASKER))
    gone = sa.update(Person).where(col(Person.id).in_(readers)).values(email=None, ended_at=now(db))
    await db.exec(gone.execution_options(synchronize_session=False))
    await db.exec(sa.delete(Follow).where(*mine).execution_options(synchronize_session=False))


async def count(db: AsyncSession, surface: str, *thing_ids: int) -> int:
    """Everybody once, whichever of these things they follow."""
    followers = sa.distinct(col(Follow.follower))
    return (await db.exec(select(func.count(followers)).where(*_is(surface, *thing_ids)))).one()


async def confirm(db: AsyncSession, surface: str, person_id: int) -> Follow:
    follow = await by_person(db, surface, person_id)
    if follow.confirmed_at is None:
        follow.confirmed_at = now(db)
        db.add(follow)
        await db.flush()
    return follow


async def end(db: AsyncSession, surface: str, person_id: int) -> Follow:
    """The row and the address go; what was mailed stays mailed."""
    follow = await by_person(db, surface, person_id)
    await db.exec(sa.delete(Follow).where(col(Follow.surface) == surface, col(Follow.person_id) == person_id))
    if not follow.follower.startswith(ASKER):  # an asker's address is still needed for what they asked
        await db.exec(sa.update(Person).where(col(Person.id) == person_id).values(email=None, ended_at=now(db)))
    return follow


async def end_for_address(db: AsyncSession, surface: str, person_id: int) -> Follow:
    """From a mail: whoever opened its link reads that address, so it ends for each of the askers who gave it."""
    follow, person = await by_person(db, surface, person_id), await db.get_one(Person, person_id)
    same = select(col(Follow.person_id)).join(Person, col(Person.id) == col(Follow.person_id))
    same = same.where(*_is(surface, follow.thing_id), Person.email == person.email)
    for one in (await db.exec(same)).all():
        await end(db, surface, one or 0)
    return follow


async def by_person(db: AsyncSession, surface: str, person_id: int) -> Follow:
    """An asker may follow two things: what their question went on as, and the dialogue it was asked in."""
    mine = select(Follow).where(Follow.surface == surface, Follow.person_id == person_id)
    follow = (await db.exec(mine)).one_or_none()
    if follow is None:
        raise NotFound()
    return follow


async def tell(
    db: AsyncSession,
    surface: str,
    thing_id: int,
    kind: notices.Kind,
    also: Sequence[int] = (),
    *,
    wait: timedelta = notices.AT_ONCE,
    once_an_address: bool = False,
) -> None:
    """A notice to everybody whose address is confirmed, in one statement. `also`: things that go on as this one.

    `once_an_address`: where all askers of one address would read the same."""
    at = now(db)
    people = sa.select(
        func.min(col(Follow.person_id)),
        sa.literal(str(kind)),
        sa.literal(surface),
        sa.literal(thing_id),
        sa.literal(at, notices.AT),
        sa.literal(at + wait, notices.AT),
        sa.literal(0),
    ).join(Person, col(Person.id) == col(Follow.person_id))
    people = people.where(*_is(surface, thing_id, *also), col(Follow.confirmed_at).is_not(None))
    reachable = col(Person.email).is_not(None), col(Person.restricted_at).is_(None)
    people = people.where(*reachable).group_by(col(Person.email) if once_an_address else col(Follow.follower))
    names = ["person_id", "kind", "surface", "thing_id", "created_at", "due_at", "tries"]
    await db.exec(sa.insert(notices.Notice).from_select(names, people))


def token(secret: str, surface: str, person_id: int) -> str:
    subject = str(person_id) if surface == FIRST else f"{surface}-{person_id}"
    mac = hmac.new(secret.encode(), f"follow\0{subject}".encode(), hashlib.sha256).hexdigest()[:MAC_DIGITS]
    return f"{subject}.{mac}"


def named(secret: str, given: str) -> tuple[str, int]:
    """The surface and the person a token is for; anything else is missing."""
    surface, _, number = given.partition(".")[0].rpartition("-")
    is_shaped = given.isascii() and number.isdecimal() and len(number) <= 9
    if not is_shaped or not hmac.compare_digest(token(secret, surface or FIRST, int(number)), given):
        raise NotFound()
    return surface or FIRST, int(number)


def _is(surface: str, *thing_ids: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Follow.surface) == surface, col(Follow.thing_id).in_(thing_ids)
