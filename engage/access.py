"""Who may see and do what. Reads only the columns every citizen's text has, so it knows no noun."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from engage.agencies import Post
from engage.crews import Part
from engage.db import one_of
from engage.people import Person, SignIn


class Moderation(StrEnum):
    RECEIVED = "received"
    HELD = "held"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class Text(SQLModel):
    """The columns of every citizen's text. A text is born `received`, and only an accepted, unsealed one is public.

    `restricted`: its author, or the rule it came in by, wants it read by the desk and its agency alone.
    """

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="person.id", index=True)
    moderation: str = Field(default=Moderation.RECEIVED, sa_type=sa.String(12))
    sealed: bool = False
    restricted: bool = False
    agency_id: int | None = Field(default=None, foreign_key="agency.id")

    @property
    def key(self) -> int:
        """The id of a text that is stored."""
        if self.id is None:
            raise ValueError("the text is not stored yet")
        return self.id


class Shared(StrEnum):
    """Where a part stands that a coordinating agency was asked for."""

    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN_SHARES = (Shared.ASKED, Shared.GIVEN)


class Share(SQLModel, table=True):
    """An agency that was asked for a part of the lead's answer. While it is open, that agency may read the text."""

    __tablename__ = "share"
    __table_args__ = (
        one_of("share_state", "state", Shared),
        sa.Index("share_of_agency", "agency_id", "state", "due_at", "id"),
        sa.Index(
            "share_open",
            "surface",
            "thing_id",
            "agency_id",
            unique=True,
            postgresql_where=sa.text("state in ('asked', 'given')"),
            sqlite_where=sa.text("state in ('asked', 'given')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    agency_id: int = Field(foreign_key="agency.id")
    lead_id: int = Field(foreign_key="agency.id")
    state: str = Field(default=Shared.ASKED, sa_type=sa.String(10))
    note: str = Field(sa_type=sa.String(1000))  # what the lead wants to know
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime
    due_at: datetime
    part: str = Field(default="", sa_type=sa.Text)  # what the agency wrote, for the lead alone
    reason: str = Field(default="", sa_type=sa.String(1000))  # why it declined
    by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime | None = None
    named: bool = False  # the public answer says that this agency had a part in it

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the share is not stored yet")
        return self.id


class Role(StrEnum):
    """What the door table names. Finer questions (this agency, this draft) are asked by the `can_` functions."""

    ANYONE = "anyone"
    ASKER = "asker"
    CITIZEN = "citizen"  # whoever is signed in, staff too
    STAFF = "staff"
    MODERATOR = "moderator"
    AGENCY = "agency"
    ADMINISTRATOR = "administrator"
    CREW = "crew"


NO_PARTS: Mapping[int, frozenset[Part]] = {}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever makes a request: a signed-in person, and at most one thing that a receipt code opened."""

    person_id: int | None = None
    name: str = ""
    is_moderator: bool = False
    is_administrator: bool = False
    may_unseal: bool = False
    posts: Mapping[int, frozenset[Post]] = field(default_factory=dict)
    opened: str = ""
    opened_by: int | None = None
    parts: Mapping[int, frozenset[Part]] = field(default_factory=dict)  # in dialogues

    def has(self, role: Role) -> bool:
        return {
            Role.ANYONE: True,
            Role.ASKER: bool(self.opened),
            Role.CITIZEN: self.person_id is not None,
            Role.STAFF: self.is_moderator or self.is_administrator or bool(self.posts or self.parts),
            Role.MODERATOR: self.is_moderator,
            Role.AGENCY: bool(self.posts),
            Role.ADMINISTRATOR: self.is_administrator,
            Role.CREW: bool(self.parts) or self.is_moderator or self.is_administrator,
        }[role]


PUBLIC = Actor()


def actor_of(
    person: Person | None,
    posts: Mapping[int, frozenset[Post]],
    opened: SignIn | None = None,
    parts: Mapping[int, frozenset[Part]] = NO_PARTS,
) -> Actor:
    return Actor(
        person_id=person.id if person else None,
        name=person.name if person else "",
        is_moderator=bool(person and person.is_moderator),
        is_administrator=bool(person and person.is_administrator),
        may_unseal=bool(person and person.may_unseal),
        posts=posts,
        opened=(opened.only or "") if opened else "",
        opened_by=opened.person_id if opened else None,
        parts=parts,
    )


def visible(table: type[Text], actor: Actor) -> sa.ColumnElement[bool]:
    """The one WHERE clause that decides who sees a text: page, feed, API, search, mail and live channel all use it."""
    is_open = sa.and_(col(table.sealed).is_(False), col(table.restricted).is_(False))
    public = sa.and_(col(table.moderation) == Moderation.ACCEPTED, is_open)
    return sa.or_(public, insiders(table, actor))


def is_public(text: Text) -> bool:
    """The same of a row, for everybody who reads."""
    return text.moderation == Moderation.ACCEPTED and not text.sealed and not text.restricted


def insiders(table: type[Text], actor: Actor) -> sa.ColumnElement[bool]:
    """Texts that the actor sees whether or not they are public: the desk's, and the one a receipt code opened.

    What is sealed opens to its author, and to who is cleared through its case alone, where each reading is kept (`seals`).
    """
    ways: list[sa.ColumnElement[bool]] = []
    if actor.is_moderator:
        ways.append(col(table.sealed).is_(False))
    if actor.opened:
        surface, _, thing_id = actor.opened.partition(":")
        if surface == table.__tablename__:
            ways.append(sa.and_(col(table.id) == int(thing_id), col(table.author_id) == actor.opened_by))
    return sa.or_(sa.false(), *ways)


def workable(table: type[Text], actor: Actor) -> sa.ColumnElement[bool]:
    """Texts on a desk of the actor's agencies: led by one of them, accepted, not sealed. Foreign is missing."""
    return sa.and_(
        col(table.agency_id).in_(list(actor.posts)),
        col(table.moderation) == Moderation.ACCEPTED,
        col(table.sealed).is_(False),
    )


def shared(table: type[Text], actor: Actor) -> sa.ColumnElement[bool]:
    """Texts of which one of the actor's agencies was asked a part: to read, not to answer."""
    asked = sa.exists().where(
        col(Share.surface) == table.__tablename__,
        col(Share.thing_id) == col(table.id),
        col(Share.agency_id).in_(list(actor.posts)),
        col(Share.state).in_(OPEN_SHARES),
    )
    return sa.and_(asked, col(table.moderation) == Moderation.ACCEPTED, col(table.sealed).is_(False))


def holds(actor: Actor, agency_id: int | None, *posts: Post) -> bool:
    """Whether the actor holds one of these posts in this agency."""
    return agency_id is not None and bool(actor.posts.get(agency_id, frozenset()) & frozenset(posts))


def can_assign(actor: Actor, text: Text) -> bool:
    return holds(actor, text.agency_id, Post.COORDINATOR)


def can_write(actor: Actor, text: Text) -> bool:
    return holds(actor, text.agency_id, Post.OFFICIAL, Post.COORDINATOR)


def can_contribute(actor: Actor, share: Share) -> bool:
    return holds(actor, share.agency_id, Post.OFFICIAL, Post.COORDINATOR)


def can_approve(actor: Actor, text: Text) -> bool:
    return holds(actor, text.agency_id, Post.APPROVER)


def has_part(actor: Actor, dialogue_id: int, *parts: Part) -> bool:
    """Whether the actor has one of these parts in that dialogue."""
    return bool(actor.parts.get(dialogue_id, frozenset()) & frozenset(parts))


def may_edit(actor: Actor, dialogue_id: int) -> bool:
    return actor.is_administrator or has_part(actor, dialogue_id, Part.EDITOR)


def may_lead(actor: Actor, dialogue_id: int) -> bool:
    """The host runs it; an editor stands in when the host's machine fails."""
    return has_part(actor, dialogue_id, Part.HOST) or may_edit(actor, dialogue_id)


def may_sift(actor: Actor, dialogue_id: int) -> bool:
    """Grouping and merging what was asked is moderators' work too, in any dialogue."""
    return actor.is_moderator or may_lead(actor, dialogue_id)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who of an agency can sign in and write, or approve."""

    writers: frozenset[int] = frozenset()
    approvers: frozenset[int] = frozenset()


def can_transcribe(actor: Actor, text: Text, accounts: Accounts) -> bool:
    """For an agency where nobody can write, the portal desk types what it sent on paper."""
    return actor.is_moderator and text.agency_id is not None and not text.sealed and not accounts.writers


def can_approve_for(actor: Actor, text: Text, accounts: Accounts, writers: Collection[int]) -> bool:
    """Where the agency has nobody but those who wrote the answer, the portal desk approves in its place."""
    return (
        actor.is_moderator and text.agency_id is not None and not text.sealed and not (accounts.approvers - {*writers})
    )


def moderation_check(name: str) -> sa.CheckConstraint:
    return one_of(name, "moderation", Moderation)
