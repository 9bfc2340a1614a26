"""What becomes of a dialogue after it: corrections, answers that agencies give later, polls; in its minutes and its figures."""

import json
from pathlib import Path

import pytest

from engage import approvals, assignments, carrying, dialogues, minutes, questions, replies, staging
from engage.dialogues import Stage, channel
from engage.proceedings import Proceedings
from engage.web.dialogues import shaped
from tests.unit import minutes_json
from tests.unit.hall import Hall, opened
from tests.unit.test_minutes import held, minuted, read, words
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def publish(hall: Hall) -> None:
    async with hall.town.store.transaction() as db:
        dialogue, written = await dialogues.one(db, hall.id), await minutes.one(db, hall.id)
        await minutes.send(db, hall["moderator"], dialogue, written, written.version)
        await minutes.approve(db, hall["colleague"], dialogue, written, written.version)
        await staging.publish(db, hall["moderator"], dialogue)


async def correct(hall: Hall, question_id: int, text: str, reason: str) -> None:
    hall.town.clock.move(60)
    reply = await hall.type(question_id, text)
    async with hall.town.store.transaction() as db:
        dialogue, again = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, again, again.version, reason=reason)


async def answer_later(hall: Hall, question_id: int) -> None:
    """By the agency it was carried to, as any other question."""
    town = hall.town
    town.clock.move(days=2)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["coordinator"], await questions.one(db, question_id))
    await town.write(question_id, "official", 0)
    await town.send(question_id)
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)


def counts(of: Proceedings) -> tuple[int, int, int]:
    return of.figures.answered_live, of.figures.answered_later, of.figures.waiting


async def test_minutes_say_that_something_was_corrected_after_they_came_out(town: Town) -> None:
    hall, asked = await held(town, "Có, từ tháng sau.", "Được ạ.")
    await correct(hall, asked[0], "Có, từ tháng Hai.", "Nói nhầm tháng.")
    await publish(hall)
    assert "Có đính chính sau khi công bố." not in words(await read(hall))
    await correct(hall, asked[0], "Có, từ tháng Ba.", "Văn bản mới vừa ban hành.")
    said = words(await read(hall))
    assert "Có đính chính sau khi công bố." in said
    assert said.index("Nói nhầm tháng.") < said.index("Văn bản mới vừa ban hành.")
    assert said.count("Xem các bản trước") == 1  # of the one answer that has any
    assert "Có, từ tháng Hai." not in said


async def test_what_an_agency_answers_later_is_told_in_minutes_and_figures(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    answered, later = await hall.ask(), await hall.ask("Nghỉ việc ba tháng có được hưởng trợ cấp không?")
    await hall.stage(answered)
    await hall.answer(answered)
    await hall.to(Stage.ENDED)
    async with town.store.transaction() as db:
        await minutes.draft(db, hall["moderator"], await dialogues.one(db, hall.id))
    await publish(hall)
    assert await carrying.drain(town.store) == 1
    before = await read(hall)
    assert counts(before) == (1, 0, 1)
    assert "Trả lời sau buổi đối thoại" not in words(before)
    await answer_later(hall, later)
    after = await read(hall)
    assert counts(after) == (1, 1, 0)
    assert "Trả lời sau buổi đối thoại Nghỉ việc ba tháng có được hưởng trợ cấp không?" in words(after)
    assert (await town.facts(channel(hall.id)))[-1] == "answer.given"  # else the kept page would not know


async def test_a_poll_is_in_the_minutes_with_its_figures_unless_few_took_part(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    question_id = await hall.ask()
    await hall.stage(question_id)
    await hall.answer(question_id)
    await hall.poll("Bạn có hài lòng không?", ["Có", "Không"], [0] * 8 + [1] * 4)
    await hall.poll("Bạn ở đâu?", ["Nông thôn", "Thành phố"], [0] * 9)
    await hall.to(Stage.ENDED)
    async with town.store.transaction() as db:
        await minutes.draft(db, hall["moderator"], await dialogues.one(db, hall.id))
    said = words(await read(hall))
    assert "Bạn có hài lòng không? (12 người tham gia) Lựa chọn Số lượt chọn Có 8 Không 4" in said
    assert "Bạn ở đâu?: Ít hơn 10 người tham gia nên không nêu kết quả." in said
    assert "Nông thôn" not in said


async def test_the_file_for_programs_has_the_shape_that_is_written_down(town: Town) -> None:
    hall, asked = await held(town, "Có, từ tháng sau.", "Được ạ.")
    await publish(hall)
    await correct(hall, asked[0], "Có, từ tháng Ba.", "Văn bản mới vừa ban hành.")
    now = await read(hall)
    for language in ("vi", "en"):
        told = json.loads(json.dumps(shaped.json_of(now, minuted(language))))
        whole = minutes_json.Minutes.model_validate(told)
        said = [answer for group in whole.groups for one in group.questions for answer in one.answers]
        assert [len(answer.corrections) for answer in said] == [1, 0]
        assert whole.corrected
    written = (Path(__file__).parents[2] / "docs" / "minutes.md").read_text()
    named = {name for shape in minutes_json.SHAPES for name in shape.model_fields}
    assert not [name for name in named if f"`{name}`" not in written]
