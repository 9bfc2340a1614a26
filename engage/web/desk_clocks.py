"""The clocks of a question on an agency's desk: which runs until when and why, and how far its date may still be moved."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clocks, deadlines, second_looks
from engage.access import Actor, holds
from engage.agencies import Post
from engage.assigned import Assigned
from engage.assignments import Assignment
from engage.chases import is_in_approval
from engage.db import now
from engage.questions import Question
from engage.web import load
from engage.web.views import View


async def of(db: AsyncSession, view: View, who: Actor, found: Question, turn: Assignment) -> dict[str, Any]:
    calendar, at = await deadlines.calendar(db), now(db)
    acknowledge = approve = None
    if found.assignment == Assigned.OFFERED:
        begun, due_at = turn.offered_at, turn.acknowledge_due_at
        term = calendar.between(deadlines.here(begun), deadlines.here(due_at))
        acknowledge = deadlines.explained(calendar, begun, term, due_at, at)
    if is_in_approval(found) and found.approve_from and found.approve_due_at:
        term = calendar.between(deadlines.here(found.approve_from), deadlines.here(found.approve_due_at))
        approve = deadlines.explained(calendar, found.approve_from, term, found.approve_due_at, at)
    return {
        "again": await again(db, view, found),
        "due": await load.why_due(db, view, found),
        "acknowledge": view.due(acknowledge, clock="acknowledge"),
        "approve": view.due(approve, clock="approve"),
        "extension": await _extension(db, who, found),
    }


async def again(db: AsyncSession, view: View, found: Question) -> dict[str, Any] | None:
    """The date of the new answer, where a second look asked for one."""
    if found.again_due_at is None:
        return None
    calendar, at = await deadlines.calendar(db), now(db)
    begun = max((look.decided_at for look in await second_looks.of(db, found) if look.decided_at), default=at)
    term = calendar.between(deadlines.here(begun), deadlines.here(found.again_due_at))
    return view.due(deadlines.explained(calendar, begun, term, found.again_due_at, at), clock="again")


async def _extension(db: AsyncSession, who: Actor, found: Question) -> int:
    """How many working days this person may add now; 0 hides the form."""
    if not holds(who, found.agency_id, Post.COORDINATOR, Post.APPROVER):
        return 0
    return await clocks.extension_left(db, found)
