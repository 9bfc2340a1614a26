"""Remarks: what people say to each other in a place, in a thread or under an article. Once let in it is shown to all.

A place is named by the surface of what is said there and by its own number; what it is, and who may speak there, others know.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import markup, notices, revisions, search
from engage.access import Actor, Moderation, Text, moderation_check, visible
from engage.db import locked, now, one_of, partly
from engage.errors import Conflict, NotFound
from engage.moves import Moves, move
from engage.people import Person
from live import log
from moderation.screening import Submission, fingerprint
from moderation.text import has_tone_marks

TABLE = "remark"
MOST_OWN = 50
MOVES: Moves = {
    Moderation.RECEIVED: frozenset({Moderation.HELD, Moderation.ACCEPTED, Moderation.WITHDRAWN}),
    Moderation.HELD: frozenset({Moderation.ACCEPTED, Moderation.REFUSED, Moderation.WITHDRAWN}),
    Moderation.ACCEPTED: frozenset({Moderation.HIDDEN, Moderation.WITHDRAWN}),
    Moderation.HIDDEN: frozenset({Moderation.ACCEPTED, Moderation.WITHDRAWN}),
    Moderation.REFUSED: frozenset({Moderation.HELD, Moderation.WITHDRAWN}),
    Moderation.WITHDRAWN: frozenset(),
}


class Said(StrEnum):
    """The surfaces on which remarks are made."""

    POST = "post"
    COMMENT = "comment"


_PLACE = "surface", "place_id"
PLACES: Mapping[str, str] = {Said.POST: "thread", Said.COMMENT: "article"}


class Place(SQLModel):
    """The columns of everything in which people speak."""

    id: int | None = Field(default=None, primary_key=True)
    top: int = 0  # the newest number that was given in it
    many: int = 0  # how many remarks readers see in it
    last_at: datetime | None = None  # when the newest of them was let in

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the place is not stored yet")
        return self.id


class Remark(Text, table=True):
    """`number` is its place in the order, given when it is let in and kept for ever; `title` belongs to what opens a thread."""

    __tablename__ = TABLE
    __table_args__ = (
        moderation_check("remark_moderation"),
        one_of("remark_surface", "surface", Said),
        sa.Index("remark_in_place", "surface", "place_id", "number", unique=True),
        sa.Index("remark_lately", "surface", "accepted_at"),
        sa.Index("remark_lines", "surface", "place_id", "line", unique=True, **partly("reply_to_id is null")),
        sa.Index("remark_answers", "reply_to_id", "line", **partly("reply_to_id is not null")),
        sa.Index("remark_useful", *_PLACE, "useful", "line", **partly("reply_to_id is null and line is not null")),
        sa.Index("remark_repeats", "fingerprint", "created_at"),
        sa.Index("remark_received", "id", **partly("moderation = 'received'")),
    )

    surface: str = Field(sa_type=sa.String(20))
    place_id: int
    number: int | None = None
    reply_to_id: int | None = Field(default=None, foreign_key="remark.id")
    line: int | None = None  # of a comment: its place among what answers the same
    answers: int = 0  # the newest line that was given to what answers it
    title: str = Field(default="", sa_type=sa.String(240))
    body: str = Field(sa_type=sa.Text)
    body_html: str = Field(default="", sa_type=sa.Text)
    name: str = Field(sa_type=sa.String(120))  # as readers see it
    badge_id: int | None = Field(default=None, foreign_key="agency.id")  # said for it, by who holds a post there
    useful: int = 0  # votes that count
    picked_at: datetime | None = None  # by an editor
    version: int = 0  # raised when its author changes it
    fingerprint: str = Field(sa_type=sa.String(32))
    has_marks: bool = True
    created_at: datetime
    accepted_at: datetime | None = None
    corrected_at: datetime | None = None  # by its author; what was decided about older words does not hold for these
    withdrawn_at: datetime | None = None

    @property
    def channel(self) -> str:
        """What whoever reads the place follows."""
        return f"{PLACES[self.surface]}:{self.place_id}"

    @property
    def text(self) -> Submission:
        return Submission(self.title, self.body)


async def submit(
    db: AsyncSession,
    author: Person,
    surface: Said,
    place_id: int,
    text: Submission,
    *,
    reply_to_id: int | None = None,
    badge_id: int | None = None,
) -> Remark:
    """Store a remark as `received`. The caller goes on with `review.look_at`."""
    made = Remark(
        author_id=author.id or 0,
        surface=surface,
        place_id=place_id,
        reply_to_id=reply_to_id,
        title=text.title,
        body=text.body,
        name=author.name,
        badge_id=badge_id,
        fingerprint=fingerprint(text),
        has_marks=has_tone_marks(text.body),
        created_at=now(db),
    )
    db.add(made)
    await db.flush()
    log.record(db, f"person:{made.author_id}", "remark.received", remark=made.key)
    return made


async def one(db: AsyncSession, remark_id: int) -> Remark:
    """For verbs of the house itself; pages fetch through the actor."""
    return await only(db, select(Remark).where(Remark.id == remark_id))


async def seen_by(db: AsyncSession, actor: Actor, remark_id: int) -> Remark:
    """What the actor may not see is missing."""
    return await only(db, select(Remark).where(Remark.id == remark_id, visible(Remark, actor)))


async def own(db: AsyncSession, actor: Actor, remark_id: int) -> Remark:
    """One that the actor wrote, wherever it stands."""
    return await only(db, select(Remark).where(Remark.id == remark_id, Remark.author_id == (actor.person_id or 0)))


async def only(db: AsyncSession, chosen: Any) -> Remark:
    remark: Remark | None = (await db.exec(locked(db, chosen))).one_or_none()
    if remark is None:
        raise NotFound()
    return remark


async def numbered(
    db: AsyncSession, surface: Said, place_id: int, first: int, last: int, actor: Actor
) -> Sequence[Remark]:
    """Those with these numbers that the actor sees: a page of a place. Gaps are what was taken down."""
    within = col(Remark.number).between(first, last), visible(Remark, actor)
    found = select(Remark).where(Remark.surface == surface, Remark.place_id == place_id, *within)
    return (await db.exec(found.order_by(col(Remark.number)))).all()


async def written_by(db: AsyncSession, person_id: int, surface: Said = Said.POST) -> Sequence[Remark]:
    """Their newest, wherever they stand."""
    mine = select(Remark).where(Remark.author_id == person_id, Remark.surface == surface)
    return (await db.exec(mine.order_by(col(Remark.id).desc()).limit(MOST_OWN))).all()


async def numbers(db: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """Under which number each stands, or stood: no word of what was taken down."""
    rows = await db.exec(select(col(Remark.id), col(Remark.number)).where(col(Remark.id).in_(ids)))
    return {int(key or 0): int(number) for key, number in rows if number is not None}


async def titles(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """By what a desk names them: a title, or how they begin."""
    rows = await db.exec(select(col(Remark.id), col(Remark.title), col(Remark.body)).where(col(Remark.id).in_(ids)))
    return {int(key or 0): title or body[:120] for key, title, body in rows.all()}


async def times_seen(db: AsyncSession, print_of_text: str, since: datetime, *, before: int | None = None) -> int:
    """`before`: the id of a stored text, which neither repeats itself nor what came after it."""
    seen = select(func.count()).where(Remark.fingerprint == print_of_text, Remark.created_at > since)
    return (await db.exec(seen if before is None else seen.where(col(Remark.id) < before))).one()


async def received_ids(db: AsyncSession, most: int) -> Sequence[int]:
    """The oldest that nobody has looked at."""
    waiting = select(col(Remark.id)).where(Remark.moderation == Moderation.RECEIVED)
    return [key or 0 for key in (await db.exec(waiting.order_by(col(Remark.id)).limit(most))).all()]


async def take_received(db: AsyncSession, remark_id: int) -> Remark | None:
    """None when another worker has it, or had it."""
    waiting = select(Remark).where(Remark.id == remark_id, Remark.moderation == Moderation.RECEIVED)
    return (await db.exec(waiting.with_for_update(skip_locked=True))).one_or_none()


# What a decision does


async def hold(db: AsyncSession, remark: Remark, *, sealed: bool) -> None:
    if remark.moderation != Moderation.RECEIVED:
        raise Conflict("moved_on")
    await move(db, remark, "moderation", Moderation.HELD, MOVES, sealed=sealed)


async def let_in(db: AsyncSession, remark: Remark, place: Place) -> None:
    """Shown from now on, under the next number of its place. The place is locked by who fetched it."""
    number = remark.number or place.top + 1
    html = str(markup.plain(remark.body))
    shown = {"number": number, "body_html": html, "accepted_at": now(db), "sealed": False}
    await move(db, remark, "moderation", Moderation.ACCEPTED, MOVES, **shown)
    place.top, place.last_at = max(place.top, number), now(db)
    await appear(db, remark, place)
    tell(db, remark, "remark.accepted")


async def refuse(db: AsyncSession, remark: Remark, *, sealed: bool = False) -> None:
    """Its author is told why; the reason and the words stand in the case."""
    await move(db, remark, "moderation", Moderation.REFUSED, MOVES, sealed=sealed)
    if not sealed:
        await notices.tell(db, remark.author_id, notices.Kind.REFUSED, TABLE, remark.key)
    for channel in ("review", f"person:{remark.author_id}"):
        log.record(db, channel, "remark.refused", remark=remark.key)


async def hide(db: AsyncSession, remark: Remark, place: Place, *, sealed: bool = False) -> None:
    """Gone for readers at once; the number stays its own."""
    await move(db, remark, "moderation", Moderation.HIDDEN, MOVES, sealed=sealed)
    await disappear(db, remark, place)
    tell(db, remark, "remark.hidden")


async def restore(db: AsyncSession, remark: Remark, place: Place) -> None:
    await move(db, remark, "moderation", Moderation.ACCEPTED, MOVES, sealed=False)
    await appear(db, remark, place)
    tell(db, remark, "remark.restored")


async def withdraw(db: AsyncSession, remark: Remark, place: Place) -> None:
    """Its author takes it back, wherever it stands. Whether readers had it decides what they are told."""
    was_shown = remark.moderation == Moderation.ACCEPTED
    await move(db, remark, "moderation", Moderation.WITHDRAWN, MOVES, withdrawn_at=now(db))
    if was_shown:
        await disappear(db, remark, place)
        tell(db, remark, "remark.withdrawn")
    else:
        log.record(db, f"person:{remark.author_id}", "remark.withdrawn", remark=remark.key)


async def edit(db: AsyncSession, remark: Remark, text: Submission, *, by: int) -> None:
    """Other words of its author. What readers had is kept, and can be shown; the caller has had the new words screened."""
    if remark.moderation not in {Moderation.RECEIVED, Moderation.HELD, Moderation.ACCEPTED}:
        raise Conflict("moved_on")
    if remark.moderation == Moderation.ACCEPTED:
        await revisions.keep(db, TABLE, remark.key, by, {"title": remark.title, "body": remark.body})
    remark.title, remark.body, remark.corrected_at = text.title, text.body, now(db)
    remark.version += 1
    remark.fingerprint, remark.has_marks = fingerprint(text), has_tone_marks(text.body)
    remark.body_html = str(markup.plain(text.body)) if remark.body_html else ""
    db.add(remark)
    await db.flush()
    if remark.moderation == Moderation.ACCEPTED:
        await search.put(db, remark.key, f"{remark.title}\n{remark.body}", search.REMARKS)
        tell(db, remark, "remark.corrected")


async def appear(db: AsyncSession, remark: Remark, place: Place) -> None:
    place.many += 1
    db.add(place)
    await db.flush()
    await search.put(db, remark.key, f"{remark.title}\n{remark.body}", search.REMARKS)


async def disappear(db: AsyncSession, remark: Remark, place: Place) -> None:
    place.many -= 1
    db.add(place)
    await db.flush()
    await search.drop(db, remark.key, search.REMARKS)
    await notices.cancel(db, TABLE, remark.key)


def tell(db: AsyncSession, remark: Remark, fact: str) -> None:
    for channel in (remark.channel, "review", f"person:{remark.author_id}"):
        log.record(db, channel, fact, remark=remark.key)
