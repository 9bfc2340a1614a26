"""Whether an answer answered: the asker's word, private to desk and agency. Readers see totals of many only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines
from engage.access import PUBLIC, visible
from engage.ask import Lines
from engage.db import now, one_of
from engage.deadlines import Step
from engage.errors import Conflict, Refused
from engage.questions import Question, Stage, stage
from live import log

LEAST_TOTAL = 10  # below it a total would tell who said what


class Verdict(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Why(StrEnum):
    OFF_POINT = "off_point"
    UNCLEAR = "unclear"
    NO_GROUNDS = "no_grounds"
    CANNOT_DO = "cannot_do"
    OUTDATED = "outdated"
    OTHER = "other"


class Rating(SQLModel, table=True):
    """One per question: only its asker gives it, and may think again for some days."""

    __tablename__ = "rating"
    __table_args__ = (one_of("rating_verdict", "verdict", Verdict), one_of("rating_why", "why", Why, nullable=True))

    question_id: int = Field(foreign_key="question.id", primary_key=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    verdict: str = Field(sa_type=sa.String(8))
    why: str | None = Field(default=None, sa_type=sa.String(12))
    words: str = Field(default="", sa_type=sa.String(1000))
    rated_at: datetime
    changed_at: datetime | None = None

    @property
    def stamp(self) -> int:
        """Another one with every change, so that two tabs notice each other."""
        return int((self.changed_at or self.rated_at).timestamp() * 1_000_000)


class RatingForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: str = Input(default="", max_length=8)
    why: str = Input(default="", max_length=12)
    words: Lines = Input(default="", max_length=1000)
    seen: int = Input(default=0, ge=0)  # the rating that stood on the page, 0 for none


def may_rate(question: Question, until: datetime | None, at: datetime) -> bool:
    """`until`: of a rating that was given."""
    return stage(question) is Stage.ANSWERED and (until is None or at < until)


async def changeable_until(db: AsyncSession, question: Question, given: Rating | None) -> datetime | None:
    if given is None:
        return None
    return given.rated_at + timedelta(days=await deadlines.days_for(db, question.surface, Step.RATING))


async def rate(db: AsyncSession, question: Question, form: RatingForm) -> None:
    given = await of(db, question)
    if not may_rate(question, await changeable_until(db, question, given), now(db)):
        raise Conflict("rated_too_late" if given else "moved_on")
    if form.seen != (given.stamp if given else 0):
        raise Conflict("rated_elsewhere")
    if form.verdict not in set(Verdict):
        raise Refused("verdict_missing", field="verdict")
    if form.verdict != Verdict.YES and form.why not in set(Why):
        raise Refused("rating_why_missing", field="why")
    row = given or Rating(question_id=question.key, verdict=form.verdict, rated_at=now(db))
    row.agency_id, row.verdict, row.words = question.agency_id, form.verdict, form.words
    row.why = None if form.verdict == Verdict.YES else form.why
    row.changed_at = now(db) if given else None
    db.add(row)
    await db.flush()
    for channel in (f"agency:{question.agency_id}", f"person:{question.author_id}"):
        log.record(db, channel, "answer.rated", question=question.key)


async def of(db: AsyncSession, question: Question) -> Rating | None:
    return await db.get(Rating, question.key)


async def totals(db: AsyncSession, agency_id: int) -> Mapping[str, int]:
    """How often each was said of those answers of an agency that every reader sees; empty while they are too few to be told."""
    counted = select(col(Rating.verdict), func.count()).join(Question, col(Question.id) == col(Rating.question_id))
    counted = counted.where(Rating.agency_id == agency_id, visible(Question, PUBLIC)).group_by(col(Rating.verdict))
    said = {str(verdict): int(times) for verdict, times in (await db.exec(counted)).all()}
    return said if sum(said.values()) >= LEAST_TOTAL else {}
