"""One question on an agency's desk, with what this person may do about it: who has it, where it may go, who helps."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import absences, access, answers, assignments, deadlines, people, shares, timeline
from engage.access import Actor, Share, Shared
from engage.answers import Answer
from engage.assigned import IN_HAND, Answered, Assigned
from engage.assignments import Assignment
from engage.db import now
from engage.questions import Question
from engage.web import asked, desk_clocks, load, words
from engage.web.desk_list import seen_at, share_state
from engage.web.views import View, desk_stage, paragraphs


async def work(db: AsyncSession, view: View, who: Actor, found: Question, draft: Answer | None) -> dict[str, Any]:
    turns = await assignments.of(db, found)
    shown = view.question(found, await load.author_of(db, found), for_desk=True)
    return {
        "question": {**shown, "stage": view.stage(desk_stage(found))},
        "assignment": _came(view, found, turns[-1]),
        "steps": view.steps(await timeline.of(db, found)),
        **await desk_clocks.of(db, view, who, found, turns[-1]),
        "complexity": found.complexity,
        "asking": await asked.side(db, view, who, found),
        "answer": await _draft(db, draft) if draft else None,
        "official": await _official(db, found),
        "parts": [await _part(db, view, share) for share in await shares.of(db, found)],
        "seen_at": seen_at(now(db)),
        **_may(who, found, draft, turns),
    }


def why_not(view: View, who: Actor, found: Question | None, draft: Answer | None) -> str | None:
    """An approver who wrote a line of the answer is told why the button is missing."""
    if found is None or draft is None or found.answer != Answered.IN_APPROVAL:
        return None
    if not access.can_approve(who, found) or answers.may_approve(who, found, draft):
        return None
    return view.translator.say(words.REASONS["approver_is_author"])


def _may(who: Actor, found: Question, draft: Answer | None, turns: Sequence[Assignment]) -> dict[str, bool]:
    may_assign, may_write = access.can_assign(who, found), access.can_write(who, found)
    is_open = found.answer in IN_HAND
    is_taken = found.assignment == Assigned.ACCEPTED
    is_waiting = found.answer == Answered.IN_APPROVAL and draft is not None
    is_mine = found.official_id is not None and found.official_id == who.person_id
    return {
        "can_accept": not is_taken and may_assign,
        "can_decline": not is_taken and may_assign and assignments.passed_on_by(turns) is not None,
        "can_take": may_write and is_open and found.official_id is None and not may_assign,
        "can_hand": may_assign and is_open,
        "can_take_back": is_open and found.official_id is not None and (may_assign or is_mine),
        "can_give_back": may_assign and is_open,
        "can_transfer": may_assign and is_open,
        "can_set_complexity": may_assign and is_open,
        "can_share": may_write and is_open and is_taken,
        "can_write": may_write and is_open and is_taken,
        "can_send": may_write and is_open and is_taken,
        "can_approve": is_waiting and draft is not None and answers.may_approve(who, found, draft),
        "can_return": is_waiting and access.can_approve(who, found),
    }


def _came(view: View, found: Question, turn: Assignment) -> dict[str, Any]:
    return {
        "state": found.assignment,
        "from_agency": view.directory.agencies.get(turn.from_agency_id),
        "reason": turn.reason or view.reasons(turn.why),
        "hops": turn.hop,
    }


async def _draft(db: AsyncSession, draft: Answer) -> dict[str, Any]:
    names = await people.names(db, [draft.written_by])
    return {
        "state": "",
        "version": draft.version,
        "author": names.get(draft.written_by, ""),
        "returned_note": draft.returned_note,
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
