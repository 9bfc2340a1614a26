"""Figures of a dialogue: what was asked, answered there and afterwards, by whom, and how long it took. Of what readers see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import PUBLIC, visible
from engage.dialogues import Dialogue
from engage.questions import Question
from engage.turns import Turn

SLOTS = 12  # the stretches of time a chart has
LEAST_SLOT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Course:
    """One question's: when it was asked, and when it had its first answer, from whomever."""

    question_id: int
    author_id: int
    group_id: int | None
    is_advance: bool
    asked_at: datetime
    answered_at: datetime | None
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """From `at` on: how many were asked and how many answered."""

    at: datetime
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Figures:
    advance: int
    live: int
    persons: int
    votes: int
    peak: int
    answered_live: int
    answered_later: int
    median_time: timedelta | None  # of what was answered live, from when it could be
    by_group: Sequence[tuple[int | None, int, int]]  # asked, answered
    over_time: Sequence[Slot]

    @property
    def asked(self) -> int:
        return self.advance + self.live

    @property
    def waiting(self) -> int:
        return self.asked - self.answered_live - self.answered_later


async def of(db: AsyncSession, dialogue: Dialogue) -> Figures:
    courses = await _courses(db, dialogue.key)
    return counted(courses, dialogue, sum(one.votes for one in courses))


def counted(courses: Sequence[Course], dialogue: Dialogue, votes: int) -> Figures:
    began, ended = dialogue.started_at or dialogue.starts_at, dialogue.ended_at or dialogue.ends_at
    live = [one for one in courses if one.answered_at is not None and one.answered_at <= ended]
    answered = [one for one in courses if one.answered_at is not None]
    took = [(one.answered_at - max(one.asked_at, began)).total_seconds() for one in live if one.answered_at]
    asked_by_group = Counter(one.group_id for one in courses)
    answered_by_group = Counter(one.group_id for one in answered)
    return Figures(
        advance=sum(one.is_advance for one in courses),
        live=sum(not one.is_advance for one in courses),
        persons=len({one.author_id for one in courses}),
        votes=votes,
        peak=dialogue.peak,
        answered_live=len(live),
        answered_later=len(answered) - len(live),
        median_time=timedelta(seconds=max(median(took), 0)) if took else None,
        by_group=[(group, times, answered_by_group[group]) for group, times in asked_by_group.items()],
        over_time=_over_time(courses, began, ended),
    )


def _over_time(courses: Sequence[Course], began: datetime, ended: datetime) -> Sequence[Slot]:
    """While it ran, in equal stretches; what was asked before stands in none of them."""
    length = max((ended - began) / SLOTS, LEAST_SLOT)
    asked = Counter((one.asked_at - began) // length for one in courses if began <= one.asked_at <= ended)
    answered = Counter(
        (one.answered_at - began) // length for one in courses if one.answered_at and began <= one.answered_at <= ended
    )
    last = min((ended - began) // length, SLOTS)
    return [Slot(began + place * length, asked[place], answered[place]) for place in range(last + 1)]


async def _courses(db: AsyncSession, dialogue_id: int) -> Sequence[Course]:
    found = (
        sa.select(
            col(Turn.question_id),
            col(Question.author_id),
            col(Turn.group_id),
            col(Turn.is_advance),
            col(Turn.entered_at),
            sa.func.coalesce(col(Turn.answered_at), col(Question.published_at)),
            col(Turn.people),
        )
        .join(Question, col(Question.id) == col(Turn.question_id))
        .where(col(Turn.dialogue_id) == dialogue_id, visible(Question, PUBLIC), col(Question.merged_into_id).is_(None))
    )
    return [Course(*row) for row in (await (await db.connection()).execute(found)).all()]
