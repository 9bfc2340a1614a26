"""After publication: a correction is begun as a draft of its own, an answer is marked as outdated. What was said stays."""

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, answers, audit, notices, publication, questions, standing
from engage.access import PUBLIC, Actor
from engage.answering import Day
from engage.answers import OUT, Answer
from engage.ask import Line
from engage.db import now
from engage.deadlines import here
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.questions import Question

LEAST_REASON = 10


class CorrectionForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(default="", max_length=1000)
    for_all: bool = False


class OutdatedForm(BaseModel):
    """`newer` is the number of a question whose answer holds now. An empty day takes the mark away."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outdated_on: Day = None
    outdated_reason: Line = Field(default="", max_length=1000)
    newer: Line = Field(default="", max_length=200)


async def begin(db: AsyncSession, actor: Actor, question: Question, form: CorrectionForm) -> Answer:
    """A writer of the agency takes the published words up again."""
    if actor.person_id is None or not await standing.may_write(db, actor, question):
        raise NotAllowed()
    if len(form.reason) < LEAST_REASON:
        raise Refused("correction_reason_missing", field="reason", least=LEAST_REASON)
    return await reopen(db, question, by=actor.person_id, reason=form.reason, for_all=form.for_all)


async def reopen(
    db: AsyncSession, question: Question, *, by: int, reason: str, for_all: bool = False, not_by: int | None = None
) -> Answer:
    """For verbs of the house: a second look that sends an answer back names who may not approve it again (`not_by`)."""
    current = await answers.published(db, question.key)
    if question.answer not in OUT or current is None or current.agency_id != question.agency_id:
        raise Conflict("answer_moved_on", state=question.answer)
    draft = await answers.draft_of(db, question)
    if draft is not None and draft.published_at is None:
        if not_by is None:
            raise Conflict("correction_open")
        draft.not_by = not_by  # a correction is under way already: it is the one that is looked at again
        db.add(draft)
        return draft
    draft = await answers.copied(
        db,
        current,
        first_id=current.root,
        reason=reason,
        for_all=for_all,
        not_by=not_by,
        written_by=by,
        written_at=now(db),
    )
    answers.record(db, question, "answer.reopened")
    await audit.note(db, by, "answer.reopened", question=question.key)
    return draft


async def drop(db: AsyncSession, actor: Actor, question: Question, version: int) -> None:
    """The published answer stands; the draft of its correction goes. One that a second look asked for stays to be done."""
    if not await standing.may_write(db, actor, question):
        raise NotAllowed()
    draft = await answers.draft_of(db, question)
    if draft is None or draft.published_at is not None or draft.first_id is None or draft.not_by is not None:
        raise Conflict("answer_moved_on", state=question.answer)
    if draft.sent_at is not None:
        raise Conflict("answer_moved_on", state=question.answer)
    await answers.must_be(db, draft, version)
    await answers.forget(db, draft)
    answers.record(db, question, "answer.dropped")


async def mark(db: AsyncSession, actor: Actor, question: Question, form: OutdatedForm) -> None:
    """The answer stays readable, under a banner that says since when and why it no longer holds."""
    if not (access.can_assign(actor, question) or access.can_approve(actor, question)):
        raise NotAllowed()
    current = await answers.published(db, question.key)
    if current is None or current.agency_id != question.agency_id:
        raise Conflict("answer_moved_on", state=question.answer)
    newer = await _newer(db, question, form.newer)
    if form.outdated_on is None and (form.outdated_reason or newer):
        raise Refused("outdated_day_missing", field="outdated_on")
    if form.outdated_on is not None and len(form.outdated_reason) < LEAST_REASON:
        raise Refused("outdated_reason_missing", field="outdated_reason", least=LEAST_REASON)
    if form.outdated_on is not None and form.outdated_on > here(now(db)):
        raise Refused("outdated_in_future", field="outdated_on")
    current.outdated_on, current.outdated_reason = form.outdated_on, form.outdated_reason
    was, current.newer_question_id = current.newer_question_id, newer
    db.add(current)
    await db.flush()
    if form.outdated_on is not None:
        await publication.tell(db, question, notices.Kind.OUTDATED, notices.Kind.FOLLOWED_NEWS)
    publication.record(db, question, "answer.marked")
    await audit.note(db, actor.person_id, "answer.marked", question=question.key)
    for other in {key for key in (was, newer) if key is not None}:
        questions.note_mention(db, other)


async def replaced(db: AsyncSession, question_id: int) -> list[int]:
    """Questions whose answers were replaced by this one's, as far as readers may see them."""
    rows = select(col(Question.id)).join(Answer, col(Answer.question_id) == Question.id)
    rows = rows.where(
        Answer.newer_question_id == question_id,
        col(Answer.replaced_at).is_(None),
        access.visible(Question, PUBLIC),
    )
    return [key for key in (await db.exec(rows.order_by(col(Question.id)).limit(20))).all() if key is not None]


async def _newer(db: AsyncSession, question: Question, typed: str) -> int | None:
    """A number, or the address of the question's page; the one with an answer that readers can see."""
    if not typed:
        return None
    number = typed.rstrip("/").rpartition("/")[2].removeprefix("#")
    if not number.isascii() or not number.isdecimal() or len(number) > 9 or int(number) == question.id:
        raise Refused("newer_unknown", field="newer")
    try:
        newer = await questions.seen_by(db, PUBLIC, int(number))
    except NotFound:
        raise Refused("newer_unknown", field="newer") from None
    if newer.answer not in OUT:
        raise Refused("newer_unknown", field="newer")
    return newer.key
