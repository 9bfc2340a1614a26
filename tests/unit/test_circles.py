"""Promises of passing on: an agency may decline what another passed to it, and what goes round in circles is noticed."""

import anyio
import anyio.lowlevel
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import archive, assignments, circles, questions, timeline
from engage.access import Actor
from engage.agencies import Post
from engage.assignments import Outcome
from engage.errors import Conflict, Failure, NotAllowed, Refused
from engage.questions import Question
from tests.unit.town import FINANCE, HANOI, HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
REASON, NOT_OURS = "Việc này thuộc cơ quan khác.", "Bộ chỉ phụ trách khám chữa bệnh."


async def passed_on(town: Town, to: str = HEALTH, question_id: int = 0, by: Actor | None = None) -> int:
    question_id = question_id or await town.taken()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await assignments.transfer(db, by or town["coordinator"], question, town.agencies[to], REASON)
    return question_id


async def decline(town: Town, question_id: int, who: Actor | None = None, reason: str = NOT_OURS) -> None:
    async with town.store.transaction() as db:
        await assignments.decline(db, who or town["elsewhere"], await questions.one(db, question_id), reason)


def leading(town: Town, slug: str) -> Actor:
    return Actor(person_id=town.id("elsewhere"), posts={town.agencies[slug]: frozenset({Post.COORDINATOR})})


async def test_what_was_declined_is_the_senders_again_and_says_why(town: Town) -> None:
    question_id = await passed_on(town)
    due = (await town.question(question_id)).answer_due_at
    await decline(town, question_id)
    question = await town.question(question_id)
    assert (question.agency_id, question.assignment) == (town.agencies[INSURANCE], "offered")
    assert question.answer_due_at == due
    async with town.store.reading() as db:
        first, second, third = await assignments.of(db, question)
    assert [turn.outcome for turn in (first, second, third)] == [Outcome.TRANSFERRED, Outcome.DECLINED, None]
    assert (second.ended_reason, third.reason, third.hop) == (NOT_OURS, NOT_OURS, second.hop)
    assert (await town.facts(f"agency:{town.agencies[HEALTH]}"))[-1] == "assignment.declined"


async def test_the_asker_reads_the_path_with_both_reasons(town: Town) -> None:
    question_id = await passed_on(town)
    town.clock.move(60)
    await decline(town, question_id)
    async with town.store.reading() as db:
        steps = await timeline.of(db, await questions.one(db, question_id))
    there_and_back = [step for step in steps if step.code in {"step_transferred", "step_declined"}]
    assert [(step.code, step.note) for step in there_and_back] == [
        ("step_transferred", REASON),
        ("step_declined", NOT_OURS),
    ]
    back = there_and_back[1].figures
    assert (back["sender"].slug, back["agency"].slug) == (HEALTH, INSURANCE)


async def test_only_what_an_agency_passed_on_and_nobody_took_yet_is_declined(town: Town) -> None:
    from_the_desk = await town.accepted()
    with pytest.raises(Refused, match="not_passed_on"):
        await decline(town, from_the_desk, town["coordinator"])
    passed = await passed_on(town)
    with pytest.raises(NotAllowed):
        await decline(town, passed, town["elsewhere_official"])
    with pytest.raises(Refused, match="reason_words_missing"):
        await decline(town, passed, reason=" .  ")
    async with town.store.transaction() as db:
        await assignments.accept(db, town["elsewhere"], await questions.one(db, passed))
    with pytest.raises(Conflict):
        await decline(town, passed)


async def test_what_came_back_declined_is_not_declined_in_turn(town: Town) -> None:
    question_id = await passed_on(town)
    await decline(town, question_id)
    with pytest.raises(Refused, match="not_passed_on"):
        await decline(town, question_id, town["coordinator"])


async def test_declining_does_not_use_up_the_senders_hops_and_still_ends(town: Town) -> None:
    question_id = await passed_on(town)
    await decline(town, question_id)
    await passed_on(town, HANOI, question_id)
    await decline(town, question_id, leading(town, HANOI))
    with pytest.raises(Refused, match="too_many_hops"):
        await passed_on(town, FINANCE, question_id)


async def test_of_taking_and_declining_at_once_one_is_first(town: Town) -> None:
    question_id = await passed_on(town)
    outcomes: list[str] = []

    async def attempt(name: str) -> None:
        try:
            async with town.store.transaction() as db:
                question = await archive.workable_one(db, town["elsewhere"], question_id)
                await anyio.lowlevel.checkpoint()
                if name == "take":
                    await assignments.accept(db, town["elsewhere"], question)
                else:
                    await assignments.decline(db, town["elsewhere"], question, NOT_OURS)
            outcomes.append(name)
        except Failure as failure:
            outcomes.append(type(failure).__name__)

    async with anyio.create_task_group() as tasks:
        for name in ("take", "decline"):
            tasks.start_soon(attempt, name)
    (winner,) = {"take", "decline"} & set(outcomes)
    question = await town.question(question_id)
    here = {"take": (HEALTH, "accepted"), "decline": (INSURANCE, "offered")}[winner]
    assert (question.agency_id, question.assignment) == (town.agencies[here[0]], here[1])


async def between(town: Town, question_id: int, to: str) -> circles.Circle | None:
    async with town.store.reading() as db:
        return await circles.between(db, await questions.one(db, question_id), town.agencies[to])


async def test_an_agency_that_had_the_question_before_is_warned_of(town: Town) -> None:
    question_id = await passed_on(town)
    assert await between(town, question_id, INSURANCE) == circles.Circle("had_it_before")
    assert await between(town, question_id, HANOI) is None


async def test_two_agencies_that_exchange_a_topic_often_are_warned_of_for_a_while(town: Town) -> None:
    fresh = await town.taken()
    await passed_on(town)
    assert await between(town, fresh, HEALTH) is None
    await decline(town, await passed_on(town))  # there and back are two exchanges
    assert await between(town, fresh, HEALTH) == circles.Circle("exchanged_often", 3)
    other_topic = await town.taken(topic="dang-phi")
    assert await between(town, other_topic, HEALTH) is None
    town.clock.move(days=120)
    assert await between(town, fresh, HEALTH) is None


async def test_the_portal_desk_sees_how_many_turns_a_question_has_had(town: Town) -> None:
    once, often = await town.accepted(), await passed_on(town)
    elsewhere = town["elsewhere"]

    async def back(db: AsyncSession, question: Question) -> None:
        await assignments.give_back(db, elsewhere, question, REASON)

    async with town.store.transaction() as db:
        await back(db, await questions.one(db, often))
    async with town.store.reading() as db:
        assert await circles.passed(db, [once, often]) == {often: 2}
        assert await circles.passed(db, []) == {}
