"""Promise to whoever asked in a dialogue: the page their receipt code opens hears how their question moves, and of no other."""

import pytest

from engage import carrying, dialogues, turns
from engage.dialogues import Stage
from engage.strokes import Act, Stroke, carry_out
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hall(town: Town) -> Hall:
    return await opened(town, Stage.LIVE)


async def heard(hall: Hall, question_id: int) -> list[str]:
    """After it was let in."""
    author_id = (await hall.town.question(question_id)).author_id
    facts = await hall.town.facts(f"person:{author_id}")
    return facts[facts.index("question.accepted") + 1 :]


async def test_queued_put_off_on_stage_and_answered(hall: Hall) -> None:
    first, second = await hall.ask(), await hall.ask()
    for verb in (turns.queue, turns.unqueue, turns.queue):
        async with hall.town.store.transaction() as db:
            dialogue = await dialogues.one(db, hall.id)
            await verb(db, hall["coordinator"], dialogue, await turns.one(db, hall.id, first))
    await hall.stage(first)
    await hall.answer(first)
    way = ["turn.queued", "turn.unqueued", "turn.queued", "turn.staged", "reply.released"]
    assert await heard(hall, first) == way
    await hall.stage(second, instead_of=first)
    assert await heard(hall, first) == [*way, "turn.left"]
    assert await heard(hall, second) == ["turn.staged"]


async def test_what_many_questions_become_at_once_each_of_their_askers_hears(hall: Hall) -> None:
    first, second = await hall.ask(), await hall.ask()
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        await carry_out(db, hall["coordinator"], dialogue, Stroke(Act.ASIDE, [first, second]))
    assert await heard(hall, first) == await heard(hall, second) == ["turn.put_aside"]


async def test_what_time_did_not_reach_and_what_is_called_off(hall: Hall) -> None:
    question_id = await hall.ask()
    await hall.stage(question_id)
    await hall.to(Stage.ENDED)
    await carrying.drain(hall.town.store)
    told = await heard(hall, question_id)
    assert told[:2] == ["turn.staged", "turn.left"]
    assert "turn.carried" in told


async def test_to_whom_it_was_handed_its_asker_does_not_hear(hall: Hall) -> None:
    question_id = await hall.ask()
    async with hall.town.store.transaction() as db:
        turn = await turns.one(db, hall.id, question_id)
        await turns.hand(db, hall["coordinator"], await dialogues.one(db, hall.id), turn, hall.guests[0])
    assert await heard(hall, question_id) == []
