"""Who may write and who may approve an answer: the agency's people, or the portal desk in their place. Knows no answer."""

from collections.abc import Collection, Mapping

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from engage import access
from engage.access import Accounts, Actor, Text
from engage.agencies import Agency, Membership, Post
from engage.people import Person

WRITING = frozenset({Post.OFFICIAL, Post.COORDINATOR})


async def accounts(db: AsyncSession, agency_id: int | None = None) -> Mapping[int, Accounts]:
    """By agency, of accounts that have not ended: of every agency that answers, or of the one named even if it no longer does."""
    held = select(Membership.agency_id, Membership.person_id, Membership.post).join(
        Person, col(Person.id) == Membership.person_id
    )
    held = held.where(col(Person.ended_at).is_(None), col(Person.login).is_not(None))
    every = select(col(Agency.id))
    if agency_id is None:
        every = every.where(col(Agency.answers).is_(True))
    else:
        held, every = held.where(Membership.agency_id == agency_id), every.where(Agency.id == agency_id)
    rows = (await db.exec(held)).all()
    return {key: _of(key, rows) for key in (await db.exec(every)).all() if key is not None}


def agencies_with(posts: Collection[Post]) -> SelectOfScalar[int]:
    """Those where an account that has not ended holds one of them."""
    held = select(Membership.agency_id).join(Person, col(Person.id) == Membership.person_id)
    return held.where(col(Person.ended_at).is_(None), col(Person.login).is_not(None), col(Membership.post).in_(posts))


async def of(db: AsyncSession, text: Text) -> Accounts:
    if text.agency_id is None:
        return Accounts()
    return (await accounts(db, text.agency_id)).get(text.agency_id, Accounts())


async def may_write(db: AsyncSession, actor: Actor, text: Text) -> bool:
    if access.can_write(actor, text):
        return True
    return actor.is_moderator and access.can_transcribe(actor, text, await of(db, text))


async def may_approve(db: AsyncSession, actor: Actor, text: Text, writers: Collection[int]) -> bool:
    """Whether it is this person's post. That a writer approves nothing, whoever he is, is asked beside it."""
    if access.can_approve(actor, text):
        return True
    return actor.is_moderator and access.can_approve_for(actor, text, await of(db, text), writers)


def _of(agency_id: int, rows: Collection[tuple[int, int, str]]) -> Accounts:
    mine = [(person_id, Post(post)) for agency, person_id, post in rows if agency == agency_id]
    return Accounts(
        frozenset(person_id for person_id, post in mine if post in WRITING),
        frozenset(person_id for person_id, post in mine if post is Post.APPROVER),
    )
