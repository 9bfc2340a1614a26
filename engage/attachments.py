"""Files that come with a text: the row, what may become of it, and the sweep of what nobody sent. Does not know who may see one."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor
from engage.antivirus import Scan
from engage.db import locked, now, one_of
from engage.errors import NotAllowed, NotFound, Refused, Unavailable
from engage.filetypes import FIELD, PICTURES, Kind
from engage.moves import Moves, move
from engage.storage import Storage
from live import log

QUESTION, ANSWER = "question", "answer"
MOST: Mapping[str, int] = {QUESTION: 3, ANSWER: 5}
LEAST_NOTE, MOST_NOTE, MOST_ABOUT = 5, 300, 300
UNSENT_LASTS = timedelta(hours=24)
ORPHANS_AFTER = timedelta(hours=2)  # bytes come before their row


class State(StrEnum):
    UPLOADED = "uploaded"
    PRIVATE = "private"
    PUBLISHED = "published"
    REFUSED = "refused"


MOVES: Moves = {
    State.UPLOADED: frozenset({State.PRIVATE}),
    State.PRIVATE: frozenset({State.PRIVATE, State.PUBLISHED, State.REFUSED}),
    State.PUBLISHED: frozenset({State.PRIVATE, State.REFUSED}),
    State.REFUSED: frozenset({State.PRIVATE}),
}
SCAN_MOVES: Moves = {Scan.WAITING: frozenset({Scan.CLEAN, Scan.INFECTED})}


class Attachment(SQLModel, table=True):
    """`draft` binds it to a form that is still being written; `thing_id` to a text.

    `channel`: where that text's readers listen; `owner`: where only those listen whose file it is.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("attachment_state", "state", State),
        one_of("attachment_scan", "scan", Scan),
        one_of("attachment_kind", "kind", Kind),
        sa.Index("attachment_of", "surface", "thing_id", "id"),
        sa.Index("attachment_undecided", "state", "decided_at", "id"),
        sa.Index("attachment_unscanned", "scan", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=sa.String(43), unique=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int | None = None
    channel: str = Field(default="", sa_type=sa.String(40))
    owner: str = Field(default="", sa_type=sa.String(40))
    draft: str | None = Field(default=None, sa_type=sa.String(64), index=True)
    name: str = Field(sa_type=sa.String(120))
    about: str = Field(default="", sa_type=sa.String(MOST_ABOUT))
    kind: str = Field(sa_type=sa.String(8))
    size: int
    scan: str = Field(sa_type=sa.String(8))
    state: str = Field(default=State.UPLOADED, sa_type=sa.String(10))
    note: str = Field(default="", sa_type=sa.String(MOST_NOTE))
    created_at: datetime
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody may be given its bytes."""
        return self.scan == Scan.CLEAN

    @property
    def is_public(self) -> bool:
        """As far as the file goes; the text it belongs to must be public too."""
        return self.is_open and self.state == State.PUBLISHED

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURES


def new_key() -> str:
    """Names a file in addresses and in the storage; nothing about it can be guessed."""
    return secrets.token_urlsafe(32)


# While the form is written


async def add(
    db: AsyncSession,
    draft: str,
    surface: str,
    *,
    key: str,
    name: str,
    kind: Kind,
    size: int,
    scan: Scan,
    most_bytes: int,
) -> Attachment:
    """Note a file whose bytes are stored. The same file twice is one."""
    there = await uploaded(db, draft, surface)
    twin = next((one for one in there if (one.name, one.size) == (name, size)), None)
    if twin is not None:
        return twin
    if len(there) >= MOST[surface]:
        raise Refused("too_many_files", field=FIELD, most=MOST[surface], name=name)
    if sum(one.size for one in there) + size > most_bytes:
        raise Refused("files_too_large", field=FIELD, most=most_bytes // (1024 * 1024))
    row = Attachment(
        key=key, surface=surface, draft=draft, name=name, kind=kind, size=size, scan=scan, created_at=now(db)
    )
    db.add(row)
    await db.flush()
    return row


async def uploaded(db: AsyncSession, draft: str, surface: str) -> Sequence[Attachment]:
    """What was brought for a text of this kind: it is never bound to one of another kind."""
    mine = (Attachment.draft == draft, Attachment.surface == surface, Attachment.state == State.UPLOADED)
    return list((await db.exec(locked(db, select(Attachment).where(*mine).order_by(col(Attachment.id))))).all())


async def describe(db: AsyncSession, rows: Iterable[Attachment], said: Mapping[str, str]) -> None:
    """What each picture or paper shows, in the words of whoever brings it; `said` by key."""
    for row in rows:
        if row.key in said:
            row.about = said[row.key][:MOST_ABOUT]
            db.add(row)
    await db.flush()


async def drop(db: AsyncSession, rows: Iterable[Attachment]) -> None:
    """Taken out again before anybody saw it. The sweep takes the bytes, which no row names any more."""
    for row in rows:
        await db.delete(row)
    await db.flush()


async def bind(db: AsyncSession, draft: str, surface: str, thing_id: int, *, channel: str, owner: str) -> None:
    """The form was sent: its files belong to the text now."""
    there = await of(db, surface, thing_id)
    rows = await uploaded(db, draft, surface)
    if len(there) + len(rows) > MOST[surface]:
        raise Refused("too_many_files", field=FIELD, most=MOST[surface], name=rows[-1].name)
    bound = {"thing_id": thing_id, "channel": channel, "owner": owner}
    for row in rows:
        await move(db, row, "state", State.PRIVATE, MOVES, draft=None, **bound)


# What becomes of one


async def by_key(db: AsyncSession, key: str) -> Attachment:
    """For who was let through before; pages fetch through the actor. What the virus scanner has not passed is nobody's."""
    row = (await db.exec(select(Attachment).where(Attachment.key == key))).one_or_none()
    if row is None or not row.is_open:
        raise NotFound()
    return row


async def of(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Attachment]:
    found = select(Attachment).where(Attachment.surface == surface, Attachment.thing_id == thing_id)
    return list((await db.exec(locked(db, found.order_by(col(Attachment.id))))).all())


async def publish(db: AsyncSession, actor: Actor, row: Attachment) -> None:
    _must_be_moderator(actor)
    if row.scan != Scan.CLEAN:
        raise Refused("file_unscanned", field=row.key)
    await _decide(db, actor, row, State.PUBLISHED)
    _tell(db, row, "attachment.published", True)
    await audit.note(db, actor.person_id, "attachment.published", thing=row.thing_id)


async def keep_private(db: AsyncSession, actor: Actor, row: Attachment) -> None:
    _must_be_moderator(actor)
    was_public = row.state == State.PUBLISHED
    await _decide(db, actor, row, State.PRIVATE)
    await audit.note(db, actor.person_id, "attachment.kept_private", thing=row.thing_id)
    if was_public:
        _tell(db, row, "attachment.hidden", True)


async def refuse(db: AsyncSession, actor: Actor, row: Attachment, note: str) -> None:
    """Nobody but the desk opens it any more; its author is told why."""
    _must_be_moderator(actor)
    was_public = row.state == State.PUBLISHED
    if len(note) < LEAST_NOTE:
        raise Refused("file_note_missing", field=row.key)
    await _decide(db, actor, row, State.REFUSED, note=note[:MOST_NOTE])
    _tell(db, row, "attachment.refused", False)
    if was_public:
        _tell(db, row, "attachment.hidden", True)
    await audit.note(db, actor.person_id, "attachment.refused", thing=row.thing_id)


async def publish_all(db: AsyncSession, surface: str, thing_id: int) -> None:
    """With the answer they belong to. Those still in front of the virus scanner are shown once it has passed them."""
    for row in await of(db, surface, thing_id):
        if row.state == State.PRIVATE:
            await move(db, row, "state", State.PUBLISHED, MOVES, decided_at=now(db))


async def must_be_described(db: AsyncSession, surface: str, thing_id: int) -> None:
    """Whoever cannot see the picture is told what it shows."""
    for row in await of(db, surface, thing_id):
        if row.is_picture and not row.about:
            raise Refused("picture_undescribed", field=FIELD, name=row.name)


# The virus scanner, and what nobody needs any more


async def unscanned(db: AsyncSession, most: int) -> Sequence[Attachment]:
    found = select(Attachment).where(Attachment.scan == Scan.WAITING).order_by(col(Attachment.id))
    return (await db.exec(found.limit(most))).all()


async def note_scan(db: AsyncSession, attachment_id: int, result: Scan) -> None:
    row = await db.get(Attachment, attachment_id)
    if row is None or row.scan != Scan.WAITING or result == Scan.WAITING:
        return
    await move(db, row, "scan", result, SCAN_MOVES)
    if row.owner:
        _tell(db, row, "attachment.scanned", row.is_public)


async def drop_unsent(db: AsyncSession) -> None:
    """Forms that were never sent."""
    old = (col(Attachment.state) == State.UPLOADED, col(Attachment.created_at) < now(db) - UNSENT_LASTS)
    await db.exec(sa.delete(Attachment).where(*old))


async def orphans(db: AsyncSession, keys: Sequence[str]) -> list[str]:
    """Of these stored keys, those that no row names; and the infected, whose bytes nobody shall have."""
    if not keys:
        return []
    named = select(Attachment.key).where(col(Attachment.key).in_(keys), Attachment.scan != Scan.INFECTED)
    kept = set((await db.exec(named)).all())
    return [key for key in keys if key not in kept]


async def erase(db: AsyncSession, surface: str, thing_id: int) -> list[str]:
    """The rows, for good. The keys of their bytes are for `erase_bytes`, once the rows are gone."""
    rows = await of(db, surface, thing_id)
    await drop(db, rows)
    return [row.key for row in rows]


async def erase_bytes(storage: Storage, keys: Iterable[str]) -> None:
    """After COMMIT. What cannot be reached now is taken by the sweep."""
    for key in keys:
        with suppress(Unavailable, OSError):
            await storage.delete(key)


def _must_be_moderator(actor: Actor) -> None:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()


async def _decide(db: AsyncSession, actor: Actor, row: Attachment, to: State, note: str = "") -> None:
    if row.surface != QUESTION or row.thing_id is None:
        raise NotFound()
    await move(db, row, "state", to, MOVES, note=note, decided_by=actor.person_id, decided_at=now(db))


def _tell(db: AsyncSession, row: Attachment, fact: str, to_readers: bool) -> None:
    """Readers hear only of what they then see, or see no more."""
    kind, _, number = row.channel.partition(":")
    for channel in (row.owner, *([row.channel] if to_readers else [])):
        log.record(db, channel, fact, attachment=row.id or 0, **{kind: int(number)})
