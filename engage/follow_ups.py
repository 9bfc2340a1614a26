"""One more question after an answer, to the same agency: a question of its own, linked to the first."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines, intake
from engage.agencies import Agency, Province, Topic
from engage.ask import ABROAD, Ask, Telling
from engage.db import now
from engage.deadlines import Step
from engage.errors import Conflict
from engage.intake import Directory, Submitted
from engage.people import Person
from engage.questions import Question, Stage, stage


def may_follow_up(question: Question, next_id: int | None, until: datetime | None, at: datetime) -> bool:
    return stage(question) is Stage.ANSWERED and next_id is None and until is not None and at < until


async def open_until(db: AsyncSession, question: Question) -> datetime | None:
    if question.published_at is None:
        return None
    return question.published_at + timedelta(days=await deadlines.days_for(db, question.surface, Step.FOLLOW_UP))


async def ask(
    db: AsyncSession, question: Question, form: Telling, *, code: str, language: str, is_mailed: bool = True
) -> Submitted:
    """The caller goes on with `review.look_at`. Of two at once the database lets one in: only one question follows another."""
    if not may_follow_up(question, await next_of(db, question), await open_until(db, question), now(db)):
        raise Conflict("followed_up_once")
    author = await db.get(Person, question.author_id)
    asked = Ask.model_construct(
        **form.model_dump(include={"title", "body"}),
        name=author.name if author else "",
        email=(author.email or "") if author else "",
        phone=(author.phone or "") if author else "",
        province=ABROAD if question.country else "",
        country=question.country or "",
        anonymous=question.anonymous,
    )
    directory = Directory(
        topic=await db.get(Topic, question.topic_id) if question.topic_id else None,
        province=await db.get(Province, question.province_id) if question.province_id else None,
        agency=await db.get(Agency, question.agency_id) if question.agency_id else None,
    )
    same = {
        "kind": question.kind,
        "restricted": question.restricted,
        "campaign_id": question.campaign_id,
        "consent": question.consent,  # given once, for what follows on it too
    }
    sent = await intake.submit(db, asked, directory, code=code, language=language, is_mailed=is_mailed, more=same)
    await db.exec(sa.update(Question).where(col(Question.id) == sent.id).values(follows_on_id=question.key))
    return sent


async def next_of(db: AsyncSession, question: Question) -> int | None:
    return (await db.exec(select(col(Question.id)).where(Question.follows_on_id == question.key))).one_or_none()
