"""Single-use links in mails to staff: an invitation, a new password. A token is computed, so neither row nor notice holds one."""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices
from engage.db import MOST_ID, now, one_of
from engage.errors import Conflict, NotFound

SURFACE = "account"
MAC_DIGITS = 43


class Purpose(StrEnum):
    INVITE = "invite"
    RESET = "reset"


LASTS = {Purpose.INVITE: timedelta(days=7), Purpose.RESET: timedelta(hours=2)}
NOTICES = {Purpose.INVITE: notices.Kind.INVITED, Purpose.RESET: notices.Kind.PASSWORD_LINK}


class AccountLink(SQLModel, table=True):
    __tablename__ = "account_link"
    __table_args__ = (one_of("account_link_purpose", "purpose", Purpose),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(sa_type=sa.String(10))
    created_at: datetime
    ends_at: datetime
    used_at: datetime | None = None


async def write(db: AsyncSession, person_id: int, purpose: Purpose) -> None:
    """Several may be live at once: the newest mail need not be the one that is opened."""
    at = now(db)
    link = AccountLink(person_id=person_id, purpose=purpose, created_at=at, ends_at=at + LASTS[purpose])
    db.add(link)
    await db.flush()
    await notices.write(db, person_id, NOTICES[purpose], SURFACE, link.id or 0)


async def one(db: AsyncSession, secret: str, token: str) -> AccountLink:
    """Whatever is no token of ours is missing."""
    number, _, _ = token.partition(".")
    is_shaped = number.isascii() and number.isdecimal() and len(number) <= 10 and int(number) <= MOST_ID
    link = await db.get(AccountLink, int(number)) if is_shaped else None
    if link is None or not hmac.compare_digest(token_of(secret, link).encode(), token.encode("utf-8", "replace")):
        raise NotFound()
    return link


def is_open(link: AccountLink, at: datetime) -> bool:
    return link.used_at is None and link.ends_at > at


async def spend(db: AsyncSession, link: AccountLink) -> None:
    """Once; with it every other link of that person is void."""
    mine = sa.update(AccountLink).where(
        col(AccountLink.id) == link.id, col(AccountLink.used_at).is_(None), col(AccountLink.ends_at) > now(db)
    )
    if (await db.exec(mine.values(used_at=now(db)))).rowcount != 1:
        raise Conflict("link_used")
    await void(db, link.person_id)


async def void(db: AsyncSession, person_id: int) -> None:
    others = sa.update(AccountLink).where(col(AccountLink.person_id) == person_id, col(AccountLink.used_at).is_(None))
    await db.exec(others.values(used_at=now(db)))


def token_of(secret: str, link: AccountLink) -> str:
    text = f"account link\0{link.id}\0{link.person_id}\0{link.purpose}\0{link.created_at.timestamp()}"
    return f"{link.id}.{hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:MAC_DIGITS]}"
