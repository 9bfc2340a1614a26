"""What happened to a question, as its asker and its readers may know it: read from the rows that say so, never stored twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, assignments, merges, takedowns
from engage.agencies import Agency
from engage.assigned import Assigned
from engage.assignments import Assignment, Outcome
from engage.questions import SURFACE, Question, Stage, stage
from moderation import cases


@dataclass(frozen=True, slots=True)
class Step:
    """`code` names the words; `note` is what somebody wrote, shown as written."""

    code: str
    at: datetime
    figures: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    why: Sequence[Any] = ()
    kind: str = "done"


async def of(db: AsyncSession, question: Question) -> list[Step]:
    """Oldest first. Holds no name of a person: agencies act, people do not."""
    names = {agency.id: agency for agency in await agencies.every_agency(db)}
    steps = [
        Step("step_received", question.created_at),
        *await _reviewed(db, question),
        *_travelled(await assignments.of(db, question), names),
        *_answered(question, names),
        *await _taken_back(db, question),
    ]
    return _marked(sorted(steps, key=lambda step: step.at), question)


def for_readers(steps: Sequence[Step]) -> list[Step]:
    """Why an agency gave a question back is between it, the portal desk and the asker."""
    return [replace(step, note="") if step.code == "step_given_back" else step for step in steps]


async def _reviewed(db: AsyncSession, question: Question) -> list[Step]:
    steps: list[Step] = []
    for case in await cases.of(db, SURFACE, question.key):
        steps.append(Step("step_held", case.opened_at))
        # A merge is told by its own row, which also knows when it was taken back.
        if case.decided_at and case.decision and case.undo_until is None and case.decision != "merge":
            steps.append(Step(f"step_{case.decision}", case.decided_at))
    if question.accepted_at and not steps:
        steps.append(Step("step_accepted_by_rule", question.accepted_at))
    return steps


async def _taken_back(db: AsyncSession, question: Question) -> list[Step]:
    """Merged and taken out again, hidden and restored."""
    steps: list[Step] = []
    for merge in await merges.of(db, question.key):
        steps.append(Step("step_merged", merge.at))
        steps += [Step("step_parted", merge.undone_at)] if merge.undone_at else []
    for hidden in await takedowns.of(db, question.key):
        steps.append(Step("step_hidden", hidden.at))
        steps += [Step("step_restored", hidden.restored_at)] if hidden.restored_at else []
    return steps


def _travelled(turns: Sequence[Assignment], names: dict[int | None, Agency]) -> list[Step]:
    steps: list[Step] = []
    for turn in turns:
        agency, sender = names[turn.agency_id], names.get(turn.from_agency_id)
        code = "step_transferred" if sender else "step_sent"
        steps.append(Step(code, turn.offered_at, {"agency": agency, "sender": sender}, turn.reason, turn.why))
        if turn.accepted_at:
            steps.append(Step("step_taken", turn.accepted_at, {"agency": agency}))
        if turn.ended_at and turn.outcome == Outcome.GIVEN_BACK:
            steps.append(Step("step_given_back", turn.ended_at, {"agency": agency}, turn.ended_reason))
    return steps


def _answered(question: Question, names: dict[int | None, Agency]) -> list[Step]:
    if question.published_at is None:
        return []
    return [Step("step_answered", question.published_at, {"agency": names.get(question.agency_id)}, kind="won")]


def _marked(steps: list[Step], question: Question) -> list[Step]:
    """The last step of a question that is still on its way is where it stands now."""
    ended = {Stage.ANSWERED, Stage.REFUSED, Stage.WITHDRAWN, Stage.HIDDEN, Stage.MERGED}
    if stage(question) in ended or not steps:
        return steps
    last = steps[-1]
    if question.assignment == Assigned.ACCEPTED and last.code == "step_taken":
        return [*steps, Step("step_working", last.at, last.figures, kind="now")]
    return [*steps[:-1], replace(last, kind="now")]
