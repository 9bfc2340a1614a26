"""Articles of portals, as far as people speak under them: which one is meant, and whether it takes comments.

An article is named by its portal's own id; its addresses are aliases. Reading writes nothing: the row comes with the first comment.
What a page says of its article is a reader's word: it names a new row, and never moves what two rows with ids hold.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor
from engage.ask import Line
from engage.db import locked, now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.remarks import Place
from engage.sites import Portal
from live import log

EXTERNAL = re.compile(r"[A-Za-z0-9._:/-]{1,100}")
LEAST_REASON = 5


class Article(Place, table=True):
    """`external`: the portal's own id, None where its pages name nothing but an address."""

    __tablename__ = "article"
    __table_args__ = (sa.Index("article_of_site", "site_id", "external", unique=True),)

    site_id: int = Field(foreign_key="site.id")
    external: str | None = Field(default=None, sa_type=sa.String(100))
    title: str = Field(default="", sa_type=sa.String(300))
    section: str = Field(default="", sa_type=sa.String(80))
    published_at: datetime
    opened_at: datetime
    lines: int = 0  # the newest line that was given to what answers nothing
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    closed_why: str = Field(default="", sa_type=sa.String(500))
    merged_into_id: int | None = Field(default=None, foreign_key="article.id", index=True)


class ArticleAddress(SQLModel, table=True):
    """An alias."""

    __tablename__ = "article_address"

    site_id: int = Field(foreign_key="site.id", primary_key=True)
    address: str = Field(primary_key=True, sa_type=sa.String(500))
    article_id: int = Field(foreign_key="article.id", index=True)


def _moment(typed: object) -> object:
    if not isinstance(typed, str):
        return typed
    try:
        at = datetime.fromisoformat(typed.strip()) if typed.strip() else None
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        raise PydanticCustomError("article_wrong", "") from None


class Named(BaseModel):
    """An article as its page names it."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    site: str = Input(default="", max_length=40)
    article: str = Input(default="", max_length=200)
    address: str = Input(default="", max_length=500)
    title: Line = Input(default="", max_length=300)
    section: Line = Input(default="", max_length=80)
    published: Annotated[datetime | None, BeforeValidator(_moment)] = None

    @field_validator("article")
    @classmethod
    def _article(cls, value: str) -> str:
        if value and not EXTERNAL.fullmatch(value):
            raise PydanticCustomError("article_wrong", "")
        return value


def channel_of(site_id: int) -> str:
    """What says that another row stands for an article now, or that one closed: seldom, and so one a site."""
    return f"articles:{site_id}"


# Finding


async def found(db: AsyncSession, portal: Portal, named: Named) -> Article | None:
    """By its id, else by its address; None while nobody has commented on it."""
    address = alias(portal, named)
    row = await by_id(db, portal.id, named.article) if named.article else None
    return row or (await by_address(db, portal.id, address) if address else None)


async def one(db: AsyncSession, article_id: int) -> Article:
    """For verbs of the house itself, which may count in it: locked."""
    row: Article | None = (await db.exec(locked(db, select(Article).where(Article.id == article_id)))).one_or_none()
    if row is None:
        raise NotFound()
    return row


async def seen_by(db: AsyncSession, actor: Actor, article_id: int) -> Article:
    """Its title is a reader's word until something said under it was let in: before that only desks see it."""
    row = await one(db, article_id)
    if not row.top and not (actor.is_moderator or actor.is_administrator):
        raise NotFound()
    return row


async def are_open(db: AsyncSession, ids: Sequence[int]) -> frozenset[int]:
    """Of these, those that go on as themselves: their rooms are for everybody."""
    rows = select(col(Article.id)).where(col(Article.id).in_(ids), col(Article.merged_into_id).is_(None))
    return frozenset(key for key in (await db.exec(rows)).all() if key is not None)


