"""The forum: threads in sections. A thread is what was said first and everything said after it.

Who reads a thread reads what opens it: where that is not public, nor is the thread.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, bookmarks, remarks
from engage.access import Actor, Moderation, visible
from engage.ask import LEAST_TITLE, MOST_TITLE, Line, Lines, Number
from engage.db import MOST_ID, locked, now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.people import Person
from engage.remarks import Place, Remark, Said
from engage.sections import Section
from live import log
from moderation.screening import Submission

TABLE, CHANNEL = bookmarks.THREAD, "forum"
MOST_BODY = 4000
LEAST_REASON = 5
FIRST = 1  # the number of what opens a thread


class Thread(Place, table=True):
    __tablename__ = TABLE
    __table_args__ = (sa.Index("thread_in_section", "section", "last_at", "id"),)

    section: str = Field(foreign_key="section.slug", sa_type=sa.String(80))
    opened_at: datetime
    pinned_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    closed_why: str = Field(default="", sa_type=sa.String(500))
    suggested_at: datetime | None = None  # to make it a question, by a moderator
    question_id: int | None = Field(default=None, foreign_key="question.id", unique=True)  # what it was turned into


class BodyForm(BaseModel):
    """What is said."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    body: Lines = Input(default="", max_length=40_000)

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        if not value:
            raise PydanticCustomError("body_missing", "")
        if len(value) > MOST_BODY:
            raise PydanticCustomError("body_too_long", "", {"length": len(value), "most": MOST_BODY})
        return value


class EditForm(BodyForm):
    """`version`: which words it was written over."""

    version: int = Input(default=0, ge=0, le=2**31 - 1)


class PostForm(BodyForm):
    """A reply; `reply_to` is the number it answers, `badge` the agency it is said for, `website` a trap that people never see.

    A guest says who they are, gets a mail, and sends it once more with its code; `ask` names that mail.
    """

    reply_to: Number = Input(default=None, ge=1, le=10_000_000)
    badge: Number = Input(default=None, ge=1, le=MOST_ID)
    judged: Literal["", "post", "denunciation"] = ""  # answers the denunciation hint
    website: str = Input(default="", max_length=200)
    name: Line = Input(default="", max_length=200)
    email: Line = Input(default="", max_length=254)
    ask: str = Input(default="", max_length=100)
    code: Line = Input(default="", max_length=20)
    again: bool = False  # another mail


class ThreadForm(PostForm):
    """What opens a thread."""

    title: Line = Input(default="", max_length=2000)

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        if not value:
            raise PydanticCustomError("title_missing", "")
        if len(value) < LEAST_TITLE:
            raise PydanticCustomError("title_too_short", "", {"length": len(value), "least": LEAST_TITLE})
        if len(value) > MOST_TITLE:
            raise PydanticCustomError("title_too_long", "", {"length": len(value), "most": MOST_TITLE})
        return value


# Finding


async def section_of(db: AsyncSession, thread: Thread) -> Section:
    """Also one that takes no new threads any more."""
    return (await db.exec(select(Section).where(Section.slug == thread.section))).one()


async def one(db: AsyncSession, thread_id: int) -> Thread:
    """For verbs of the house itself, which may count in it: locked."""
    found: Thread | None = (await db.exec(locked(db, select(Thread).where(Thread.id == thread_id)))).one_or_none()
    if found is None:
        raise NotFound()
    return found


async def seen_by(db: AsyncSession, actor: Actor, thread_id: int) -> tuple[Thread, Remark]:
    """The thread and what opens it. What the actor may not see is missing."""
    opening = await remarks.only(
        db,
        select(Remark).where(
            Remark.surface == Said.POST,
            Remark.place_id == thread_id,
            sa.or_(col(Remark.number) == FIRST, sa.and_(col(Remark.number).is_(None), col(Remark.title) != "")),
            visible(Remark, actor),
        ),
    )
    return await one(db, thread_id), opening


async def titles(db: AsyncSession, thread_ids: Sequence[int]) -> dict[int, str]:
    """Of what opens each, whether or not readers see it: for desks."""
    is_opening = sa.or_(col(Remark.number) == FIRST, col(Remark.number).is_(None)), col(Remark.title) != ""
    opening = select(col(Remark.place_id), col(Remark.title)).where(
        Remark.surface == Said.POST, col(Remark.place_id).in_(thread_ids), *is_opening
    )
    return dict((await db.exec(opening)).all())


# What is said


