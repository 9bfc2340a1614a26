"""How a question comes in: stored as `received`, and taken up by the worker. Does not know what screening thinks of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, notices, people, receipts
from engage.access import Moderation
from engage.agencies import Agency, Province, Topic
from engage.ask import ABROAD, CONSENT_VERSION, Ask, Place
from engage.db import into, now, put
from engage.dialogues import Dialogue
from engage.errors import Refused
from engage.questions import SURFACE, Question
from live import log
from moderation.screening import Submission, fingerprint
from moderation.text import has_tone_marks

NOTHING: Mapping[str, Any] = {}
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
    db: AsyncSession,
    ask: Ask,
    directory: Directory,
    *,
    code: str,
    language: str,
    is_mailed: bool = True,
    dialogue: Dialogue | None = None,
    more: Mapping[str, Any] = NOTHING,
) -> Submitted:
    """Store a question as `received`. The caller goes on with `review.look_at`, for a dialogue's with `turns.enter` before.

    `more`: columns that its kind of text has besides.
    """
    at = now(db)
    is_reachable = dialogue is None or not dialogue.is_rehearsal  # nobody is written to about a rehearsal
    email, phone = (ask.email or None, ask.phone or None) if is_reachable else (None, None)
    person_id = await people.add_guest(db, ask.name, email, phone, language)
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
        "dialogue_id": dialogue.id if dialogue else None,
        **more,
    }
    question_id: int = (await put(db, _ADD, row)).scalar_one()
    if email and is_mailed:
        await notices.write(db, person_id, notices.Kind.RECEIVED, SURFACE, question_id)
    log.record(db, f"question:{question_id}", "question.received", question=question_id)
    log.record(db, f"person:{person_id}", "question.received", question=question_id)
    return Submitted(question_id, person_id)


async def find_directory(db: AsyncSession, ask: Place) -> Directory:
    """Raises Refused on the field whose name stands for nothing."""
    topics = [topic for topic in await agencies.every_topic(db) if topic.active]
    provinces = [province for province in await agencies.every_province(db) if province.active]
    answering = [agency for agency in await agencies.every_agency(db) if agency.may_answer]
    return Directory(
        _named(topics, ask.topic, "topic"),
        _named(provinces, "" if ask.province == ABROAD else ask.province, "province"),
        _named(answering, ask.agency, "agency"),
    )


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


def _named(rows: Sequence[Any], slug: str, field: str) -> Any:
    named = next((row for row in rows if row.slug == slug), None)
    if slug and named is None:
        raise Refused("unknown_choice", field=field)
    return named
