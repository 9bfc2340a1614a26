"""How much waits, and since when: what a desk, readiness and the metrics ask. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import Moderation
from engage.notices import Notice
from engage.questions import Question
from moderation.cases import Case, CaseState


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
