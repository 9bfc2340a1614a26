"""Registered portals ("sites"): which origins they have, in which sections their articles stand, how widgets look there, and the
keys that sign who writes. What is registered is remembered by every process, so that a revocation holds within seconds.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, tokens
from engage.access import Actor
from engage.db import locked, now, one_of, remembered
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.origins import likenesses, origin_of
from engage.site_forms import NewSiteForm, SiteForm
from engage.tokens import Algorithm, Key
from live import log

CHANNEL, PORTALS = "sites", "portals"
MOST_ORIGINS, MOST_SECTIONS, MOST_KEYS = 20, 60, 5


class Site(SQLModel, table=True):
    """A portal. `guests`: whoever proves a mail address by a code may write there, too."""

    __tablename__ = "site"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=sa.String(40), unique=True)
    name: str = Field(sa_type=sa.String(120))
    issuer: str = Field(sa_type=sa.String(200))  # what its tokens say in `iss`
    origins: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    sections: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    accent: str = Field(default="", sa_type=sa.String(7))
    font: str = Field(default="", sa_type=sa.String(120))
    round: str = Field(default="1", sa_type=sa.String(3))
    guests: bool = False
    comment_days: int = 0  # for how long an article takes comments; 0: for ever
    version: int = 0
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the site is not stored yet")
        return self.id


class SiteKey(SQLModel, table=True):
    """What signs a portal's tokens. A shared secret is computed (secret, row) and stored nowhere; of a pair, the public half is."""

    __tablename__ = "site_key"
    __table_args__ = (one_of("site_key_algorithm", "algorithm", Algorithm),)

    kid: str = Field(primary_key=True, sa_type=sa.String(20))
    site_id: int = Field(foreign_key="site.id", index=True)
    algorithm: str = Field(sa_type=sa.String(8))
    public: str = Field(default="", sa_type=sa.String(400))
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Portal:
    """A site that is not ended, as doors need it."""

    id: int
    slug: str
    name: str
    issuer: str
    origins: frozenset[str]
    sections: tuple[str, ...]
    guests: bool
    comment_days: int
    keys: Mapping[str, SiteKey] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Portals:
    by_slug: Mapping[str, Portal]
    by_origin: Mapping[str, Portal]
    by_id: Mapping[int, Portal]


async def portals(db: AsyncSession) -> Portals:
    """All that may send us anything now."""

    async def read() -> Portals:
        keys = (await db.exec(select(SiteKey).where(col(SiteKey.ended_at).is_(None)))).all()
        live = [portal_of(site, keys) for site in await every(db) if site.ended_at is None]
        for key in keys:
            db.expunge(key)
        by_origin = {origin: portal for portal in live for origin in portal.origins}
        return Portals({one.slug: one for one in live}, by_origin, {one.id: one for one in live})

    return await remembered(db, PORTALS, CHANNEL, read)


async def every(db: AsyncSession) -> Sequence[Site]:
    return (await db.exec(select(Site).order_by(col(Site.slug)))).all()


async def one(db: AsyncSession, slug: str) -> Site:
    site: Site | None = (await db.exec(locked(db, select(Site).where(Site.slug == slug)))).one_or_none()
    if site is None:
        raise NotFound()
    return site


async def keys_of(db: AsyncSession, site: Site) -> Sequence[SiteKey]:
    """The newest first, ended ones too."""
    found = select(SiteKey).where(SiteKey.site_id == site.key)
    return (await db.exec(found.order_by(col(SiteKey.created_at).desc(), col(SiteKey.kid)))).all()


async def register(db: AsyncSession, actor: Actor, form: NewSiteForm) -> Site:
    _must_administer(actor)
    if (await db.exec(select(Site).where(Site.slug == form.slug))).one_or_none() is not None:
        raise Refused("slug_taken", field="slug")
    site = Site(slug=form.slug, name=form.name, issuer="", created_at=now(db))
    await _fill(db, site, form)
    await _witness(db, actor, site, "site.registered")
    return site


async def change(db: AsyncSession, actor: Actor, site: Site, form: SiteForm) -> None:
    _must_be_live(actor, site)
    if form.version != site.version:
        raise Conflict("moved_on")
    site.version += 1
    await _fill(db, site, form)
    await _witness(db, actor, site, "site.changed")


