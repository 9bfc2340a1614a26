"""Promises of clocks: every due date is what its ledger explains, whoever had the text and whatever happened to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, clocks, deadlines, due_changes, questions
from engage.access import Actor
from engage.deadlines import Calendar, Complexity, close_of, here
from engage.due_changes import Change, DueChange, due_on
from engage.errors import NotAllowed, Refused
from engage.people import Person
from engage.questions import Question
from tests.unit.test_deadlines import CALENDAR
from tests.unit.town import HEALTH, INSURANCE, Town

REASON = "Cần lấy ý kiến hai bộ liên quan."


# The ledger, purely

DAYS = st.dates(date(2025, 2, 1), date(2026, 10, 1))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def _row(kind: Change, day: date, days: int = 0, since: date | None = None) -> DueChange:
    told = {"surface": "question", "thing_id": 1, "kind": kind, "at": _at(day), "days": days, "due_after": _at(day)}
    return DueChange.model_validate({**told, "since": _at(since) if since else None})


@given(DAYS, st.integers(1, 40), st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4))
def test_a_pause_gives_back_exactly_the_working_days_left_when_it_began(
    start: date, term: int, steps: list[tuple[int, int]]
) -> None:
    rows, today = [_row(Change.STARTED, start, term)], start
    for run, stand in steps:
        stopped = today + timedelta(days=run)
        left = CALENDAR.between(stopped, due_on(CALENDAR, rows))
        today = stopped + timedelta(days=stand)
        rows += [_row(Change.PAUSED, stopped), _row(Change.RESUMED, today, since=stopped)]
        if left >= 0:  # what is late stays late by as much, weekends aside
            assert CALENDAR.between(today, due_on(CALENDAR, rows)) == left


@given(DAYS, st.lists(st.tuples(st.sampled_from(Change), st.integers(0, 20)), max_size=8))
def test_whatever_is_booked_adds_up_in_any_order(start: date, booked: list[tuple[Change, int]]) -> None:
    plain = [(kind, days) for kind, days in booked if kind not in {Change.STARTED, Change.RESUMED}]
    rows = [_row(Change.STARTED, start, 10), *(_row(kind, start, days) for kind, days in plain)]
    other = [rows[0], *reversed(rows[1:])]
    whole = CALENDAR.after(start, 10 + sum(days for _, days in plain))
    assert due_on(CALENDAR, rows) == due_on(CALENDAR, other) == whole


@given(DAYS, st.integers(5, 30), st.integers(0, 3), st.integers(4, 20))
def test_a_holiday_within_a_pause_moves_nothing(start: date, term: int, run: int, stand: int) -> None:
    stopped, again = start + timedelta(days=run), start + timedelta(days=run + stand)
    rows = [_row(Change.STARTED, start, term), _row(Change.RESUMED, again, since=stopped)]
    off = stopped + timedelta(days=2)
    longer = Calendar(CALENDAR.holidays | {off: deadlines.CalendarDay(day=off, kind="holiday")}, CALENDAR.make_up_days)
    before, after = due_on(CALENDAR, rows), due_on(longer, rows)
    assert before == after


# The verbs


async def _act(town: Town, question_id: int, act: str, *, days: float = 0, who: str = "coordinator") -> Question:
    town.clock.move(days=days)
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await ACTS[act](db, town[who], question)
    return await town.question(question_id)


async def _extend(db: AsyncSession, actor: Actor, question: Question) -> None:
    await clocks.extend(db, actor, question, 4, REASON)


async def _complex(db: AsyncSession, actor: Actor, question: Question) -> None:
    await assignments.set_complexity(db, actor, question, Complexity.COMPLEX)


ACTS = {
    "extend": _extend,
    "complex": _complex,
    "pause": lambda db, _, question: clocks.pause(db, question),
    "resume": lambda db, _, question: clocks.resume(db, question),
}


async def ledger(town: Town, question_id: int) -> Sequence[DueChange]:
    async with town.store.reading() as db:
        return await due_changes.of(db, await questions.one(db, question_id))


async def explained(town: Town, question_id: int) -> bool:
    """The stored date is what the ledger leads to, and each row begins where the one before ended."""
    rows, question = await ledger(town, question_id), await town.question(question_id)
    async with town.store.reading() as db:
        due = close_of(due_on(await deadlines.calendar_now(db), rows))
    chain = all(one.due_after == other.due_before for one, other in pairwise(rows))
    return chain and question.answer_due_at == due == rows[-1].due_after


@pytest.mark.anyio
async def test_a_due_date_moves_by_the_working_days_the_clock_stood_still(town: Town) -> None:
    question_id = await town.taken()
    await _act(town, question_id, "pause", days=1)  # Thursday 26 November
    question = await _act(town, question_id, "resume", days=5)  # Tuesday 1 December: three working days
    assert here(question.answer_due_at or town.clock.now) == date(2026, 12, 14)
    assert question.paused_at is None
    kinds = [row.kind for row in await ledger(town, question_id)]
    assert kinds == [Change.STARTED, Change.PAUSED, Change.RESUMED]
    assert await explained(town, question_id)


@pytest.mark.anyio
async def test_a_clock_that_stands_is_not_stopped_twice_and_one_that_runs_is_not_started(town: Town) -> None:
    question_id = await town.taken()
    await _act(town, question_id, "resume")
    first = await _act(town, question_id, "pause")
    again = await _act(town, question_id, "pause", days=3)
    assert first.paused_at == again.paused_at
    assert len(await ledger(town, question_id)) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("who", ["coordinator", "approver"])
async def test_an_extension_is_public_and_the_asker_is_told(town: Town, who: str) -> None:
    question_id = await town.taken()
    question = await _act(town, question_id, "extend", days=2, who=who)
    assert here(question.answer_due_at or town.clock.now) == date(2026, 12, 15)
    row = (await ledger(town, question_id))[-1]
    assert (row.kind, row.days, row.reason, row.by) == (Change.EXTENDED, 4, REASON, town.id(who))
    assert row.agency_id == town.agencies[INSURANCE]
    assert (await town.notices(question_id))[-1] == "extended"
    assert "assignment.due_changed" in await town.facts(f"question:{question_id}")
    assert await explained(town, question_id)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("days", "reason", "code"),
    [(0, REASON, "extend_too_long"), (11, REASON, "extend_too_long"), (5, "Bận việc.", "extend_reason_short")],
)
async def test_an_extension_has_a_cap_and_a_reason(town: Town, days: int, reason: str, code: str) -> None:
    question_id = await town.taken()
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match=code):
            await clocks.extend(db, town["coordinator"], await questions.one(db, question_id), days, reason)


@pytest.mark.anyio
async def test_whoever_restricted_the_use_of_their_data_is_not_mailed_of_an_extension(town: Town) -> None:
    question_id = await town.taken()
    async with town.store.transaction() as db:
        author = await db.get_one(Person, (await questions.one(db, question_id)).author_id)
        author.restricted_at = town.clock.now
        db.add(author)
    await _act(town, question_id, "extend")
    assert "extended" not in await town.notices(question_id)


@pytest.mark.anyio
async def test_a_date_is_extended_once_and_never_after_it_has_passed(town: Town) -> None:
    question_id, late = await town.taken(), await town.taken()
    await _act(town, question_id, "extend")
    with pytest.raises(Refused, match="extend_too_often"):
        await _act(town, question_id, "extend")
    with pytest.raises(Refused, match="extend_overdue"):
        await _act(town, late, "extend", days=30)


@pytest.mark.anyio
async def test_who_only_drafts_may_not_extend_nor_anybody_what_is_on_its_way(town: Town) -> None:
    question_id, sent, offered = await town.taken(), await town.sent_for_approval(), await town.accepted()
    for who in ("official", "elsewhere", "moderator"):
        with pytest.raises(NotAllowed):
            await _act(town, question_id, "extend", who=who)
    with pytest.raises(Refused, match="extend_answer_on_its_way"):
        await _act(town, sent, "extend")
    with pytest.raises(Refused, match="extend_accept_first"):
        await _act(town, offered, "extend")


@pytest.mark.anyio
@pytest.mark.parametrize(("kept", "moved"), [(2, 0), (13, 4)])
async def test_who_gets_a_question_late_has_five_working_days_booked_on_who_kept_it(
    town: Town, kept: int, moved: int
) -> None:
    question_id = await town.taken()
    before = await town.question(question_id)
    town.clock.move(days=kept)
    async with town.store.transaction() as db:
        target = town.agencies[HEALTH]
        await assignments.transfer(db, town["coordinator"], await questions.one(db, question_id), target, REASON)
    after, rows = await town.question(question_id), await ledger(town, question_id)
    assert after.answer_from == before.answer_from
    booked = [(row.days, row.agency_id) for row in rows if row.kind == Change.HANDED_OVER]
    assert booked == ([(moved, town.agencies[INSURANCE])] if moved else [])
    left = CALENDAR.between(here(town.clock.now), here(after.answer_due_at or town.clock.now))
    assert left >= 5
    assert await explained(town, question_id)


HISTORIES = [
    [("complex", 1), ("pause", 2), ("extend", 0), ("resume", 9)],
    [("pause", 0), ("resume", 0), ("pause", 3), ("resume", 20), ("complex", 1)],
    [("extend", 3), ("complex", 4), ("pause", 5), ("resume", 40)],
    [("resume", 1), ("complex", 15), ("extend", 1), ("pause", 1)],
]


@pytest.mark.anyio
@pytest.mark.parametrize("history", HISTORIES)
async def test_every_history_leads_to_the_stored_date(town: Town, history: list[tuple[str, float]]) -> None:
    question_id = await town.taken()
    for act, days in history:
        await _act(town, question_id, act, days=days)
        assert await explained(town, question_id)


@pytest.mark.anyio
async def test_an_answer_sent_for_approval_starts_the_approvers_clock(town: Town) -> None:
    question = await town.question(await town.sent_for_approval())
    assert question.approve_from == town.clock.now
    assert here(question.approve_due_at or town.clock.now) == date(2026, 11, 27)


@pytest.mark.anyio
async def test_a_text_from_before_the_ledger_is_explained_by_its_own_columns(town: Town) -> None:
    question_id = await town.taken()
    async with town.store.transaction() as db:
        for row in await due_changes.of(db, await questions.one(db, question_id)):
            await db.delete(row)
    (begun,) = await ledger(town, question_id)
    assert (begun.kind, begun.days) == (Change.STARTED, 10)
    await _act(town, question_id, "complex", days=1)
    assert await explained(town, question_id)
