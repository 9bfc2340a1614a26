"""Promises of the demonstration: whoever walks through it meets every state, made by the verbs, at a price a build can pay."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

import engage.tables  # noqa: F401  a reminder's table names its digest's
from engage import agencies, answers, circles, deadlines, dialogues, due_changes, marking, minutes, polls, seed
from engage.absences import Absence
from engage.attachments import Attachment
from engage.crews import Crew, Part
from engage.data_requests import DataRequest
from engage.db import Store
from engage.deadlines import CalendarDay, close_of
from engage.demonstration import ACCOUNTS, write
from engage.dialogues import Dialogue, Stage
from engage.documents import Document, key_of
from engage.flags import Flag
from engage.notices import Notice
from engage.people import Person
from engage.questions import Question
from engage.snippets import Snippet
from engage.storage import Folder
from live.log import Event
from moderation import cases
from moderation.cases import Case
from moderation.kinds import BITS
from tests import services
from tests.conftest import Clock
from tests.processes import outside
from tests.site import Kind
from tests.unit.conftest import copied
from tests.unit.states import NOW, STATES, TODAY

pytestmark = pytest.mark.anyio
FIRST = 306


@pytest.fixture(scope="module")
def told_at(
    kind: Kind, database_server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Written once: nobody changes it."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = copied(template, folder) if kind == "sqlite" else services.fresh_database(database_server, template)
    outside(_written(url, folder))
    yield url, folder
    if kind == "postgres":
        services.drop_database(url)


async def _written(url: str, folder: Path) -> None:
    store = Store(url, clock=Clock(), alone=True)
    await seed.directory(store)
    await write(store, Folder(folder))
    await store.close()


@pytest.fixture
async def told(told_at: tuple[str, Path]) -> AsyncIterator[Store]:
    store = Store(told_at[0], clock=Clock())
    yield store
    await store.close()


@pytest.mark.parametrize(("least", "found"), [pytest.param(least, found, id=name) for name, least, found in STATES])
async def test_every_state_has_a_question(told: Store, least: int, found: sa.ColumnElement[bool]) -> None:
    async with told.reading() as db:
        assert (await db.exec(select(func.count()).select_from(Question).where(found))).one() >= least


@pytest.mark.parametrize("table", [Absence, Snippet, DataRequest])
async def test_every_desk_has_something_beside_its_questions(told: Store, table: Any) -> None:
    async with told.reading() as db:
        assert (await db.exec(select(func.count()).select_from(table))).one() >= 2


async def test_one_dialogue_is_announced_one_is_live_and_the_minutes_of_one_are_out(told: Store) -> None:
    async with told.reading() as db:
        rows = (await db.exec(select(Dialogue).order_by(col(Dialogue.id)))).all()
        assert [row.stage for row in rows] == [Stage.INTAKE, Stage.LIVE, Stage.PUBLISHED]
        announced, live, published = rows
        assert announced.starts_at > NOW > announced.created_at
        assert live.starts_at < NOW < live.ends_at
        assert published.peak > 0
        assert (await minutes.one(db, published.key)).approved_by != published.created_by
        [poll] = await polls.of(db, dialogues.SURFACE, live.key)
        assert poll.is_open
        assert (await marking.voters(db, [poll.key]))[poll.key] >= marking.LEAST_VOTERS
        [closed] = await marking.results(db, await polls.of(db, dialogues.SURFACE, published.key))
        assert closed.counted


async def test_readers_have_reported_a_question_a_post_and_a_comment_and_two_were_decided(told: Store) -> None:
    async with told.reading() as db:
        states = set((await db.exec(select(Flag.surface, Flag.state))).all())
        open_cases = select(Case.surface).where(cases.is_open(), col(Case.kinds).op("&")(BITS["flagged"]) != 0)
        assert sorted((await db.exec(open_cases)).all()) == ["comment", "post", "question"]
    assert states >= {("question", "waiting"), ("post", "waiting"), ("comment", "upheld"), ("comment", "dismissed")}


@pytest.mark.parametrize("part", Part)
async def test_every_part_of_the_live_dialogue_has_an_account_but_the_officer(told: Store, part: Part) -> None:
    async with told.reading() as db:
        live = select(Crew.person_id).join(Dialogue, col(Dialogue.id) == Crew.dialogue_id)
        who = (await db.exec(live.where(Dialogue.stage == Stage.LIVE, Crew.part == part))).all()
        logins = {(await db.get_one(Person, person_id)).login for person_id in who}
    assert logins <= {login for _, login in ACCOUNTS}
    assert len(logins) == (0 if part is Part.OFFICER else 1 if part is Part.HOST else 2)


async def test_the_calendar_has_days_that_are_only_planned(told: Store) -> None:
    async with told.reading() as db:
        planned = select(func.count()).where(CalendarDay.certainty == "projected", col(CalendarDay.day) > TODAY)
        assert (await db.exec(planned)).one() > 0


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Bảo hiểm thất nghiệp của tôi còn bảo lưu 14 tháng, nghỉ lần hai tính sao?", "had_it_before"),
        ("Đóng bù bảo hiểm xã hội cho đủ 15 năm được bao nhiêu tháng?", "exchanged_often"),
    ],
)
async def test_a_coordinator_is_warned_of_what_goes_to_and_fro(told: Store, title: str, code: str) -> None:
    """Of a question that came back, and of a topic that two agencies pass to each other."""
    async with told.reading() as db:
        question = (await db.exec(select(Question).where(Question.title == title))).one()
        circle = await circles.between(db, question, (await agencies.by_slug(db, "bo-noi-vu")).id or 0)
    assert circle is not None
    assert circle.code == code


async def test_there_are_three_hundred_questions_over_many_agencies_and_topics(told: Store) -> None:
    async with told.reading() as db:
        counted = select(
            func.count(), func.count(sa.distinct(Question.agency_id)), func.count(sa.distinct(Question.topic_id))
        )
        many, by_agency, by_topic = (await db.exec(counted)).one()
    assert many > FIRST
    assert by_agency >= 30
    assert by_topic >= 40


async def test_what_was_told_first_keeps_its_numbers(told: Store) -> None:
    """Links that people keep, and papers that name a number, still lead there."""
    async with told.reading() as db:
        first = (await db.exec(select(Question).where(col(Question.id) <= FIRST).order_by(col(Question.id)))).all()
    assert [question.id for question in first] == list(range(1, FIRST + 1))
    assert [question.created_at.date() for question in first] == sorted(
        question.created_at.date() for question in first
    )


async def test_every_due_date_is_where_its_ledger_leads(told: Store) -> None:
    async with told.reading() as db:
        calendar = await deadlines.calendar(db)
        for question in (await db.exec(select(Question).where(col(Question.answer_due_at).is_not(None)))).all():
            changes = await due_changes.of(db, question)
            assert question.answer_due_at == close_of(due_changes.due_on(calendar, changes))


async def test_nothing_is_later_than_now_and_nothing_waits_to_be_mailed(told: Store) -> None:
    async with told.reading() as db:
        assert (await db.exec(select(func.count()).where(col(Event.at) > NOW))).one() == 0
        assert (
            await db.exec(select(func.count()).where(col(Notice.sent_at).is_(None), col(Notice.due_at) <= NOW))
        ).one() == 0


async def test_a_cited_rule_that_was_superseded_names_its_successor(told: Store) -> None:
    async with told.reading() as db:
        fees = (await db.exec(select(Document).where(Document.key == key_of("342-QĐ/TW")))).one()
        newer = await db.get(Document, fees.replaced_by_id)
    assert newer is not None
    assert newer.number == "01-QĐ/TW"
    assert fees.in_force_until is not None
    assert fees.in_force_until < TODAY


async def test_the_file_that_an_answer_names_is_stored(told: Store, told_at: tuple[str, Path]) -> None:
    async with told.reading() as db:
        row = (await db.exec(select(Attachment).where(Attachment.surface == answers.KIND))).first()
    assert row is not None
    assert len(await Folder(told_at[1]).get(row.key)) == row.size
