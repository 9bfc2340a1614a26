"""The answer's clock of a text: when it starts, and the date it leads to. Knows no noun; the days are rows of `deadlines`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines
from engage.assigned import AssignedText
from engage.db import now
from engage.deadlines import Step


async def answer_clock(db: AsyncSession, surface: str, complexity: str, start: datetime) -> Mapping[str, Any]:
    days = await deadlines.days_for(db, surface, Step.ANSWER, complexity)
    due = deadlines.close_of((await deadlines.calendar(db)).after(deadlines.here(start), days))
    return {"answer_due_at": due, "answer_from": start, "answer_days": days}


async def pause(db: AsyncSession, text: AssignedText) -> None:
    """The asker was asked something: until the answer comes, no working day counts."""
    text.paused_at = now(db)
    db.add(text)
    await db.flush()


async def resume(db: AsyncSession, text: AssignedText) -> None:
    """The due date moves by the working days that the clock stood still."""
    text.paused_at = None
    db.add(text)
    await db.flush()
