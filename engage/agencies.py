"""Agencies, topics, provinces, and who works where. Does not know what a question is."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import detached, one_of, remembered
from engage.errors import NotFound, Refused

# Whoever changes an agency, a topic or a province records it here: every process keeps what it once read.
CHANNEL = "directory"


class Post(StrEnum):
    """What a person does inside an agency."""

    COORDINATOR = "coordinator"
    OFFICIAL = "official"
    APPROVER = "approver"


class Agency(SQLModel, table=True):
    __tablename__ = "agency"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=sa.String(80), unique=True)
    name_vi: str = Field(sa_type=sa.String(200))
    name_en: str = Field(sa_type=sa.String(200))
    level: str = Field(sa_type=sa.String(20))
    kind: str = Field(sa_type=sa.String(40))
    parent_slug: str | None = Field(default=None, sa_type=sa.String(80))
    province_slug: str | None = Field(default=None, sa_type=sa.String(40), index=True)
    keywords: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    aliases: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    answers: bool = True  # an umbrella (the Government, the National Assembly) is named but does not answer
    active: bool = True  # what is no longer in use stays on what it is written on
    successor_id: int | None = Field(default=None, foreign_key="agency.id")  # whose name it goes by since they merged

    @property
    def may_answer(self) -> bool:
        """Whether a question may be sent there."""
        return self.answers and self.active


class Topic(SQLModel, table=True):
    __tablename__ = "topic"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=sa.String(80), unique=True)
    name_vi: str = Field(sa_type=sa.String(200))
    name_en: str = Field(sa_type=sa.String(200))
    field: str = Field(sa_type=sa.String(60))
    agency_id: int = Field(foreign_key="agency.id")
    keywords: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    note: str = Field(default="", sa_type=sa.String(500))
    active: bool = True
    successor_id: int | None = Field(default=None, foreign_key="topic.id")  # where its open questions went


class Province(SQLModel, table=True):
    __tablename__ = "province"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=sa.String(40), unique=True)
    name_vi: str = Field(sa_type=sa.String(80))
    name_en: str = Field(sa_type=sa.String(80))
    merged_from: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    aliases: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    active: bool = True


class Membership(SQLModel, table=True):
    __tablename__ = "membership"
    __table_args__ = (one_of("membership_post", "post", Post),)

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", primary_key=True, index=True)
    post: str = Field(primary_key=True, sa_type=sa.String(12))


async def by_slug(db: AsyncSession, slug: str) -> Agency:
    agency = (await db.exec(select(Agency).where(Agency.slug == slug))).one_or_none()
    if agency is None:
        raise NotFound()
    return agency


async def every_agency(db: AsyncSession) -> Sequence[Agency]:
    return await _every(db, Agency)


async def every_topic(db: AsyncSession) -> Sequence[Topic]:
    return await _every(db, Topic)


async def every_province(db: AsyncSession) -> Sequence[Province]:
    return await _every(db, Province)


async def _every(db: AsyncSession, table: Any) -> Sequence[Any]:
    """The same rows for all who ask, until the directory changes: for reading only."""

    async def read() -> Sequence[Any]:
        return tuple(detached(db, row) for row in (await db.exec(select(table).order_by(table.id))).all())

    return await remembered(db, table.__tablename__, CHANNEL, read)


async def posts_of(db: AsyncSession, person_id: int) -> Mapping[int, frozenset[Post]]:
    """Agency id → what the person does there."""
    return (await posts_of_all(db, [person_id])).get(person_id, {})


async def posts_of_all(db: AsyncSession, person_ids: Iterable[int]) -> Mapping[int, Mapping[int, frozenset[Post]]]:
    """The same by person; who holds none is not in it."""
    rows = (await (await db.connection()).execute(_POSTS, {"ids": list(set(person_ids))})).all()
    posts: dict[int, dict[int, frozenset[Post]]] = {}
    for person_id, agency_id, post in rows:
        held = posts.setdefault(person_id, {})
        held[agency_id] = held.get(agency_id, frozenset()) | {Post(post)}
    return posts


# Built once: it is asked at every request of somebody who is signed in, and whenever one comes to a live room.
_POSTS = sa.select(col(Membership.person_id), col(Membership.agency_id), col(Membership.post)).where(
    col(Membership.person_id).in_(sa.bindparam("ids", expanding=True))
)


async def who(db: AsyncSession, agency_id: int, post: Post) -> Sequence[int]:
    """Ids of the persons who hold a post in an agency."""
    found = select(col(Membership.person_id)).where(Membership.agency_id == agency_id, Membership.post == post)
    return (await db.exec(found)).all()


async def chosen(db: AsyncSession, slug: str, *, field: str) -> Agency:
    """The agency somebody picked in a form. Raises Refused beside the field."""
    if not slug:
        raise Refused("agency_missing", field=field)
    agency = (await db.exec(select(Agency).where(Agency.slug == slug))).one_or_none()
    if agency is None:
        raise Refused("unknown_choice", field=field)
    return agency
