"""Taking back what was public: a question hidden and restored, a part of it covered later, a denunciation recognised later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    answers,
    audit,
    flags,
    mentions,
    notices,
    partings,
    policies,
    questions,
    redactions,
    search,
    tallies,
    turns,
)
from engage.access import Actor, Moderation
from engage.ask import Lines
from engage.db import now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import move
from engage.questions import MODERATION_MOVES, SURFACE, Question, notify
from live import log
from moderation.screening import Span

LEAST_REASON = 5


class Takedown(SQLModel, table=True):
    """Who hid what from readers, why, and who restored it."""

    __tablename__ = "takedown"
    __table_args__ = (sa.Index("takedown_of_question", "question_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    reason: str = Field(sa_type=sa.String(40))
    words: str = Field(default="", sa_type=sa.String(2000))
    by: int = Field(foreign_key="person.id")
    at: datetime
    restored_by: int | None = Field(default=None, foreign_key="person.id")
    restored_at: datetime | None = None


class HideForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Input(default="", max_length=40)
    words: Lines = Input(default="", max_length=1000)


async def hide(db: AsyncSession, actor: Actor, question: Question, form: HideForm) -> Takedown:
    """Gone for readers at once; its author sees why. Nothing that waits to be mailed about it goes out.

    What was merged into it goes on by itself, also when it is restored: it may be merged again.
    """
    person_id = _moderator(actor)
    reason = await policies.reason_of(db, form.reason)
    if reason is None or not reason.active:
        raise Refused("reason_missing", field="reason")
    await tallies.leaves(db, question)
    await move(db, question, "moderation", Moderation.HIDDEN, MODERATION_MOVES)
    made = Takedown(question_id=question.key, reason=reason.code, words=form.words, by=person_id, at=now(db))
    db.add(made)
    await withdraw_from_readers(db, question)
    await _tell(db, question, "question.hidden")
    await audit.note(db, person_id, "question.hidden", reason=reason.code, question=question.key)
    wait = await _undo_for(db, question)
    await notify(db, question, notices.Kind.HIDDEN, wait=wait)
    await partings.part_all(db, question, by=person_id, wait=wait)
    await flags.uphold(db, question.surface, question.key, by=person_id, reason=reason.code)
    return made


async def restore(db: AsyncSession, actor: Actor, question: Question) -> None:
    made = await standing(db, question)
    if made is None:
        raise Conflict("moved_on")
    await move(db, question, "moderation", Moderation.ACCEPTED, MODERATION_MOVES)
    made.restored_by, made.restored_at = _moderator(actor), now(db)
    db.add(made)
    await notices.cancel(db, SURFACE, question.key, notices.Kind.HIDDEN)
    await make_findable(db, question)
    await tallies.enters(db, question)
    await _tell(db, question, "question.restored")
    await audit.note(db, actor.person_id, "question.restored", question=question.key)


async def cover(db: AsyncSession, actor: Actor, question: Question, spans: Sequence[Span]) -> None:
    """A moderator notices later what should not be public."""
    if question.moderation != Moderation.ACCEPTED or question.sealed:
        raise Conflict("moved_on")
    if not spans:
        raise Refused("nothing_to_cover", field="cover")
    await redactions.redact(db, question, spans, by=_moderator(actor))
    await make_findable(db, question)
    await _tell(db, question, "question.covered")
    await audit.note(db, actor.person_id, "question.covered", question=question.key)


async def uncover(db: AsyncSession, actor: Actor, question: Question, reason: str) -> None:
    """What was covered shows again: by who may read it, with a reason, where nothing else was changed since."""
    if not actor.may_unseal:
        raise NotAllowed()
    if question.moderation != Moderation.ACCEPTED or question.sealed:
        raise Conflict("moved_on")
    if len(reason) < LEAST_REASON:
        raise Refused("reason_words_missing", field="reason")
    await redactions.uncover(db, question, reason, by=_moderator(actor))
    await make_findable(db, question)
    await _tell(db, question, "question.uncovered")
    await audit.note(db, actor.person_id, "question.uncovered", question=question.key)


async def note_original_read(db: AsyncSession, actor: Actor, question: Question) -> None:
    """Every opening of what was covered, before its words are shown. For anybody else there is nothing."""
    if not actor.may_unseal or question.sealed or not await redactions.of(db, question):
        raise NotFound()
    await audit.note(db, _moderator(actor), "question.original_read", question=question.key)


async def withdraw_from_readers(db: AsyncSession, question: Question) -> None:
    await search.drop(db, question.key)
    await notices.cancel(db, SURFACE, question.key)
    await turns.take_back(db, question)


async def make_findable(db: AsyncSession, question: Question) -> None:
    given = await answers.published(db, question.key) if question.published_at else None
    found_by = await answers.found_by(db, given) if given else ""
    await search.put(db, question.key, f"{question.title}\n{question.body}\n{found_by}".strip())


async def standing(db: AsyncSession, question: Question) -> Takedown | None:
    """Why readers do not see it now. What was sealed afterwards is hidden no more: its case says what became of it."""
    if question.moderation != Moderation.HIDDEN:
        return None
    made = select(Takedown).where(Takedown.question_id == question.key, col(Takedown.restored_at).is_(None))
    return (await db.exec(made.order_by(col(Takedown.id).desc()).limit(1))).one_or_none()


async def of(db: AsyncSession, question_id: int) -> Sequence[Takedown]:
    made = select(Takedown).where(Takedown.question_id == question_id)
    return (await db.exec(made.order_by(col(Takedown.id)))).all()


def channels(question: Question) -> list[str]:
    """Whatever shows a question: its page, lists and feeds, its dialogue's room, the agency's desk, the portal's, its author's."""
    channels = [f"question:{question.id}", *questions.lists(question), "review", f"person:{question.author_id}"]
    channels += [f"agency:{question.agency_id}"] if question.agency_id else []
    channels += [f"dialogue:{question.dialogue_id}"] if question.dialogue_id else []
    return channels


async def _tell(db: AsyncSession, question: Question, fact: str) -> None:
    for channel in channels(question):
        log.record(db, channel, fact, question=question.key)
    await mentions.tell(db, question)


async def _undo_for(db: AsyncSession, question: Question) -> timedelta:
    return (await policies.policy_of(db, question.surface)).undo_for


def _moderator(actor: Actor) -> int:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()
    return actor.person_id
