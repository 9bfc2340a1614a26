"""Questions: the form, the row, its stages, and what may happen to it. Does not know pages, nor how an answer is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, assignments, follows, markup, notices, people, receipts, routing, search
from engage.access import Actor, Moderation, moderation_check, visible
from engage.agencies import Agency, Province, Topic
from engage.ask import ABROAD, CONSENT_VERSION, Ask
from engage.assignments import ANSWER_MOVES, Answered, Assigned, AssignedText
from engage.db import into, locked, now, one_of, put
from engage.deadlines import Complexity
from engage.errors import NotFound, Refused
from engage.moves import Moves, move
from engage.people import Person
from live import log
from moderation.screening import Submission, fingerprint
from moderation.text import has_tone_marks

SURFACE = "question"
MODERATION_MOVES: Moves = {
    Moderation.RECEIVED: frozenset({Moderation.HELD, Moderation.ACCEPTED}),
    Moderation.HELD: frozenset({Moderation.ACCEPTED, Moderation.REFUSED}),
}


class Stage(StrEnum):
    """What the citizen sees; computed, never stored."""

    NEW = "new"
    IN_REVIEW = "in_review"
    SENT = "sent"
    WORKING = "working"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


EARLY: Mapping[str, Stage] = {
    Moderation.RECEIVED: Stage.NEW,
    Moderation.HELD: Stage.IN_REVIEW,
    Moderation.RETURNED: Stage.IN_REVIEW,
    Moderation.REFUSED: Stage.REFUSED,
    Moderation.WITHDRAWN: Stage.WITHDRAWN,
    Moderation.HIDDEN: Stage.HIDDEN,
}


class Staged(Protocol):
    """Whatever has the three axes: the row, or the few columns a list needs."""

    @property
    def moderation(self) -> str: ...

    @property
    def assignment(self) -> str: ...

    @property
    def answer(self) -> str: ...


class Question(AssignedText, table=True):
    __tablename__ = SURFACE
    __table_args__ = (
        moderation_check("question_moderation"),
        one_of("question_assignment", "assignment", Assigned),
        one_of("question_answer", "answer", Answered),
        one_of("question_complexity", "complexity", Complexity),
        # The lists: newest answer first, whole or by one filter; and the desks.
        sa.Index("question_published", "published_at", "id"),
        sa.Index("question_by_topic", "topic_id", "published_at", "id"),
        sa.Index("question_by_province", "province_id", "published_at", "id"),
        sa.Index("question_by_agency", "agency_id", "published_at", "id"),
        sa.Index("question_desk", "agency_id", "assignment", "answer", "answer_due_at", "id"),
        sa.Index("question_moderated", "moderation", "assignment", "id"),
        sa.Index("question_repeats", "fingerprint", "created_at"),
    )

    title: str = Field(sa_type=sa.String(240))
    body: str = Field(sa_type=sa.Text)
    body_html: str = Field(default="", sa_type=sa.Text)
    topic_id: int | None = Field(default=None, foreign_key="topic.id")
    province_id: int | None = Field(default=None, foreign_key="province.id")
    country: str | None = Field(default=None, sa_type=sa.String(80))
    wished_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    anonymous: bool = False
    code: str = Field(sa_type=sa.String(64), unique=True)
    fingerprint: str = Field(sa_type=sa.String(32))
    has_marks: bool = True
    consent: str = Field(sa_type=sa.String(20))
    created_at: datetime
    accepted_at: datetime | None = None
    published_at: datetime | None = None


_ADD: sa.Insert = into(Question).returning(sa.column("id"))


@dataclass(frozen=True, slots=True)
class Directory:
    """Rows that the names in a form stand for."""

    topic: Topic | None
    province: Province | None
    agency: Agency | None


@dataclass(frozen=True, slots=True)
class Submitted:
    id: int
    author_id: int


async def submit(
    db: AsyncSession, ask: Ask, directory: Directory, *, code: str, language: str, is_mailed: bool = True
) -> Submitted:
    """Store a question as `received`. The caller goes on with `review.look_at`."""
    at = now(db)
    person_id = await people.add_guest(db, ask.name, ask.email or None, ask.phone or None, language)
    row: dict[str, Any] = {
        "author_id": person_id,
        "title": ask.title,
        "body": ask.body,
        "topic_id": directory.topic.id if directory.topic else None,
        "province_id": directory.province.id if directory.province else None,
        "country": ask.country if ask.province == ABROAD else None,
        "wished_agency_id": directory.agency.id if directory.agency else None,
        "anonymous": ask.anonymous,
        "code": receipts.hashed(code),
        "fingerprint": fingerprint(Submission(ask.title, ask.body)),
        "has_marks": has_tone_marks(ask.body),
        "consent": CONSENT_VERSION,
        "created_at": at,
    }
    question_id: int = (await put(db, _ADD, row)).scalar_one()
    if ask.email and is_mailed:
        await notices.write(db, person_id, notices.Kind.RECEIVED, SURFACE, question_id)
    log.record(db, f"question:{question_id}", "question.received", question=question_id)
    log.record(db, f"person:{person_id}", "question.received", question=question_id)
    return Submitted(question_id, person_id)


async def find_directory(db: AsyncSession, ask: Ask) -> Directory:
    """Raises Refused on the field whose name stands for nothing."""
    topics, provinces = await agencies.every_topic(db), await agencies.every_province(db)
    answering = [agency for agency in await agencies.every_agency(db) if agency.answers]
    return Directory(
        _named(topics, ask.topic, "topic"),
        _named(provinces, "" if ask.province == ABROAD else ask.province, "province"),
        _named(answering, ask.agency, "agency"),
    )


async def hold(db: AsyncSession, question: Question, *, sealed: bool) -> None:
    await move(db, question, "moderation", Moderation.HELD, MODERATION_MOVES, sealed=sealed)


async def accept(
    db: AsyncSession,
    question: Question,
    *,
    by: int | None,
    agency_id: int | None = None,
    complexity: str = "",
) -> None:
    """Let it out, and put it on an agency's desk: the one given, else the likeliest. `by` None: a published rule did it.

    The seal of a screening hint ends here: somebody cleared for sealed texts has read it and found a question.
    """
    routes = await routing.routes(db, f"{question.title}\n{question.body}", await place_of(db, question))
    chosen = agency_id or (routes[0].agency_id if routes else None)
    why = next((route.reasons for route in routes if route.agency_id == chosen), (("route_by_hand", {}),))
    await move(
        db,
        question,
        "moderation",
        Moderation.ACCEPTED,
        MODERATION_MOVES,
        sealed=False,
        accepted_at=now(db),
        body_html=str(markup.plain(question.body)),
        complexity=complexity or question.complexity,
    )
    if chosen is not None:
        await assignments.offer(db, question, chosen, by=by, why=why)
        await _notify(db, question, notices.Kind.ACCEPTED)  # else the desk's choice tells the asker
    await search.put(db, question.key, f"{question.title}\n{question.body}")
    for channel in (f"question:{question.id}", "questions", "review", f"person:{question.author_id}"):
        log.record(db, channel, "question.accepted", question=question.key)


async def refuse(db: AsyncSession, question: Question, *, sealed: bool = False) -> None:
    """The reason and the words stand in the case; the author reads both on the private page."""
    await move(db, question, "moderation", Moderation.REFUSED, MODERATION_MOVES, sealed=sealed)
    await _notify(db, question, notices.Kind.REFUSED)
    for channel in (f"question:{question.id}", "review", f"person:{question.author_id}"):
        log.record(db, channel, "question.refused", question=question.key)


async def publish(db: AsyncSession, question: Question, *, gist: str) -> None:
    """An approved answer goes out: to the page, the lists, the search, the asker, and into routing's memory."""
    if question.agency_id is None:
        raise Refused("not_assigned")
    await move(db, question, "answer", Answered.PUBLISHED, ANSWER_MOVES, published_at=now(db))
    if question.topic_id is not None:
        await routing.note_precedent(db, question.topic_id, question.province_id, question.agency_id)
    await search.put(db, question.key, f"{question.title}\n{question.body}\n{gist}")
    await _notify(db, question, notices.Kind.ANSWERED)
    await follows.tell(db, SURFACE, question.key, notices.Kind.FOLLOWED)
    channels = [
        f"question:{question.id}",
        "questions",
        f"person:{question.author_id}",
        f"agency:{question.agency_id}",
    ]
    for channel in [*channels, *([f"topic:{question.topic_id}"] if question.topic_id else [])]:
        log.record(db, channel, "answer.given", question=question.key)


