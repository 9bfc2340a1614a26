"""Calls of the portal desk to an agency that is late: who called when, and what was said. Read by the portal desk alone."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor, Moderation
from engage.ask import Line
from engage.db import now
from engage.errors import Conflict, NotAllowed, Refused
from engage.questions import Question
from live import log

LEAST_WORDS = 5


class AgencyCall(SQLModel, table=True):
    __tablename__ = "agency_call"
    __table_args__ = (sa.Index("agency_call_of_question", "question_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    agency_id: int = Field(foreign_key="agency.id")
    by: int = Field(foreign_key="person.id")
    at: datetime
    words: str = Field(sa_type=sa.String(1000))


class CallForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    call: Line = Input(default="", max_length=1000)


def may_note(question: Question) -> bool:
    """About a text that an agency has."""
    return question.moderation == Moderation.ACCEPTED and not question.sealed and question.agency_id is not None


async def note(db: AsyncSession, actor: Actor, question: Question, words: str) -> None:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()
    if not may_note(question) or question.agency_id is None:
        raise Conflict("moved_on")
    if len(words) < LEAST_WORDS:
        raise Refused("call_words_missing", field="call", least=LEAST_WORDS)
    db.add(
        AgencyCall(question_id=question.key, agency_id=question.agency_id, by=actor.person_id, at=now(db), words=words)
    )
    await db.flush()
    log.record(db, "review", "agency.called", question=question.key)
    await audit.note(db, actor.person_id, "agency.called", question=question.key, agency=question.agency_id)


async def of(db: AsyncSession, question_ids: Sequence[int]) -> Sequence[AgencyCall]:
    """The newest first."""
    made = select(AgencyCall).where(col(AgencyCall.question_id).in_(question_ids))
    return (await db.exec(made.order_by(col(AgencyCall.id).desc()))).all()
