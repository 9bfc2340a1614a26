"""Promises of a dialogue: guarded moves, one question on stage, words that only their guest lets out, nothing left behind."""

import pytest
from sqlmodel import col, select

from engage import carrying, dialogues, questions, replies, staging, turns
from engage.assigned import Answered, Assigned
from engage.dialogues import MOVES, Stage
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.turns import Floor, Turn
from live.log import Event
from tests.unit.hall import opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def test_it_goes_from_the_announcement_to_its_end(town: Town) -> None:
    hall = await opened(town, Stage.ENDED)
    dialogue = await hall.dialogue()
    assert dialogue.stage == Stage.ENDED
    assert dialogue.announced_at
    assert dialogue.started_at
    assert dialogue.ended_at
    assert await town.facts(f"dialogue:{hall.id}") == [
        "dialogue.announced",
        "dialogue.intake_opened",
        "dialogue.lobby_opened",
        "dialogue.started",
        "dialogue.questions_closed",
        "dialogue.ended",
    ]


@pytest.mark.parametrize("old", Stage)
@pytest.mark.parametrize("new", Stage)
def test_nothing_leads_out_of_what_is_over(old: Stage, new: Stage) -> None:
    if old in {Stage.PUBLISHED, Stage.CANCELLED}:
        assert new not in MOVES[old]
    assert old not in MOVES[old]


async def test_a_lobby_needs_a_guest_who_comes(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        for guest in await staging.guests.of(db, hall.id):
            await staging.guests.confirm(db, hall["moderator"], dialogue, guest, comes=False)
        with pytest.raises(Refused, match="no_guest_confirmed"):
            await staging.open_lobby(db, hall["coordinator"], dialogue)


async def test_a_pause_says_why(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="dialogue_reason_missing"):
            await staging.pause(db, hall["coordinator"], await dialogues.one(db, hall.id), "")


async def test_a_scribe_does_not_lead(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await staging.close(db, hall["official"], await dialogues.one(db, hall.id))


async def test_a_draft_is_missing_to_everybody_but_its_crew(town: Town) -> None:
    hall = await opened(town)
    async with town.store.reading() as db:
        assert await dialogues.seen_by(db, hall["official"], hall.id)
        with pytest.raises(NotFound):
            await dialogues.seen_by(db, town["elsewhere"], hall.id)
    assert await town.facts("dialogues") == []


# The stage


async def test_one_question_is_on_stage_and_the_second_host_is_told_who_was_first(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, second = await hall.ask(), await hall.ask()
    await hall.stage(first)
    with pytest.raises(Conflict, match="stage_moved_on") as told:
        await hall.stage(second, by="second_official")
    assert "coordinator" in str(told.value.figures["by"])
    await hall.stage(second, instead_of=first, by="second_official")
    async with town.store.reading() as db:
        there = await turns.on_stage(db, hall.id)
        assert there is not None
        assert there.question_id == second
        assert (await turns.one(db, hall.id, first)).floor == Floor.QUEUED


async def test_an_answered_question_leaves_the_stage_as_answered(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, second = await hall.ask(), await hall.ask()
    await hall.stage(first)
    await hall.answer(first)
    await hall.stage(second, instead_of=first)
    async with town.store.reading() as db:
        assert (await turns.one(db, hall.id, first)).floor == Floor.ANSWERED
        assert (await questions.one(db, first)).answer == Answered.PUBLISHED


async def test_what_waits_for_a_moderator_cannot_go_on_stage(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    held = await hall.ask("Hỏi riêng, gọi cho tôi số 0912345678")
    with pytest.raises(Conflict):
        await hall.stage(held)


# Replies


async def test_a_scribe_types_and_only_the_guest_lets_out(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.stage(question_id)
    reply = await hall.type(question_id, "Có, từ tháng sau.")
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        found = await replies.one(db, hall.id, reply.key)
        with pytest.raises(NotAllowed):
            await replies.release(db, hall["official"], dialogue, found, found.version)
        with pytest.raises(NotAllowed):
            await replies.release(db, hall["elsewhere_approver"], dialogue, found, found.version)
        await replies.release(db, hall["second_approver"], dialogue, found, found.version)
    assert (await town.facts(f"dialogue:{hall.id}"))[-1] == "reply.released"


async def test_a_draft_is_one_writers_until_somebody_takes_it_over(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    reply = await hall.type(question_id, "Có, từ")
    with pytest.raises(Conflict, match="reply_is_held"):
        await hall.type(question_id, "Không", by="elsewhere_official")
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        found = await replies.one(db, hall.id, reply.key)
        await replies.take_over(db, hall["elsewhere_official"], dialogue, found)
        await replies.write(db, hall["elsewhere_official"], dialogue, found, "Có, từ tháng sau.", found.version)
    with pytest.raises(Conflict, match="reply_is_held"):
        await hall.type(question_id, "Có, từ mai")


async def test_a_draft_nobody_breathes_on_is_free_after_a_minute(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.type(question_id, "Có, từ")
    town.clock.move(seconds=61)
    await hall.type(question_id, "Có, từ tháng sau.", by="elsewhere_official")


async def test_several_guests_answer_one_question(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.answer(question_id, "Về bảo hiểm: có.")
    await hall.answer(question_id, "Về y tế: cũng có.", guest=1)
    async with town.store.reading() as db:
        out = await replies.of_questions(db, [question_id])
    assert [reply.text for reply in out] == ["Về bảo hiểm: có.", "Về y tế: cũng có."]


async def test_a_draft_is_told_to_the_crew_alone(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    await hall.type(await hall.ask(), "Có, từ tháng sau.")
    async with town.store.reading() as db:
        rows = (await db.exec(select(Event.channel).where(col(Event.type).startswith("reply.")))).all()
    assert set(rows) == {f"crew:{hall.id}"}


# What time did not reach


async def test_what_was_not_answered_is_carried_to_an_agency_with_a_due_date(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    answered, left = await hall.ask(), await hall.ask()
    await hall.answer(answered)
    await hall.to(Stage.ENDED)
    async with town.store.reading() as db:
        assert list(await carrying.waiting(db, 10)) == [left]
    async with town.store.transaction() as db:
        assert await carrying.carry(db, left)
    async with town.store.reading() as db:
        question = await questions.one(db, left)
        assert question.assignment == Assigned.OFFERED
        assert question.answer_due_at is not None
        assert list(await carrying.waiting(db, 10)) == []
        floors = (await db.exec(select(Turn.floor).where(Turn.question_id == left))).all()
    assert floors == [Floor.CARRIED]


async def test_nothing_is_carried_while_it_runs(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    await hall.ask()
    async with town.store.reading() as db:
        assert list(await carrying.waiting(db, 10)) == []


async def test_a_cancelled_dialogue_carries_what_was_asked(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    asked = await hall.ask()
    async with town.store.transaction() as db:
        await staging.cancel(db, hall["moderator"], await dialogues.one(db, hall.id), "Khách mời bận việc đột xuất.")
    async with town.store.reading() as db:
        assert list(await carrying.waiting(db, 10)) == [asked]