async def note_transfer(db: AsyncSession, question: Question) -> None:
    await _notify(db, question, notices.Kind.TRANSFERRED)


def stage(question: Staged) -> Stage:
    """The one word for four axes."""
    early = EARLY.get(question.moderation)
    if early is not None:
        return early
    if question.answer in {Answered.PUBLISHED, Answered.REVISED}:
        return Stage.ANSWERED
    return Stage.SENT if question.assignment == Assigned.OFFERED else Stage.WORKING


async def seen_by(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """What the actor may not see is missing."""
    return await only(db, select(Question).where(Question.id == question_id, visible(Question, actor)))


async def by_code(db: AsyncSession, code: str) -> Question:
    return await only(db, select(Question).where(Question.code == receipts.hashed(code)))


async def one(db: AsyncSession, question_id: int) -> Question:
    """For verbs of the house itself; pages fetch through the actor."""
    return await only(db, select(Question).where(Question.id == question_id))


async def received_ids(db: AsyncSession, most: int) -> list[int]:
    """The oldest texts that nobody has looked at."""
    waiting = select(col(Question.id)).where(Question.moderation == Moderation.RECEIVED)
    ids = (await db.exec(waiting.order_by(col(Question.id)).limit(most))).all()
    return [question_id for question_id in ids if question_id is not None]


async def take_received(db: AsyncSession, question_id: int) -> Question | None:
    """None when another worker has it, or had it. Two workers never hold the same one."""
    waiting = select(Question).where(Question.id == question_id, Question.moderation == Moderation.RECEIVED)
    return (await db.exec(waiting.with_for_update(skip_locked=True))).one_or_none()


async def times_seen(db: AsyncSession, print_of_text: str, since: datetime, *, before: int | None = None) -> int:
    """`before`: the id of a stored text, which neither repeats itself nor what came after it."""
    seen = select(func.count()).where(Question.fingerprint == print_of_text, Question.created_at > since)
    return (await db.exec(seen if before is None else seen.where(col(Question.id) < before))).one()


async def place_of(db: AsyncSession, question: Question) -> routing.Place:
    province = await db.get(Province, question.province_id) if question.province_id else None
    return routing.Place(question.topic_id, province.slug if province else None, question.wished_agency_id)


def _named(rows: Sequence[Any], slug: str, field: str) -> Any:
    named = next((row for row in rows if row.slug == slug), None)
    if slug and named is None:
        raise Refused("unknown_choice", field=field)
    return named


async def only(db: AsyncSession, chosen: Any) -> Question:
    question: Question | None = (await db.exec(locked(db, chosen))).one_or_none()
    if question is None:
        raise NotFound()
    return question


async def _notify(db: AsyncSession, question: Question, kind: notices.Kind) -> None:
    author = await db.get(Person, question.author_id)
    if author and author.email:
        await notices.write(db, question.author_id, kind, SURFACE, question.key)
