"""Promises of the private page: only what is possible is offered; withdrawing and clarifying."""

from typing import Any

import anyio
import pytest

from engage import approvals, archive, clarifications, follows, lists, questions, withdrawals, work
from engage.acts import Act
from engage.assigned import Assigned
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from tests.unit.asker import (
    PHONE,
    WORDS,
    appeal,
    clarify,
    codes,
    correct,
    follow_up,
    look,
    open_acts,
    rate,
    refused,
    refuses,
    reply,
    returned,
    withdraw,
)
from tests.unit.town import DENUNCIATION, INSURANCE, TITLE, Town

pytestmark = pytest.mark.anyio


async def test_the_page_offers_what_the_verbs_allow_and_nothing_else(town: Town) -> None:
    every = {
        "received": (await town.ask(), {Act.CORRECT, Act.WITHDRAW, Act.HIDE_NAME}),
        "held": ((await town.held())[0], {Act.CORRECT, Act.WITHDRAW, Act.HIDE_NAME}),
        "returned": (await returned(town), {Act.CORRECT, Act.WITHDRAW, Act.HIDE_NAME}),
        "refused": (await refused(town), {Act.CORRECT, Act.APPEAL, Act.HIDE_NAME}),
        "taken": (await town.taken(), {Act.WITHDRAW, Act.HIDE_NAME}),
        "answered": (await town.answered(), {Act.RATE, Act.LOOK_AGAIN, Act.FOLLOW_UP, Act.HIDE_NAME}),
    }
    for name, (question_id, expected) in every.items():
        assert await open_acts(town, question_id) == expected, name
        for act, verb in {
            Act.CORRECT: correct(town, question_id),
            Act.APPEAL: appeal(town, question_id),
            Act.RATE: rate(town, question_id, verdict="yes"),
            Act.LOOK_AGAIN: look(town, question_id),
            Act.FOLLOW_UP: follow_up(town, question_id, f"HD-{name}"),
            Act.CLARIFY: reply(town, question_id),
        }.items():
            if act in expected:
                verb.close()
                continue
            with pytest.raises((Refused, Conflict)):
                await verb


async def test_each_possible_act_succeeds(town: Town) -> None:
    await correct(town, await returned(town))
    await appeal(town, await refused(town))
    await withdraw(town, await town.ask())
    answered = await town.answered()
    await rate(town, answered, verdict="yes")
    await look(town, answered)
    await follow_up(town, answered, "HD-1")
    assert await open_acts(town, answered) == {Act.RATE, Act.HIDE_NAME}


async def test_a_withdrawn_question_leaves_the_desk_the_lists_and_the_search(town: Town) -> None:
    question_id = await town.drafted()
    async with town.store.transaction() as db:
        await follows.follow(db, "question", question_id, "f", email="theo@thu.example")
        row = await db.get(follows.Follow, ("question", question_id, "f"))
        assert row
        assert row.person_id
        await follows.confirm(db, "question", row.person_id)
    await withdraw(town, question_id)
    question = await town.question(question_id)
    assert (question.moderation, question.assignment, question.answer) == ("withdrawn", Assigned.UNASSIGNED, "none")
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["official"], question_id)
        assert question_id not in [one.id for one in await lists.listed(db, lists.Filters(which=lists.Which.OPEN), 20)]
        assert not await archive.near(db, TITLE, 3, 0.3)
    assert (await town.notices(question_id)).count("withdrawn") == 2  # the follower, and the official who took it
    assert "question.withdrawn" in await town.facts(f"agency:{town.agencies[INSURANCE]}")


async def test_withdrawing_closes_the_open_case_and_the_moderator_learns_it(town: Town) -> None:
    question_id, case_id = await town.held()
    await withdraw(town, question_id)
    await refuses(town, "case_decided_withdraw", town.decide(case_id, decision="accept", agency=INSURANCE))


async def test_an_answered_question_is_not_withdrawn_but_its_name_is_hidden_at_once(town: Town) -> None:
    question_id = await town.answered()
    await refuses(town, "withdrawn_too_late", withdraw(town, question_id))
    async with town.store.transaction() as db:
        await withdrawals.hide_name(db, await questions.one(db, question_id))
    assert (await town.question(question_id)).anonymous


