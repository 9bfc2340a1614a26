"""Questions: the row, its moves and stages, and finding one. Does not know how one comes in, nor what becomes of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices, receipts, routing
from engage.access import Actor, Moderation, is_public, moderation_check, visible
from engage.agencies import Province
from engage.assigned import Answered, Assigned, AssignedText
from engage.db import locked, one_of
from engage.deadlines import Complexity
from engage.errors import NotFound
from engage.moves import Moves
from live import log

SURFACE, FEEDBACK = "question", "feedback"
SURFACES = (SURFACE, FEEDBACK)  # all that are rows of this table
LISTS: Mapping[str, str] = {SURFACE: "questions", FEEDBACK: "feedback"}  # channels of what readers find in lists
MODERATION_MOVES: Moves = {
    Moderation.RECEIVED: frozenset({Moderation.HELD, Moderation.ACCEPTED, Moderation.WITHDRAWN}),
    Moderation.HELD: frozenset({Moderation.ACCEPTED, Moderation.RETURNED, Moderation.REFUSED, Moderation.WITHDRAWN}),
    # The author corrects (once), and what was written anew is looked at anew.
    Moderation.RETURNED: frozenset({Moderation.RECEIVED, Moderation.WITHDRAWN}),
    Moderation.REFUSED: frozenset(
        {Moderation.RECEIVED, Moderation.HELD}
    ),  # corrected; appealed, or the decision undone
    Moderation.ACCEPTED: frozenset({Moderation.HIDDEN, Moderation.WITHDRAWN}),
    Moderation.HIDDEN: frozenset({Moderation.ACCEPTED}),
    Moderation.WITHDRAWN: frozenset(),
}


class Kind(StrEnum):
    """What somebody writes in for. All but questions are feedback: the same way, under rules and in lists of their own."""

    QUESTION = "question"
    REPORT = "report"
    PROPOSAL = "proposal"
    CONTRIBUTION = "contribution"


class Stage(StrEnum):
    """What the citizen sees; computed, never stored."""

    NEW = "new"
    IN_REVIEW = "in_review"
    SENT = "sent"
    WORKING = "working"
    NEEDS_MORE = "needs_more"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    HIDDEN = "hidden"


EARLY: Mapping[str, Stage] = {
    Moderation.RECEIVED: Stage.NEW,
    Moderation.HELD: Stage.IN_REVIEW,
    Moderation.RETURNED: Stage.NEEDS_MORE,
    Moderation.REFUSED: Stage.REFUSED,
    Moderation.WITHDRAWN: Stage.WITHDRAWN,
    Moderation.HIDDEN: Stage.HIDDEN,
}


class Staged(Protocol):
    """Whatever has the axes a stage is computed from: the row, or the few columns a list needs."""

    @property
    def moderation(self) -> str: ...

    @property
    def assignment(self) -> str: ...

    @property
    def answer(self) -> str: ...

    @property
    def paused_at(self) -> datetime | None: ...

    @property
    def merged_into_id(self) -> int | None: ...


_OPEN = sa.text("published_at is null")
# Of a dialogue: what readers do not see, or see in another question. As words, so that the index of the few is found by them.
NOT_ASKED = "(moderation <> 'accepted' or sealed or merged_into_id is not null)"
_NOT_ASKED = sa.text(f"dialogue_id is not null and {NOT_ASKED}")
_FEEDBACK = sa.text("kind <> 'question'")


class Question(AssignedText, table=True):
    __tablename__ = SURFACE
    __table_args__ = (
        moderation_check("question_moderation"),
        one_of("question_kind", "kind", Kind),
        one_of("question_assignment", "assignment", Assigned),
        one_of("question_answer", "answer", Answered),
        one_of("question_complexity", "complexity", Complexity),
        # The lists: newest answer first, whole or by one filter; and the desks.
        sa.Index("question_published", "published_at", "id"),
        sa.Index("question_accepted", "accepted_at", "id"),
        sa.Index("question_open", "accepted_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        sa.Index("question_by_topic", "topic_id", "published_at", "id"),
        sa.Index("question_by_province", "province_id", "published_at", "id"),
        sa.Index("question_by_agency", "agency_id", "published_at", "id"),
        sa.Index("question_desk", "agency_id", "assignment", "answer", "answer_due_at", "id"),
        sa.Index("question_by_official", "official_id", "answer_due_at", "id"),
        sa.Index("question_moderated", "moderation", "assignment", "id"),
        sa.Index("question_of_dialogue", "dialogue_id", "moderation", "sealed", "merged_into_id"),
        # With the columns of the one above: SQLite takes it only when it need not look at the rows either.
        sa.Index(
            "question_not_asked",
            *("dialogue_id", "moderation", "sealed", "merged_into_id"),
            postgresql_where=_NOT_ASKED,
            sqlite_where=_NOT_ASKED,
        ),
        sa.Index("question_feedback", "accepted_at", "id", postgresql_where=_FEEDBACK, sqlite_where=_FEEDBACK),
        sa.Index("question_of_campaign", "campaign_id", "accepted_at", "id"),
        sa.Index("question_repeats", "fingerprint", "created_at"),
        # The worker's: whom to look at next, and whose date is counted anew.
        sa.Index("question_chased", "chase_at", "id"),
        sa.Index("question_recounted", "id", postgresql_where=sa.text("recount"), sqlite_where=sa.text("recount")),
    )

    kind: str = Field(default=Kind.QUESTION, sa_type=sa.String(12))
    title: str = Field(sa_type=sa.String(240))
    body: str = Field(sa_type=sa.Text)
    body_html: str = Field(default="", sa_type=sa.Text)
    topic_id: int | None = Field(default=None, foreign_key="topic.id")
    province_id: int | None = Field(default=None, foreign_key="province.id")
    country: str | None = Field(default=None, sa_type=sa.String(80))
    wished_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    merged_into_id: int | None = Field(default=None, foreign_key="question.id", index=True)
    anonymous: bool = False
    code: str = Field(sa_type=sa.String(64), unique=True)
    fingerprint: str = Field(sa_type=sa.String(32))
    has_marks: bool = True
    consent: str = Field(sa_type=sa.String(20))
    created_at: datetime
    accepted_at: datetime | None = None
    published_at: datetime | None = None
    corrected_at: datetime | None = None  # by its author, once
    withdrawn_at: datetime | None = None
    withdrawn_why: str = Field(default="", sa_type=sa.String(500))
    follows_on_id: int | None = Field(default=None, foreign_key="question.id", unique=True)
    dialogue_id: int | None = Field(default=None, foreign_key="dialogue.id")
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")

    @property
    def surface(self) -> str:
        return SURFACE if self.kind == Kind.QUESTION else FEEDBACK

    @property
    def path(self) -> str:
        """Its page."""
        return page_of(self.kind, self.key)


def page_of(kind: str, question_id: int) -> str:
    return f"/questions/{question_id}" if kind == Kind.QUESTION else f"/{FEEDBACK}/{question_id}"


def stage(question: Staged) -> Stage:
    """The one word for four axes. What was merged before it was let in stays held, so that nobody reads it."""
    if question.merged_into_id is not None and question.moderation in {Moderation.HELD, Moderation.ACCEPTED}:
        return Stage.MERGED
    early = EARLY.get(question.moderation)
    if early is not None:
        return early
    if question.answer in {Answered.PUBLISHED, Answered.REVISED}:
        return Stage.ANSWERED
    if question.paused_at is not None:
        return Stage.NEEDS_MORE
    return Stage.SENT if question.assignment == Assigned.OFFERED else Stage.WORKING


def reader_channels(question: Question) -> list[str]:
    """Where readers hear of it: its page, the lists, its topic. Nowhere while they may not know that it exists."""
    if not is_public(question):
        return []
    rooms = [f"dialogue:{question.dialogue_id}"] if question.dialogue_id else []
    if question.dialogue_id and question.assignment == Assigned.UNASSIGNED:
        return [f"question:{question.id}", *rooms]  # no list has it yet
    return [f"question:{question.id}", *rooms, *lists(question)]


def lists(question: Question) -> list[str]:
    """The lists in which readers hear what becomes of it. What is restricted is in none, at no time."""
    if question.restricted:
        return []
    return [LISTS[question.surface], *([f"topic:{question.topic_id}"] if question.topic_id else [])]


def note_mention(db: AsyncSession, question_id: int, *, in_lists: bool = False) -> None:
    """Its page, and its line `in_lists`, names another question, which readers see differently now."""
    for channel in (f"{SURFACE}:{question_id}", *(LISTS.values() if in_lists else [])):
        log.record(db, channel, "mention.changed", question=question_id)


async def seen_by(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """What the actor may not see is missing."""
    return await only(db, select(Question).where(Question.id == question_id, visible(Question, actor)))


async def by_code(db: AsyncSession, code: str) -> Question:
    return await only(db, select(Question).where(Question.code == receipts.hashed(code)))


async def one(db: AsyncSession, question_id: int) -> Question:
    """For verbs of the house itself; pages fetch through the actor."""
    return await only(db, select(Question).where(Question.id == question_id))


async def place_of(db: AsyncSession, question: Question) -> routing.Place:
    province = await db.get(Province, question.province_id) if question.province_id else None
    slug, is_follow_up = province.slug if province else None, question.follows_on_id is not None
    return routing.Place(question.topic_id, slug, question.wished_agency_id, is_follow_up)


async def only(db: AsyncSession, chosen: Any) -> Question:
    question: Question | None = (await db.exec(locked(db, chosen))).one_or_none()
    if question is None:
        raise NotFound()
    return question


async def notify(
    db: AsyncSession, question: Question, kind: notices.Kind, *, wait: timedelta = notices.AT_ONCE
) -> None:
    await notices.tell(db, question.author_id, kind, SURFACE, question.key, wait=wait)
