"""People, their sign-in sessions and staff passwords. Does not know what a person may do: see `access`."""

import hashlib
import re
import secrets
from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import into, now, one_of, put

IDLE, ABSOLUTE = timedelta(hours=2), timedelta(hours=12)
CITIZEN_IDLE, CITIZEN_ABSOLUTE = timedelta(days=14), timedelta(days=30)
CODE_IDLE = timedelta(minutes=30)
TOUCHED_EVERY = timedelta(minutes=1)
# The OWASP profile: about 60 ms here; the library's default takes six times that.
_EMAIL = re.compile(
    r"[^@\s,;<>\"']{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE
)
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
DEMONSTRATION_PASSWORD = "xin-chao-2026"  # noqa: S105 shown on the sign-in page of a demonstration, refused in production
NOBODY = HASHER.hash("nobody")


class Kind(StrEnum):
    GUEST = "guest"  # known by what one form said
    CITIZEN = "citizen"
    STAFF = "staff"


_CITIZEN = sa.text("kind = 'citizen' and email is not null")


class Person(SQLModel, table=True):
    __tablename__ = "person"
    __table_args__ = (
        one_of("person_kind", "kind", Kind),
        # A few thousand among all who ever asked.
        sa.Index(
            "person_staff",
            "id",
            postgresql_where=sa.text("kind = 'staff'"),
            sqlite_where=sa.text("kind = 'staff'"),
        ),
        # One address, one citizen: also for two who ask at the same moment.
        sa.Index("person_citizen", "email", unique=True, postgresql_where=_CITIZEN, sqlite_where=_CITIZEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=sa.String(10))
    name: str = Field(sa_type=sa.String(120))
    email: str | None = Field(default=None, sa_type=sa.String(254), index=True)
    phone: str | None = Field(default=None, sa_type=sa.String(20))
    login: str | None = Field(default=None, sa_type=sa.String(254), unique=True)
    password: str | None = Field(default=None, sa_type=sa.String(200))
    is_moderator: bool = False
    is_administrator: bool = False
    may_unseal: bool = False
    language: str = Field(default="vi", sa_type=sa.String(2))
    created_at: datetime
    ended_at: datetime | None = None
    verified_at: datetime | None = None  # when the person proved to read the mail that comes to the address
    restricted_at: datetime | None = None  # nothing is done with the person's details any more, but keep them


class SignIn(SQLModel, table=True):
    """A session. `only` narrows it to one thing: what a receipt code opens, such as `question:17`, or a step of signing in."""

    __tablename__ = "sign_in"

    token: str = Field(primary_key=True, sa_type=sa.String(64))
    person_id: int = Field(foreign_key="person.id", index=True)
    only: str | None = Field(default=None, sa_type=sa.String(40))
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


_ADD_PERSON: sa.Insert = into(Person).returning(sa.column("id"))
_ADD_SIGN_IN = into(SignIn)


async def hashed(password: str) -> str:
    return await to_thread(HASHER.hash, password)


async def by_login(db: AsyncSession, login: str) -> Person | None:
    return (await db.exec(select(Person).where(Person.login == login.strip().lower()))).one_or_none()


async def password_fits(person: Person | None, password: str) -> bool:
    """Takes the same time whether or not the person exists. Slow on purpose: call it outside any transaction."""
    stored = person.password if person and person.password else NOBODY

    def verify() -> bool:
        try:
            return HASHER.verify(stored, password)
        except Argon2Error:
            return False

    fits = await to_thread(verify)
    return fits and person is not None and person.password is not None and person.ended_at is None


async def add_guest(db: AsyncSession, name: str, email: str | None, phone: str | None, language: str) -> int:
    """Somebody known by what one form said."""
    row = {
        "kind": Kind.GUEST,
        "name": name,
        "email": email,
        "phone": phone,
        "language": language,
        "created_at": now(db),
    }
    return int((await put(db, _ADD_PERSON, row)).scalar_one())


async def sign_in(db: AsyncSession, person_id: int, *, only: str | None = None, lasting: timedelta = ABSOLUTE) -> str:
    """A new session; the token is returned once and stored hashed. `lasting` is for one that opens everything."""
    token, at = secrets.token_urlsafe(32), now(db)
    lasting = lasting if only is None else CODE_IDLE
    session = {"token": _digest(token), "person_id": person_id, "only": only}
    await put(db, _ADD_SIGN_IN, {**session, "created_at": at, "seen_at": at, "ends_at": at + lasting})
    return token


async def signed_in(db: AsyncSession, token: str) -> tuple[SignIn, Person] | None:
    return (await all_signed_in(db, [token])).get(token)


async def all_signed_in(db: AsyncSession, tokens: Iterable[str]) -> Mapping[str, tuple[SignIn, Person]]:
    """Those sessions that still open something, by their token."""
    at, by_digest = now(db), {_digest(token): token for token in tokens}
    found = await db.exec(
        select(SignIn, Person)
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(col(SignIn.token).in_(by_digest), SignIn.ends_at > at, col(Person.ended_at).is_(None))
    )
    return {
        by_digest[session.token]: (session, person)
        for session, person in found
        if session.only is not None or session.seen_at >= at - _idle(person)
    }


def needs_touch(session: SignIn, at: datetime) -> bool:
    return session.only is None and session.seen_at < at - TOUCHED_EVERY


async def touch(db: AsyncSession, session: SignIn) -> None:
    await db.exec(sa.update(SignIn).where(col(SignIn.token) == session.token).values(seen_at=now(db)))


async def sign_out(db: AsyncSession, token: str) -> None:
    await db.exec(sa.delete(SignIn).where(col(SignIn.token) == _digest(token)))


async def sign_out_everywhere(db: AsyncSession, person_id: int) -> None:
    """Called whenever a role or a password changes."""
    await db.exec(sa.delete(SignIn).where(col(SignIn.person_id) == person_id))


async def sessions_of(db: AsyncSession, person_id: int) -> Sequence[SignIn]:
    """Those that still open something, the newest first."""
    at = now(db)
    found = select(SignIn).where(
        SignIn.person_id == person_id, col(SignIn.only).is_(None), SignIn.ends_at > at, SignIn.seen_at >= at - IDLE
    )
    return (await db.exec(found.order_by(col(SignIn.created_at).desc()))).all()


async def end_session(db: AsyncSession, person_id: int, name: str) -> None:
    await db.exec(sa.delete(SignIn).where(col(SignIn.token) == name, col(SignIn.person_id) == person_id))


def name_of(token: str) -> str:
    """A session's name in a list: what is stored of its token opens nothing."""
    return _digest(token)


async def names(db: AsyncSession, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = {person_id for person_id in ids if person_id is not None}
    if not wanted:
        return {}
    rows = await db.exec(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(wanted)))
    return {int(person_id): name for person_id, name in rows.all() if person_id is not None}


async def forget_ended_sessions(db: AsyncSession) -> None:
    await db.exec(sa.delete(SignIn).where(col(SignIn.ends_at) < now(db)))


def _idle(person: Person) -> timedelta:
    return IDLE if person.kind == Kind.STAFF else CITIZEN_IDLE


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