async def test_withdrawing_and_publishing_at_once_leave_one_winner(town: Town) -> None:
    question_id = await town.sent_for_approval()
    won: list[str] = []

    async def publish() -> None:
        async with town.store.transaction() as db:
            question = await archive.workable_one(db, town["approver"], question_id)
            await approvals.approve(db, town["approver"], question, 1)
        won.append("published")

    async def attempt(name: str, act: Any) -> None:
        try:
            await act()
            if name == "withdrawn":
                won.append(name)
        except (Conflict, NotFound, Refused):
            pass

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(attempt, "published", publish)
        tasks.start_soon(attempt, "withdrawn", lambda: withdraw(town, question_id))
    assert len(won) == 1
    question = await town.question(question_id)
    assert (question.moderation == "withdrawn") == (won == ["withdrawn"])
    assert (question.answer == "published") == (won == ["published"])


async def test_a_clarification_pauses_the_clock_until_the_asker_answers(town: Town) -> None:
    question_id = await town.taken()
    await clarify(town, question_id)
    question = await town.question(question_id)
    assert (questions.stage(question), await open_acts(town, question_id)) == (
        questions.Stage.NEEDS_MORE,
        {Act.CLARIFY, Act.WITHDRAW, Act.HIDE_NAME},
    )
    town.clock.move(days=1)
    await reply(town, question_id)
    assert (await town.question(question_id)).paused_at is None
    assert (await town.notices(question_id))[-2:] == ["clarify", "clarified"]
    await refuses(town, "clarify_over", reply(town, question_id))


async def test_an_agency_asks_twice_at_most_and_only_what_it_has(town: Town) -> None:
    question_id = await town.taken()
    for _ in range(2):
        await clarify(town, question_id)
        await refuses(town, "clarify_not_now", clarify(town, question_id))
        await reply(town, question_id)
    await refuses(town, "clarify_too_often", clarify(town, question_id))
    with pytest.raises(NotAllowed):
        await clarify(town, await town.taken(), "elsewhere")


async def test_a_private_number_is_no_reason_to_hold_but_an_insult_is(town: Town) -> None:
    first, second = await town.taken(), await town.taken()
    await clarify(town, first)
    await reply(town, first, f"Tôi nghỉ từ tháng sáu. {PHONE}")
    row_id = await clarify(town, second)
    await reply(town, second, "Cơ quan các ông toàn một lũ khốn nạn ăn hại, đồ chó má.")
    async with town.store.reading() as db:
        assert [one.state for one in await clarifications.of(db, await questions.one(db, first))] == ["given"]
        assert [one.id for one in await clarifications.held(db, town["moderator"], 9)] == [row_id]
    assert (await town.question(second)).paused_at is not None
    async with town.store.transaction() as db:
        await clarifications.hand_back(db, town["moderator"], await clarifications.one(db, row_id), WORDS)
    await reply(town, second)
    assert (await town.question(second)).paused_at is None


async def test_a_held_denunciation_is_only_for_who_is_cleared(town: Town) -> None:
    question_id = await town.taken()
    row_id = await clarify(town, question_id)
    await reply(town, question_id, DENUNCIATION)
    async with town.store.transaction() as db:
        assert not await clarifications.held(db, town["moderator"], 9)
        assert len(await clarifications.held(db, town["cleared"], 9)) == 1
        with pytest.raises(NotFound):
            await clarifications.pass_on(db, town["moderator"], await clarifications.one(db, row_id))


async def test_without_an_answer_the_clock_goes_on(town: Town) -> None:
    question_id = await town.taken()
    await clarify(town, question_id)
    town.clock.move(days=30)
    assert await work.lapse_clarifications(town.store) == 1
    assert await work.lapse_clarifications(town.store) == 0
    assert (await town.question(question_id)).paused_at is None
    assert "step_clarify_lapsed" in await codes(town, question_id)
