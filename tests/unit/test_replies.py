"""Promises of replies: given only to what readers see, heard of by everybody who asked, and never in another dialogue."""

from collections import Counter

import pytest
from sqlmodel import select

from engage import archive, carrying, dialogues, questions, replies, turns
from engage.access import PUBLIC
from engage.agencies import Agency
from engage.assigned import Answered
from engage.dialogues import Stage
from engage.errors import Conflict
from engage.guests import Group
from engage.notices import Kind, Notice
from engage.turns import Floor
from tests.unit import stories_told
from tests.unit.hall import Hall, opened
from tests.unit.test_merges import _hide, merge
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def handed_up(hall: Hall, question_id: int) -> replies.Reply:
    reply = await hall.type(question_id, "Có, từ tháng sau.")
    async with hall.town.store.transaction() as db:
        reply = await replies.one(db, hall.id, reply.key)
        await replies.hand_up(db, hall["official"], await dialogues.one(db, hall.id), reply)
    return reply


async def release(hall: Hall, reply: replies.Reply) -> None:
    async with hall.town.store.transaction() as db:
        dialogue, mine = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, mine, mine.version)


async def floor(hall: Hall, question_id: int) -> str:
    async with hall.town.store.reading() as db:
        return (await turns.one(db, hall.id, question_id)).floor


async def test_what_readers_do_not_see_any_more_gets_no_answer(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    hidden, merged, into = [await hall.ask() for _ in range(3)]
    up = [await handed_up(hall, question_id) for question_id in (hidden, merged)]
    await _hide(town, hidden)
    await merge(town, merged, into)
    for reply in up:
        with pytest.raises(Conflict, match="moved_on"):
            await release(hall, reply)
        with pytest.raises(Conflict, match="moved_on"):
            await hall.type(reply.question_id, "Thêm một ý.")
        assert (await town.question(reply.question_id)).answer == Answered.NONE
        assert Kind.ANSWERED not in await town.notices(reply.question_id)


async def test_who_asked_what_was_merged_hears_of_the_live_answer_too(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    merged, into = await hall.ask(), await hall.ask()
    await merge(town, merged, into)
    await hall.answer(into)
    async with town.store.reading() as db:
        told = (await db.exec(select(Notice.kind, Notice.person_id).where(Notice.thing_id == into))).all()
        asker = (await questions.one(db, merged)).author_id
    kinds = Counter(kind for kind, _ in told)
    assert kinds[Kind.ANSWERED] == 1
    assert (Kind.FOLLOWED, asker) in set(told)


async def test_what_was_put_aside_while_somebody_typed_may_still_be_answered(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    reply = await handed_up(hall, question_id)
    async with town.store.transaction() as db:
        turn = await turns.one(db, hall.id, question_id)
        await turns.set_aside(db, hall["coordinator"], await dialogues.one(db, hall.id), turn)
    await release(hall, reply)
    assert await floor(hall, question_id) == Floor.ANSWERED


async def test_an_answered_one_that_is_hidden_on_stage_comes_back_as_answered(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.stage(question_id)
    await hall.answer(question_id)
    await _hide(town, question_id)
    assert await floor(hall, question_id) == Floor.ANSWERED
    await stories_told.act(town, stories_told.takedowns.restore, "moderator", question_id)
    assert await floor(hall, question_id) == Floor.ANSWERED


async def test_an_answer_that_waits_for_its_guest_keeps_the_question_for_half_an_hour_after_the_end(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    reply = await handed_up(hall, question_id)
    town.clock.move(3600)
    await hall.to(Stage.ENDED)
    assert await carrying.drain(town.store) == 0
    town.clock.move(60)
    await release(hall, reply)
    assert (await town.question(question_id)).answer == Answered.PUBLISHED


async def test_what_was_taken_down_after_it_was_found_is_not_carried(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.to(Stage.ENDED)
    await _hide(town, question_id)
    async with town.store.transaction() as db:
        assert not await carrying.carry(db, question_id)
    assert (await town.question(question_id)).agency_id is None


async def test_an_agency_that_answers_no_more_is_passed_over(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    async with town.store.transaction() as db:
        group = await db.get_one(Group, hall.groups[0])
        gone = (await db.exec(select(Agency).where(Agency.slug == "bo-y-te"))).one()
        gone.active, group.agency_id = False, gone.id
        db.add_all([gone, group])
    await hall.to(Stage.ENDED)
    assert await carrying.drain(town.store) == 1
    carried = await town.question(question_id)
    assert carried.agency_id not in {None, gone.id}


async def test_the_tray_of_what_nobody_has_leaves_a_dialogue_its_own(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    await hall.ask()
    async with town.store.reading() as db:
        assert not await archive.unrouted(db, 10)
    assert PUBLIC.person_id is None
