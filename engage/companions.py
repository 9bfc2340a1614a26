"""Questions of one agency that share one answer: it is written and approved at the leading question, and goes out to each."""

from collections.abc import Sequence

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import Actor, Moderation, can_write
from engage.assigned import Answered, Assigned
from engage.db import locked
from engage.errors import Conflict, NotAllowed, Refused
from engage.questions import Question

MOST = 20
OPEN = frozenset({Answered.NONE, Answered.DRAFTING})


class Companion(SQLModel, table=True):
    """`question_id` is answered with what is written at `lead_id`."""

    __tablename__ = "companion"

    question_id: int = Field(primary_key=True, foreign_key="question.id")
    lead_id: int = Field(foreign_key="question.id", index=True)


async def of(db: AsyncSession, lead: Question) -> Sequence[Question]:
    """Those that still go along: on the same desk, and public. Whoever left the desk left the company."""
    chosen = select(Question).join(Companion, col(Companion.question_id) == Question.id)
    chosen = chosen.where(
        Companion.lead_id == lead.id,
        Question.agency_id == lead.agency_id,
        Question.assignment == Assigned.ACCEPTED,
        Question.moderation == Moderation.ACCEPTED,
        col(Question.sealed).is_(False),
        col(Question.restricted).is_(lead.restricted),
    )
    found: Sequence[Question] = (await db.exec(locked(db, chosen.order_by(col(Question.id))))).all()
    return found


async def lead_of(db: AsyncSession, question: Question) -> Question | None:
    """The question at which this one's answer is written; none when it stands alone."""
    row = await db.get(Companion, question.id)
    lead = await db.get(Question, row.lead_id) if row else None
    return lead if lead is not None and lead.agency_id == question.agency_id else None


async def gather(db: AsyncSession, actor: Actor, lead: Question, others: Sequence[Question]) -> None:
    """All or none: the official sees which one does not fit, and why."""
    if not others or len(others) > MOST:
        raise Refused("together_count", field="ids", most=MOST)
    for question in (lead, *others):
        _must_be_akin(actor, question, lead)
        if question.assignment != Assigned.ACCEPTED or question.answer not in OPEN:
            raise Refused("together_step", field="ids", title=question.title)
        if await lead_of(db, question) is not None:
            raise Refused("together_already", field="ids", title=question.title)
        if question is not lead and question.answer == Answered.DRAFTING:
            raise Refused("together_draft", field="ids", title=question.title)
        if question is not lead and await of(db, question):
            raise Refused("together_leads", field="ids", title=question.title)
    for question in others:
        await db.merge(Companion(question_id=question.key, lead_id=lead.key))
    await db.flush()


def _must_be_akin(actor: Actor, question: Question, lead: Question) -> None:
    """What only its author may read shares no answer with what everybody reads."""
    if not can_write(actor, question):
        raise NotAllowed()
    if question.agency_id != lead.agency_id:
        raise Refused("together_agency", field="ids")
    if (question.surface, question.restricted) != (lead.surface, lead.restricted):
        raise Refused("together_kind", field="ids", title=question.title)


async def leave(db: AsyncSession, actor: Actor, question: Question) -> None:
    """Out of the company, to be answered on its own."""
    if not can_write(actor, question):
        raise NotAllowed()
    if question.answer not in OPEN:
        raise Conflict("answer_moved_on", state=question.answer)
    row = await db.get(Companion, question.id)
    if row is not None:
        await db.delete(row)
        await db.flush()
