"""How much waits, and since when: what a desk, readiness and the metrics ask; and what a desk narrows its queue by."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import Moderation
from engage.notices import Notice
from engage.questions import SURFACES, Question
from moderation import queue
from moderation.cases import Case, CaseState
from moderation.kinds import BITS, OTHER
from moderation.text import fold

MOST_COUNTED = 5_000


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    waiting: int
    oldest: datetime | None


async def every(db: AsyncSession) -> list[Queue]:
    return [
        await _queue(db, "received", col(Question.created_at), col(Question.moderation) == Moderation.RECEIVED),
        await _queue(db, "cases", col(Case.opened_at), col(Case.state) == CaseState.OPEN),
        await _queue(db, "notices", col(Notice.created_at), col(Notice.sent_at).is_(None)),
    ]


async def _queue(db: AsyncSession, name: str, since: Any, waits: sa.ColumnElement[bool]) -> Queue:
    counted, oldest = (await db.exec(select(func.count(), func.min(since)).where(waits))).one()
    return Queue(name, counted, oldest)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moderator narrows the queue by."""

    surface: str = ""
    kind: str = ""
    is_late: bool = False
    is_sealed: bool = False
    topic_id: int | None = None
    dialogue_id: int | None = None
    words: str = ""

    def wheres(self, at: datetime) -> list[sa.ColumnElement[bool]]:
        wheres = [col(Case.surface) == self.surface] if self.surface else []
        if self.kind:
            wheres.append(_has(Case, self.kind))
        if self.is_late:
            wheres.append(col(Case.due_at) < at)
        if self.is_sealed:
            wheres.append(col(Case.sealed).is_(True))
        if self.topic_id is not None:
            wheres += _of_questions(Question.topic_id == self.topic_id)
        if self.dialogue_id is not None:
            wheres += _of_questions(Question.dialogue_id == self.dialogue_id)
        return wheres + [col(Case.folded).contains(word, autoescape=True) for word in fold(self.words).split()[:8]]


async def tally(db: AsyncSession, cleared: bool, at: datetime) -> dict[str, int]:
    """How many of the oldest cases have which kind of finding, are late, are sealed."""
    by = {kind: partial(_has, kind=kind) for kind in BITS}
    also = {"late": lambda table: table.due_at < at, "sealed": lambda table: table.sealed.is_(True)}
    return await queue.tallied(db, cleared, MOST_COUNTED, {**by, **also})


def _of_questions(which: Any) -> list[sa.ColumnElement[bool]]:
    return [col(Case.surface).in_(SURFACES), col(Case.thing_id).in_(select(col(Question.id)).where(which))]


def _has(table: Any, kind: str) -> sa.ColumnElement[bool]:
    """Cases from before the kinds were kept have none: they are `other`."""
    is_so: sa.ColumnElement[bool] = table.kinds.op("&")(BITS[kind]) != 0
    return sa.or_(is_so, table.kinds == 0) if kind == OTHER else is_so
