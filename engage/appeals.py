"""Asking that a refusal be considered again: a new case, which the first decider may not decide."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines, review
from engage.access import Moderation
from engage.ask import Lines
from engage.db import now
from engage.deadlines import Step
from engage.errors import Conflict, Refused
from engage.moves import move
from engage.questions import MODERATION_MOVES, Question
from live import log
from moderation import cases
from moderation.cases import Case
from moderation.screening import Submission

LEAST_WORDS = 10


class Appeal(SQLModel, table=True):
    """`case_id` is the case it opened. One appeal per refusal, and what an appeal decided is not appealed."""

    __tablename__ = "appeal"

    case_id: int = Field(foreign_key="moderation_case.id", primary_key=True)
    refused_case_id: int = Field(foreign_key="moderation_case.id", unique=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    words: str = Field(sa_type=sa.String(1000))
    appealed_at: datetime


class AppealForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Lines = Input(default="", max_length=1000)


def may_appeal(question: Question, refused: Case | None, made: Appeal | None) -> bool:
    """`made` is the appeal that belongs to the question, if there was one."""
    return question.moderation == Moderation.REFUSED and refused is not None and made is None


async def appeal(db: AsyncSession, question: Question, words: str) -> None:
    refused = await refusal_of(db, question)
    if refused is None or not may_appeal(question, refused, await by_question(db, question)):
        raise Conflict("appealed_once" if question.moderation == Moderation.REFUSED else "moved_on")
    if len(words) < LEAST_WORDS:
        raise Refused("appeal_words_missing", field="words", least=LEAST_WORDS)
    sealed = question.sealed or refused.sealed
    await move(db, question, "moderation", Moderation.HELD, MODERATION_MOVES, sealed=sealed)
    due = await deadlines.due_at(db, question.surface, Step.MODERATE)
    folded = review.folded(Submission(question.title, question.body))
    case = await cases.open_case(db, question.surface, question.key, refused.verdict, now(db), due, sealed, folded)
    await db.exec(sa.update(Case).where(col(Case.id) == case.id).values(barred=refused.decided_by))
    db.add(
        Appeal(
            case_id=case.id or 0,
            refused_case_id=refused.id or 0,
            question_id=question.key,
            words=words,
            appealed_at=now(db),
        )
    )
    await db.flush()
    log.record(db, f"person:{question.author_id}", "question.appealed", question=question.key)


async def refusal_of(db: AsyncSession, question: Question) -> Case | None:
    refused = [case for case in await cases.of(db, question.surface, question.key) if case.decision == "refuse"]
    return refused[-1] if refused else None


async def by_question(db: AsyncSession, question: Question) -> Appeal | None:
    made = select(Appeal).where(Appeal.question_id == question.key).order_by(col(Appeal.case_id).desc())
    return (await db.exec(made.limit(1))).first()


async def of(db: AsyncSession, case: Case) -> Appeal | None:
    """What the author said, for whoever decides this case."""
    return await db.get(Appeal, case.id)
