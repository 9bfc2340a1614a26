"""Promises about texts that were returned or refused: corrected once, appealed once, decided by another."""

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engage import (
    partings,
    review,
    revisions,
    search,
    work,
)
from engage.errors import Conflict, Refused
from engage.queues import Wanted
from moderation import cases
from moderation.cases import Case
from tests.unit.asker import PHONE, appeal, codes, correct, refused, refuses, returned, withdraw
from tests.unit.test_queues import waiting
from tests.unit.test_undo import undo, with_undo
from tests.unit.town import BODY, DENUNCIATION, INSURANCE, Town

pytestmark = pytest.mark.anyio


async def test_a_returned_text_is_corrected_once_and_looked_at_anew(town: Town) -> None:
    question_id = await returned(town)
    await correct(town, question_id)
    question = await town.question(question_id)
    assert (question.moderation, question.body) == ("received", BODY + " Tôi nói thêm cho rõ.")
    await refuses(town, "corrected_once", correct(town, question_id))
    await work.settle_received(town.store)
    assert (await town.question(question_id)).moderation == "accepted"
    assert "step_corrected" in await codes(town, question_id)
    assert "step_corrected" not in await codes(town, question_id, public=True)


async def test_a_correction_with_something_to_look_at_is_held(town: Town) -> None:
    question_id = await returned(town)
    await correct(town, question_id, f"{BODY} {PHONE}")
    assert (await town.question(question_id)).moderation == "held"


async def test_what_a_person_refused_a_person_reads_again(town: Town) -> None:
    question_id = await refused(town)
    await correct(town, question_id)
    assert (await town.question(question_id)).moderation == "held"


async def test_a_sealed_text_stays_sealed_until_somebody_cleared_has_read_the_correction(town: Town) -> None:
    question_id, case_id = await town.held(body=DENUNCIATION)
    await town.decide(case_id, "cleared", decision="refuse", reason="denunciation")
    await correct(town, question_id)
    question = await town.question(question_id)
    assert (question.moderation, question.sealed) == ("held", True)
    async with town.store.reading() as db:
        assert all(case.sealed for case in await cases.of(db, "question", question_id))


async def test_a_held_text_is_corrected_under_the_moderators_eyes(town: Town) -> None:
    question_id, case_id = await town.held()
    await correct(town, question_id)
    await refuses(town, "case_changed", town.decide(case_id, decision="accept", agency=INSURANCE))
    await town.decide(case_id, decision="accept", agency=INSURANCE, version=2)


async def test_of_two_tabs_one_corrects(town: Town) -> None:
    question_id = await returned(town)
    results: list[str] = []

    async def one(body: str) -> None:
        try:
            await correct(town, question_id, body)
            results.append("won")
        except Conflict as conflict:
            results.append(conflict.reason)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(one, BODY + " Bản thứ nhất.")
        tasks.start_soon(one, BODY + " Bản thứ hai.")
    assert sorted(results) == ["corrected_once", "won"]


async def test_an_appeal_is_decided_by_somebody_else(town: Town) -> None:
    question_id = await refused(town)
    case_id = await appeal(town, question_id)
    await refuses(town, "appeal_for_another", town.decide(case_id, decision="refuse", reason="unclear"))
    async with town.store.transaction() as db:
        assert await review.claim_next(db, town["moderator"]) is None
        with pytest.raises(Refused):
            await review.claim(db, town["moderator"], case_id)
    await town.decide(case_id, "colleague", decision="accept", agency=INSURANCE)
    assert (await town.question(question_id)).moderation == "accepted"


async def test_whoever_refused_first_does_not_undo_by_parting_what_a_colleague_decided(town: Town) -> None:
    target, question_id = await town.accepted(), await refused(town)
    case_id = await appeal(town, question_id)
    await town.decide(case_id, "colleague", decision="merge", target=str(target))
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="appeal_for_another"):
            await partings.part(db, town["moderator"], question_id)
    assert (await town.question(question_id)).merged_into_id == target
    async with town.store.transaction() as db:
        await partings.part(db, town["cleared"], question_id)
    async with town.store.reading() as db:
        assert (await cases.one(db, case_id, True)).state == "open"


