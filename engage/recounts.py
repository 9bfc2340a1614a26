"""A changed calendar, and the due dates it moves: marked with the change, counted anew by the worker."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clocks
from engage.chases import UNANSWERED
from engage.db import Store
from engage.deadlines import HERE
from engage.errors import Failure
from engage.questions import Question

AT_ONCE = 200

logger = structlog.get_logger(__name__)


async def mark(db: AsyncSession, days: Collection[date]) -> int:
    """Unanswered texts whose span may hold one of these days. A mark too many is harmless: its date comes out as it was."""
    first = datetime.combine(min(days), time(), HERE)
    last = datetime.combine(max(days) + timedelta(days=1), time(), HERE)
    touched = sa.update(Question).where(
        col(Question.answer).in_(UNANSWERED), col(Question.answer_from) < last, col(Question.answer_due_at) >= first
    )
    marked = await db.exec(touched.values(recount=True).execution_options(synchronize_session=False))
    return marked.rowcount


async def drain(store: Store) -> int:
    """One transaction a text; the mark goes with it."""
    async with store.reading() as db:
        waiting = (await db.exec(select(col(Question.id)).where(Question.recount).limit(AT_ONCE))).all()
    for question_id in waiting:
        try:
            async with store.transaction() as db:
                await _recount(db, question_id or 0)
        except Failure as failure:
            logger.error("recount.failed", question=question_id, reason=failure.reason)
    return len(waiting)


async def settle(db: AsyncSession) -> None:
    """All that are marked, at once: for who tells a past in one transaction."""
    for question_id in (await db.exec(select(col(Question.id)).where(Question.recount))).all():
        await _recount(db, question_id or 0)


async def _recount(db: AsyncSession, question_id: int) -> None:
    marked = select(Question).where(Question.id == question_id, Question.recount)
    question = (await db.exec(marked.with_for_update(skip_locked=True))).one_or_none()
    if question is None:
        return
    question.recount = False
    db.add(question)
    if question.answer in UNANSWERED:
        await clocks.recount(db, question)
    await db.flush()
