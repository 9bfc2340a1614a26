"""One question on an agency's desk, with what this person may do about it: who has it, where it may go, who helps."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import absences, access, assigned, assignments, deadlines, people, shares, timeline
from engage.access import Actor, Share, Shared
from engage.assigned import IN_HAND, Assigned
from engage.assignments import Assignment
from engage.db import now
from engage.deadlines import Step
from engage.questions import Question
from engage.web import asked, desk_clocks, load
from engage.web.desk_list import seen_at, share_state
from engage.web.views import View, desk_stage, paragraphs
from engage.web.words import assigning


async def work(db: AsyncSession, view: View, who: Actor, found: Question) -> dict[str, Any]:
    turns = await assignments.of(db, found)
    shown = view.question(found, await load.author_of(db, found), for_desk=True)
    return {
        "question": {**shown, "stage": view.stage(desk_stage(found))},
        "assignment": _came(view, found, turns[-1]),
        "steps": view.about(found.kind).steps(await _steps(db, view, found)),
        **await desk_clocks.of(db, view, who, found, turns[-1]),
        "complexity": found.complexity,
        "least_days": await deadlines.days_for(db, found.surface, Step.HANDED_OVER),
        "asking": await asked.side(db, view, who, found),
        "official": await _official(db, found),
        "parts": [await _part(db, view, share) for share in await shares.of(db, found)],
        "seen_at": seen_at(now(db)),
        **_may(who, found, turns),
    }


async def _steps(db: AsyncSession, view: View, found: Question) -> list[timeline.Step]:
    """With who has it inside the agency since when: the desk's own."""
    steps = await timeline.of(db, found)
    if found.handed_at is None:
        return steps
    if found.official_id is not None:
        note = (await people.names(db, [found.official_id])).get(found.official_id, "")
        handed = timeline.Step("step_handed", found.handed_at, note=note)
    else:
        note = "" if found.handed_by else view.translator.say(assigning.LEFT)
        handed = timeline.Step("step_handed_back", found.handed_at, note=note)
    return sorted([*steps, handed], key=lambda step: step.at)


def _may(who: Actor, found: Question, turns: Sequence[Assignment]) -> dict[str, bool]:
    may_assign, may_write = access.can_assign(who, found), access.can_write(who, found)
    is_open, is_in_hand = found.answer in IN_HAND, assigned.is_in_hand(found)
    is_taken = found.assignment == Assigned.ACCEPTED
    is_mine = found.official_id is not None and found.official_id == who.person_id
    return {
        "can_accept": not is_taken and may_assign,
        "can_decline": not is_taken and may_assign and assignments.passed_on_by(turns) is not None,
        "can_take": may_write and is_in_hand and found.official_id is None and not may_assign,
        "can_hand": may_assign and is_in_hand,
        "can_take_back": is_in_hand and found.official_id is not None and (may_assign or is_mine),
        "can_give_back": may_assign and is_open,
        "can_transfer": may_assign and is_open,
        "can_set_complexity": may_assign and is_open,
        "can_share": may_write and is_open and is_taken,
    }


def _came(view: View, found: Question, turn: Assignment) -> dict[str, Any]:
    return {
        "state": found.assignment,
        "from_agency": view.directory.agencies.get(turn.from_agency_id),
        "reason": turn.reason or view.reasons(turn.why, view.directory.agencies.get(turn.agency_id)),
        "hops": turn.hop,
    }


async def _official(db: AsyncSession, found: Question) -> dict[str, Any] | None:
    if found.official_id is None or found.agency_id is None:
        return None
    away = (await absences.away(db, found.agency_id)).get(found.official_id)
    names = await people.names(db, [found.official_id, away.stand_in_id if away else None])
    return {
        "id": found.official_id,
        "name": names.get(found.official_id, ""),
        "since": found.handed_at,
        "until": away.ends_on if away else None,
        "stand_in": names.get(away.stand_in_id, "") if away else "",
    }


async def _part(db: AsyncSession, view: View, share: Share) -> dict[str, Any]:
    due = deadlines.explained(await deadlines.calendar(db), share.asked_at, 0, share.due_at, now(db))
    return {
        "id": share.id,
        "agency": view.directory.agencies[share.agency_id],
        "state": share_state(view, share.state),
        "note": share.note,
        "due": view.due(due) if share.state == Shared.ASKED else None,
        "at": share.at,
        "text": paragraphs(share.part),
        "plain": share.part,
        "reason": share.reason,
        "named": share.named,
        "is_asked": share.state == Shared.ASKED,
        "is_given": share.state == Shared.GIVEN,
    }