async def test_the_database_itself_bars_the_first_decider(town: Town) -> None:
    case_id = await appeal(town, await refused(town))
    decided = {"state": "decided", "decided_by": town.id("moderator"), "decided_at": town.clock.now, "decision": "x"}
    with pytest.raises(IntegrityError):
        async with town.store.transaction() as db:
            await db.exec(sa.update(Case).where(col(Case.id) == case_id).values(**decided))


async def test_what_an_appeal_decided_is_final(town: Town) -> None:
    question_id = await refused(town)
    case_id = await appeal(town, question_id)
    await town.decide(case_id, "colleague", decision="refuse", reason="unclear")
    await refuses(town, "appealed_once", appeal(town, question_id))


async def test_a_sealed_refusal_stays_sealed_when_appealed(town: Town) -> None:
    question_id, case_id = await town.held(body=DENUNCIATION)
    await town.decide(case_id, "cleared", decision="refuse", reason="denunciation")
    await appeal(town, question_id)
    assert (await town.question(question_id)).sealed
    async with town.store.reading() as db:
        assert (await cases.of(db, "question", question_id))[-1].sealed


# On the desk again


async def test_what_comes_back_is_found_by_its_new_words(town: Town) -> None:
    anew, appealed = await town.held(), await refused(town)
    await correct(town, anew[0], f"{BODY} {PHONE} Con đường làng đã hỏng.")
    assert await waiting(town, Wanted(words="con duong lang")) == [anew[0]]
    await appeal(town, appealed)
    assert appealed in await waiting(town, Wanted(words="bao hiem xa hoi"))


async def test_who_undoes_after_the_author_was_faster_is_told_the_reason(town: Town) -> None:
    await with_undo(town)
    (changed, first), (gone, second) = await town.held(), await town.held()
    for case_id in (first, second):
        await town.decide(case_id, decision="accept")
    town.clock.move(1)
    await correct(town, changed)
    await withdraw(town, gone)
    await refuses(town, "undo_author_changed", undo(town, first))
    await refuses(town, "undo_withdrawn", undo(town, second))


async def test_an_undo_that_is_pressed_twice_undoes_once_and_says_nothing_wrong(town: Town) -> None:
    await with_undo(town)
    _, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    await undo(town, case_id)
    await undo(town, case_id)
    async with town.store.reading() as db:
        case = await cases.one(db, case_id, True)
    assert (case.state, case.version) == ("open", 3)


async def test_what_readers_see_already_is_corrected_until_an_agency_takes_it_up(town: Town) -> None:
    question_id, taken_id = await town.accepted(), await town.taken()
    await correct(town, question_id, f"{BODY} Tôi ghi nhầm: tám năm, không phải chín.")
    question = await town.question(question_id)
    assert (question.moderation, question.assignment) == ("accepted", "offered")
    assert "tám năm" in question.body
    assert "tám năm" in question.body_html
    assert question.topic_id
    async with town.store.reading() as db:
        assert [one.content["body"] for one in await revisions.of(db, "question", question_id)] == [BODY]
        assert (await search.find(db, "tám năm")) == [question_id]
    assert "question.corrected" in await town.facts("questions")
    await refuses(town, "corrected_once", correct(town, question_id))
    await refuses(town, "corrected_too_late", correct(town, taken_id))


async def test_a_correction_that_somebody_must_read_first_changes_nothing_that_readers_see(town: Town) -> None:
    question_id = await town.accepted()
    before = await town.question(question_id)
    await refuses(town, "correction_must_be_clean", correct(town, question_id, f"{BODY} {PHONE}"))
    await refuses(town, "correction_must_be_clean", correct(town, question_id, DENUNCIATION))
    assert await town.question(question_id) == before  # and it may still be corrected
    await correct(town, question_id)
