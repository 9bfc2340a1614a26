"""Promises of merges: never a loop, everybody told once, nothing of a private text shown, and all of it can be taken back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import (
    archive,
    erasures,
    follows,
    lists,
    merges,
    notices,
    partings,
    publication,
    questions,
    review,
    seals,
    takedowns,
    tallies,
    withdrawals,
)
from engage.access import PUBLIC
from engage.deadlines import HERE
from engage.errors import Conflict, Failure, NotFound, Refused
from engage.lists import Filters, Order, Which
from engage.notices import Notice
from engage.questions import Stage, stage
from engage.takedowns import HideForm
from engage.web import load
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio
NUMBERS = count(1)


async def another(town: Town) -> int:
    return await town.accepted(title=f"Câu hỏi số {next(NUMBERS)} về trợ cấp thất nghiệp cho người nghỉ việc?")


async def merge(town: Town, question_id: int, into_id: int) -> None:
    async with town.store.transaction() as db:
        await merges.merge(db, question_id, into_id, by=town.id("moderator"), wait=notices.AT_ONCE)


async def part(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await partings.part(db, town["moderator"], question_id)


async def followers(town: Town, question_id: int) -> int:
    async with town.store.reading() as db:
        return await follows.count(db, "question", question_id, *await merges.below(db, question_id))


async def follow(town: Town, question_id: int, *names: str) -> None:
    async with town.store.transaction() as db:
        for name in names:
            await follows.follow(db, "question", question_id, name)


async def listed(town: Town) -> set[int]:
    async with town.store.reading() as db:
        open_ = await lists.listed(db, Filters(which=Which.OPEN), 50)
        found, _ = await lists.searched(db, "trợ cấp thất nghiệp", Filters(which=Which.ALL), Order.BEST, 50, 1)
        return {row.id for row in (*open_, *found)}


async def test_a_merged_question_is_in_no_list_and_says_where_it_went(town: Town) -> None:
    target, question_id = await another(town), await another(town)
    await merge(town, question_id, target)
    question = await town.question(question_id)
    assert stage(question) is Stage.MERGED
    assert await listed(town) == {target}
    async with town.store.reading() as db:
        assert (await tallies.read(db)).open == 1
        assert (await questions.seen_by(db, PUBLIC, question_id)).id == question_id  # who has the link still finds it
    assert (await town.notices(question_id))[-1] == "merged"
    assert "question.merged" in await town.facts("questions")


async def test_the_agency_loses_it_and_gets_it_back_as_it_was(town: Town) -> None:
    target, question_id = await another(town), await town.drafted()
    before = await town.question(question_id)
    await merge(town, question_id, target)
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["coordinator"], question_id)
    await part(town, question_id)
    assert await town.question(question_id) == before
    assert before.agency_id == town.agencies[INSURANCE]
    async with town.store.reading() as db:
        assert await archive.workable_one(db, town["coordinator"], question_id)


async def test_what_waits_for_approval_is_answered_first(town: Town) -> None:
    target, question_id = await another(town), await town.sent_for_approval()
    with pytest.raises(Refused, match="answer_is_on_its_way"):
        await merge(town, question_id, target)


async def test_followers_are_counted_once_and_return_with_the_question(town: Town) -> None:
    target, question_id = await another(town), await another(town)
    await follow(town, target, "an", "binh")
    await follow(town, question_id, "binh", "chi")
    await merge(town, question_id, target)
    assert await followers(town, target) == 4  # an, binh, chi, and whoever asked
    await part(town, question_id)
    assert (await followers(town, target), await followers(town, question_id)) == (2, 2)


async def test_an_answer_is_told_to_everybody_below_and_to_each_once(town: Town) -> None:
    target = await town.sent_for_approval()
    first, second = await another(town), await another(town)
    await merge(town, second, first)
    await merge(town, first, target)
    async with town.store.transaction() as db:
        await publication.publish(db, await questions.one(db, target), found_by="Được.")
        told = list((await db.exec(select(Notice).where(col(Notice.kind) == "followed"))).all())
    askers = [(await town.question(question_id)).author_id for question_id in (first, second)]
    assert sorted(notice.person_id for notice in told) == sorted(askers)
    assert {notice.thing_id for notice in told} == {target}


async def test_merging_into_a_merged_question_leads_to_the_end_of_its_chain(town: Town) -> None:
    end, middle, question_id = [await another(town) for _ in range(3)]
    await merge(town, middle, end)
    await merge(town, question_id, middle)
    assert (await town.question(question_id)).merged_into_id == end
    with pytest.raises(Refused, match="merge_into_itself"):
        await merge(town, end, question_id)
    with pytest.raises(Conflict):
        await merge(town, question_id, end)  # it is merged already


@given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_however_questions_are_merged_no_chain_ever_returns(pairs: list[tuple[int, int]]) -> None:
    """The rule of `merge` on numbers alone: into the end of the chain, never into oneself, never twice."""
    into: dict[int, int] = {}

    def end(one: int) -> int:
        for _ in range(len(into) + 1):
            if one not in into:
                return one
            one = into[one]
        raise AssertionError("a loop")

    for one, other in pairs:
        last = end(other)
        if one not in into and last != one:
            into[one] = last
    assert {end(one) for one in range(5)} <= set(range(5)) - into.keys()


async def test_of_two_who_merge_crosswise_one_is_first(town: Town) -> None:
    one, other = await another(town), await another(town)
    outcomes: list[str] = []

    async def attempt(question_id: int, into_id: int) -> None:
        try:
            await merge(town, question_id, into_id)
            outcomes.append("merged")
        except Failure as failure:
            outcomes.append(failure.reason)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(attempt, one, other)
        tasks.start_soon(attempt, other, one)
    assert outcomes.count("merged") == 1
    merged = [(await town.question(question_id)).merged_into_id for question_id in (one, other)]
    assert merged.count(None) == 1


async def test_what_nobody_let_in_stays_private_when_it_is_merged_and_waits_again_when_it_is_not(town: Town) -> None:
    target = await another(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="merge", target=f"https://hoi-dap.example/questions/{target}")
    question = await town.question(question_id)
    assert (question.moderation, stage(question)) == ("held", Stage.MERGED)
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await questions.seen_by(db, PUBLIC, question_id)
    await part(town, question_id)
    async with town.store.reading() as db:
        assert (await review.one(db, town["moderator"], case_id)).state == "open"
    assert stage(await town.question(question_id)) is Stage.IN_REVIEW


@pytest.mark.parametrize("typed", ["", "999999", "abc", "/questions/", "9" * 30])
async def test_only_a_public_question_can_take_another(town: Town, typed: str) -> None:
    _, case_id = await town.held()
    with pytest.raises(Refused, match="merge_target_missing") as refused:
        await town.decide(case_id, decision="merge", target=typed)
    assert refused.value.field == "target"


async def chain(town: Town) -> tuple[int, int, int]:
    """The first merged into the second, and the second into the third."""
    first, second, third = [await another(town) for _ in range(3)]
    await merge(town, first, second)
    await merge(town, second, third)
    return first, second, third


async def _withdraw(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await withdrawals.withdraw(db, await questions.one(db, question_id))


async def _hide(town: Town, question_id: int) -> None:
    form = HideForm(reason="unclear", words="Không còn phù hợp.")
    async with town.store.transaction() as db:
        await takedowns.hide(db, town["moderator"], await questions.one(db, question_id), form)


async def _seal(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await seals.seal(db, town["moderator"], await questions.one(db, question_id))


async def _erase(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await erasures.erase(db, await questions.one(db, question_id), text_too=True)


@pytest.mark.parametrize("goes", [_withdraw, _hide, _seal, _erase])
async def test_when_its_target_is_gone_a_merged_question_goes_on_by_itself_and_everybody_is_told(
    town: Town, goes: Callable[[Town, int], Awaitable[None]]
) -> None:
    first, second, third = await chain(town)
    town.clock.move(days=60)  # the date that it had has passed
    await goes(town, third)
    parted, below = await town.question(second), await town.question(first)
    assert stage(parted) is Stage.SENT
    assert parted.agency_id == town.agencies[INSURANCE]
    assert parted.answer_due_at
    assert parted.answer_due_at > town.clock.now
    assert below.merged_into_id == second  # what was decided about those two still holds
    assert (await town.notices(second))[-2:] == ["parted", "followed_parted"]
    async with town.store.reading() as db:
        told = await db.exec(select(Notice.person_id).where(Notice.kind == "followed_parted"))
        assert list(told) == [below.author_id]


async def test_what_nobody_let_in_waits_again_when_its_target_is_gone(town: Town) -> None:
    target = await another(town)
    _, case_id = await town.held()
    await town.decide(case_id, decision="merge", target=str(target))
    await _withdraw(town, target)
    async with town.store.reading() as db:
        assert (await review.one(db, town["moderator"], case_id)).state == "open"


async def test_what_is_gone_in_the_middle_of_a_chain_takes_nothing_along(town: Town) -> None:
    first, second, third = await chain(town)
    await _withdraw(town, second)
    async with town.store.reading() as db:
        assert await merges.last_of(db, first) == third
    await _hide(town, third)
    assert stage(await town.question(first)) is Stage.SENT
    assert stage(await town.question(second)) is Stage.WITHDRAWN


async def test_a_merged_question_is_due_when_its_target_is(town: Town) -> None:
    first, _, third = await chain(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, third)
        question.answer_due_at = town.clock.now + timedelta(days=99)
        db.add(question)
    async with town.store.reading() as db:
        due = await load.due(db, await questions.one(db, first))
    assert due
    assert due.on == (town.clock.now + timedelta(days=99)).astimezone(HERE).date()
