"""Notices: rows written by the verb that makes them true, sent by the worker. They hold no words and no address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from engage.db import database_now, into, now, one_of, put
from engage.people import Person

LEASE = timedelta(minutes=2)
AT_ONCE = timedelta()
AT = UTCDateTime()
LONGEST_BACK_OFF = timedelta(hours=1)


class Kind(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    FOLLOW_ASKED = "follow_asked"
    FOLLOWED = "followed"
    INVITED = "invited"
    PASSWORD_LINK = "password_link"  # noqa: S105 a kind of mail
    FACTOR_RESET = "factor_reset"
    EXTENDED = "extended"
    DIGEST = "digest"
    CALENDAR_ENDS = "calendar_ends"
    HANDED = "handed"
    OFFICIAL_LEFT = "official_left"
    SHARE_ASKED = "share_asked"
    SHARE_ANSWERED = "share_answered"
    WITHDRAWN = "withdrawn"
    CLARIFY = "clarify"
    CLARIFIED = "clarified"
    LOOKED_AGAIN = "looked_again"
    SENT_BACK = "sent_back"
    LOST_CODE = "lost_code"
    REQUEST_DECIDED = "request_decided"
    CORRECTED = "corrected"
    OUTDATED = "outdated"
    FOLLOWED_NEWS = "followed_news"
    RETURNED = "returned"
    MERGED = "merged"
    PARTED = "parted"
    FOLLOWED_PARTED = "followed_parted"
    HIDDEN = "hidden"
    CARRIED = "carried"
    REMIND_ASKED = "remind_asked"
    STARTS_SOON = "starts_soon"
    POSTPONED = "postponed"
    CALLED_OFF = "called_off"
    JOINED = "joined"
    CITIZEN_LINK = "citizen_link"
    CITIZEN_CODE = "citizen_code"
    SUGGESTED = "suggested"
    THREAD_NEWS = "thread_news"
    FLAG_ANSWERED = "flag_answered"


# What comes to people at their desks: each is a line of the day's digest (`digests`), never a mail of its own.
GATHERED = frozenset(
    {
        Kind.HANDED,
        Kind.OFFICIAL_LEFT,
        Kind.SHARE_ASKED,
        Kind.SHARE_ANSWERED,
        Kind.CLARIFIED,
        Kind.SENT_BACK,
    }
)
LULL = timedelta(minutes=30)  # who hands out thirty texts in a row has handed them all out: they come in one digest
# Mails to people at their desks: they wait for working hours. An asker's mail never waits.
TO_STAFF = frozenset({Kind.DIGEST, Kind.CALENDAR_ENDS, Kind.JOINED})


class Notice(SQLModel, table=True):
    __tablename__ = "notice"
    __table_args__ = (
        one_of("notice_kind", "kind", Kind),
        sa.Index(
            "notice_waiting",
            "due_at",
            "id",
            postgresql_where=sa.text("sent_at is null"),
            sqlite_where=sa.text("sent_at is null"),
        ),
        sa.Index("notice_of_thing", "surface", "thing_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(sa_type=sa.String(20))
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int
    created_at: datetime
    due_at: datetime
    tries: int = 0
    locked_until: datetime | None = None
    sent_at: datetime | None = None
    digest_id: int | None = Field(
        default=None, index=True
    )  # of a gathered one: which of `digests`, unknown here, tells it


_ADD = into(Notice)


async def write(
    db: AsyncSession, person_id: int, kind: Kind, surface: str, thing_id: int, *, wait: timedelta = AT_ONCE
) -> None:
    """`wait`: as long as what it tells can still be taken back."""
    at, wait = now(db), max(wait, LULL) if kind in GATHERED else wait
    row = {"person_id": person_id, "kind": kind, "surface": surface, "thing_id": thing_id, "tries": 0}
    await put(db, _ADD, {**row, "created_at": at, "due_at": at + wait})


async def tell(
    db: AsyncSession, asker_id: int, kind: Kind, surface: str, thing_id: int, *, wait: timedelta = AT_ONCE
) -> None:
    """To the asker of a text: nobody is written to without an address, nor while the use of their data is restricted."""
    asker = await db.get(Person, asker_id)
    if asker and asker.email and asker.restricted_at is None:
        await write(db, asker_id, kind, surface, thing_id, wait=wait)


async def cancel(db: AsyncSession, surface: str, thing_id: int, *kinds: Kind) -> None:
    """What was not sent yet is not sent any more: of these kinds, or whatever it is."""
    waiting = sa.delete(Notice).where(
        col(Notice.surface) == surface, col(Notice.thing_id) == thing_id, col(Notice.sent_at).is_(None)
    )
    await db.exec(waiting.where(col(Notice.kind).in_(kinds)) if kinds else waiting)


async def claim(db: AsyncSession, most: int, *, but: frozenset[Kind] = frozenset()) -> Sequence[Notice]:
    """Take notices that are due, under a lease: a crashed worker's share comes back by itself. `but`: kinds that wait."""
    at = await database_now(db)
    free = sa.or_(col(Notice.locked_until).is_(None), col(Notice.locked_until) < at)
    due = (
        select(Notice.id)
        .where(col(Notice.sent_at).is_(None), col(Notice.due_at) <= at, free, col(Notice.kind).not_in(but | GATHERED))
        .order_by(col(Notice.due_at), col(Notice.id))
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")  # looked for once: PostgreSQL may run a subquery for every row, and each time find `most` more
    )
    taken = (
        sa.update(Notice)
        .where(col(Notice.id).in_(sa.select(due.c.id)))
        .values(locked_until=at + LEASE, tries=Notice.tries + 1)
        .returning(Notice)
        .execution_options(synchronize_session=False)
    )
    return list((await db.exec(taken)).scalars().all())


async def note_sent(db: AsyncSession, notice: Notice) -> None:
    await db.exec(sa.update(Notice).where(col(Notice.id) == notice.id).values(sent_at=now(db), locked_until=None))


async def note_past(db: AsyncSession) -> None:
    """A past that is only told, as in the demonstration: what was due in it went out then."""
    past = sa.update(Notice).where(col(Notice.sent_at).is_(None), col(Notice.due_at) <= now(db))
    await db.exec(past.values(sent_at=Notice.due_at))


async def put_off(db: AsyncSession, notice: Notice) -> None:
    """The mail server said no: again later, each time twice as late, at most hourly, for ever."""
    wait = min(timedelta(seconds=15) * 2 ** min(notice.tries, 12), LONGEST_BACK_OFF)
    later = await database_now(db) + wait
    await db.exec(sa.update(Notice).where(col(Notice.id) == notice.id).values(due_at=later, locked_until=None))
