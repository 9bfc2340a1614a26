"""Who is on the staff: lists for an administrator, and a coordinator's own people with what may be done about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from pydantic import Field as Input
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import accounts, agencies, audit, officials
from engage.absences import WRITING
from engage.access import Actor, holds
from engage.accounts import Named
from engage.agencies import Membership, Post
from engage.errors import NotAllowed, NotFound, Refused
from engage.people import Kind, Person
from engage.questions import Question
from engage.staff import Staff
from moderation.text import fold

# What a coordinator may give; who coordinates is the administrator's choice.
GIVEN = (Post.OFFICIAL, Post.APPROVER)


class OfficialForm(Named):
    agency: str = Input(default="", max_length=80)
    post: Literal["official", "approver"] = Input(default="official")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator looks for; empty is anything."""

    role: str = ""
    agency_id: int | None = None
    state: str = ""
    text: str = ""


async def listed(db: AsyncSession, wanted: Wanted, most: int, *, after: int = 0) -> Sequence[Staff]:
    """By id. Names are compared without tone marks here: a staff has thousands of rows at most."""
    found = select(col(Person.id), col(Person.name), col(Person.login)).where(
        Person.kind == Kind.STAFF, col(Person.id) > after, *_conditions(wanted)
    )
    typed = fold(wanted.text)
    rows = await db.exec(found.order_by(col(Person.id)))
    ids = [number for number, name, login in rows.all() if typed in fold(f"{name} {login or ''}")][:most]
    every = (await db.exec(select(Person).where(col(Person.id).in_(ids)).order_by(col(Person.id)))).all()
    return [Staff(person, await agencies.posts_of(db, person.id or 0)) for person in every]


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    flags = {"moderator": Person.is_moderator, "administrator": Person.is_administrator, "unseal": Person.may_unseal}
    states = {
        "active": sa.and_(col(Person.ended_at).is_(None), col(Person.password).is_not(None)),
        "invited": sa.and_(col(Person.ended_at).is_(None), col(Person.password).is_(None)),
        "ended": col(Person.ended_at).is_not(None),
    }
    held = select(col(Membership.person_id))
    conditions = [states[wanted.state]] if wanted.state in states else []
    if wanted.role in flags:
        conditions.append(col(flags[wanted.role]).is_(True))
    if wanted.role in set(Post):
        held = held.where(Membership.post == wanted.role)
    if wanted.agency_id is not None:
        held = held.where(Membership.agency_id == wanted.agency_id)
    if wanted.role in set(Post) or wanted.agency_id is not None:
        conditions.append(col(Person.id).in_(held))
    return conditions


# A coordinator's own people


async def of_agency(db: AsyncSession, by: Actor, agency_id: int) -> Sequence[Staff]:
    _must_coordinate(by, agency_id)
    members = select(col(Membership.person_id)).where(Membership.agency_id == agency_id)
    every = select(Person).where(col(Person.id).in_(members), col(Person.ended_at).is_(None)).order_by(col(Person.id))
    found = (await db.exec(every)).all()
    return [Staff(person, await agencies.posts_of(db, person.id or 0)) for person in found]


async def member(db: AsyncSession, by: Actor, person_id: int) -> tuple[Staff, int]:
    """Somebody of an agency that the actor coordinates, and that agency; everybody else is missing."""
    mine = [agency_id for agency_id in by.posts if holds(by, agency_id, Post.COORDINATOR)]
    posts = await agencies.posts_of(db, person_id)
    agency_id = next((one for one in mine if one in posts), None)
    if agency_id is None:
        raise NotFound()
    return Staff(await accounts.one(db, person_id), posts), agency_id


async def invite_official(db: AsyncSession, by: Actor, agency_id: int, form: OfficialForm) -> Person:
    _must_coordinate(by, agency_id)
    person = await accounts.add(db, form)
    db.add(Membership(person_id=person.id or 0, agency_id=agency_id, post=Post(form.post)))
    await db.flush()
    await audit.note(db, by.person_id, "official.added", person=person.id, agency=agency_id)
    return person


async def change_post(db: AsyncSession, by: Actor, person_id: int, post: str) -> None:
    found, agency_id = await member(db, by, person_id)
    _must_be_theirs_to_decide(found, agency_id)
    if post in WRITING:
        await _give_up_posts(db, person_id, agency_id)
    else:
        await officials.leave(db, Question, person_id, agency_id)
    db.add(Membership(person_id=person_id, agency_id=agency_id, post=Post(post)))
    await db.flush()
    await accounts.enter_anew(db, found.person)
    await audit.note(db, by.person_id, "official.changed", person=person_id, agency=agency_id)


async def end_official(db: AsyncSession, by: Actor, person_id: int, *, successor: int | None = None) -> int:
    """Their work in this agency ends; how much of it was open. An account that can do nothing elsewhere ends with it."""
    found, agency_id = await member(db, by, person_id)
    _must_be_theirs_to_decide(found, agency_id)
    left = await officials.leave(db, Question, person_id, agency_id, successor=successor)
    await audit.note(db, by.person_id, "official.ended", person=person_id, agency=agency_id)
    if works_elsewhere(found):
        await accounts.enter_anew(db, found.person)
    else:
        await accounts.end(db, by, found.person)
    return left


def works_elsewhere(found: Staff) -> bool:
    """Whether an account goes on when its work in one agency ends."""
    return found.person.is_moderator or found.person.is_administrator or len(found.posts) > 1


def _must_coordinate(by: Actor, agency_id: int) -> None:
    if not holds(by, agency_id, Post.COORDINATOR):
        raise NotAllowed()


def _must_be_theirs_to_decide(found: Staff, agency_id: int) -> None:
    if Post.COORDINATOR in found.posts[agency_id]:
        raise Refused("coordinator_by_administrator")


async def _give_up_posts(db: AsyncSession, person_id: int, agency_id: int) -> None:
    mine = sa.delete(Membership).where(col(Membership.person_id) == person_id, col(Membership.agency_id) == agency_id)
    await db.exec(mine)
