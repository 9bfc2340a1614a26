"""Accounts of staff: invite, change, end, and what their owners do with them. Nobody types a password for somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, factors, links, notices, officials, people, staff
from engage.absences import WRITING
from engage.access import Actor
from engage.agencies import Membership, Post
from engage.db import locked, now
from engage.errors import Conflict, NotFound, Refused
from engage.links import AccountLink, Purpose
from engage.people import Kind, Person, is_email
from engage.questions import Question
from moderation.text import clean


class Named(BaseModel):
    """Who gets an account."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)

    name: str = Input(default="", max_length=120)
    email: str = Input(default="", max_length=254)

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if not any(char.isalpha() for char in value):
            raise PydanticCustomError("name_missing", "")
        return clean(" ".join(value.split()))

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        if not is_email(value):
            raise PydanticCustomError("email_wrong", "")
        return value.lower()


class AccountForm(Named):
    """What an administrator decides. `posts` are written `official@bo-y-te`; `post` and `agency` add one more."""

    is_moderator: bool = False
    may_unseal: bool = False
    is_administrator: bool = False
    posts: tuple[str, ...] = Input(default=(), max_length=40)
    post: str = Input(default="", max_length=20)
    agency: str = Input(default="", max_length=80)

    @property
    def wanted(self) -> list[str]:
        return [*self.posts, *([f"{self.post}@{self.agency}"] if self.post or self.agency else [])]


@dataclass(frozen=True, slots=True)
class Roles:
    is_moderator: bool
    may_unseal: bool
    is_administrator: bool
    posts: frozenset[tuple[int, Post]]


async def invite(db: AsyncSession, by: Actor, form: AccountForm) -> Person:
    """The mail's link sets the password."""
    person = await add(db, form)
    await _give(db, person, await _roles(db, form))
    await audit.note(db, by.person_id, "account.added", person=person.id)
    return person


async def add(db: AsyncSession, named: Named) -> Person:
    if await people.by_login(db, named.email) is not None:
        raise Refused("email_taken", field="email")
    person = Person(kind=Kind.STAFF, name=named.name, email=named.email, login=named.email, created_at=now(db))
    db.add(person)
    await db.flush()
    await links.write(db, person.id or 0, Purpose.INVITE)
    return person


async def change(db: AsyncSession, by: Actor, person: Person, form: AccountForm) -> None:
    """A changed role or address ends the person's sessions and links: rights are never older than the sign-in."""
    _must_be_open(person)
    if by.person_id == person.id and person.is_administrator and not form.is_administrator:
        raise Refused("own_administrator", field="is_administrator")
    if person.is_administrator and not form.is_administrator:
        await _must_leave_an_administrator(db, person)
    taken = await people.by_login(db, form.email)
    if taken is not None and taken.id != person.id:
        raise Refused("email_taken", field="email")
    before, after = await roles_of(db, person), await _roles(db, form)
    if by.person_id == person.id and after.may_unseal and not before.may_unseal:
        raise Refused("own_unseal", field="may_unseal")  # who opens sealed texts is never one person's choice alone
    if before == after and person.login == form.email:
        person.name = form.name
        db.add(person)
        await db.flush()
        await audit.note(db, by.person_id, "account.renamed", person=person.id)
        return
    person.name, person.email, person.login = form.name, form.email, form.email
    await _give(db, person, after)
    await enter_anew(db, person)
    await audit.note(db, by.person_id, "account.changed", person=person.id)


async def enter_anew(db: AsyncSession, person: Person) -> None:
    """After a change of rights or address: no session and no link of before lets anybody in."""
    await people.sign_out_everywhere(db, person.id or 0)
    await links.void(db, person.id or 0)
    if person.password is None:  # not in yet: by a link to the address of now
        await links.write(db, person.id or 0, Purpose.INVITE)


async def end(db: AsyncSession, by: Actor, person: Person) -> int:
    """Out at once, everywhere, with every post. What the person wrote stays theirs; how much they had open is nobody's now."""
    _must_be_open(person)
    if by.person_id == person.id:
        raise Refused("own_account")
    if person.is_administrator:
        await _must_leave_an_administrator(db, person)
    person.ended_at = now(db)
    left = await _give(db, person, Roles(False, False, False, frozenset()))
    await people.sign_out_everywhere(db, person.id or 0)
    await links.void(db, person.id or 0)
    await factors.turn_off(db, person.id or 0)
    await audit.note(db, by.person_id, "account.ended", person=person.id)
    return left


async def in_hand(db: AsyncSession, person: Person) -> int:
    """How much they have open, in every agency."""
    posts = await agencies.posts_of(db, person.id or 0)
    return sum([len(await officials.in_hand_of(db, Question, person.id or 0, agency_id)) for agency_id in posts])


