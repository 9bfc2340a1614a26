"""People with a desk: who they are, where they work, and adding one. Does not know what they do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies
from engage.agencies import Membership, Post
from engage.db import Store, now
from engage.errors import Refused
from engage.people import DEMONSTRATION_PASSWORD, Kind, Person, by_login, hashed, is_email

LEAST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff member and where they work."""

    person: Person
    posts: Mapping[int, frozenset[Post]]


async def every(db: AsyncSession) -> list[Staff]:
    """Everybody with a desk, in the order they were added."""
    people = (await db.exec(select(Person).where(Person.kind == Kind.STAFF).order_by(col(Person.id)))).all()
    return [Staff(person, await agencies.posts_of(db, person.id or 0)) for person in people]


@dataclass(frozen=True, slots=True)
class NewStaff:
    """`posts` are written `official@bo-y-te`."""

    email: str
    name: str
    is_moderator: bool = False
    may_unseal: bool = False
    is_administrator: bool = False
    posts: Sequence[str] = ()


async def add(store: Store, new: NewStaff, password: str) -> None:
    """Raises Refused for an address in use, a short password, or a post that does not exist."""
    must_be_strong(password)
    secret = await hashed(password)
    async with store.transaction() as db:
        if not is_email(new.email) or await by_login(db, new.email) is not None:
            raise Refused("email_wrong", field="email")
        person = Person(
            kind=Kind.STAFF,
            name=new.name,
            email=new.email.lower(),
            login=new.email.lower(),
            password=secret,
            is_moderator=new.is_moderator,
            may_unseal=new.may_unseal,
            is_administrator=new.is_administrator,
            created_at=now(db),
        )
        db.add(person)
        await db.flush()
        for written in new.posts:
            agency_id, post = await post_of(db, written, field=written)
            db.add(Membership(person_id=person.id or 0, agency_id=agency_id, post=post))


def must_be_strong(password: str, *, field: str = "password") -> None:
    """Length is what counts; the one password that everybody knows counts as none."""
    if len(password) < LEAST_PASSWORD or password == DEMONSTRATION_PASSWORD:
        raise Refused("password_too_short", field=field, least=LEAST_PASSWORD)


async def post_of(db: AsyncSession, written: str, *, field: str) -> tuple[int, Post]:
    """The agency and the post that `official@bo-y-te` names."""
    post, _, slug = written.partition("@")
    if post not in set(Post):
        raise Refused("unknown_choice", field=field)
    agency = await agencies.chosen(db, slug, field=field)
    return agency.id or 0, Post(post)
