"""Citizens sign in by a link or a six-digit code in a mail, without a password. What the address does with it is the proof.

Neither link nor code is stored: both are computed (secret, row). A hash of six digits would tell them to whoever reads the table.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, bookmarks, flags, notices, people, records
from engage.access import Actor
from engage.ask import Line, of_a_person
from engage.db import MOST_ID, Store, locked, now, one_of
from engage.errors import Conflict, NotFound, Refused
from engage.follows import Follow
from engage.people import Kind, Person
from engage.records import Act
from engage.tries import Origin

SURFACE = "citizen"
MAC_DIGITS = 43
CODE_DIGITS, MOST_TRIES = 6, 5
KEPT = timedelta(days=1)  # what nobody used


class Way(StrEnum):
    LINK = "link"
    CODE = "code"


LASTS = {Way.LINK: timedelta(minutes=30), Way.CODE: timedelta(minutes=10)}
NOTICES = {Way.LINK: notices.Kind.CITIZEN_LINK, Way.CODE: notices.Kind.CITIZEN_CODE}


class CitizenProof(SQLModel, table=True):
    """One mail that proves an address, once. `name` is what was typed with it, and counts only when the mail is used."""

    __tablename__ = "citizen_proof"
    __table_args__ = (one_of("citizen_proof_way", "way", Way),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    way: str = Field(sa_type=sa.String(10))
    name: str = Field(sa_type=sa.String(120))
    onward: str = Field(default="", sa_type=sa.String(300))  # the page from where it was asked for
    tries: int = 0
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None = None


class NameForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    name: Line = Input(default="", max_length=200)

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return of_a_person(value)


class CitizenForm(NameForm):
    email: Line = Input(default="", max_length=254)
    next: str = Input(default="", max_length=300)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        if not people.is_email(value):
            raise PydanticCustomError("email_wrong", "")
        return value.lower()


async def ask(
    db: AsyncSession, name: str, email: str, *, way: Way = Way.LINK, language: str = "vi", onward: str = ""
) -> CitizenProof:
    """One more mail; several may be live, for the newest need not be the one that is opened. The same for any address."""
    person, at = await _of_address(db, email, language), now(db)
    proof = CitizenProof(
        person_id=person.id or 0, way=way, name=name, onward=onward, created_at=at, ends_at=at + LASTS[way]
    )
    db.add(proof)
    await db.flush()
    await notices.write(db, proof.person_id, NOTICES[way], SURFACE, proof.id or 0)
    return proof


async def by_token(db: AsyncSession, secret: str, token: str, way: Way) -> CitizenProof:
    """Whatever is no token of ours is missing."""
    number, _, _ = token.partition(".")
    is_shaped = number.isascii() and number.isdecimal() and len(number) <= 10 and int(number) <= MOST_ID
    found = select(CitizenProof).where(CitizenProof.id == (int(number) if is_shaped else 0))
    proof: CitizenProof | None = (await db.exec(locked(db, found))).one_or_none()
    if proof is None or proof.way != way or not _is_same(token_of(secret, proof), token):
        raise NotFound()
    return proof


def is_open(proof: CitizenProof, at: datetime) -> bool:
    return proof.used_at is None and proof.ends_at > at


async def enter(db: AsyncSession, proof: CitizenProof, origin: Origin) -> str:
    """A session for whoever opened the link, and pressed its button."""
    return await begin(db, await spend(db, proof), origin)


async def begin(db: AsyncSession, person: Person, origin: Origin) -> str:
    """A session for whoever proved their address a moment ago."""
    await audit.note(db, person.id, "person.signed_in", person=person.id)
    await records.note(db, origin, person.id or 0, Act.SIGNED_IN)
    return await people.sign_in(db, person.id or 0, lasting=people.CITIZEN_ABSOLUTE)


async def spend(db: AsyncSession, proof: CitizenProof) -> Person:
    """Once; with it every other mail to that person is void. The first one gives the person the name."""
    at, mine = now(db), sa.update(CitizenProof).where(col(CitizenProof.used_at).is_(None))
    one = mine.where(col(CitizenProof.id) == proof.id, col(CitizenProof.ends_at) > at)
    if (await db.exec(one.values(used_at=at).execution_options(synchronize_session=False))).rowcount != 1:
        raise Conflict("citizen_link_used")
    others = mine.where(col(CitizenProof.person_id) == proof.person_id)
    await db.exec(others.values(used_at=at).execution_options(synchronize_session=False))
    person = await db.get_one(Person, proof.person_id)
    if person.verified_at is None:
        person.name, person.verified_at = proof.name, at
        db.add(person)
        await db.flush()
    return person


async def enter_code(store: Store, secret: str, token: str, code: str) -> Person:
    """Whoever types the code of that mail. A try is counted before it is judged, and stays counted when it was wrong."""
    async with store.transaction() as db:
        proof = await by_token(db, secret, token, Way.CODE)
        tried = sa.update(CitizenProof).where(col(CitizenProof.id) == proof.id, col(CitizenProof.tries) < MOST_TRIES)
        counted = (await db.exec(tried.values(tries=CitizenProof.tries + 1))).rowcount == 1
        is_live = is_open(proof, now(db))
    if not counted or not is_live:
        raise Refused("citizen_code_over", field="code")
    if not _is_same(code_of(secret, proof), "".join(code.split())):
        raise Refused("citizen_code_wrong", field="code")
    async with store.transaction() as db:
        return await spend(db, proof)


async def mine(db: AsyncSession, actor: Actor) -> Person:
    person = await db.get(Person, actor.person_id or 0)
    if person is None:
        raise NotFound()
    return person


async def rename(db: AsyncSession, actor: Actor, name: str) -> None:
    person = await _citizen(db, actor)
    person.name = name
    db.add(person)
    await db.flush()
    await audit.note(db, person.id, "citizen.renamed", person=person.id)


async def kept_about(db: AsyncSession, actor: Actor) -> Mapping[str, Any]:
    """Everything about the person that belongs to no text, as plain values."""
    person = await mine(db, actor)
    named = {"name", "email", "phone", "language", "created_at", "verified_at", "restricted_at"}
    lately = await records.of_person(db, person.id or 0, 100)
    return {
        "person": person.model_dump(mode="json", include=named),
        "access": [one.model_dump(mode="json", include={"at", "act", "address"}) for one in lately],
        "flags": list(await flags.made_by(db, person.id or 0)),
    }


async def erase(db: AsyncSession, actor: Actor) -> None:
    """Name, address and following go, and every session; texts keep their place without a name."""
    person = await _citizen(db, actor)
    await audit.note(db, person.id, "citizen.erased", person=person.id)
    await audit.forget(db, person.id or 0)
    await people.sign_out_everywhere(db, person.id or 0)
    await db.exec(sa.delete(CitizenProof).where(col(CitizenProof.person_id) == person.id))
    await db.exec(sa.delete(Follow).where(col(Follow.person_id) == person.id))
    await flags.forget(db, person.id or 0)
    await bookmarks.forget(db, person.id or 0)
    unsent = sa.delete(notices.Notice).where(col(notices.Notice.person_id) == person.id)
    await db.exec(unsent.where(col(notices.Notice.sent_at).is_(None)))
    person.name, person.email, person.phone, person.ended_at = "", None, None, now(db)
    db.add(person)
    await db.flush()


async def forget_old(db: AsyncSession) -> None:
    """Mails that nobody used; and with them an address that somebody only typed."""
    await db.exec(sa.delete(CitizenProof).where(col(CitizenProof.ends_at) < now(db) - KEPT))
    waiting = sa.select(col(CitizenProof.person_id))
    unproved = (
        col(Person.kind) == Kind.CITIZEN,
        col(Person.email).is_not(None),
        col(Person.verified_at).is_(None),
        col(Person.created_at) < now(db) - KEPT,
        col(Person.id).not_in(waiting),
    )
    await db.exec(sa.update(Person).where(*unproved).values(email=None, ended_at=now(db)))


def token_of(secret: str, proof: CitizenProof) -> str:
    return f"{proof.id}.{_mac(secret, 'token', proof).hexdigest()[:MAC_DIGITS]}"


def code_of(secret: str, proof: CitizenProof) -> str:
    number = int.from_bytes(_mac(secret, "code", proof).digest()[:8], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


async def _of_address(db: AsyncSession, email: str, language: str) -> Person:
    """The citizen of that address, nameless until the address is proved."""
    found = select(Person).where(Person.kind == Kind.CITIZEN, Person.email == email)
    person: Person | None = (await db.exec(found)).one_or_none()
    if person is not None:
        return person
    person = Person(kind=Kind.CITIZEN, name="", email=email, language=language, created_at=now(db))
    db.add(person)
    await db.flush()
    return person


async def _citizen(db: AsyncSession, actor: Actor) -> Person:
    """Staff have their account, and an administrator who ends it."""
    person = await mine(db, actor)
    if person.kind != Kind.CITIZEN:
        raise Refused("citizen_is_staff")
    return person


def _mac(secret: str, what: str, proof: CitizenProof) -> "hmac.HMAC":
    text = f"citizen {what}\0{proof.id}\0{proof.person_id}\0{proof.way}\0{proof.created_at.timestamp()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256)


def _is_same(ours: str, given: str) -> bool:
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))
