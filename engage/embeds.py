"""Who writes in a portal's widget: a token that the portal signed, or a code from a mail, is spent once for a bearer.

A bearer is random, stored hashed, lasts half an hour, and opens nothing but what that person may do from that origin of that site.
No cookie is involved: browsers block those of others, and a portal's page must not act for whoever is signed in with us.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import sites, tokens
from engage.access import Actor, actor_of
from engage.db import into, now, put, upsert
from engage.errors import Refused
from engage.people import Kind, Person
from engage.sites import Portal, Site
from engage.tokens import Claims

LASTS = timedelta(minutes=30)
MOST_LETTERS = 100
Brought = tuple[str, str]  # a bearer, and the origin from which it came


class EmbedSession(SQLModel, table=True):
    __tablename__ = "embed_session"

    token: str = Field(primary_key=True, sa_type=sa.String(64))
    site_id: int = Field(foreign_key="site.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    origin: str = Field(sa_type=sa.String(300))
    created_at: datetime
    ends_at: datetime


class SiteMember(SQLModel, table=True):
    """A person as one portal knows them: another portal's `sub` is somebody else."""

    __tablename__ = "site_member"

    site_id: int = Field(foreign_key="site.id", primary_key=True)
    subject: str = Field(primary_key=True, sa_type=sa.String(64))  # hashed: a portal may use mail addresses
    person_id: int = Field(foreign_key="person.id", index=True)


class SpentToken(SQLModel, table=True):
    """One row a token, for as long as it could be shown again: whoever comes second, in whatever process, finds it taken."""

    __tablename__ = "spent_token"

    site_id: int = Field(foreign_key="site.id", primary_key=True)
    jti: str = Field(primary_key=True, sa_type=sa.String(64))
    ends_at: datetime = Field(index=True)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Who writes, where, and until when."""

    actor: Actor
    portal: Portal
    origin: str
    ends_at: datetime


def judge(portal: Portal, secret: str, token: str, at: datetime) -> Claims:
    """Whatever is wrong with a token, before anything is read or written."""
    key = portal.keys.get(tokens.key_id(token))
    if key is None:
        raise Refused("embed_token_key")
    return tokens.claims(token, sites.signing(secret, key), audience=portal.slug, issuer=portal.issuer, at=at)


async def spend(db: AsyncSession, portal: Portal, origin: str, claims: Claims, language: str) -> str:
    """A bearer for a token that nobody has spent."""
    row = {"site_id": portal.id, "jti": _digest(claims.id), "ends_at": datetime.fromtimestamp(claims.ends_at, UTC)}
    taken = await db.exec(upsert(db, SpentToken).values(**row).on_conflict_do_nothing())
    if taken.rowcount != 1:
        raise Refused("embed_token_spent")
    return await begin(db, portal, origin, await _member(db, portal, claims, language))


async def begin(db: AsyncSession, portal: Portal, origin: str, person_id: int) -> str:
    token, at = secrets.token_urlsafe(32), now(db)
    row = {"token": _digest(token), "site_id": portal.id, "person_id": person_id, "origin": origin}
    await put(db, _ADD, {**row, "created_at": at, "ends_at": at + LASTS})
    return token


async def by_bearer(db: AsyncSession, bearer: str, origin: str) -> Embedded | None:
    return (await by_bearers(db, [(bearer, origin)])).get((bearer, origin))


async def by_bearers(db: AsyncSession, brought: Iterable[Brought]) -> Mapping[Brought, Embedded]:
    """Those that still open something where they came from: its site is registered, and has that origin."""
    asked = {(bearer, origin) for bearer, origin in brought if 0 < len(bearer) <= MOST_LETTERS}
    wanted = {_digest(bearer): bearer for bearer, _ in asked}
    if not wanted:
        return {}
    known = (await sites.portals(db)).by_origin
    rows = (
        select(EmbedSession, Person)
        .join(Person, col(Person.id) == col(EmbedSession.person_id))
        .where(col(EmbedSession.token).in_(wanted), EmbedSession.ends_at > now(db), col(Person.ended_at).is_(None))
    )
    found: dict[Brought, Embedded] = {}
    for session, person in (await db.exec(rows)).all():
        one, portal = (wanted[session.token], session.origin), known.get(session.origin)
        if portal is not None and portal.id == session.site_id and one in asked:
            found[one] = Embedded(actor_of(person, {}), portal, session.origin, session.ends_at)
    return found


async def end_key(db: AsyncSession, actor: Actor, site: Site, kid: str) -> None:
    """It signs no more; and whoever came in by it may be anybody: all who write there show a new token."""
    await sites.end_key(db, actor, site, kid)
    await db.exec(sa.delete(EmbedSession).where(col(EmbedSession.site_id) == site.key))


async def leave(db: AsyncSession, bearer: str) -> None:
    await db.exec(sa.delete(EmbedSession).where(col(EmbedSession.token) == _digest(bearer)))


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(EmbedSession).where(col(EmbedSession.ends_at) < now(db)))
    await db.exec(sa.delete(SpentToken).where(col(SpentToken.ends_at) < now(db)))


async def _member(db: AsyncSession, portal: Portal, claims: Claims, language: str) -> int:
    """A portal's reader has the name that the portal gives now."""
    subject = _digest(f"{portal.id}\0{claims.subject}")
    member = await db.get(SiteMember, (portal.id, subject))
    person = await db.get(Person, member.person_id) if member else None
    if person is None or person.ended_at is not None:
        person = Person(kind=Kind.CITIZEN, name=claims.name, language=language, created_at=now(db))
        person.verified_at = now(db)
        db.add(person)
        await db.flush()
        await db.merge(SiteMember(site_id=portal.id, subject=subject, person_id=person.id or 0))
    elif person.name != claims.name:
        person.name = claims.name
        db.add(person)
    await db.flush()
    return person.id or 0


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


_ADD = into(EmbedSession)
