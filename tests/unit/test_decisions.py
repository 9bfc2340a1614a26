"""Promises of decisions: a case has one holder, is decided once, and who comes second learns who was first and how."""

from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import col

from engage import review
from engage.decisions import Decision
from engage.errors import Conflict, Failure, Refused
from engage.policies import Reason
from engage.review import LEASE
from moderation import cases
from moderation.cases import Case
from tests.unit.town import HEALTH, INSURANCE, UMBRELLA, Town

pytestmark = pytest.mark.anyio
ACCEPT: dict[str, Any] = {"decision": "accept"}
REFUSE: dict[str, Any] = {"decision": "refuse", "reason": "unclear"}


async def case_of(town: Town, case_id: int) -> Case:
    async with town.store.reading() as db:
        return await cases.one(db, case_id, True)


# Claiming


async def test_while_a_colleague_holds_a_case_it_can_neither_be_claimed_nor_decided(town: Town) -> None:
    question_id, case_id = await town.held()
    until = town.clock.now + LEASE
    async with town.store.transaction() as db:
        await review.claim(db, town["colleague"], case_id)
    async with town.store.transaction() as db:
        with pytest.raises(Conflict, match="case_taken") as taken:
            await review.claim(db, town["moderator"], case_id)
    assert taken.value.figures == {"by": town.people["colleague"].name, "until": until}
    with pytest.raises(Conflict, match="case_taken"):
        await town.decide(case_id, **ACCEPT)
    assert (await town.question(question_id)).moderation == "held"
    town.clock.now = until
    town.clock.move(1)
    await town.decide(case_id, **ACCEPT)


async def test_a_case_given_back_is_free_at_once(town: Town) -> None:
    _, case_id = await town.held()
    async with town.store.transaction() as db:
        await review.claim(db, town["colleague"], case_id)
        await review.release(db, town["moderator"], case_id)  # not theirs: changes nothing
        assert await review.claim_next(db, town["moderator"]) is None
        await review.release(db, town["colleague"], case_id)
        assert (await review.claim(db, town["moderator"], case_id)).claimed_by == town.id("moderator")


# Deciding


async def test_accepting_sends_the_question_where_the_moderator_says(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept", agency="other", other=HEALTH, complexity="complex")
    question = await town.question(question_id)
    assert (question.moderation, question.agency_id, question.complexity) == (
        "accepted",
        town.agencies[HEALTH],
        "complex",
    )
    assert question.answer_days == 20


async def test_accepting_without_an_agency_leaves_it_to_routing(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, **ACCEPT)
    assert (await town.question(question_id)).agency_id == town.agencies[INSURANCE]


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        ({"agency": UMBRELLA}, "agency_does_not_answer"),
        ({"agency": "bo-phep-thuat"}, "unknown_choice"),
        ({"agency": "other"}, "agency_missing"),
        ({"decision": "refuse"}, "reason_missing"),
        ({"decision": "refuse", "reason": "because"}, "reason_missing"),
        ({"decision": "refuse", "reason": "duplicate"}, "reason_missing"),  # no longer active
    ],
)
async def test_what_cannot_be_decided_so_is_refused_and_the_case_stays_open(
    town: Town, decision: dict[str, Any], reason: str
) -> None:
    question_id, case_id = await town.held()
    async with town.store.transaction() as db:
        await db.exec(sa.update(Reason).where(col(Reason.code) == "duplicate").values(active=False))
    with pytest.raises(Refused, match=reason) as refused:
        await town.decide(case_id, **{**ACCEPT, **decision})
    assert refused.value.field
    assert (await case_of(town, case_id)).state == "open"
    assert (await town.question(question_id)).moderation == "held"


async def test_a_refusal_keeps_its_reason_and_the_moderators_own_words(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, **REFUSE, words="  Xin viết lại cho rõ. ")
    case = await case_of(town, case_id)
    assert (case.decision, case.reason, case.words) == ("refuse", "unclear", "Xin viết lại cho rõ.")
    assert (case.decided_by, case.decided_at) == (town.id("moderator"), town.clock.now)
    assert (await town.question(question_id)).moderation == "refused"
    assert (await town.notices(question_id))[-1] == "refused"
    author_id = (await town.question(question_id)).author_id
    assert (await town.facts(f"person:{author_id}"))[-1] == "question.refused"


@pytest.mark.parametrize(("first", "how"), [(ACCEPT, "case_decided_accept"), (REFUSE, "case_decided_refuse")])
async def test_who_decides_what_a_colleague_decided_learns_who_when_and_how(
    town: Town, first: dict[str, Any], how: str
) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, "colleague", **first)
    at, before = town.clock.now, await town.question(question_id)
    town.clock.move(60)
    for second in (ACCEPT, REFUSE):
        with pytest.raises(Conflict, match=how) as conflict:
            await town.decide(case_id, **second)
        assert conflict.value.figures == {"by": town.people["colleague"].name, "at": at}
    assert await town.question(question_id) == before


async def test_of_many_who_decide_at_once_one_does_and_the_others_hear_of_it(town: Town) -> None:
    question_id, case_id = await town.held()
    outcomes: list[str] = []

    async def judge(who: str, decision: dict[str, Any]) -> None:
        try:
            await town.decide(case_id, who, **decision)
            outcomes.append(decision["decision"])
        except Failure as failure:
            outcomes.append(failure.reason)

    async with anyio.create_task_group() as tasks:
        for who, decision in (("moderator", ACCEPT), ("colleague", REFUSE), ("cleared", ACCEPT)):
            tasks.start_soon(judge, who, decision)
    (decided,) = {"accept", "refuse"} & set(outcomes)
    assert sorted(outcomes) == sorted([decided, *[f"case_decided_{decided}"] * 2])
    assert (await town.question(question_id)).moderation == ("accepted" if decided == "accept" else "refused")


async def test_only_the_version_that_was_read_is_decided(town: Town) -> None:
    _, case_id = await town.held()
    with pytest.raises(Conflict, match="case_changed"):
        await town.decide(case_id, version=2, **ACCEPT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "perhaps"},
        {"version": "0"},
        {"version": "x"},
        {"complexity": "hard"},
        {"words": "a" * 1001},
        {"x": "1"},
    ],
)
def test_a_decision_is_one_of_few(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Decision.model_validate({"version": 1, **ACCEPT, **wrong})
