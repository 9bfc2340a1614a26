"""Approving an answer: somebody who wrote no line of it lets it out, or returns it with a note."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, answers, attachments, audit, citations, companions, markup, publication, revisions, standing
from engage.access import Actor
from engage.answers import OUT, Answer
from engage.assigned import ANSWER_MOVES, Answered
from engage.db import now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import move
from engage.questions import Question

LEAST_NOTE = 5


async def may_approve(db: AsyncSession, actor: Actor, question: Question, answer: Answer) -> bool:
    """Whoever wrote a line of it may not approve it, nor whom a second look excludes."""
    if actor.person_id in answer.writers or actor.person_id == answer.not_by:
        return False
    return await standing.may_approve(db, actor, question, answer.writers)


def is_waiting(question: Question, answer: Answer) -> bool:
    if question.answer in OUT:
        return answer.published_at is None and answer.sent_at is not None
    return question.answer == Answered.IN_APPROVAL


async def approve(db: AsyncSession, actor: Actor, question: Question, version: int) -> None:
    """It goes out, and to every question that is answered together with this one."""
    answer = await _waiting(db, actor, question, version)
    if actor.person_id in answer.writers:
        raise Refused("approver_is_author")
    if actor.person_id == answer.not_by:
        raise Refused("approver_was_first")
    citations.must_lead_somewhere(answer.full, await answers.citations_of(db, answer))
    is_correction = question.answer in OUT
    await _out(db, actor, question, answer)
    for companion in await companions.of(db, question):
        fits = await _takes(db, companion, answer) if is_correction else companion.answer == Answered.IN_APPROVAL
        if fits:
            await _out(db, actor, companion, await _copy_for(db, companion, answer))


async def return_(db: AsyncSession, actor: Actor, question: Question, version: int, note: str) -> None:
    """Back to the writer, with a note."""
    answer = await _waiting(db, actor, question, version)
    if len(note) < LEAST_NOTE:
        raise Refused("note_missing", field="note")
    if question.answer not in OUT:
        for one in (question, *await companions.of(db, question)):
            if one.answer == Answered.IN_APPROVAL:
                await move(db, one, "answer", Answered.DRAFTING, ANSWER_MOVES)
    elif question.again_due_at is not None:
        question.approve_due_at = None
        db.add(question)
    answer.returned_note, answer.returned_by, answer.version = note, actor.person_id, answer.version + 1
    answer.sent_at = None
    db.add(answer)
    await db.flush()
    answers.record(db, question, "answer.returned")
    await audit.note(db, actor.person_id, "answer.returned", question=question.key)


async def waiting(db: AsyncSession, limit: int) -> list[tuple[Question, Answer]]:
    """Sent by agencies that have nobody else to approve: the portal desk does, the longest waiting first."""
    known = await standing.accounts(db)
    few = [agency_id for agency_id, one in known.items() if len(one.approvers) < 2]
    sent = select(Question, Answer).join(Answer, col(Answer.question_id) == Question.id)
    sent = sent.where(
        col(Answer.sent_at).is_not(None),
        col(Answer.published_at).is_(None),
        col(Answer.agency_id).in_(few),
        Question.agency_id == Answer.agency_id,
        Question.moderation == access.Moderation.ACCEPTED,
        col(Question.sealed).is_(False),
    )
    rows = (await db.exec(sent.order_by(col(Answer.sent_at), col(Answer.id)).limit(limit))).all()
    return [
        (question, answer)
        for question, answer in rows
        if is_waiting(question, answer) and not known[answer.agency_id].approvers - {*answer.writers}
    ]


async def _waiting(db: AsyncSession, actor: Actor, question: Question, version: int) -> Answer:
    answer = await answers.draft_of(db, question)
    if not await standing.may_approve(db, actor, question, answer.writers if answer else ()):
        raise NotAllowed()
    if answer is None:
        if question.answer == Answered.IN_APPROVAL:
            raise Refused("answered_together")
        raise NotFound()
    if not is_waiting(question, answer):
        raise Conflict("answer_moved_on", state=question.answer)
    await answers.must_be(db, answer, version)
    return answer


async def _takes(db: AsyncSession, companion: Question, answer: Answer) -> bool:
    """Whether a correction of the leading answer is also one of this."""
    return answer.for_all and companion.answer in OUT and not await _open(db, companion)


async def _open(db: AsyncSession, question: Question) -> bool:
    """Whether a correction of its own is under way: that one decides."""
    draft = await answers.draft_of(db, question)
    return draft is not None and draft.published_at is None


async def _copy_for(db: AsyncSession, companion: Question, answer: Answer) -> Answer:
    stale = await answers.draft_of(db, companion)
    if stale is not None and stale.published_at is None:  # of a turn before this one
        await answers.forget(db, stale)
    current = await answers.published(db, companion.key)
    return await answers.copied(
        db,
        answer,
        question_id=companion.key,
        first_id=current.root if current else None,
        reason=answer.reason,
        written_by=answer.written_by,
        written_at=answer.written_at,
        sent_at=answer.sent_at,
    )


async def _out(db: AsyncSession, actor: Actor, question: Question, answer: Answer) -> None:
    current = await answers.published(db, question.key)
    if current is not None:
        current.replaced_at = now(db)
        db.add(current)
    answer.approved_by, answer.published_at = actor.person_id, now(db)
    answer.by_desk = not access.can_approve(actor, question)
    answer.full_html = str(markup.rendered(markup.cited(answer.full)))
    db.add(answer)
    await db.flush()
    await attachments.publish_all(db, attachments.ANSWER, answer.key)
    await revisions.keep(db, answers.KIND, answer.root, actor.person_id, await answers.content(db, answer))
    found_by = await answers.found_by(db, answer)
    if current is None:
        await publication.publish(db, question, found_by=found_by)
    else:
        await publication.correct(db, question, found_by=found_by)
    await audit.note(db, actor.person_id, "answer.given", question=question.key)
