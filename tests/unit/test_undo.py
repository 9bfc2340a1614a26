"""Promises of undo: while a decision can be taken back nothing follows from it, and afterwards it follows exactly once."""

from datetime import timedelta
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists, questions, review, search, work
from engage.access import Moderation
from engage.errors import Conflict, Failure, Refused
from engage.lists import Filters, Order, Which
from engage.moves import move
from engage.policies import CHANNEL, Policy
from engage.questions import MODERATION_MOVES, Question
from engage.surfaces import SURFACES
from live import log
from moderation import cases, undoing
from moderation.cases import Case
from moderation.verdicts import Verdict
from tests.unit import asker
from tests.unit.town import BODY, DENUNCIATION, Town

pytestmark = pytest.mark.anyio
WINDOW = 20
DECISIONS: list[dict[str, Any]] = [
    {"decision": "accept"},
    {"decision": "redact"},
    {"decision": "refuse", "reason": "unclear"},
    {"decision": "return", "reason": "unclear"},
]


async def with_undo(town: Town, seconds: int | None = WINDOW) -> None:
    async with town.store.transaction() as db:
        await db.exec(sa.update(Policy).values(undo_seconds=seconds))
        log.record(db, CHANNEL, "rule.changed")


async def case_of(town: Town, case_id: int) -> Case:
    async with town.store.reading() as db:
        return await cases.one(db, case_id, True)


async def undo(town: Town, case_id: int, who: str = "moderator") -> None:
    async with town.store.transaction() as db:
        await review.undo(db, town[who], case_id)


async def found(town: Town, words: str) -> int:
    async with town.store.reading() as db:
        rows, _ = await lists.searched(db, words, Filters(which=Which.ALL), Order.BEST, 5, 1)
        return len(rows) + len(await search.find(db, words))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision["decision"])
async def test_nothing_follows_while_it_can_be_taken_back_and_then_it_does_once(
    town: Town, decision: dict[str, Any]
) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    before = await town.question(question_id)
    told, facts = await town.notices(question_id), await town.facts(f"question:{question_id}")
    await town.decide(case_id, **decision)
    town.clock.move(WINDOW - 1)
    assert await work.carry_out_decisions(town.store) == 0
    assert await town.question(question_id) == before
    assert await town.notices(question_id) == told
    assert await town.facts(f"question:{question_id}") == facts
    assert not await found(town, "bảo hiểm xã hội")
    town.clock.move(1)
    assert await work.carry_out_decisions(town.store) == 1
    assert await work.carry_out_decisions(town.store) == 0
    assert (await town.question(question_id)).moderation != Moderation.HELD
    assert len(await town.notices(question_id)) == len(told) + 1


async def test_what_was_taken_back_is_open_again_in_the_same_hands_and_nothing_was_mailed(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    told = await town.notices(question_id)
    await town.decide(case_id, decision="accept")
    await undo(town, case_id)
    case = await case_of(town, case_id)
    assert (case.state, case.decision, case.claimed_by) == ("open", None, town.id("moderator"))
    town.clock.move(WINDOW + 1)
    assert await work.carry_out_decisions(town.store) == 0
    assert (await town.question(question_id)).moderation == Moderation.HELD
    assert await town.notices(question_id) == told
    await town.decide(case_id, version=case.version, decision="refuse", reason="unclear")


async def test_too_late_and_not_ones_own_are_conflicts_with_words(town: Town) -> None:
    await with_undo(town)
    _, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    with pytest.raises(Conflict, match="undo_not_yours"):
        await undo(town, case_id, "colleague")
    town.clock.move(WINDOW)
    with pytest.raises(Conflict, match="undo_too_late"):
        await undo(town, case_id)


async def test_after_its_author_took_the_text_back_there_is_nothing_to_undo_or_to_carry_out(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await move(db, question, "moderation", Moderation.WITHDRAWN, MODERATION_MOVES)
    with pytest.raises(Conflict, match="undo_withdrawn"):
        await undo(town, case_id)
    town.clock.move(WINDOW)
    await work.carry_out_decisions(town.store)
    assert await work.carry_out_decisions(town.store) == 0
    assert (await town.question(question_id)).moderation == Moderation.WITHDRAWN


async def test_of_undo_and_the_worker_one_is_first(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    town.clock.move(WINDOW)
    outcomes: list[str] = []

    async def take_back() -> None:
        try:
            await undo(town, case_id)
            outcomes.append("undone")
        except Failure as failure:
            outcomes.append(failure.reason)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(take_back)
        tasks.start_soon(work.carry_out_decisions, town.store)
    assert outcomes == ["undo_too_late"]
    assert (await town.question(question_id)).moderation == Moderation.ACCEPTED


async def test_a_merge_whose_target_is_gone_comes_back_to_the_queue(town: Town) -> None:
    await with_undo(town)
    target = await town.accepted()
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="merge", target=str(target))
    async with town.store.transaction() as db:
        question = await questions.one(db, target)
        await move(db, question, "moderation", Moderation.HIDDEN, MODERATION_MOVES)
    town.clock.move(WINDOW)
    await work.carry_out_decisions(town.store)
    assert (await case_of(town, case_id)).state == "open"
    assert (await town.question(question_id)).merged_into_id is None


async def test_a_seal_takes_hold_at_once(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="seal")
    question = await town.question(question_id)
    assert (question.moderation, question.sealed) == (Moderation.REFUSED, True)
    with pytest.raises(Failure):
        await undo(town, case_id)


async def test_the_newest_of_ones_decisions_is_offered(town: Town) -> None:
    await with_undo(town, None)
    (_, first), (_, second) = await town.held(), await town.held(title="Một câu hỏi khác hẳn về thuế thu nhập cá nhân?")
    await town.decide(first, decision="accept")
    town.clock.move(1)
    await town.decide(second, decision="accept")
    async with town.store.reading() as db:
        newest = await undoing.last_of(db, town.id("moderator"), town.clock.now)
        assert newest is not None
        assert newest.id == second
        assert newest.undo_until == town.clock.now + timedelta(seconds=20)
        assert await undoing.last_of(db, town.id("colleague"), town.clock.now) is None


async def test_personal_details_are_let_out_only_by_who_says_so_twice(town: Town) -> None:
    question_id, case_id = await town.held()
    with pytest.raises(Refused, match="personal_stays_visible") as asked:
        await town.decide(case_id, decision="accept", confirmed=False)
    assert asked.value.figures == {"places": 1}
    assert (await case_of(town, case_id)).state == "open"
    await town.decide(case_id, decision="accept")
    assert (await town.question(question_id)).moderation == Moderation.ACCEPTED


async def test_a_text_is_returned_once_and_then_accepted_or_refused(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="return", reason="unclear", words="Xin nói rõ nơi xảy ra.")
    assert (await town.question(question_id)).moderation == Moderation.RETURNED
    assert (await town.notices(question_id))[-1] == "returned"
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await move(db, question, "moderation", Moderation.RECEIVED, MODERATION_MOVES)
        verdict = await review.examine(db, "question", SURFACES["question"].text(question))
        await review.hold(db, "question", question_id, verdict)
        again = (await cases.of(db, "question", question_id))[-1]
    with pytest.raises(Refused, match="returned_before"):
        await town.decide(again.id or 0, decision="return", reason="unclear")
    await town.decide(again.id or 0, decision="accept")


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision["decision"])
async def test_what_was_decided_about_one_text_is_never_carried_out_on_another(
    town: Town, decision: dict[str, Any]
) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, **decision)
    town.clock.move(1)
    await asker.correct(town, question_id, DENUNCIATION)
    town.clock.move(WINDOW)
    assert await work.carry_out_decisions(town.store) == 0
    question, case = await town.question(question_id), await case_of(town, case_id)
    assert (question.moderation, question.sealed, question.body) == (Moderation.HELD, True, DENUNCIATION)
    assert (case.state, case.sealed, case.claimed_by) == ("open", True, None)
    assert case.verdict.outcome == "denunciation"


