"""What happened to a question, as its asker and its readers may know it: read from the rows that say so, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    agencies,
    answers,
    appeals,
    assignments,
    clarifications,
    due_changes,
    merges,
    second_looks,
    shares,
    takedowns,
)
from engage.access import OPEN_SHARES, Moderation, Share
from engage.agencies import Agency
from engage.assignments import Assignment, Outcome
from engage.due_changes import Change, DueChange
from engage.questions import Question, Stage, stage
from engage.second_looks import State as Look
from moderation import cases
from moderation.kinds import BITS

PRIVATE = frozenset(
    {
        "step_refuse",
        "step_return",
        "step_corrected",
        "step_appealed",
        "step_clarify_held",
        "step_look_asked",
        "step_look_sent_back",
        "step_look_closed",
    }
)

# While a moderator reads what the asker replied, only the asker sees that it came.
GIVEN: Mapping[str, str] = {
    clarifications.State.HELD: "step_clarify_held",
    clarifications.State.GIVEN: "step_clarify_given",
}


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
        *_extended(await due_changes.of(db, question), names),
        *_joined(await shares.of(db, question), names),
        *_answered(question, names),
        *await _corrected(db, question, names),
        *_by_author(question),
        *await _clarified(db, question, names),
        *await _looked_again(db, question, names),
        *await _taken_back(db, question),
    ]
    return _marked(sorted(steps, key=lambda step: step.at), question)


def for_readers(steps: Sequence[Step]) -> list[Step]:
    """Why an agency gave a question back, and what passes between it, the portal desk and the asker, is theirs alone.

    One wait for a moderator is enough: a second would tell of the refusal between them.
    """
    waits = [step for step in steps if step.code == "step_held"]
    shown = [step for step in steps if step.code not in PRIVATE and step not in waits[1:]]
    return [replace(step, note="") if step.code == "step_given_back" else step for step in shown]


async def _reviewed(db: AsyncSession, question: Question) -> list[Step]:
    steps: list[Step] = []
    for case in await cases.of(db, question.surface, question.key):
        if case.kinds & BITS["flagged"]:  # about a text that readers had; what came of it is told by its own rows
            continue
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
        if hidden.restored_at is None and question.moderation != Moderation.HIDDEN:
            continue  # sealed afterwards, which its case tells
        steps.append(Step("step_hidden", hidden.at))
        steps += [Step("step_restored", hidden.restored_at)] if hidden.restored_at else []
    return steps


def _travelled(turns: Sequence[Assignment], names: dict[int | None, Agency]) -> list[Step]:
    steps: list[Step] = []
    for before, turn in zip([None, *turns], turns, strict=False):
        agency, sender = names[turn.agency_id], names.get(turn.from_agency_id)
        code = "step_transferred" if sender else "step_sent"
        if before and before.outcome == Outcome.DECLINED:  # one step says both: who declined, and where it is again
            code, sender = "step_declined", names[before.agency_id]
        steps.append(Step(code, turn.offered_at, {"agency": agency, "sender": sender}, turn.reason, turn.why))
        if turn.accepted_at:
            steps.append(Step("step_taken", turn.accepted_at, {"agency": agency}))
        if turn.ended_at and turn.outcome == Outcome.GIVEN_BACK:
            steps.append(Step("step_given_back", turn.ended_at, {"agency": agency}, turn.ended_reason))
    return steps


def _extended(changes: Sequence[DueChange], names: dict[int | None, Agency]) -> list[Step]:
    extended = [change for change in changes if change.kind == Change.EXTENDED]
    return [Step("step_extended", row.at, {"agency": names.get(row.agency_id)}, row.reason) for row in extended]


def _joined(parts: Sequence[Share], names: dict[int | None, Agency]) -> list[Step]:
    """Which agencies work on it with the lead: their names only."""
    return [
        Step("step_shared", part.asked_at, {"agency": names[part.agency_id]})
        for part in parts
        if part.state in OPEN_SHARES
    ]


def _answered(question: Question, names: dict[int | None, Agency]) -> list[Step]:
    if question.published_at is None:
        return []
    return [Step("step_answered", question.published_at, {"agency": names.get(question.agency_id)}, kind="won")]


async def _corrected(db: AsyncSession, question: Question, names: dict[int | None, Agency]) -> list[Step]:
    """Why, as the agency says it to readers."""
    return [
        Step("step_answer_corrected", one.published_at, {"agency": names.get(one.agency_id)}, one.reason)
        for one in await answers.corrections(db, question.key)
        if one.published_at is not None
    ]


def _by_author(question: Question) -> list[Step]:
    steps = [("step_corrected", question.corrected_at), ("step_withdrawn", question.withdrawn_at)]
    return [Step(code, at) for code, at in steps if at is not None]


async def _clarified(db: AsyncSession, question: Question, names: dict[int | None, Agency]) -> list[Step]:
    """That something was asked and answered, never what."""
    steps: list[Step] = []
    for row in await clarifications.of(db, question):
        steps.append(Step("step_clarify_asked", row.asked_at, {"agency": names.get(row.agency_id)}))
        if row.answered_at and row.state in GIVEN:
            steps.append(Step(GIVEN[row.state], row.answered_at))
        if row.ended_at and row.state == clarifications.State.LAPSED:
            steps.append(Step("step_clarify_lapsed", row.ended_at))
    return steps


async def _looked_again(db: AsyncSession, question: Question, names: dict[int | None, Agency]) -> list[Step]:
    steps: list[Step] = []
    appeal = await appeals.by_question(db, question)
    if appeal is not None:
        steps.append(Step("step_appealed", appeal.appealed_at))
    for look in await second_looks.of(db, question):
        steps.append(Step("step_look_asked", look.asked_at))
        if look.decided_at is not None:
            code = "step_look_sent_back" if look.state == Look.SENT_BACK else "step_look_closed"
            steps.append(Step(code, look.decided_at, {"agency": names.get(look.agency_id)}, look.reply))
    return steps


def _marked(steps: list[Step], question: Question) -> list[Step]:
    """The last step of a question that is still on its way is where it stands now."""
    ended = {Stage.ANSWERED, Stage.REFUSED, Stage.WITHDRAWN, Stage.HIDDEN, Stage.MERGED}
    if stage(question) in ended or not steps:
        return steps
    return [*steps[:-1], replace(steps[-1], kind="now")]
