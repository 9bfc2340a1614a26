"""Promises of the counts that pass: a desk hears how much lies there, from the rows, and nothing that its people may not know."""

from collections.abc import Iterable

import pytest

from engage import assignments, questions, review
from engage.web import tallying
from live import log
from tests.unit.town import DENUNCIATION, HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio


class Listener:
    def __init__(self) -> None:
        self.stirred = set[tuple[str, str]]()

    async def tell(self, facts: list[log.Fact]) -> None:
        """Facts are the hub's affair."""

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        self.stirred.add((channel, type))


@pytest.fixture
def listener(town: Town) -> Listener:
    listener = Listener()
    town.store.teller = tallying.Desks(listener)
    return listener


async def counts(town: Town, channel: str) -> dict[str, int]:
    async with town.store.reading() as db:
        return dict(await tallying.tally(db, channel, review.WAITING, set()))


async def test_a_question_that_is_held_is_heard_of_and_counted_at_the_review_desk(
    town: Town, listener: Listener
) -> None:
    assert (await counts(town, review.CHANNEL))["cases"] == 0
    await town.held()
    assert (review.CHANNEL, review.WAITING) in listener.stirred
    assert (await counts(town, review.CHANNEL))["cases"] == 1


async def test_a_decision_is_heard_of_too(town: Town, listener: Listener) -> None:
    _, case_id = await town.held()
    listener.stirred.clear()
    await town.decide(case_id, decision="accept", agency=INSURANCE)
    assert (review.CHANNEL, review.WAITING) in listener.stirred
    assert (await counts(town, review.CHANNEL))["cases"] == 0


async def test_sealed_cases_are_not_counted_where_everybody_at_the_desk_listens(town: Town) -> None:
    await town.ask(title="Tôi xin tố cáo chủ tịch xã nhận hối lộ", body=DENUNCIATION)
    assert (await counts(town, review.CHANNEL))["cases"] == 0


async def test_what_an_agency_is_given_is_counted_at_its_desk_and_at_no_other(town: Town, listener: Listener) -> None:
    here, there = f"agency:{town.agencies[INSURANCE]}", f"agency:{town.agencies[HEALTH]}"
    question_id = await town.accepted()
    assert (here, review.WAITING) in listener.stirred
    assert (there, review.WAITING) not in listener.stirred
    assert (await counts(town, here))["offered"] == 1
    assert (await counts(town, there))["offered"] == 0
    async with town.store.transaction() as db:
        await assignments.accept(db, town["coordinator"], await questions.one(db, question_id))
    assert {name: n for name, n in (await counts(town, here)).items() if n} == {"working": 1}


async def test_what_an_agency_gives_back_waits_at_the_review_desk(town: Town, listener: Listener) -> None:
    question_id = await town.taken()
    listener.stirred.clear()
    async with town.store.transaction() as db:
        await assignments.give_back(
            db, town["coordinator"], await questions.one(db, question_id), "Không thuộc đơn vị."
        )
    assert (review.CHANNEL, review.WAITING) in listener.stirred
    assert (await counts(town, review.CHANNEL))["unrouted"] == 1
