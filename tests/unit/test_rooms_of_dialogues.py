"""A dialogue's room as readers follow it: who followed sees what a newcomer sees, and nobody sees what is not for readers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from engage import dialogues, floors, guests, polling, polls, questions, rehearsals, replies, staging, takedowns, turns
from engage.db import now
from engage.dialogues import Stage
from engage.floors import Listing
from engage.marking import Mark
from engage.web import seating
from engage.web.pieces import Press
from engage.web.rooms import of_a_dialogue
from engage.web.seating import Seat
from live.log import Event
from tests.unit import hall as halls
from tests.unit.hall import Hall
from tests.unit.test_merges import _hide, merge
from tests.unit.test_originals import cover_again
from tests.unit.town import Town
from tests.unit.watching import TEMPLATES, Watching

pytestmark = pytest.mark.anyio


@pytest.fixture
async def live(town: Town) -> Hall:
    return await halls.opened(town, Stage.LIVE)


@pytest.fixture
async def watching(town: Town, live: Hall) -> Watching:
    watching = Watching(town)
    await watching.compare()
    town.store.teller = watching
    return watching


async def act(hall: Hall, verb: Callable[..., Awaitable[Any]], *more: Any, by: str = "moderator", **named: Any) -> None:
    hall.town.clock.move(5)
    async with hall.town.store.transaction() as db:
        await verb(db, hall[by], await dialogues.one(db, hall.id), *more, **named)


async def turn(hall: Hall, verb: Callable[..., Awaitable[Any]], question_id: int, *more: Any, **named: Any) -> None:
    async with hall.town.store.transaction() as db:
        found = await turns.one(db, hall.id, question_id)
        await verb(db, hall["coordinator"], await dialogues.one(db, hall.id), found, *more, **named)


async def correct(hall: Hall, question_id: int) -> None:
    reply = await hall.type(question_id, "Có, từ tháng sau nữa.")
    async with hall.town.store.transaction() as db:
        dialogue, reply = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, reply, reply.version, reason="Nói nhầm tháng.")


async def hour(hall: Hall) -> None:
    """All that readers may see happen."""
    town, first, second = hall.town, await hall.ask(), await hall.ask(group=1)
    await turn(hall, turns.queue, second)
    await turn(hall, turns.hand, first, hall.guests[0])
    await hall.stage(first)
    town.clock.move(60)
    await hall.answer(first)
    await hall.answer(first, "Tôi nói thêm về thuốc.", guest=1)
    await hall.stage(second, instead_of=first)
    await correct(hall, first)
    await cover_again(town, first)
    await act(hall, staging.say, "Còn mười phút.")
    await act(hall, staging.time, 60)
    await act(hall, staging.switch, takes_questions=False, slow_seconds=60, most_each=1)
    await act(hall, staging.pause, "Mất điện ở trường quay.")
    await act(hall, staging.start)
    await rename(hall)
    async with town.store.reading() as db:
        ends_at = now(db) + timedelta(days=3)
    await act(hall, staging.extend, ends_at, "Còn nhiều câu hỏi.")
    third = await hall.ask()
    await turn(hall, turns.set_aside, third)
    await _hide(town, second)
    await _hide(town, first)
    async with town.store.transaction() as db:
        await takedowns.restore(db, town["moderator"], await questions.one(db, first))
    await merge(town, await hall.ask(), third)
    await poll(hall)
    await act(hall, staging.close)
    await act(hall, staging.end)


async def poll(hall: Hall) -> None:
    """One that is closed with figures, one withdrawn, one that the end closes; and one that readers never see."""
    words = "Bạn làm thủ tục bằng cách nào?"
    choices = ["Trên mạng", "Tại trụ sở"]
    for key in range(1, 5):
        await act(hall, polling.make, f"{words} {key}", choices, by="coordinator", several=False)
    await press(hall, 2, polling.edit, words, ["Có", "Không"], several=True)
    for key in range(1, 4):
        await press(hall, key, polling.open_)
    await press(hall, 2, polling.edit, words, choices, several=True)
    async with hall.town.store.transaction() as db:
        first = (await polls.choices(db, [1]))[1][0].key
        await polling.mark(db, [Mark(1, f"v:{voter}", frozenset({first})) for voter in range(12)])
    await press(hall, 1, polling.show)
    await press(hall, 1, polling.close)
    await press(hall, 1, polling.hide)
    await press(hall, 2, polling.withdraw, "Thiếu một lựa chọn.")


async def press(hall: Hall, key: int, verb: Callable[..., Awaitable[Any]], *more: Any, **named: Any) -> None:
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        await verb(db, hall["coordinator"], dialogue, await polling.one(db, dialogue, key), *more, **named)


async def rename(hall: Hall) -> None:
    async with hall.town.store.transaction() as db:
        guest = await guests.one(db, hall.id, hall.guests[0])
        guest.title = "Giám đốc"
        await guests.change(db, hall["moderator"], await dialogues.one(db, hall.id), guest)


async def test_who_followed_an_hour_sees_what_a_newcomer_sees(town: Town, live: Hall, watching: Watching) -> None:
    await hour(live)
    await watching.compare_all()
    assert {"turn.staged", "reply.corrected", "question.hidden", "dialogue.ended", "guest.changed"} <= watching.heard
    assert {"poll.opened", "poll.edited", "poll.closed", "poll.withdrawn", "poll.shown"} <= watching.heard
    assert "poll.prepared" not in watching.heard


async def test_a_poll_that_is_being_prepared_is_not_said_to_readers(town: Town, live: Hall, watching: Watching) -> None:
    await act(live, polling.make, "Câu thăm dò chưa mở?", ["Có", "Không"], by="coordinator", several=False)
    async with town.store.reading() as db:
        seen = await watching.look(db, "vi")
        said = await watching.said(db, "dialogue:1", "vi")
    assert "chưa mở?" not in str((said, seen))


async def test_a_question_that_is_hidden_leaves_the_stage_and_says_nothing_of_itself(
    town: Town, live: Hall, watching: Watching
) -> None:
    question_id = await live.ask("Câu sẽ bị gỡ khỏi buổi đối thoại này")
    await live.stage(question_id)
    async with town.store.reading() as db:
        seen = await watching.look(db, "vi")
        assert "Câu sẽ bị gỡ" in str(seen["dialogue:1", "vi"].pieces)
    await _hide(town, question_id)
    async with town.store.reading() as db:
        said = await watching.said(db, "dialogue:1", "vi")
        assert "Câu sẽ bị gỡ" not in str(said)
        assert "Câu sẽ bị gỡ" not in str((await watching.look(db, "vi"))["dialogue:1", "vi"].pieces)


async def test_what_is_being_drafted_is_not_said_to_readers(town: Town, live: Hall, watching: Watching) -> None:
    question_id = await live.ask()
    await live.type(question_id, "Bản nháp chưa ai được đọc.")
    async with town.store.reading() as db:
        said = await watching.said(db, "dialogue:1", "vi")
        assert "Bản nháp" not in str((said, await watching.look(db, "vi")))
    assert not {fact for fact in watching.heard if fact.startswith("reply.")}


async def test_a_rehearsals_room_shows_its_own_questions_to_its_crew_alone(town: Town, live: Hall) -> None:
    async with town.store.transaction() as db:
        copy = await rehearsals.begin(db, live["moderator"], await dialogues.one(db, live.id))
        asked = (await floors.listed(db, copy, Listing(is_newest_first=True), 50))[0].question
        name = {seat: Seat("dialogue", seat) for seat in (copy.key, live.id)}
        barred = await seating.permit(db, {name[copy.key]})
        open_to_all = await seating.permit(db, {name[live.id]})
    assert list(barred) == [name[copy.key]]
    assert not open_to_all
    async with town.store.reading() as db:
        assert not await floors.listed(db, await dialogues.one(db, live.id), Listing(), 50)
        pressed = await Press.of(db, TEMPLATES, "vi")
        entered = Event(
            channel=f"dialogue:{copy.key}", number=1, type="turn.entered", ids={"question": asked.key}, at=now(db)
        )
        (said,) = await of_a_dialogue(db, pressed, [entered])
    assert said["type"] == "turn.entered"
    assert said["data"] == {"question": asked.key}


async def test_nobody_is_told_of_a_dialogue_that_is_not_announced(town: Town) -> None:
    hall = await halls.opened(town)
    async with town.store.reading() as db:
        watching = Watching(town)
        assert not (await watching.look(db, "vi"))[f"dialogue:{hall.id}", "vi"].pieces