async def titles(db: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    rows = await db.exec(select(col(Article.id), col(Article.title)).where(col(Article.id).in_(ids)))
    return {int(key or 0): title for key, title in rows}


async def address_of(db: AsyncSession, article: Article) -> str:
    """Where it stands, as was said last; nothing when nobody said."""
    rows = select(col(ArticleAddress.address)).where(ArticleAddress.article_id == article.key)
    return (await db.exec(rows.limit(1))).one_or_none() or ""


async def counts(db: AsyncSession, portal: Portal, ids: Sequence[str]) -> Mapping[str, int]:
    """How many comments readers see under each; in one statement."""
    rows = (await (await db.connection()).execute(_COUNTS, {"site": portal.id, "ids": list(ids)})).all()
    return dict.fromkeys(ids, 0) | {str(external): int(many) for external, many in rows}


# Open or closed


def why_closed(portal: Portal | None, section: str, published_at: datetime | None, at: datetime) -> str:
    """The reason why nothing more is said under it, by the site's rules; empty while it is open."""
    if portal is None:
        return "site_ended"
    if portal.sections and section not in portal.sections:
        return "article_section"
    if portal.comment_days and published_at and at - published_at > timedelta(days=portal.comment_days):
        return "article_old"
    return ""


def why_shut(portal: Portal | None, article: Article, at: datetime) -> str:
    """The same of one that has a row; a person may have closed it before."""
    if article.closed_at is not None:
        return "article_closed"
    return why_closed(portal, article.section, article.published_at, at)


async def close(db: AsyncSession, actor: Actor, article: Article, why: str) -> None:
    must_moderate(actor)
    if article.closed_at is not None:
        raise Conflict("moved_on")
    if len(why) < LEAST_REASON:
        raise Refused("reason_words_missing", field="why")
    article.closed_at, article.closed_by, article.closed_why = now(db), actor.person_id, why
    await keep(db, actor, article, "article.closed")


async def reopen(db: AsyncSession, actor: Actor, article: Article) -> None:
    must_moderate(actor)
    if article.closed_at is None:
        raise Conflict("moved_on")
    article.closed_at = article.closed_by = None
    article.closed_why = ""
    await keep(db, actor, article, "article.reopened")


def must_moderate(actor: Actor) -> None:
    if not actor.is_moderator:
        raise NotAllowed()


async def keep(db: AsyncSession, actor: Actor, article: Article, fact: str) -> None:
    db.add(article)
    await db.flush()
    for channel in (f"article:{article.key}", channel_of(article.site_id)):
        log.record(db, channel, fact, article=article.key)
    await audit.note(db, actor.person_id, fact, article=article.key)


def alias(portal: Portal, named: Named) -> str:
    """The address without what leads within the page; only the portal's own pages are its articles."""
    if not named.address:
        return ""
    try:
        parts = urlsplit(named.address)
    except ValueError:  # a host that is none
        raise Refused("article_elsewhere", field="address") from None
    if f"{parts.scheme}://{parts.netloc}".lower() not in portal.origins:
        raise Refused("article_elsewhere", field="address")
    return parts._replace(netloc=parts.netloc.lower(), fragment="").geturl()


async def by_id(db: AsyncSession, site_id: int, external: str) -> Article | None:
    row = select(Article).where(Article.site_id == site_id, Article.external == external)
    return await _goes_on(db, (await db.exec(row)).one_or_none())


async def by_address(db: AsyncSession, site_id: int, address: str) -> Article | None:
    is_it = ArticleAddress.site_id == site_id, ArticleAddress.address == address
    row: Any = select(Article).join(ArticleAddress, col(ArticleAddress.article_id) == col(Article.id)).where(*is_it)
    return await _goes_on(db, (await db.exec(row)).one_or_none())


async def _goes_on(db: AsyncSession, article: Article | None) -> Article | None:
    """A merged one is the one it went into."""
    if article is None or article.merged_into_id is None:
        return article
    return await db.get(Article, article.merged_into_id)


_LAST = aliased(Article)
_COUNTS = (
    sa.select(col(Article.external), col(_LAST.many))
    .join(_LAST, col(_LAST.id) == func.coalesce(Article.merged_into_id, Article.id))
    .where(col(Article.site_id) == sa.bindparam("site"), col(Article.external).in_(sa.bindparam("ids", expanding=True)))
)
