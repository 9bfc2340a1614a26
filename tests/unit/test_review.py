"""Promises of the desk: every reason to look twice is kept, sealed texts meet cleared readers only, what was forgotten is found."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import intake, receipts, review
from engage.errors import NotFound
from engage.policies import Policy
from moderation import cases
from moderation.cases import Case
from moderation.screening import Submission
from tests.unit.town import BODY, DENUNCIATION, TITLE, Town, an_ask

pytestmark = pytest.mark.anyio
ACCEPT: dict[str, Any] = {"decision": "accept"}
REFUSE: dict[str, Any] = {"decision": "refuse", "reason": "unclear"}


async def case_of(town: Town, case_id: int) -> Case:
    async with town.store.reading() as db:
        return await cases.one(db, case_id, True)


async def all_cases(town: Town) -> list[Case]:
    async with town.store.reading() as db:
        return list(await db.exec(select(Case).order_by(col(Case.id))))


async def forgotten(town: Town, **changes: Any) -> int:
    """Stored, but whoever stored it died before looking at it."""
    ask = an_ask(**changes)
    async with town.store.transaction() as db:
        directory = await intake.find_directory(db, ask)
        code = receipts.code_for("secret", "forgetful", str(changes))
        return (await intake.submit(db, ask, directory, code=code, language="vi")).id


async def settle(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        question = await intake.take_received(db, question_id)
        await review.settle(db, "question", question)


# Holding


async def test_a_clean_question_is_left_for_the_published_rule(town: Town) -> None:
    assert (await town.question(await town.ask())).moderation == "received"
    assert await all_cases(town) == []


async def test_a_held_question_has_every_reason_in_its_case_and_a_due_date(town: Town) -> None:
    question_id, case_id = await town.held(
        title="AI CŨNG PHẢI XEM NGAY ĐI CÁC BẠN ƠI!!!!!", body=f"{BODY} Gọi 0912345678, xem https://kiem-tien.example."
    )
    case = await case_of(town, case_id)
    assert [finding.reason for finding in case.verdict.findings] == ["phone", "link", "shouting"]
    assert [span.field for finding in case.verdict.findings for span in finding.spans] == [
        "body",
        "body",
        "title",
        "title",
    ]
    assert case.due_at is not None
    assert case.due_at > town.clock.now
    question = await town.question(question_id)
    assert (question.moderation, question.sealed) == ("held", False)


async def test_a_surface_whose_rule_accepts_nothing_holds_even_what_is_clean(town: Town) -> None:
    async with town.store.transaction() as db:
        await db.exec(sa.update(Policy).values(accepts_clean=False))
    assert (await town.question(await town.ask())).moderation == "held"
    (case,) = await all_cases(town)
    assert case.findings == []


async def test_the_same_text_sent_again_within_a_day_is_held_and_a_day_later_it_is_not(town: Town) -> None:
    first, again = await town.ask(), await town.ask(title=TITLE.upper()[:-1])
    town.clock.move(days=1)
    later = await town.ask()
    moderation = [(await town.question(question_id)).moderation for question_id in (first, again, later)]
    assert moderation == ["received", "held", "received"]
    (case,) = await all_cases(town)
    assert case.verdict.findings[0].figures == {"repeats": 1}


async def test_a_denunciation_is_recognised_and_sealed_from_the_start(town: Town) -> None:
    async with town.store.reading() as db:
        verdict = await review.examine(db, "question", Submission(TITLE, DENUNCIATION))
    assert verdict.outcome == "denunciation"
    question_id, case_id = await town.held(body=DENUNCIATION)
    assert (await town.question(question_id)).sealed
    assert (await case_of(town, case_id)).sealed


# The worker


async def test_whatever_was_forgotten_the_worker_screens_and_lets_out_or_holds(town: Town) -> None:
    clean = await forgotten(town)
    guilty = await forgotten(town, body=f"{BODY} Gọi 0912345678.")
    grave = await forgotten(town, body=DENUNCIATION)
    for question_id in (clean, guilty, grave):
        await settle(town, question_id)
    stored = [await town.question(question_id) for question_id in (clean, guilty, grave)]
    assert [(question.moderation, question.sealed) for question in stored] == [
        ("accepted", False),
        ("held", False),
        ("held", True),
    ]


async def test_the_worker_does_not_take_a_text_for_its_own_repetition_but_for_an_earlier_ones(town: Town) -> None:
    first, again = await forgotten(town), await forgotten(town, name="Lê Văn Ba")
    for question_id in (first, again):
        await settle(town, question_id)
    assert (await town.question(first)).moderation == "accepted"
    assert (await town.question(again)).moderation == "held"


# Who may open a case


async def test_a_sealed_case_is_missing_for_who_is_not_cleared(town: Town) -> None:
    _, case_id = await town.held(body=DENUNCIATION)
    async with town.store.transaction() as db:
        for verb in (review.one, review.claim):
            with pytest.raises(NotFound):
                await verb(db, town["moderator"], case_id)
        assert await review.claim_next(db, town["moderator"]) is None
        assert (await review.one(db, town["cleared"], case_id)).id == case_id
        next_case = await review.claim_next(db, town["cleared"])
    assert next_case is not None
    assert next_case.id == case_id
    with pytest.raises(NotFound):
        await town.decide(case_id, "moderator", **REFUSE)


async def test_a_cleared_reader_who_finds_a_question_in_it_lifts_the_seal_of_a_hint(town: Town) -> None:
    question_id, case_id = await town.held(body=DENUNCIATION)
    await town.decide(case_id, "cleared", **ACCEPT)
    question = await town.question(question_id)
    assert (question.moderation, question.sealed) == ("accepted", False)


async def test_a_case_that_is_not_there_is_missing(town: Town) -> None:
    with pytest.raises(NotFound):
        await town.decide(999, **ACCEPT)