async def add_key(db: AsyncSession, actor: Actor, site: Site, public: str) -> SiteKey:
    """The old ones stay until somebody ends them: a portal changes over without a gap."""
    _must_be_live(actor, site)
    if sum(key.ended_at is None for key in await keys_of(db, site)) >= MOST_KEYS:
        raise Refused("site_keys_many", field="public", most=MOST_KEYS)
    pem = tokens.public_key(public) if public.strip() else ""
    algorithm = Algorithm.EDDSA if pem else Algorithm.HS256
    key = SiteKey(kid=secrets.token_hex(6), site_id=site.key, algorithm=algorithm, public=pem, created_at=now(db))
    db.add(key)
    await db.flush()
    await _witness(db, actor, site, "site.key_added")
    return key


async def end_key(db: AsyncSession, actor: Actor, site: Site, kid: str) -> None:
    _must_be_live(actor, site)
    key = await db.get(SiteKey, kid)
    if key is None or key.site_id != site.key:
        raise NotFound()
    if key.ended_at is None:
        key.ended_at = now(db)
        db.add(key)
        await db.flush()
        await _witness(db, actor, site, "site.key_ended")


async def end(db: AsyncSession, actor: Actor, site: Site) -> None:
    """Its pages may send nothing any more. What was written there stays."""
    _must_be_live(actor, site)
    site.ended_at = now(db)
    db.add(site)
    await db.flush()
    await _witness(db, actor, site, "site.ended")


async def looks_like(db: AsyncSession, site: Site) -> list[tuple[str, str]]:
    """Origins that may be taken for another portal's: a warning, for only people can tell."""
    others = [origin for other in await every(db) if other.id != site.id for origin in other.origins]
    return likenesses(site.origins, others)


def signing(secret: str, key: SiteKey) -> Key:
    """What a token of that key is judged by."""
    if key.algorithm == Algorithm.EDDSA:
        return Key(Algorithm.EDDSA, key.public)
    text = f"site key\0{key.kid}\0{key.site_id}\0{key.created_at.timestamp()}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return Key(Algorithm.HS256, urlsafe_b64encode(mac).decode().rstrip("="))


async def _fill(db: AsyncSession, site: Site, form: SiteForm) -> None:
    typed = [line.strip() for line in form.origins.splitlines() if line.strip()]
    origins = list(dict.fromkeys(origin_of(line) for line in typed))
    if not origins:
        raise Refused("site_origin_missing", field="origins")
    if len(origins) > MOST_ORIGINS:
        raise Refused("site_origin_many", field="origins", most=MOST_ORIGINS)
    taken = {
        origin for other in await every(db) if other.id != site.id and not other.ended_at for origin in other.origins
    }
    if clash := next((origin for origin in origins if origin in taken), None):
        raise Refused("site_origin_taken", field="origins", origin=clash)
    sections = list(dict.fromkeys(line.strip()[:80] for line in form.sections.splitlines() if line.strip()))
    site.name, site.issuer, site.origins = form.name, form.issuer or origins[0], origins
    site.sections, site.guests = sections[:MOST_SECTIONS], form.guests
    site.comment_days = form.comment_days
    site.accent, site.font, site.round = form.accent, form.font, form.round
    db.add(site)
    await db.flush()


def portal_of(site: Site, keys: Sequence[SiteKey] = ()) -> Portal:
    mine = {key.kid: key for key in keys if key.site_id == site.key}
    named = site.key, site.slug, site.name, site.issuer
    return Portal(*named, frozenset(site.origins), tuple(site.sections), site.guests, site.comment_days, mine)


async def _witness(db: AsyncSession, actor: Actor, site: Site, fact: str) -> None:
    log.record(db, CHANNEL, fact, site=site.key)
    await audit.note(db, actor.person_id, fact, site=site.key)


def _must_be_live(actor: Actor, site: Site) -> None:
    _must_administer(actor)
    if site.ended_at is not None:
        raise Conflict("site_ended")


def _must_administer(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed()
