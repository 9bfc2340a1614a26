"""Promises of carrying: what time did not reach goes to agencies, all of it, each once, whatever happens in between."""

from collections import Counter
from typing import Any

import pytest
from sqlmodel import col, select

from engage import carrying, mails
from engage.dialogues import Stage
from engage.errors import Conflict
from engage.notices import Kind, Notice
from engage.questions import Question
from engage.settings import Settings
from engage.web.templates import Templates, folder
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """As when the process ends."""


async def ended(town: Town, times: int) -> tuple[Hall, list[int]]:
    hall = await opened(town, Stage.LIVE)
    asked = [await hall.ask() for _ in range(times)]
    await hall.to(Stage.ENDED)
    return hall, asked


async def told(town: Town) -> Counter[int]:
    async with town.store.reading() as db:
        return Counter((await db.exec(select(Notice.thing_id).where(Notice.kind == Kind.CARRIED))).all())


async def progress(hall: Hall) -> tuple[int, int]:
    async with hall.town.store.reading() as db:
        found = await carrying.progress(db, hall.id)
    return found.carried, found.left


async def test_all_of_it_is_carried_and_its_askers_are_told_once(town: Town) -> None:
    hall, asked = await ended(town, 3)
    assert await progress(hall) == (0, 3)
    assert await carrying.drain(town.store) == 3
    assert await progress(hall) == (3, 0)
    assert await told(town) == Counter(asked)
    assert await carrying.drain(town.store) == 0
    assert await told(town) == Counter(asked)


async def test_readers_are_told_which_agency_answers_by_when(town: Town) -> None:
    hall, asked = await ended(town, 3)
    await carrying.drain(town.store)
    async with town.store.reading() as db:
        passed = await carrying.by_agency(db, hall.id)
        rows = (await db.exec(select(Question).where(col(Question.id).in_(asked)))).all()
    assert sum(one.times for one in passed) == 3
    for one in passed:
        assert one.answered == 0
        assert one.due_at == max(
            row.answer_due_at for row in rows if row.agency_id == one.agency_id and row.answer_due_at
        )


async def test_more_than_one_page_is_carried(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "AT_ONCE", 2)
    hall, _ = await ended(town, 5)
    assert await carrying.drain(town.store) == 5
    assert await progress(hall) == (5, 0)


async def test_a_worker_that_is_killed_carries_the_rest_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, asked = await ended(town, 3)
    carry = carrying.carry

    async def killed(db: Any, question_id: int) -> bool:
        done = await carry(db, question_id)
        if question_id == asked[1]:
            raise Killed()  # everything is written, nothing is committed
        return done

    with monkeypatch.context() as there:
        there.setattr(carrying, "carry", killed)
        with pytest.raises(Killed):
            await carrying.drain(town.store)
    assert await progress(hall) == (1, 2)
    assert await carrying.drain(town.store) == 2
    assert await told(town) == Counter(asked)


async def test_one_that_fails_does_not_hold_up_the_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "AT_ONCE", 1)
    hall, asked = await ended(town, 3)
    carry = carrying.carry

    async def failing(db: Any, question_id: int) -> bool:
        if question_id == asked[0]:
            raise Conflict("moved_on")
        return await carry(db, question_id)

    monkeypatch.setattr(carrying, "carry", failing)
    assert await carrying.drain(town.store) == 2
    assert await progress(hall) == (2, 1)


async def test_the_mail_says_who_answers_and_by_when(town: Town) -> None:
    _, (asked,) = await ended(town, 1)
    await carrying.drain(town.store)
    said = await the_mail(town, asked)
    assert "Đối thoại về bảo hiểm xã hội" in said
    assert "Hạn trả lời:" in said
    assert f"/questions/{asked}" in said
    assert "Không muốn nhận thư nữa" not in said


async def the_mail(town: Town, question_id: int) -> str:
    async with town.store.reading() as db:
        chosen = select(Notice).where(Notice.thing_id == question_id, Notice.kind == Kind.CARRIED)
        notice = (await db.exec(chosen.order_by(col(Notice.id)))).all()[0]
        message = await mails.compose(db, notice, Templates(folder()), Settings())
    assert message is not None
    return bytes(message.get_payload(decode=True)).decode()


async def test_what_is_still_typed_when_it_ends_stays_for_its_guest_for_half_an_hour(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    released, forgotten = [await hall.ask() for _ in range(2)]
    for question_id in (released, forgotten):
        await hall.type(question_id, "Có, từ tháng")
    await hall.to(Stage.ENDED)
    assert await carrying.drain(town.store) == 0
    town.clock.move(60)
    await hall.answer(released, "Có, từ tháng sau.")
    town.clock.move(carrying.STILL_TYPED.total_seconds())
    assert await carrying.drain(town.store) == 1
    assert await told(town) == Counter([forgotten])
