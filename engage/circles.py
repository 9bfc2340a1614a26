"""Texts that agencies pass to and fro, noticed before they are passed on once more. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments
from engage.assigned import address
from engage.assignments import Assignment
from engage.db import now
from engage.questions import SURFACE, Question

LATELY = timedelta(days=90)
OFTEN = 2  # exchanges of one topic between the same two agencies that make a third one suspicious
SEVERAL = 2  # agencies that had a text before it is marked at the portal desk


@dataclass(frozen=True, slots=True)
class Circle:
    """Why passing on would likely be in vain: `code` names the words, `times` how often it went that way."""

    code: str
    times: int = 1


async def between(db: AsyncSession, question: Question, agency_id: int) -> Circle | None:
    """What speaks against passing this question on to that agency."""
    turns = await assignments.of(db, question)
    had = sum(turn.agency_id == agency_id for turn in turns)
    if had:
        return Circle("had_it_before", had)
    times = await _exchanged(db, question, agency_id)
    return Circle("exchanged_often", times) if times >= OFTEN else None


async def passed(db: AsyncSession, ids: Sequence[int]) -> Mapping[int, int]:
    """How many turns each question has had, for those that had several."""
    turns = (
        select(col(Assignment.thing_id), func.count())
        .where(Assignment.surface == SURFACE, col(Assignment.thing_id).in_(ids))
        .group_by(col(Assignment.thing_id))
        .having(func.count() >= SEVERAL)
    )
    return dict((await db.exec(turns)).all()) if ids else {}


async def _exchanged(db: AsyncSession, question: Question, agency_id: int) -> int:
    """How often the two agencies passed other questions of the topic to each other lately."""
    if question.topic_id is None or question.agency_id is None:
        return 0
    surface, thing_id = address(question)
    sender, receiver = col(Assignment.from_agency_id), col(Assignment.agency_id)
    pair = sa.or_(
        sa.and_(sender == question.agency_id, receiver == agency_id),
        sa.and_(sender == agency_id, receiver == question.agency_id),
    )
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Question, col(Question.id) == col(Assignment.thing_id))
        .where(
            pair,
            Assignment.offered_at >= now(db) - LATELY,
            Assignment.surface == surface,
            Assignment.thing_id != thing_id,
            Question.topic_id == question.topic_id,
        )
    )
    return (await db.exec(counted)).one()
