"""Promises of questions: what is submitted is stored once and whole, and one word says where it stands."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import anyio
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, intake, questions, receipts, routing
from engage.access import PUBLIC, Moderation
from engage.assigned import Answered, Assigned
from engage.errors import Conflict, NotFound, Refused
from engage.intake import Directory
from engage.people import Person
from engage.questions import Question, Stage, stage
from engage.routing import Precedent
from tests.unit.town import BODY, INSURANCE, TITLE, UMBRELLA, Town, an_ask

pytestmark = pytest.mark.anyio
NOT_OUT = {
    Moderation.RECEIVED: Stage.NEW,
    Moderation.HELD: Stage.IN_REVIEW,
    Moderation.RETURNED: Stage.NEEDS_MORE,
    Moderation.REFUSED: Stage.REFUSED,
    Moderation.WITHDRAWN: Stage.WITHDRAWN,
    Moderation.HIDDEN: Stage.HIDDEN,
}


@dataclass(frozen=True)
class Axes:
    moderation: Moderation
    assignment: Assigned
    answer: Answered
    paused_at: datetime | None = None
    merged_into_id: int | None = None


# Of an accepted question: one line per state of the answer, one column per state of the assignment.
OUT = {
    Answered.NONE: (Stage.WORKING, Stage.SENT, Stage.WORKING),
    Answered.DRAFTING: (Stage.WORKING, Stage.SENT, Stage.WORKING),
    Answered.IN_APPROVAL: (Stage.WORKING, Stage.SENT, Stage.WORKING),
    Answered.PUBLISHED: (Stage.ANSWERED,) * 3,
    Answered.REVISED: (Stage.ANSWERED,) * 3,
}


@pytest.mark.parametrize("moderation", Moderation)
def test_every_combination_of_states_has_one_stage(moderation: Moderation) -> None:
    for answer, (column, assignment) in itertools.product(Answered, enumerate(Assigned)):
        axes = Axes(moderation, assignment, answer)
        assert stage(axes) is (NOT_OUT.get(moderation) or OUT[answer][column])


def test_a_merged_question_says_so_and_one_whose_asker_was_asked_waits_for_the_asker() -> None:
    working = Axes(Moderation.ACCEPTED, Assigned.ACCEPTED, Answered.DRAFTING)
    assert stage(replace(working, paused_at=datetime.now(UTC))) is Stage.NEEDS_MORE
    assert stage(replace(working, merged_into_id=7)) is Stage.MERGED
    assert stage(replace(working, moderation=Moderation.HIDDEN, merged_into_id=7)) is Stage.HIDDEN


async def test_what_is_submitted_is_stored_whole_and_waits(town: Town) -> None:
    question_id = await town.ask(agency=INSURANCE, anonymous=True, phone="0912345678")
    question = await town.question(question_id)
    assert (question.title, question.body, question.body_html) == (TITLE, BODY, "")
    assert (question.moderation, question.assignment, question.answer) == ("received", "unassigned", "none")
    assert (question.wished_agency_id, question.agency_id) == (town.agencies[INSURANCE], None)
    assert (question.anonymous, question.sealed, question.has_marks) == (True, False, True)
    assert (question.created_at, question.accepted_at, question.published_at) == (town.clock.now, None, None)
    async with town.store.reading() as db:
        author = await db.get(Person, question.author_id)
    assert author is not None
    assert (author.kind, author.name, author.email, author.phone) == (
        "guest", "Trần Thị Hoa", "hoa@thu.example", "0912345678",
    )  # fmt: skip
    assert (author.login, author.password) == (None, None)


async def test_a_country_is_kept_only_for_who_is_abroad(town: Town) -> None:
    abroad = await town.question(await town.ask(province="abroad", country="Nhật Bản"))
    at_home = await town.question(await town.ask(country="Nhật Bản"))
    assert (abroad.province_id, abroad.country) == (None, "Nhật Bản")
    assert at_home.province_id is not None
    assert at_home.country is None


async def test_a_receipt_is_mailed_only_to_who_gave_an_address(town: Town) -> None:
    assert await town.notices(await town.ask()) == ["received"]
    assert await town.notices(await town.ask(email="", phone="0912345678")) == []


async def test_being_received_is_told_to_the_asker_and_not_to_the_public(town: Town) -> None:
    question = await town.question(await town.ask())
    assert await town.facts(f"question:{question.id}") == ["question.received"]
    assert await town.facts(f"person:{question.author_id}") == ["question.received"]
    assert await town.facts("questions") == []


async def test_the_receipt_code_is_found_by_its_hash_and_stands_nowhere_in_the_database(town: Town) -> None:
    question_id, code = await town.ask(), receipts.code_for("secret", "visitor", "1")
    async with town.store.reading() as db:
        assert (await questions.by_code(db, code)).id == question_id
        with pytest.raises(NotFound):
            await questions.by_code(db, receipts.code_for("secret", "visitor", "other"))
        connection = await db.connection()
        for table in SQLModel.metadata.sorted_tables:
            for row in (await connection.execute(sa.select(table))).all():
                assert code not in str(row)
                assert code.replace("-", "") not in str(row)


@pytest.mark.parametrize(
    ("field", "name"),
    [("topic", "không-có"), ("province", "ha-tay"), ("agency", "bo-phep-thuat"), ("agency", UMBRELLA)],
)
async def test_a_name_that_stands_for_nothing_is_refused_on_its_field(town: Town, field: str, name: str) -> None:
    async with town.store.reading() as db:
        with pytest.raises(Refused, match="unknown_choice") as refused:
            await intake.find_directory(db, an_ask(**{field: name}))
        assert refused.value.field == field
        empty = await intake.find_directory(db, an_ask(topic="", province=""))
    assert empty == Directory(None, None, None)


async def test_an_accepted_question_is_public_on_a_desk_and_told_to_everybody_concerned(town: Town) -> None:
    question_id = await town.ask(body=f"{BODY} <script>alert(1)</script> Xem **Điều 70**.")
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await questions.seen_by(db, PUBLIC, question_id)
    async with town.store.transaction() as db:
        await admissions.accept(db, await questions.one(db, question_id), by=None)
    async with town.store.reading() as db:
        question = await questions.seen_by(db, PUBLIC, question_id)
    assert (question.agency_id, question.assignment) == (town.agencies[INSURANCE], "offered")
    assert question.accepted_at == town.clock.now
    assert "<script>" not in question.body_html
    assert "Xem **Điều 70**." in question.body_html  # a citizen writes text, not markup
    for channel in (f"question:{question_id}", "questions", "review", f"person:{question.author_id}"):
        assert "question.accepted" in await town.facts(channel)
    assert await town.facts(f"agency:{question.agency_id}") == ["assignment.offered"]
    assert await town.notices(question_id) == ["received", "accepted"]


async def test_a_question_that_points_nowhere_is_accepted_and_waits_for_the_portal_desk(town: Town) -> None:
    question_id = await town.ask(
        topic="", province="", title="Xin hỏi một việc riêng", body="Tôi xin hỏi một điều. " * 4
    )
    async with town.store.transaction() as db:
        await admissions.accept(db, await questions.one(db, question_id), by=None)
    question = await town.question(question_id)
    assert (question.moderation, question.agency_id, question.assignment) == ("accepted", None, "unassigned")


@pytest.mark.parametrize("again", ["accept", "refuse", "hold"])
async def test_what_was_decided_is_not_decided_again(town: Town, again: str) -> None:
    question_id = await town.accepted()
    verbs: dict[str, Callable[[AsyncSession, Question], Awaitable[None]]] = {
        "accept": lambda db, question: admissions.accept(db, question, by=None),
        "refuse": admissions.refuse,
        "hold": lambda db, question: admissions.hold(db, question, sealed=True),
    }
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        with pytest.raises(Conflict):
            await verbs[again](db, question)
    assert (await town.question(question_id)).moderation == "accepted"
    assert await town.notices(question_id) == ["received", "accepted"]


async def test_a_published_answer_is_remembered_told_and_mailed(town: Town) -> None:
    question_id = await town.answered()
    question = await town.question(question_id)
    assert (question.answer, question.published_at, stage(question)) == ("published", town.clock.now, Stage.ANSWERED)
    author, agency = f"person:{question.author_id}", f"agency:{question.agency_id}"
    for channel in (f"question:{question_id}", "questions", author, agency, f"topic:{question.topic_id}"):
        assert (await town.facts(channel))[-1] == "answer.given"
    assert await town.notices(question_id) == ["received", "accepted", "answered"]
    async with town.store.reading() as db:
        precedent = (await db.exec(select(Precedent))).one()
        routes = await routing.routes(db, "", routing.Place(question.topic_id))
    assert (precedent.topic_id, precedent.province_id, precedent.agency_id, precedent.times) == (
        question.topic_id, question.province_id, question.agency_id, 1,
    )  # fmt: skip
    assert ("route_before", {"times": 1}) in routes[0].reasons


async def test_the_worker_is_given_the_oldest_received_questions_and_no_other(town: Town) -> None:
    first, second = await town.ask(), await town.ask(body=f"{BODY} Tôi ở xa.")
    await town.held()
    await town.accepted(body=f"{BODY} Tôi ở gần.")
    async with town.store.reading() as db:
        assert await intake.received_ids(db, 9) == [first, second]
        assert await intake.received_ids(db, 1) == [first]


async def test_two_workers_never_hold_the_same_question(town: Town) -> None:
    question_id = await town.ask()
    taken: list[int] = []

    async def work() -> None:
        async with town.store.transaction() as db:
            question = await intake.take_received(db, question_id)
            if question is not None:
                await anyio.sleep(0.02)  # the other one comes while this one works
                await admissions.accept(db, question, by=None)
                taken.append(question.key)

    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(work)
    assert taken == [question_id]
    async with town.store.transaction() as db:
        assert await intake.take_received(db, question_id) is None


async def test_a_text_is_recognised_however_it_is_written_but_only_lately(town: Town) -> None:
    question = await town.question(await town.ask())
    await town.ask(title=TITLE.upper(), body=f"{BODY} !!!")
    seen_at = town.clock.now
    async with town.store.reading() as db:
        assert await intake.times_seen(db, question.fingerprint, seen_at - timedelta(seconds=1)) == 2
        assert await intake.times_seen(db, question.fingerprint, seen_at) == 0
        assert await intake.times_seen(db, "another", seen_at - timedelta(days=9)) == 0
