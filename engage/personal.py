"""What is kept about an asker: shown whole to its owner, corrected at once. Changes nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import appeals, clarifications, data_requests, ratings, revisions, second_looks
from engage.ask import Contact
from engage.errors import NotFound
from engage.follows import Follow
from engage.notices import Notice
from engage.people import Person
from engage.questions import SURFACE, Question
from live import log

_PERSON = frozenset({"name", "email", "phone", "language", "created_at", "restricted_at"})
_QUESTION = frozenset(
    {"title", "body", "country", "anonymous", "consent", "created_at", "corrected_at", "withdrawn_at", "withdrawn_why"}
)


async def everything(db: AsyncSession, question: Question) -> Mapping[str, Any]:
    """By heading, as plain values: for a page, for print and for a file."""
    author = await _author(db, question)
    kept = await revisions.of(db, SURFACE, question.key)
    appeal, rating = await appeals.by_question(db, question), await ratings.of(db, question)
    return {
        "person": _plain([author], _PERSON)[0],
        "question": _plain([question], _QUESTION)[0],
        "revisions": [{"at": one.at.isoformat(), **one.content} for one in kept],
        "clarifications": _plain(
            await clarifications.of(db, question), {"words", "asked_at", "answer", "answered_at", "returned_words"}
        ),
        "ratings": _plain([rating] if rating else [], {"verdict", "why", "words", "rated_at", "changed_at"}),
        "second_looks": _plain(await second_looks.of(db, question), {"words", "asked_at", "reply", "decided_at"}),
        "appeals": _plain([appeal] if appeal else [], {"words", "appealed_at"}),
        "requests": _plain(
            await data_requests.of(db, question), {"wish", "words", "asked_at", "due_at", "state", "reply"}
        ),
        "notices": _plain(await _notices(db, question), {"kind", "created_at", "sent_at"}),
        "follows": _plain(await _follows(db, author), {"surface", "thing_id", "since", "confirmed_at"}),
    }


async def correct(db: AsyncSession, question: Question, form: Contact) -> None:
    author = await _author(db, question)
    author.name, author.email, author.phone = form.name, form.email or None, form.phone or None
    db.add(author)
    await db.flush()
    # The name may stand on the public page.
    for channel in (f"question:{question.id}", f"person:{author.id}"):
        log.record(db, channel, "person.changed", person=author.id or 0)


async def _author(db: AsyncSession, question: Question) -> Person:
    author = await db.get(Person, question.author_id)
    if author is None:
        raise NotFound()
    return author


async def _notices(db: AsyncSession, question: Question) -> Sequence[Notice]:
    written = select(Notice).where(Notice.person_id == question.author_id)
    return (await db.exec(written.order_by(col(Notice.id)))).all()


async def _follows(db: AsyncSession, author: Person) -> Sequence[Follow]:
    if not author.email:
        return []
    mine = select(Follow).join(Person, col(Person.id) == col(Follow.person_id)).where(Person.email == author.email)
    return (await db.exec(mine.order_by(sa.desc(col(Follow.since))))).all()


def _plain(rows: Sequence[SQLModel], names: frozenset[str] | set[str]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", include=set(names)) for row in rows]
