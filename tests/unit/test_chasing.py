"""Promises of chasing: each step once, told to who can do something about it, gathered into one mail a person and day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import answers, approvals, chasing, clocks, digests, questions
from engage.agencies import Agency
from engage.chases import Chase, Clock, Patience, Reminder, Step, at_the_portal_desk, reached, told_of
from engage.deadlines import close_of, here
from tests.unit.test_deadlines import CALENDAR
from tests.unit.town import HEALTH, INSURANCE, Town, an_answer

PATIENCE = Patience(due_soon=3, supervisor=3, portal_desk=5)
ANSWER = [Step.DUE_SOON, Step.DUE, Step.OVERDUE, Step.SUPERVISOR, Step.PORTAL_DESK]
DAYS = st.dates(date(2025, 2, 1), date(2026, 10, 1))


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 0, 31, tzinfo=UTC)  # 07:31 in Hà Nội


@pytest.mark.parametrize(
    ("day", "come"),
    [
        (date(2026, 11, 26), 0),
        (date(2026, 11, 27), 1),  # three working days before Wednesday
        (date(2026, 12, 1), 1),
        (date(2026, 12, 2), 2),
        (date(2026, 12, 3), 3),
        (date(2026, 12, 7), 4),  # Monday: three working days late
        (date(2026, 12, 8), 4),
        (date(2026, 12, 9), 5),
    ],
)
def test_steps_come_on_their_mornings(day: date, come: int) -> None:
    due = close_of(date(2026, 12, 2))
    assert reached(CALENDAR, Clock.ANSWER, due, _morning(day), PATIENCE) == ANSWER[:come]


@given(DAYS, st.integers(1, 40), st.sampled_from(Clock))
def test_steps_only_come_and_never_go(start: date, term: int, clock: Clock) -> None:
    due, before = close_of(CALENDAR.after(start, term)), 0
    for n in range(80):
        come = reached(CALENDAR, clock, due, _morning(start + timedelta(days=n)), PATIENCE)
        assert len(come) >= before
        before = len(come)


# The worker


async def work(town: Town) -> None:
    """What the worker does on a morning, twice over: the second time finds nothing to do."""
    for _ in range(2):
        while await chasing.chase(town.store):
            pass
        await digests.gather(town.store)


async def mornings(town: Town, days: int) -> None:
    for _ in range(days):
        town.clock.move(days=1)
        await work(town)


async def _steps(town: Town, clock: Clock = Clock.ANSWER) -> list[tuple[str, date]]:
    async with town.store.reading() as db:
        rows = (await db.exec(select(Chase).where(Chase.clock == clock).order_by(col(Chase.id)))).all()
    return [(row.step, here(row.at)) for row in rows]


async def _told(town: Town, step: Step, clock: Clock = Clock.ANSWER) -> set[str]:
    names = {person.id: name for name, person in town.people.items()}
    async with town.store.reading() as db:
        told = select(Reminder.person_id).join(Chase, col(Chase.id) == Reminder.chase_id)
        return {names[one] for one in await db.exec(told.where(Chase.step == step, Chase.clock == clock))}


@pytest.mark.anyio
async def test_in_a_month_each_step_comes_once_on_its_day(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 25, 1, tzinfo=UTC)
    await town.taken()
    await mornings(town, 31)
    assert await _steps(town) == [
        ("due_soon", date(2026, 12, 4)),
        ("due", date(2026, 12, 9)),
        ("overdue", date(2026, 12, 10)),
        ("supervisor", date(2026, 12, 14)),
        ("portal_desk", date(2026, 12, 16)),
    ]


@pytest.mark.anyio
async def test_a_worker_that_was_away_catches_up_on_every_step(town: Town) -> None:
    await town.taken()
    town.clock.move(days=40)
    await work(town)
    assert [step for step, _ in await _steps(town)] == ANSWER


@pytest.mark.anyio
async def test_first_who_has_it_is_told_then_who_answers_for_them_at_last_the_portal_desk(town: Town) -> None:
    async with town.store.transaction() as db:
        agency = await db.get_one(Agency, town.agencies[INSURANCE])
        agency.parent_slug = HEALTH
        db.add(agency)
    await town.taken()
    await mornings(town, 31)
    assert await _told(town, Step.DUE_SOON) == await _told(town, Step.OVERDUE) == {"coordinator"}
    assert await _told(town, Step.SUPERVISOR) == {"coordinator", "approver", "second_approver", "elsewhere"}
    assert await _told(town, Step.PORTAL_DESK) == {"moderator", "colleague", "cleared"}


@pytest.mark.anyio
async def test_a_question_that_is_not_acknowledged_and_an_answer_that_nobody_approves_are_chased_too(
    town: Town,
) -> None:
    await town.accepted()
    await town.sent_for_approval()
    await mornings(town, 14)
    acknowledge = [step for step, _ in await _steps(town, Clock.ACKNOWLEDGE)]
    assert acknowledge == [Step.OFFERED, Step.DUE, Step.OVERDUE, Step.SUPERVISOR, Step.PORTAL_DESK]
    assert [step for step, _ in await _steps(town, Clock.APPROVE)] == ANSWER[1:]
    assert await _told(town, Step.DUE, Clock.APPROVE) == {"approver", "second_approver"}


@pytest.mark.anyio
async def test_a_date_that_moved_has_steps_of_its_own(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 25, 1, tzinfo=UTC)
    question_id = await town.taken()
    await mornings(town, 10)
    async with town.store.transaction() as db:
        await clocks.extend(
            db, town["coordinator"], await questions.one(db, question_id), 5, "Chờ số liệu của địa phương."
        )
    await mornings(town, 22)
    assert Counter(step for step, _ in await _steps(town))[Step.DUE_SOON] == 2
    assert Counter(step for step, _ in await _steps(town))[Step.OVERDUE] == 1


@pytest.mark.anyio
async def test_what_stands_still_or_is_answered_is_not_chased(town: Town) -> None:
    paused = await town.taken()
    await town.answered()
    async with town.store.transaction() as db:
        await clocks.pause(db, await questions.one(db, paused))
    await mornings(town, 31)
    assert await _steps(town) == []


@pytest.mark.anyio
async def test_two_workers_at_once_write_no_step_twice(town: Town) -> None:
    for _ in range(6):
        await town.taken()
    town.clock.move(days=40)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(chasing.chase, town.store)
    assert Counter(step for step, _ in await _steps(town)) == dict.fromkeys(ANSWER, 6)


@pytest.mark.anyio
async def test_an_open_text_that_nobody_looks_at_is_adopted(town: Town) -> None:
    question_id = await town.taken()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.chase_at = None
        db.add(question)
    assert await chasing.adopt(town.store) == 1
    assert await chasing.adopt(town.store) == 0


@pytest.mark.anyio
async def test_an_answer_sent_before_approvals_had_dates_is_due_as_if_it_were_sent_today(town: Town) -> None:
    question_id = await town.sent_for_approval()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.approve_from = question.approve_due_at = None
        db.add(question)
    town.clock.move(days=20)
    await chasing.adopt(town.store)
    question = await town.question(question_id)
    assert question.approve_from == town.clock.now
    assert here(question.approve_due_at or town.clock.now) == date(2026, 12, 17)
    await chasing.adopt(town.store)
    assert (await town.question(question_id)).approve_from == town.clock.now
    await mornings(town, 9)
    assert (await _steps(town, Clock.APPROVE))[0] == ("due", date(2026, 12, 17))


# The portal desk's list


@pytest.mark.anyio
async def test_the_portal_desk_sees_what_no_agency_moved_and_who_was_told_until_it_is_answered(town: Town) -> None:
    await town.taken()
    await mornings(town, 31)
    async with town.store.reading() as db:
        ((chase, question),) = await at_the_portal_desk(db, town["moderator"], 10)
        told = await told_of(db, chase)
    assert question.agency_id == town.agencies[INSURANCE]
    assert [step.step for step, _ in told][:3] == [Step.DUE_SOON, Step.DUE, Step.OVERDUE]
    async with town.store.transaction() as db:
        question = await questions.one(db, question.key)
        await answers.write(db, town["official"], question, an_answer(), 0)
        draft = await answers.draft_of(db, question)
        assert draft is not None
        await answers.send_for_approval(db, town["official"], question, draft)
        await approvals.approve(db, town["approver"], question, 1)
    async with town.store.reading() as db:
        assert await at_the_portal_desk(db, town["moderator"], 10) == []
