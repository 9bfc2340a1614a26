"""Promises of acts on many: each text is as it was before, if nobody has touched it since, and only for who did it."""

import pytest

from engage import assignments, batches, officials, questions
from engage.batches import Item
from engage.deadlines import Complexity
from engage.errors import Conflict, NotFound, Refused
from tests.unit.test_officials import hand
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def handed(town: Town, question_id: int, who: str = "official") -> tuple[Item, Item]:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        before = batches.as_it_is(question)
        await officials.hand(db, town["coordinator"], question, town.id(who), seen_at=town.clock.now)
        return before, batches.as_it_is(question)


async def put_back(town: Town, question_id: int, pair: tuple[Item, Item]) -> None:
    async with town.store.transaction() as db:
        await batches.put_back(db, town["coordinator"], await questions.one(db, question_id), *pair)


async def test_a_new_question_is_new_again_with_the_date_it_had(town: Town) -> None:
    question_id = await town.accepted()
    due = (await town.question(question_id)).answer_due_at
    pair = await handed(town, question_id)
    town.clock.move(60)
    await put_back(town, question_id, pair)
    question = await town.question(question_id)
    assert (question.assignment, question.official_id, question.answer_due_at) == ("offered", None, due)
    async with town.store.reading() as db:
        turn = await assignments.current(db, question)
    assert (turn.accepted_by, turn.accepted_at) == (None, None)


async def test_what_was_touched_since_stays(town: Town) -> None:
    taken, drafted = await town.taken(), await town.accepted()
    pairs = {one: await handed(town, one) for one in (taken, drafted)}
    town.clock.move(60)
    await hand(town, taken, "second_official")
    await town.write(drafted, "official", 0)
    with pytest.raises(Conflict, match="moved_on"):
        await put_back(town, taken, pairs[taken])
    with pytest.raises(Refused, match="work_has_begun"):
        await put_back(town, drafted, pairs[drafted])
    assert (await town.question(taken)).official_id == town.id("second_official")
    assert (await town.question(drafted)).official_id == town.id("official")


async def test_a_complexity_that_is_put_back_brings_the_date_back(town: Town) -> None:
    question_id = await town.taken()
    due = (await town.question(question_id)).answer_due_at
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        before = batches.as_it_is(question)
        await assignments.set_complexity(db, town["coordinator"], question, Complexity.COMPLEX)
        after = batches.as_it_is(question)
    await put_back(town, question_id, (before, after))
    assert (await town.question(question_id)).answer_due_at == due


async def test_a_batch_is_closed_once_in_time_and_by_who_made_it_and_is_forgotten(town: Town) -> None:
    pair = await handed(town, await town.taken())
    async with town.store.transaction() as db:
        first, late = [await batches.keep(db, town["coordinator"], "hand", [pair]) for _ in range(2)]
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await batches.one(db, town["official"], first)
        batch = await batches.close(db, town["coordinator"], first)
        assert [tuple(one) for one in batch.items] == [pair]
        with pytest.raises(Conflict, match="batch_undone"):
            await batches.close(db, town["coordinator"], first)
    town.clock.now += batches.UNDO_FOR
    async with town.store.transaction() as db:
        with pytest.raises(Conflict, match="batch_too_late"):
            await batches.close(db, town["coordinator"], late)
    town.clock.now += batches.KEPT_FOR
    async with town.store.transaction() as db:
        await batches.forget_old(db)
        with pytest.raises(NotFound):
            await batches.one(db, town["coordinator"], first)
