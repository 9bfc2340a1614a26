"""Promises of assignments: one agency has a text at a time, every turn is remembered, and no text is passed on for ever."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
import anyio.lowlevel
import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import archive, assignments, questions
from engage.access import Actor
from engage.assigned import Answered
from engage.assignments import Assignment, Outcome
from engage.deadlines import Complexity
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused
from engage.questions import Question
from tests.unit.town import FINANCE, HANOI, HEALTH, INSURANCE, UMBRELLA, Town

pytestmark = pytest.mark.anyio
REASON = "Việc này thuộc cơ quan khác."
Verb = Callable[[AsyncSession, Question], Awaitable[None]]


async def act(town: Town, question_id: int, verb: Verb) -> None:
    async with town.store.transaction() as db:
        await verb(db, await questions.one(db, question_id))


async def transfer(town: Town, question_id: int, to: str, who: Actor | None = None) -> None:
    async def verb(db: AsyncSession, question: Question) -> None:
        await assignments.transfer(db, who or town["coordinator"], question, town.agencies[to], REASON)

    await act(town, question_id, verb)


async def turns_of(town: Town, question_id: int) -> list[Assignment]:
    async with town.store.reading() as db:
        return list(await assignments.of(db, await questions.one(db, question_id)))


def leading(town: Town, slug: str) -> Actor:
    """A coordinator of that agency."""
    post = frozenset(town["coordinator"].posts[town.agencies[INSURANCE]])
    return Actor(person_id=town.id("coordinator"), posts={town.agencies[slug]: post})


async def test_an_offer_starts_the_answer_clock_and_asks_for_a_quick_acknowledgement(town: Town) -> None:
    question_id = await town.accepted()
    question, (turn,) = await town.question(question_id), await turns_of(town, question_id)
    assert (question.answer_from, question.answer_days) == (town.clock.now, 10)
    assert question.answer_due_at == datetime(2026, 12, 9, 10, tzinfo=UTC)
    assert turn.acknowledge_due_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert (turn.hop, turn.from_agency_id, turn.outcome, turn.ended_at) == (0, None, None, None)


@pytest.mark.parametrize("who", ["coordinator", "official"])
async def test_an_agency_takes_what_it_was_offered(town: Town, who: str) -> None:
    question_id = await town.accepted()
    town.clock.move(60)
    await act(town, question_id, lambda db, question: assignments.accept(db, town[who], question))
    question, (turn,) = await town.question(question_id), await turns_of(town, question_id)
    assert question.assignment == "accepted"
    assert (turn.accepted_by, turn.accepted_at) == (town.id(who), town.clock.now)


@pytest.mark.parametrize("who", ["approver", "elsewhere", "elsewhere_official", "moderator"])
async def test_nobody_else_takes_it(town: Town, who: str) -> None:
    question_id = await town.accepted()
    with pytest.raises(NotAllowed):
        await act(town, question_id, lambda db, question: assignments.accept(db, town[who], question))
    assert (await town.question(question_id)).assignment == "offered"


async def test_what_is_taken_is_not_taken_again(town: Town) -> None:
    question_id = await town.taken()
    with pytest.raises(Conflict):
        await act(town, question_id, lambda db, question: assignments.accept(db, town["official"], question))
    assert (await turns_of(town, question_id))[0].accepted_by == town.id("coordinator")


@pytest.mark.parametrize("who", ["official", "approver", "elsewhere", "moderator"])
async def test_only_the_coordinator_gives_back_transfers_and_says_how_hard_it_is(town: Town, who: str) -> None:
    question_id, actor = await town.taken(), town[who]
    for verb in (
        lambda db, question: assignments.give_back(db, actor, question, REASON),
        lambda db, question: assignments.transfer(db, actor, question, town.agencies[HEALTH], REASON),
        lambda db, question: assignments.set_complexity(db, actor, question, Complexity.COMPLEX),
    ):
        with pytest.raises(NotAllowed):
            await act(town, question_id, verb)
    assert len(await turns_of(town, question_id)) == 1


async def test_what_is_given_back_is_on_no_desk_and_says_why(town: Town) -> None:
    question_id, agency = await town.taken(), town.agencies[INSURANCE]
    await act(town, question_id, lambda db, question: assignments.give_back(db, town["coordinator"], question, REASON))
    question, (turn,) = await town.question(question_id), await turns_of(town, question_id)
    assert (question.assignment, question.agency_id) == ("unassigned", None)
    assert (turn.outcome, turn.ended_at, turn.ended_reason) == (Outcome.GIVEN_BACK, town.clock.now, REASON)
    assert (await town.facts(f"agency:{agency}"))[-1] == "assignment.given_back"
    async with town.store.reading() as db:
        assert [lost.id for lost in await archive.unrouted(db, 9)] == [question_id]
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["coordinator"], question_id)


async def test_a_transfer_leaves_one_desk_for_another_and_keeps_the_clock(town: Town) -> None:
    question_id, before = await town.taken(), town.clock.now
    due = (await town.question(question_id)).answer_due_at
    town.clock.move(days=1)
    await transfer(town, question_id, HEALTH)
    question, (first, second) = await town.question(question_id), await turns_of(town, question_id)
    assert (question.assignment, question.agency_id) == ("offered", town.agencies[HEALTH])
    assert (question.answer_from, question.answer_due_at) == (before, due)
    assert (first.outcome, first.ended_reason) == (Outcome.TRANSFERRED, REASON)
    assert (second.from_agency_id, second.hop, second.reason) == (town.agencies[INSURANCE], 1, REASON)
    assert second.acknowledge_due_at == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert (await town.facts(f"agency:{town.agencies[INSURANCE]}"))[-1] == "assignment.transferred"
    assert await town.facts(f"agency:{town.agencies[HEALTH]}") == ["assignment.offered"]
    async with town.store.reading() as db:
        await archive.workable_one(db, town["elsewhere"], question_id)
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["coordinator"], question_id)


async def test_a_text_meets_three_agencies_at_most_before_the_portal_desk_decides(town: Town) -> None:
    question_id = await town.accepted()
    await transfer(town, question_id, HEALTH)
    await transfer(town, question_id, HANOI, leading(town, HEALTH))
    with pytest.raises(Refused, match="too_many_hops"):
        await transfer(town, question_id, FINANCE, leading(town, HANOI))
    assert [turn.agency_id for turn in await turns_of(town, question_id)] == [
        town.agencies[slug] for slug in (INSURANCE, HEALTH, HANOI)
    ]
    giver = leading(town, HANOI)
    await act(town, question_id, lambda db, question: assignments.give_back(db, giver, question, REASON))
    assert (await town.question(question_id)).assignment == "unassigned"


@pytest.mark.parametrize(("to", "reason"), [(INSURANCE, "same_agency"), (UMBRELLA, "agency_does_not_answer")])
async def test_a_transfer_to_nowhere_is_refused_and_writes_nothing(town: Town, to: str, reason: str) -> None:
    question_id = await town.taken()
    with pytest.raises(Refused, match=reason):
        await transfer(town, question_id, to)
    (turn,) = await turns_of(town, question_id)
    assert (turn.outcome, (await town.question(question_id)).assignment) == (None, "accepted")


async def test_a_draft_stays_with_its_agency_and_the_next_one_starts_its_own(town: Town) -> None:
    question_id = await town.drafted()
    await transfer(town, question_id, HEALTH)
    assert (await town.question(question_id)).answer == Answered.NONE
    await act(town, question_id, lambda db, question: assignments.accept(db, town["elsewhere"], question))
    draft = await town.write(question_id, "elsewhere_official", 0)
    assert (draft.agency_id, draft.writers) == (town.agencies[HEALTH], [town.id("elsewhere_official")])


@pytest.mark.parametrize("step", ["sent_for_approval", "answered"])
async def test_an_answer_on_its_way_keeps_the_question_where_it_is(town: Town, step: str) -> None:
    question_id: int = await getattr(town, step)()
    with pytest.raises(Refused, match="answer_is_on_its_way"):
        await transfer(town, question_id, HEALTH)
    with pytest.raises(Refused, match="answer_is_on_its_way"):
        await act(
            town, question_id, lambda db, question: assignments.give_back(db, town["coordinator"], question, REASON)
        )


async def test_the_portal_desk_sends_what_was_given_back_and_overrides_a_wrong_choice(town: Town) -> None:
    question_id = await town.accepted()
    await act(town, question_id, lambda db, question: assignments.give_back(db, town["coordinator"], question, REASON))
    for slug in (HEALTH, HANOI):
        await act(
            town,
            question_id,
            lambda db, question: assignments.reroute(db, town["moderator"], question, town.agencies[slug], REASON),  # noqa: B023 called at once
        )
    turns = await turns_of(town, question_id)
    assert [turn.outcome for turn in turns] == [Outcome.GIVEN_BACK, Outcome.REROUTED, None]
    assert [turn.hop for turn in turns] == [0, 0, 0]
    assert turns[-1].offered_by == town.id("moderator")
    assert (await town.question(question_id)).agency_id == town.agencies[HANOI]
    assert (await town.facts(f"agency:{town.agencies[HEALTH]}"))[-1] == "assignment.rerouted"


async def test_only_the_portal_desk_reroutes_and_only_to_somewhere_else(town: Town) -> None:
    question_id = await town.accepted()
    for who, slug, failure in (("coordinator", HEALTH, NotAllowed), ("moderator", INSURANCE, Refused)):
        agency_id, actor = town.agencies[slug], town[who]
        async with town.store.reading() as db:
            question = await questions.one(db, question_id)
            with pytest.raises(failure):
                await assignments.reroute(db, actor, question, agency_id, REASON)


async def test_a_hard_question_has_more_days_counted_from_the_same_start(town: Town) -> None:
    question_id, start = await town.taken(), town.clock.now
    town.clock.move(days=3)
    await act(
        town,
        question_id,
        lambda db, question: assignments.set_complexity(db, town["coordinator"], question, Complexity.COMPLEX),
    )
    question = await town.question(question_id)
    assert (question.complexity, question.answer_days, question.answer_from) == ("complex", 20, start)
    assert question.answer_due_at == datetime(2026, 12, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("step", ["accepted", "taken"])
async def test_of_many_who_send_it_away_at_once_one_is_first_and_one_agency_has_it(town: Town, step: str) -> None:
    question_id: int = await getattr(town, step)()
    outcomes: list[str] = []

    async def send(to: str) -> None:
        try:
            async with town.store.transaction() as db:
                question = await archive.workable_one(db, town["coordinator"], question_id)
                await anyio.lowlevel.checkpoint()
                await assignments.transfer(db, town["coordinator"], question, town.agencies[to], REASON)
            outcomes.append(to)
        except Failure as failure:
            outcomes.append(type(failure).__name__)

    async with anyio.create_task_group() as tasks:
        for to in (HEALTH, HANOI, FINANCE):
            tasks.start_soon(send, to)
    async with town.store.reading() as db:
        running = (await db.exec(select(Assignment.agency_id).where(col(Assignment.ended_at).is_(None)))).all()
    assert len(running) == 1
    assert (await town.question(question_id)).agency_id == running[0]
    (winner,) = {HEALTH, HANOI, FINANCE} & set(outcomes)
    assert running == [town.agencies[winner]]
    assert {outcome for outcome in outcomes if outcome != winner} <= {"Conflict", "NotFound"}
