"""What is kept about an asker: shown whole to its owner, corrected at once. Changes nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    appeals,
    clarifications,
    data_requests,
    flags,
    questions,
    ratings,
    review,
    revisions,
    second_looks,
    votes,
)
from engage.ask import Contact
from engage.errors import NotFound, Refused
from engage.follows import Follow
from engage.notices import Notice
from engage.people import Person
from engage.questions import SURFACE, Question
from live import log
from moderation.kinds import KINDS
from moderation.screening import Submission
from moderation.verdicts import Weight

# A name may be short and without marks; whatever else a text is held for does not stand in one.
UNFIT = KINDS["denunciation"] | KINDS["personal"] | KINDS["language"] | KINDS["link"]
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
        "votes": _plain(await votes.given_by(db, author.id or 0), {"surface", "thing_id", "since"}),
        "flags": list(await flags.made_by(db, author.id or 0)),
        "follows": _plain(await _follows(db, author), {"surface", "thing_id", "since", "confirmed_at"}),
    }


async def is_new_address(db: AsyncSession, question: Question, email: str) -> bool:
    return bool(email) and email != (await _author(db, question)).email


async def correct(db: AsyncSession, question: Question, form: Contact) -> None:
    author = await _author(db, question)
    is_shown = form.name != author.name and not question.anonymous
    if is_shown:
        await _must_be_fit_to_show(db, form.name)
    author.name, author.email, author.phone = form.name, form.email or None, form.phone or None
    db.add(author)
    await db.flush()
    log.record(db, f"person:{author.id}", "person.changed", question=question.key)
    if is_shown:
        for channel in questions.reader_channels(question):
            log.record(db, channel, "question.renamed", question=question.key)


async def _must_be_fit_to_show(db: AsyncSession, name: str) -> None:
    """Nobody reads a changed name before readers do."""
    verdict = await review.examine(db, SURFACE, Submission("", name))
    if any(one.weight != Weight.NOTE and one.reason in UNFIT for one in verdict.findings):
        raise Refused("name_unfit", field="name")


async def _author(db: AsyncSession, question: Question) -> Person:
    author = await db.get(Person, question.author_id)
    if author is None:
        raise NotFound()
    return author


async def _notices(db: AsyncSession, question: Question) -> Sequence[Notice]:
    written = select(Notice).where(Notice.person_id == question.author_id)
    return (await db.exec(written.order_by(col(Notice.id)))).all()


async def _follows(db: AsyncSession, author: Person) -> Sequence[Follow]:
    """The author's own: an address that was only typed may be a stranger's."""
    mine = select(Follow).where(Follow.person_id == author.id)
    return (await db.exec(mine.order_by(sa.desc(col(Follow.since))))).all()


def _plain(rows: Sequence[SQLModel], names: frozenset[str] | set[str]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", include=set(names)) for row in rows]