async def reopen(db: AsyncSession, by: Actor, person: Person) -> None:
    """Without a role and with a new password: an ended account does not come back with what it once could do."""
    if person.ended_at is None:
        raise Conflict("moved_on")
    person.ended_at, person.password = None, None
    db.add(person)
    await db.flush()
    await links.write(db, person.id or 0, Purpose.INVITE)
    await audit.note(db, by.person_id, "account.reopened", person=person.id)


async def reset_factor(db: AsyncSession, by: Actor, person: Person) -> None:
    """For a lost phone. The person hears of it by mail: whoever did not ask for it can say so."""
    _must_be_open(person)
    await factors.turn_off(db, person.id or 0)
    await people.sign_out_everywhere(db, person.id or 0)
    await notices.write(db, person.id or 0, notices.Kind.FACTOR_RESET, links.SURFACE, person.id or 0)
    await audit.note(db, by.person_id, "factor.reset", person=person.id)


async def send_link(db: AsyncSession, by: Actor, person: Person) -> None:
    _must_be_open(person)
    await links.write(db, person.id or 0, Purpose.RESET if person.password else Purpose.INVITE)
    await audit.note(db, by.person_id, "account.link_sent", person=person.id)


async def sign_out(db: AsyncSession, by: Actor, person: Person) -> None:
    await people.sign_out_everywhere(db, person.id or 0)
    await audit.note(db, by.person_id, "account.signed_out", person=person.id)


# By the owner


async def forgot(db: AsyncSession, email: str) -> None:
    """The same for an address that has no account: who asks learns nothing."""
    person = await people.by_login(db, email)
    if person is not None and person.ended_at is None:
        await links.write(db, person.id or 0, Purpose.RESET if person.password else Purpose.INVITE)


async def set_password(db: AsyncSession, link: AccountLink, hashed: str) -> None:
    """By the link of a mail. Every session ends: one of them may be why somebody asked for the link."""
    await links.spend(db, link)
    person = await one(db, link.person_id)
    _must_be_open(person)
    await _change_password(db, person, hashed)


async def change_password(db: AsyncSession, person: Person, hashed: str) -> str:
    """By somebody who just proved to know the old one; the token of the session that goes on."""
    await links.void(db, person.id or 0)
    await _change_password(db, person, hashed)
    return await people.sign_in(db, person.id or 0)


async def choose_language(db: AsyncSession, person_id: int, language: str) -> None:
    await db.exec(sa.update(Person).where(col(Person.id) == person_id).values(language=language))


async def one(db: AsyncSession, person_id: int) -> Person:
    found = select(Person).where(Person.id == person_id, Person.kind == Kind.STAFF)
    person: Person | None = (await db.exec(locked(db, found))).one_or_none()
    if person is None:
        raise NotFound()
    return person


async def roles_of(db: AsyncSession, person: Person) -> Roles:
    posts = await agencies.posts_of(db, person.id or 0)
    held = frozenset((agency_id, post) for agency_id, every in posts.items() for post in every)
    return Roles(person.is_moderator, person.may_unseal, person.is_administrator, held)


async def _change_password(db: AsyncSession, person: Person, hashed: str) -> None:
    person.password = hashed
    db.add(person)
    await db.flush()
    await people.sign_out_everywhere(db, person.id or 0)
    await audit.note(db, person.id, "password.changed", person=person.id)


async def _roles(db: AsyncSession, form: AccountForm) -> Roles:
    posts = [await staff.post_of(db, written, field="agency") for written in form.wanted]
    may_unseal = form.is_moderator and form.may_unseal  # sealed texts are opened by moderators only
    return Roles(form.is_moderator, may_unseal, form.is_administrator, frozenset(posts))


async def _give(db: AsyncSession, person: Person, roles: Roles) -> int:
    """Returns how much of what they had open in agencies they no longer write for is nobody's now."""
    left = 0
    person.is_moderator, person.may_unseal = roles.is_moderator, roles.may_unseal
    person.is_administrator = roles.is_administrator
    db.add(person)
    for agency_id, posts in (await agencies.posts_of(db, person.id or 0)).items():
        writes_on = any(agency == agency_id and post in WRITING for agency, post in roles.posts)
        if posts & {*WRITING} and not writes_on:
            left += await officials.leave(db, Question, person.id or 0, agency_id)
    await db.exec(sa.delete(Membership).where(col(Membership.person_id) == person.id))
    db.add_all(Membership(person_id=person.id or 0, agency_id=agency, post=post) for agency, post in roles.posts)
    await db.flush()
    return left


def _must_be_open(person: Person) -> None:
    if person.ended_at is not None:
        raise Conflict("account_ended")


async def _must_leave_an_administrator(db: AsyncSession, person: Person) -> None:
    """The rows are locked: two administrators who remove each other at once do not both succeed."""
    every = select(Person).where(col(Person.is_administrator).is_(True), col(Person.ended_at).is_(None))
    found: Sequence[Person] = (await db.exec(locked(db, every.order_by(col(Person.id))))).all()
    if all(one.id == person.id or one.password is None for one in found):
        raise Refused("last_administrator")
