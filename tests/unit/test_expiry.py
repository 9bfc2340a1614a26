"""Promises of what is kept how long: by its days, at night, told beforehand; never against a law."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import dialogues, directory, expiry, follows, letters, storage
from engage.data_requests import DataRequest
from engage.dialogues import Stage
from engage.errors import Refused
from engage.forgetting import GONE
from engage.notices import Notice
from engage.nouns import NOUNS
from engage.people import Person
from engage.questions import Question
from engage.records import AccessRecord, Act
from engage.settings import Settings
from live import log
from tests.unit.asker import withdraw
from tests.unit.hall import opened
from tests.unit.test_countdowns import followed
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
KEPT = NOUNS["retention"]


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data_dir=tmp_path)


async def night(town: Town, settings: Settings) -> dict[str, int]:
    """The worker looks; how many of each kind went in its last run."""
    await expiry.drain(town.store, settings.mail_folder, storage.of(settings))
    return {kind: one.erased for kind, one in (await standing(town)).items()}


async def standing(town: Town) -> dict[str, expiry.Standing]:
    async with town.store.reading() as db:
        return {one.kind: one for one in await expiry.standing(db)}


async def author(town: Town, question_id: int) -> Person:
    async with town.store.reading() as db:
        return await db.get_one(Person, (await town.question(question_id)).author_id)


async def numbers(town: Town, channel: str) -> list[int]:
    async with town.store.reading() as db:
        return [event.number for event in await log.since(db, channel, 0)]


async def test_what_a_question_said_goes_when_its_days_are_over_and_not_before(town: Town, settings: Settings) -> None:
    question_id = await town.accepted()
    await withdraw(town, question_id)
    town.clock.move(days=364.9)
    assert (await night(town, settings))["withdrawn"] == 0
    assert (await standing(town))["withdrawn"].waiting == 1, "told the day before"
    town.clock.move(days=2)
    assert (await night(town, settings))["withdrawn"] == 1
    question = await town.question(question_id)
    assert (question.title, question.body, question.moderation) == (GONE, GONE, "withdrawn")
    assert (await author(town, question_id)).email is None
    assert (await standing(town))["withdrawn"].waiting == 0


async def test_a_refusal_goes_after_its_last_decision(town: Town, settings: Settings) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="refuse", reason="unclear", words="Chưa rõ điều muốn hỏi.")
    town.clock.move(days=729)
    assert (await night(town, settings))["refused"] == 0
    town.clock.move(days=2)
    assert (await night(town, settings))["refused"] == 1
    assert (await town.question(question_id)).body == GONE


async def test_contact_goes_and_the_answer_stays(town: Town, settings: Settings) -> None:
    question_id = await town.answered()
    town.clock.move(days=732)
    assert (await night(town, settings))["contact"] == 1
    question, asker = await town.question(question_id), await author(town, question_id)
    assert (asker.email, asker.phone, asker.name) == (None, None, "Trần Thị Hoa")
    assert (question.title != GONE, question.moderation) == (True, "accepted")
    assert await town.notices(question_id) == []


async def test_what_a_law_holds_stays(town: Town, settings: Settings) -> None:
    question_id = await town.accepted()
    await withdraw(town, question_id)
    async with town.store.transaction() as db:
        at = town.clock.now
        hold = {"wish": "erase", "hold": "Đang thanh tra vụ việc.", "asked_at": at, "due_at": at}
        db.add(DataRequest(question_id=question_id, **hold))
    town.clock.move(days=400)
    assert (await night(town, settings))["withdrawn"] == 0
    assert (await town.question(question_id)).title != GONE


async def test_sealed_text_never_goes_by_its_age(town: Town, settings: Settings) -> None:
    question_id = await town.accepted()
    await withdraw(town, question_id)
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(sealed=True))
    town.clock.move(days=4000)
    assert (await night(town, settings))["withdrawn"] == 0


async def test_letters_go_with_their_mails_and_the_record_by_law(town: Town, settings: Settings) -> None:
    person_id = town.id("moderator")
    async with town.store.transaction() as db:
        db.add(AccessRecord(at=town.clock.now, person_id=person_id, act=Act.SIGNED_IN, address="10.0.0.1"))
        at = {"created_at": town.clock.now, "due_at": town.clock.now, "sent_at": town.clock.now}
        notice = Notice(person_id=person_id, kind="digest", surface="question", thing_id=1, **at)
        db.add(notice)
        await db.flush()
        name = f"notice-{notice.id}"
    settings.mail_folder.mkdir(parents=True)
    (settings.mail_folder / f"{name}.eml").write_text("To: a@b.example\nDate: Mon, 02 Nov 2026 10:00:00 +0700\n\nThư")
    town.clock.move(days=366)
    assert (await night(town, settings))["mail"] >= 1
    assert letters.one(settings.mail_folder, name) is None
    town.clock.move(days=36)
    assert (await night(town, settings))["access_record"] == 1
    async with town.store.reading() as db:
        assert (await db.exec(select(AccessRecord))).all() == []


async def test_facts_of_desks_and_persons_go_after_their_days_and_their_numbers_never_come_back(
    town: Town, settings: Settings
) -> None:
    question_id = await town.answered()
    agency_id = (await town.question(question_id)).agency_id
    channels = [f"agency:{agency_id}", "review", f"question:{question_id}", "questions"]
    before = [await numbers(town, channel) for channel in channels]
    town.clock.move(days=91)
    assert (await standing(town))["log"].waiting > 0
    assert (await night(town, settings))["log"] > 0
    assert all(before)
    assert [await numbers(town, channel) for channel in channels] == [[], [], *before[2:]]
    await town.answered()
    assert (await numbers(town, "review"))[0] == before[1][-1] + 1


async def test_no_row_undercuts_the_law(town: Town) -> None:
    form = KEPT.form.model_validate({"days": "365"})
    with pytest.raises(Refused, match="kept_too_short"):
        async with town.store.transaction() as db:
            await directory.edit(db, town["administrator"], KEPT, "access_record", form)


async def test_each_night_looks_once(town: Town, settings: Settings) -> None:
    await night(town, settings)
    ran = (await standing(town))["mail"].ran_at
    await night(town, settings)
    assert (await standing(town))["mail"].ran_at == ran
    assert (await standing(town))["mail"].next_at > town.clock.now
    town.clock.move(days=1)
    await night(town, settings)
    assert (await standing(town))["mail"].ran_at == town.clock.now


async def test_who_followed_a_dialogue_is_forgotten_some_time_after_its_end(town: Town, settings: Settings) -> None:
    """Their address goes with the following; an asker's is kept as long as what they asked."""
    hall, later = await opened(town, Stage.INTAKE), await opened(town, Stage.INTAKE)
    await followed(hall, "cuc@thu.example")
    await followed(later, "lan@thu.example")
    question_id = await hall.ask()
    asker = await author(town, question_id)
    await hall.to(Stage.ENDED)
    town.clock.move(days=29.9)
    assert (await night(town, settings))["follow"] == 0
    assert (await standing(town))["follow"].waiting == 2
    town.clock.move(days=1)
    assert (await night(town, settings))["follow"] == 2
    async with town.store.reading() as db:
        assert await follows.count(db, dialogues.SURFACE, hall.id) == 0
        assert await follows.count(db, dialogues.SURFACE, later.id) == 1
        known = (await db.exec(select(Person.email).where(col(Person.email).is_not(None)))).all()
    assert "cuc@thu.example" not in known
    assert {"lan@thu.example", asker.email} <= set(known)


async def test_whoever_takes_their_question_back_follows_its_dialogue_no_more(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    await followed(hall, "hoa@thu.example")
    await withdraw(town, await hall.ask())
    async with town.store.reading() as db:
        assert await follows.count(db, dialogues.SURFACE, hall.id) == 1