async def open_thread(
    db: AsyncSession, author: Person, section: Section, form: ThreadForm, *, badge_id: int | None = None
) -> Remark:
    """The caller goes on with `review.look_at`; until what opens it is let in, nobody else sees the thread."""
    thread = Thread(section=section.slug, opened_at=now(db))
    db.add(thread)
    await db.flush()
    text = Submission(form.title, form.body)
    return await remarks.submit(db, author, Said.POST, thread.key, text, badge_id=badge_id)


async def reply(
    db: AsyncSession, author: Person, thread: Thread, form: PostForm, *, badge_id: int | None = None
) -> Remark:
    must_be_open(thread)
    answered = await _answered(db, thread, form.reply_to)
    text = Submission("", form.body)
    return await remarks.submit(
        db, author, Said.POST, thread.key, text, reply_to_id=answered.key if answered else None, badge_id=badge_id
    )


def must_be_open(thread: Thread | None) -> None:
    if thread is not None and thread.closed_at is not None:
        raise Refused("thread_closed")


async def accept(db: AsyncSession, remark: Remark) -> None:
    """Let in by a moderator, or by the section's rule. What was said before the thread closed still comes in."""
    thread = await one(db, remark.place_id)
    if remark.moderation == Moderation.ACCEPTED:  # flagged, and left as it is
        return
    if remark.moderation == Moderation.HIDDEN:
        await remarks.restore(db, remark, thread)
    else:
        await remarks.let_in(db, remark, thread)
        await bookmarks.tell(db, thread.key, but=remark.author_id)
    tell(db, thread, "remark.accepted", remark)


async def refuse(db: AsyncSession, remark: Remark, *, sealed: bool = False) -> None:
    """What readers have is taken from them; what they do not have never comes in."""
    if remark.moderation != Moderation.ACCEPTED:
        await remarks.refuse(db, remark, sealed=sealed)
        return
    thread = await one(db, remark.place_id)
    await remarks.hide(db, remark, thread, sealed=sealed)
    tell(db, thread, "remark.hidden", remark)


async def lets_out(db: AsyncSession, remark_id: int) -> bool:
    """Whether the section lets out what is clean."""
    rule = select(col(Section.accepts_clean)).join(Thread, col(Thread.section) == col(Section.slug))
    rule = rule.join(Remark, col(Remark.place_id) == col(Thread.id)).where(Remark.id == remark_id)
    return bool((await db.exec(rule)).one())


# What moderators do with threads


async def close(db: AsyncSession, actor: Actor, thread: Thread, why: str) -> None:
    if not actor.is_moderator:
        raise NotAllowed()
    if thread.closed_at is not None:
        raise Conflict("moved_on")
    if len(why) < LEAST_REASON:
        raise Refused("reason_words_missing", field="why")
    thread.closed_at, thread.closed_by, thread.closed_why = now(db), actor.person_id, why
    await _keep(db, actor, thread, "thread.closed")


async def reopen(db: AsyncSession, actor: Actor, thread: Thread) -> None:
    if not actor.is_moderator:
        raise NotAllowed()
    if thread.closed_at is None:
        raise Conflict("moved_on")
    thread.closed_at = thread.closed_by = None
    thread.closed_why = ""
    await _keep(db, actor, thread, "thread.reopened")


async def pin(db: AsyncSession, actor: Actor, thread: Thread) -> None:
    """Above the others of its section."""
    if not actor.is_moderator:
        raise NotAllowed()
    thread.pinned_at = now(db)
    await _keep(db, actor, thread, "thread.pinned")


async def unpin(db: AsyncSession, actor: Actor, thread: Thread) -> None:
    if not actor.is_moderator:
        raise NotAllowed()
    thread.pinned_at = None
    await _keep(db, actor, thread, "thread.unpinned")


def tell(db: AsyncSession, thread: Thread, fact: str, remark: Remark) -> None:
    """To whoever reads lists of threads; the thread's own readers are told by `remarks`."""
    log.record(db, CHANNEL, fact, remark=remark.key, thread=thread.key)


async def _keep(db: AsyncSession, actor: Actor, thread: Thread, fact: str) -> None:
    db.add(thread)
    await db.flush()
    for channel in (f"thread:{thread.key}", CHANNEL):
        log.record(db, channel, fact, thread=thread.key)
    await audit.note(db, actor.person_id, fact, thread=thread.key)


async def _answered(db: AsyncSession, thread: Thread, number: int | None) -> Remark | None:
    if number is None:
        return None
    found = select(Remark).where(Remark.surface == Said.POST, Remark.place_id == thread.key, Remark.number == number)
    answered = (await db.exec(found)).one_or_none()
    if answered is None or answered.moderation != Moderation.ACCEPTED or answered.sealed:
        raise Refused("answers_nothing", field="reply_to")
    return answered
