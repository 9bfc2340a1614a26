"""The clocks of a text: when they start, stand still and are moved. Every change of the answer's due date is a row of the ledger.

Knows no noun; the days are rows of `deadlines`.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import deadlines, due_changes, notices
from engage.access import Actor, holds
from engage.agencies import Post
from engage.assigned import Answered, Assigned, AssignedText, address, lists
from engage.db import into, now, put
from engage.deadlines import Calendar, Complexity, Step, close_of, here
from engage.due_changes import Change, DueChange
from engage.errors import NotAllowed, Refused
from live import log

LEAST_REASON = 10
_ADD = into(DueChange)


async def start(db: AsyncSession, text: AssignedText, agency_id: int) -> Mapping[str, Any]:
    """The answer's clock begins with the first agency. Returns the columns that the text takes along with its move."""
    surface, thing_id = address(text)
    at, days = now(db), await deadlines.days_for(db, text.surface, Step.ANSWER, text.complexity)
    due = close_of((await deadlines.calendar(db)).after(here(at), days))
    begun = {"surface": surface, "thing_id": thing_id, "kind": Change.STARTED, "at": at, "agency_id": agency_id}
    await put(db, _ADD, {**begun, "days": days, "reason": "", "due_after": due})
    return {"answer_due_at": due, "answer_from": at, "answer_days": days, "chase_at": at}


async def start_approval(db: AsyncSession, text: AssignedText) -> Mapping[str, Any]:
    """An approver has so many working days; the columns that the text takes along with its move."""
    return {"approve_from": now(db), "approve_due_at": await deadlines.due_at(db, text.surface, Step.APPROVE)}


async def pause(db: AsyncSession, text: AssignedText) -> None:
    """The asker was asked something: until the answer comes, no working day counts. A clock that stands goes on standing."""
    if text.paused_at is not None:
        return
    await _book(db, text, Change.PAUSED, agency_id=text.agency_id)
    text.paused_at = now(db)
    await _keep(db, text)


async def resume(db: AsyncSession, text: AssignedText) -> None:
    """The due date moves by the working days that the clock stood still."""
    since, text.paused_at = text.paused_at, None
    if since is None:
        return
    days = (await deadlines.calendar_now(db)).between(here(since), here(now(db)))
    await _book(db, text, Change.RESUMED, since=since, days=days, agency_id=text.agency_id)
    await _keep(db, text)


async def extend(db: AsyncSession, actor: Actor, text: AssignedText, days: int, reason: str) -> None:
    """More working days, for a reason that the asker reads. So often and so long as the rows allow."""
    surface, thing_id = address(text)
    if not holds(actor, text.agency_id, Post.COORDINATOR, Post.APPROVER):
        raise NotAllowed()
    _may_be_extended(text)
    if is_late(db, text):
        raise Refused("extend_overdue")
    said = " ".join(reason.split())
    await _within_the_cap(db, text, days)
    if len(said) < LEAST_REASON:
        raise Refused("extend_reason_short", field="reason", least=LEAST_REASON)
    await _book(db, text, Change.EXTENDED, days=days, reason=said, by=actor.person_id, agency_id=text.agency_id)
    await _keep(db, text)
    await notices.tell(db, text.author_id, notices.Kind.EXTENDED, surface, thing_id)


async def extension_left(db: AsyncSession, text: AssignedText) -> int:
    """How many working days could still be added; 0 when none may."""
    try:
        _may_be_extended(text)
    except Refused:
        return 0
    return 0 if is_late(db, text) else max(await _cap_left(db, text), 0)


async def hand_over(db: AsyncSession, text: AssignedText, from_agency_id: int | None) -> None:
    """The asker's clock goes on whoever has the text, but who gets it has some working days at least.

    What has to be added is booked on the agency that kept it; None is the portal desk.
    """
    text.chase_at = now(db)
    if text.answer_due_at is not None:
        least = await deadlines.days_for(db, text.surface, Step.HANDED_OVER)
        missing = least - left(await deadlines.calendar_now(db), db, text)
        if missing > 0:
            await _book(db, text, Change.HANDED_OVER, days=missing, agency_id=from_agency_id)
            await _keep(db, text)
    db.add(text)
    await db.flush()


