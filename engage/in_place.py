"""What the portal desk does in place of agencies that cannot: type in signed letters, approve where nobody else is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, answers, approvals, desks, questions, standing
from engage.access import Actor, Moderation
from engage.assigned import Assigned
from engage.errors import NotFound
from engage.questions import Question

MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """`to_type`: agencies without accounts have them; the soonest due first. `to_approve`: sent, the longest waiting first."""

    to_type: Sequence[Question]
    to_approve: Sequence[Question]


async def waiting(db: AsyncSession) -> Waiting:
    known = await standing.accounts(db)
    without = [agency_id for agency_id, one in known.items() if not one.writers]
    chosen = select(Question).where(
        col(Question.agency_id).in_(without),
        col(Question.assignment).in_([Assigned.OFFERED, Assigned.ACCEPTED]),
        desks.TO_WRITE,
        Question.moderation == Moderation.ACCEPTED,
        col(Question.sealed).is_(False),
    )
    to_type = (await db.exec(chosen.order_by(desks.DUE_AT, col(Question.id)).limit(MOST))).all()
    return Waiting(to_type, [question for question, _ in await approvals.waiting(db, MOST)])


async def one(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """A question that the portal desk works on; any other is missing here."""
    question = await questions.seen_by(db, actor, question_id)
    if question.moderation == Moderation.ACCEPTED and not question.sealed:
        if access.can_transcribe(actor, question, await standing.of(db, question)):
            return question
        draft = await answers.draft_of(db, question)
        is_ours = draft is not None and approvals.is_waiting(question, draft)
        if draft is not None and is_ours and await standing.may_approve(db, actor, question, draft.writers):
            return question
    raise NotFound()