async def test_even_a_decision_that_was_not_called_off_is_not_carried_out_on_words_written_later(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    town.clock.move(1)
    async with town.store.transaction() as db:
        anew = {"body": f"{BODY} Xem https://kiem-tien.example nhé.", "corrected_at": town.clock.now}
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(**anew))
    town.clock.move(WINDOW)
    await work.carry_out_decisions(town.store)
    case = await case_of(town, case_id)
    assert (case.state, [finding.reason for finding in case.verdict.findings]) == ("open", ["link"])
    assert (await town.question(question_id)).moderation == Moderation.HELD


async def test_of_a_withdrawn_text_no_decision_is_told_that_never_took_effect(town: Town) -> None:
    await with_undo(town)
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    await asker.withdraw(town, question_id)
    town.clock.move(WINDOW)
    assert await work.carry_out_decisions(town.store) == 0
    assert (await case_of(town, case_id)).decision == "withdraw"
    assert "step_accept" not in await asker.codes(town, question_id)


async def test_a_decision_that_fails_for_any_reason_stops_no_other_and_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_undo(town)
    (one, first), (other, second) = (
        await town.held(),
        await town.held(title="Một câu hỏi khác về thuế thu nhập cá nhân?"),
    )
    await town.decide(first, decision="accept")
    await town.decide(second, decision="accept")
    town.clock.move(WINDOW)
    carry_out_ripe = review.carry_out_ripe

    async def failing(db: AsyncSession, case_id: int) -> bool:
        if case_id == first:
            raise IntegrityError("insert", {}, ValueError("a constraint"))
        return await carry_out_ripe(db, case_id)

    monkeypatch.setattr(review, "carry_out_ripe", failing)
    await work.carry_out_decisions(town.store)
    assert (await town.question(one)).moderation == Moderation.HELD
    assert (await town.question(other)).moderation == Moderation.ACCEPTED
    assert await work.carry_out_decisions(town.store) == 0  # it stands in nobody's way meanwhile
    monkeypatch.undo()
    town.clock.move(work.TRY_AGAIN.total_seconds())
    await work.carry_out_decisions(town.store)
    assert (await town.question(one)).moderation == Moderation.ACCEPTED


async def test_what_cannot_be_carried_out_while_another_case_is_open_makes_way_for_it(town: Town) -> None:
    await with_undo(town)
    target = await town.accepted()
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="merge", target=str(target))
    async with town.store.transaction() as db:
        await move(db, await questions.one(db, target), "moderation", Moderation.HIDDEN, MODERATION_MOVES)
        again = await cases.open_case(db, "question", question_id, Verdict(), town.clock.now)
    with pytest.raises(Conflict):
        await undo(town, case_id)
    town.clock.move(WINDOW)
    await work.carry_out_decisions(town.store)
    assert (await case_of(town, case_id)).undo_until is None
    assert (await case_of(town, again.id or 0)).state == "open"
    assert await work.carry_out_decisions(town.store) == 0
