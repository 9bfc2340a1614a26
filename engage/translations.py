"""An answer in English: whose translation it is, and of which version. The Vietnamese text prevails."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, agencies, answers, audit, desks, markup, notices, people, publication
from engage.access import Actor
from engage.agencies import Post
from engage.answering import MOST_FULL, MOST_SHORT, bearable
from engage.answers import IS_OUT, LEAST_FULL, LEAST_SHORT, Answer
from engage.ask import Lines
from engage.db import now
from engage.desks import Wanted
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.questions import Question

SURFACE = "translation"


class Translation(SQLModel, table=True):
    """Of one version of an answer: after a correction it is still there, and known to be of an older one."""

    __tablename__ = "translation"

    answer_id: int = Field(primary_key=True, foreign_key="answer.id")
    version: int = 0
    short: str = Field(default="", sa_type=sa.String(MOST_SHORT))
    full: str = Field(default="", sa_type=sa.Text)
    full_html: str = Field(default="", sa_type=sa.Text)
    by_desk: bool = False  # by the portal desk, else by the agency
    writers: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None


class TranslationForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Input(default=0, ge=0, le=1_000_000)
    short: Lines = Input(default="", max_length=MOST_SHORT)
    full: Lines = Input(default="", max_length=MOST_FULL)

    _full = field_validator("full")(bearable)


_ASKED = sa.join(Question, Answer, sa.and_(col(Answer.question_id) == col(Question.id), *IS_OUT)).join(
    Translation, sa.and_(col(Translation.answer_id) == col(Answer.id), col(Translation.approved_at).is_(None))
)


def may_translate(actor: Actor, question: Question) -> bool:
    return actor.is_moderator or access.can_write(actor, question)


def may_judge(actor: Actor, question: Question) -> bool:
    return actor.is_moderator or access.can_approve(actor, question)


def may_approve(actor: Actor, question: Question, translation: Translation) -> bool:
    return may_judge(actor, question) and actor.person_id not in translation.writers


async def of(db: AsyncSession, answer: Answer) -> Translation | None:
    return await db.get(Translation, answer.id)


async def shown(db: AsyncSession, answer: Answer) -> Translation | None:
    """The newest that was approved, of this version or of an earlier one."""
    versions = sa.or_(col(Answer.id) == answer.root, col(Answer.first_id) == answer.root)
    chosen = select(Translation).join(Answer, col(Answer.id) == Translation.answer_id)
    chosen = chosen.where(versions, col(Translation.approved_at).is_not(None))
    return (await db.exec(chosen.order_by(col(Translation.answer_id).desc()).limit(1))).first()


async def waiting(
    db: AsyncSession, actor: Actor, agency_id: int, wanted: Wanted, limit: int
) -> Sequence[tuple[Question, Translation]]:
    """On an agency's desk, and approved by nobody yet: the longest waiting first. They have no due date to be narrowed by."""
    if wanted.due:
        return ()
    rows = select(Question, Translation).select_from(_ASKED)
    rows = rows.where(*desks.here(actor, agency_id), *desks.narrowed(db, wanted))
    return (await db.exec(rows.order_by(col(Translation.written_at), col(Translation.answer_id)).limit(limit))).all()


async def count_waiting(db: AsyncSession, actor: Actor, agency_id: int) -> int:
    counted = sa.select(desks.bounded(_ASKED, *desks.here(actor, agency_id)))
    return int((await (await db.connection()).execute(counted)).scalar_one())


async def write(db: AsyncSession, actor: Actor, question: Question, form: TranslationForm) -> Translation:
    """Save it for the version that is published now. What was approved before goes off the page until it is approved anew."""
    answer = await _published(db, question)
    if not may_translate(actor, question) or actor.person_id is None:
        raise NotAllowed()
    if len(form.short) < LEAST_SHORT:
        raise Refused("translation_short_missing", field="short", least=LEAST_SHORT)
    if len(form.full) < LEAST_FULL:
        raise Refused("translation_full_missing", field="full", least=LEAST_FULL)
    row = await of(db, answer)
    await _must_be(db, row, form.version)
    by_desk = not access.can_write(actor, question)
    row = row or Translation(answer_id=answer.key, written_by=actor.person_id, written_at=now(db))
    was_out = row.approved_at is not None
    row.short, row.full, row.by_desk, row.version = form.short, form.full, by_desk, row.version + 1
    row.writers, row.written_by, row.written_at = sorted({*row.writers, actor.person_id}), actor.person_id, now(db)
    row.approved_at, row.approved_by = None, None
    db.add(row)
    await db.flush()
    answers.record(db, question, "translation.written")
    await _bring(db, question, row)
    if was_out:
        publication.record(db, question, "translation.taken_back")
    return row


async def approve(db: AsyncSession, actor: Actor, question: Question, version: int) -> None:
    if not may_judge(actor, question):
        raise NotAllowed()
    row = await of(db, await _published(db, question))
    if row is None:
        raise NotFound()
    if row.approved_at is not None:
        raise Conflict("answer_moved_on", state="approved")
    await _must_be(db, row, version)
    if actor.person_id in row.writers:
        raise Refused("approver_is_author")
    row.approved_by, row.approved_at = actor.person_id, now(db)
    row.full_html = str(markup.rendered(markup.cited(row.full)))
    db.add(row)
    await db.flush()
    await notices.cancel(db, SURFACE, question.key)
    publication.record(db, question, "translation.published")
    await audit.note(db, actor.person_id, "translation.published", question=question.key)


async def _bring(db: AsyncSession, question: Question, row: Translation) -> None:
    """A line of the day's digest for each who may approve it; saved several times, it is brought once."""
    await notices.cancel(db, SURFACE, question.key)
    for approver in await agencies.who(db, question.agency_id or 0, Post.APPROVER):
        if approver not in row.writers:
            await notices.write(db, approver, notices.Kind.HANDED, SURFACE, question.key)


async def _published(db: AsyncSession, question: Question) -> Answer:
    answer = await answers.published(db, question.key)
    if answer is None:
        raise NotFound()
    return answer


async def _must_be(db: AsyncSession, row: Translation | None, version: int) -> None:
    if (row.version if row else 0) != version:
        by = (await people.names(db, [row.written_by])).get(row.written_by, "") if row else ""
        raise Conflict("answer_changed", by=by, at=row.written_at if row else now(db))