async def set_complexity(db: AsyncSession, actor: Actor, text: AssignedText, complexity: Complexity) -> None:
    """The due date is counted again from the same start; pauses and extensions stay."""
    days = await deadlines.days_for(db, text.surface, Step.ANSWER, complexity)
    difference = days - (text.answer_days or days)
    if difference and text.answer_from:
        more = {"days": difference, "by": actor.person_id, "agency_id": text.agency_id}
        await _book(db, text, Change.COMPLEXITY_SET, **more)
    text.complexity, text.answer_days = complexity, days
    await _keep(db, text)


async def recount(db: AsyncSession, text: AssignedText) -> bool:
    """The calendar has changed: where the ledger leads now. Whether the date moved."""
    surface, thing_id = address(text)
    changes = await due_changes.of(db, text)
    if not changes:
        return False
    due = close_of(due_changes.due_on(await deadlines.calendar_now(db), changes))
    if due == text.answer_due_at:
        return False
    moved = DueChange(surface=surface, thing_id=thing_id, kind=Change.CALENDAR_CHANGED, at=now(db), due_after=due)
    moved.due_before, moved.agency_id = text.answer_due_at, text.agency_id
    db.add(moved)
    text.answer_due_at = due
    await _keep(db, text)
    return True


def left(calendar: Calendar, db: AsyncSession, text: AssignedText) -> int:
    """Working days until the due date, from today or from the day on which the clock was stopped."""
    return calendar.between(here(text.paused_at or now(db)), here(text.answer_due_at or now(db)))


def is_late(db: AsyncSession, text: AssignedText) -> bool:
    return deadlines.is_overdue(text.answer_due_at, text.paused_at or now(db))


def _may_be_extended(text: AssignedText) -> None:
    if text.answer not in {Answered.NONE, Answered.DRAFTING}:
        raise Refused("extend_answer_on_its_way")
    if text.assignment != Assigned.ACCEPTED or text.answer_due_at is None:
        raise Refused("extend_accept_first")


async def _within_the_cap(db: AsyncSession, text: AssignedText, days: int) -> None:
    most = await _cap_left(db, text)
    if most <= 0:
        raise Refused("extend_too_often", times=await deadlines.days_for(db, text.surface, Step.EXTENSIONS))
    if not 1 <= days <= most:
        raise Refused("extend_too_long", field="days", most=most)


async def _cap_left(db: AsyncSession, text: AssignedText) -> int:
    before = [change.days for change in await due_changes.of(db, text) if change.kind == Change.EXTENDED]
    if len(before) >= await deadlines.days_for(db, text.surface, Step.EXTENSIONS):
        return 0
    return await deadlines.days_for(db, text.surface, Step.EXTEND, text.complexity) - sum(before)


async def _book(db: AsyncSession, text: AssignedText, kind: Change, **more: Any) -> None:
    """A row in the ledger, and the date it leads to. A calendar that moved on meanwhile is booked first, by itself."""
    surface, thing_id = address(text)
    await recount(db, text)
    changes = await due_changes.of(db, text)
    if not changes or text.answer_due_at is None:
        return
    before = text.answer_due_at
    row = DueChange(
        surface=surface, thing_id=thing_id, kind=kind, at=now(db), due_before=before, due_after=before, **more
    )
    row.due_after = close_of(due_changes.due_on(await deadlines.calendar_now(db), [*changes, row]))
    text.answer_due_at = row.due_after
    db.add(row)


async def _keep(db: AsyncSession, text: AssignedText) -> None:
    """Whoever looks at the text learns that its date may be another one."""
    surface, thing_id = address(text)
    db.add(text)
    await db.flush()
    for channel in (f"agency:{text.agency_id}", f"{surface}:{thing_id}", *lists(text), f"person:{text.author_id}"):
        log.record(db, channel, "assignment.due_changed", **{surface: thing_id})
