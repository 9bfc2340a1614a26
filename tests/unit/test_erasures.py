"""Promises about an asker's data: no byte remains where it is erased, and the law may stop it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    approvals,
    assignments,
    attachments,
    data_requests,
    erasures,
    follows,
    personal,
    questions,
    seals,
    work,
)
from engage.access import Actor, Moderation, Share
from engage.ask import Contact
from engage.data_requests import RequestDecision, RequestForm
from engage.errors import NotAllowed, Refused
from engage.forgetting import GONE, Left
from engage.notices import Notice
from engage.people import Person
from engage.questions import Question
from engage.seals import HandOverForm, HandOverKind
from engage.storage import Folder
from engage.translations import Translation
from moderation import cases
from tests.unit.asker import PHONE, WORDS, clarify, correct, look, rate, refuses, reply
from tests.unit.test_attachments import enclosed
from tests.unit.test_storage import files
from tests.unit.town import BODY, HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio


CANARY = "hoàng-yến"


async def canary_rows(db: AsyncSession, *needles: str) -> list[str]:
    """Every table that holds one of these words anywhere."""
    found = []
    for name, table in SQLModel.metadata.tables.items():
        rows = (await (await db.connection()).execute(sa.select(table))).all()
        found += [name for row in rows if any(needle in str(tuple(row)) for needle in needles)]
    sqlite = db.get_bind().dialect.name == "sqlite"
    entries = "select written, folded from " + ("fts_search" if sqlite else "search_entry")
    rows = (await (await db.connection()).execute(sa.text(entries))).all()
    return found + ["search" for row in rows if all(word in str(tuple(row)) for word in ("hoang", "yen"))]


def administrator(town: Town) -> Actor:
    return Actor(person_id=town.id("cleared"), is_administrator=True)


async def decided(town: Town, question_id: int, decision: str, **more: Any) -> Left:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await data_requests.ask(db, question, RequestForm(wish="erase", words=f"Xóa {CANARY}"))
    async with town.store.transaction() as db:
        request = (await data_requests.waiting(db, 1))[0]
        form = RequestDecision.model_validate({"decision": decision, "reply": "Đã làm theo đề nghị.", **more})
        return await erasures.decide(db, administrator(town), request, form)


async def marked(town: Town) -> int:
    """Everything an asker can leave behind, each with the canary in it."""
    mine = {"body": f"{BODY} Tên tôi là {CANARY}.", "name": CANARY.title(), "email": f"{CANARY}@thu.example"}
    question_id = await returned_with(town, **{**mine, "email": "hoang-yen@thu.example"})
    await correct(town, question_id, f"{BODY} Vẫn là {CANARY}.")
    await work.settle_received(town.store)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["coordinator"], await questions.one(db, question_id))
    await clarify(town, question_id)
    await reply(town, question_id, f"Tôi là {CANARY}, nghỉ từ tháng sáu.")
    return question_id


async def returned_with(town: Town, **mine: Any) -> int:
    question_id, case_id = await town.held(**{**mine, "body": f"{mine['body']} {PHONE}"})
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(moderation="returned"))
        words = f"Chào {CANARY}, bạn bỏ số điện thoại."
        await cases.decide(db, case_id, town.id("moderator"), 1, "return", "private_matter", words, town.clock.now)
    return question_id


async def test_no_byte_of_an_erased_unanswered_question_remains(town: Town) -> None:
    question_id = await marked(town)
    async with town.store.reading() as db:
        assert {"question", "revision", "clarification"} <= set(await canary_rows(db, CANARY))
    erased = await decided(town, question_id, "erase")
    assert erased.notice_ids
    async with town.store.reading() as db:
        assert await canary_rows(db, CANARY, CANARY.title(), "hoang-yen") == []
    assert (await town.question(question_id)).moderation == Moderation.WITHDRAWN


async def test_a_question_that_waits_for_a_moderator_leaves_nothing_with_its_case(town: Town, tmp_path: Path) -> None:
    question_id, case_id = await town.held(body=f"{BODY} {CANARY}, {PHONE}")
    folder, key = Folder(tmp_path / "files"), await enclosed(town, question_id, name=f"{CANARY}.pdf")
    await folder.put(key, b"x")
    left = await decided(town, question_id, "erase")
    await attachments.erase_bytes(folder, left.file_keys)
    assert not files(tmp_path / "files")
    async with town.store.reading() as db:
        assert await canary_rows(db, CANARY, "hoang-yen") == []
        assert (await cases.one(db, case_id, True)).findings == []


async def test_a_sealed_text_that_is_erased_leaves_no_word_of_it_anywhere(town: Town) -> None:
    question_id = await marked(town)
    answer = await town.write(
        question_id, "official", 0, full=f"{CANARY.title()}: **Điều 70** nói về trường hợp của bạn."
    )
    await town.send(question_id)
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
        asked = {"surface": "question", "thing_id": question_id, "agency_id": town.agencies[HEALTH], "note": CANARY}
        by = {"lead_id": town.agencies[INSURANCE], "asked_by": town.id("official"), "part": CANARY}
        db.add(Share(**asked, **by, asked_at=town.clock.now, due_at=town.clock.now))
        official = town.id("official")
        db.add(Translation(answer_id=answer.id or 0, full=CANARY, written_by=official, written_at=town.clock.now))
    await rate(town, question_id, verdict="no", why="other", words=CANARY)
    await look(town, question_id, f"{CANARY}: {WORDS}")
    await enclosed(town, question_id, name=f"{CANARY}.pdf")
    async with town.store.transaction() as db:
        case = await seals.seal(db, town["moderator"], await questions.one(db, question_id))
        form = HandOverForm(kind=HandOverKind.HANDED_OVER, body="Thanh tra tỉnh")
        await seals.hand_over(db, town["cleared"], case.id or 0, form)
        await seals.erase(db, town["cleared"], case.id or 0)
        assert await canary_rows(db, CANARY, CANARY.title(), "hoang-yen") == []


async def test_an_answered_question_keeps_its_text_without_a_name_unless_everything_goes(town: Town) -> None:
    for everything in (False, True):
        question_id = await marked(town)
        await town.write(question_id, "official", 0)
        await town.send(question_id)
        async with town.store.transaction() as db:
            await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
        await rate(town, question_id, verdict="no", why="other", words=CANARY)
        await look(town, question_id, f"{CANARY}: {WORDS}")
        await decided(town, question_id, "erase", everything=everything)
        question = await town.question(question_id)
        assert question.anonymous
        assert (CANARY in question.body) is not everything
        async with town.store.transaction() as db:
            author = await db.get(Person, question.author_id)
            assert author
            assert (author.name, author.email, author.phone) == ("", None, None)
            left = set(await canary_rows(db, CANARY, CANARY.title(), "hoang-yen"))
            assert left == (set() if everything else {"question", "search"}), left
            if not everything:
                again = await questions.one(db, question_id)
                await erasures.erase(db, again, text_too=True)  # the second round looks at its own rows only


@pytest.mark.parametrize(
    "name", ["Hoa 0912345678", "Hoa ở www.lua-dao.example", "Thằng chó đẻ khốn nạn", "hoa@thu.example"]
)
async def test_a_public_name_changes_to_nothing_a_moderator_would_have_to_read_first(town: Town, name: str) -> None:
    shown, hidden = await town.accepted(), await town.accepted(anonymous=True)

    async def renamed(question_id: int, to: str) -> None:
        async with town.store.transaction() as db:
            await personal.correct(db, await questions.one(db, question_id), Contact(name=to, email="hoa@thu.example"))

    await refuses(town, "name_unfit", renamed(shown, name))
    await renamed(shown, "Nguyễn Thị Hoa")
    await renamed(hidden, name)  # readers never see it


async def test_an_address_somebody_else_typed_too_tells_and_ends_nothing_of_theirs(town: Town) -> None:
    """An asker's address is proved by nothing: naming a neighbour's neither shows nor deletes what the neighbour follows."""
    followed, mine = await town.accepted(), await town.accepted(email="lan@thu.example")
    async with town.store.transaction() as db:
        await follows.follow(db, "question", followed, "lan", email="lan@thu.example")
        stranger = (await db.exec(select(Person).where(Person.name == "", Person.email == "lan@thu.example"))).one()
        await follows.confirm(db, "question", stranger.id or 0)
        author = await db.get(Person, (await questions.one(db, mine)).author_id)
        assert author
        await follows.join(db, "question", followed, author)
        kept = await personal.everything(db, await questions.one(db, mine))
        assert len(kept["follows"]) == 1
    await decided(town, mine, "erase")
    async with town.store.reading() as db:
        assert await follows.count(db, "question", followed) == 1
        assert (await follows.by_person(db, "question", stranger.id or 0)).confirmed_at


async def test_a_sealed_text_is_erased_for_nobody_before_its_hand_over(town: Town) -> None:
    question_id = await town.accepted()
    async with town.store.transaction() as db:
        case = await seals.seal(db, town["moderator"], await questions.one(db, question_id))
    await refuses(town, "hand_over_first", decided(town, question_id, "erase"))
    assert (await town.question(question_id)).body == BODY
    async with town.store.transaction() as db:
        form = HandOverForm(kind=HandOverKind.HANDED_OVER, body="Thanh tra tỉnh")
        await seals.hand_over(db, town["cleared"], case.id or 0, form)
        request = (await data_requests.waiting(db, 1))[0]
        await erasures.decide(
            db, administrator(town), request, RequestDecision(decision="erase", reply="Đã làm theo đề nghị.")
        )
    assert (await town.question(question_id)).body == GONE


async def test_a_legal_hold_stops_an_erasure_in_words_and_in_the_database(town: Town) -> None:
    question_id = await town.ask()
    async with town.store.transaction() as db:
        await data_requests.ask(db, await questions.one(db, question_id), RequestForm(wish="erase"))
        request = (await data_requests.waiting(db, 1))[0]
        await data_requests.set_hold(db, administrator(town), request, "Theo yêu cầu của tòa án.")
    form = RequestDecision(decision="erase", reply="Đã làm theo đề nghị.")
    with pytest.raises(Refused) as refusal:
        async with town.store.transaction() as db:
            await erasures.decide(db, administrator(town), (await data_requests.waiting(db, 1))[0], form)
    assert refusal.value.reason == "request_on_hold"
    with pytest.raises(IntegrityError):
        async with town.store.transaction() as db:
            await db.exec(sa.update(data_requests.DataRequest).values(state="erased"))


async def test_restricted_means_no_name_and_no_mail(town: Town) -> None:
    question_id = await town.accepted()
    await decided(town, question_id, "restrict")
    question = await town.question(question_id)
    assert question.anonymous
    async with town.store.reading() as db:
        unsent = await db.exec(select(Notice).where(Notice.person_id == question.author_id))
        assert list(unsent.all()) == []


async def test_a_request_is_due_in_working_days_and_only_an_administrator_decides(town: Town) -> None:
    question_id = await town.ask()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await data_requests.ask(db, question, RequestForm(wish="erase"))
        await refuses(town, "request_is_open", data_requests.ask(db, question, RequestForm(wish="erase")))
        request = (await data_requests.waiting(db, 1))[0]
        assert timedelta(days=14) < request.due_at - town.clock.now < timedelta(days=40)
        form = RequestDecision(decision="erase", reply="Đã làm theo đề nghị.")
        with pytest.raises(NotAllowed):
            await erasures.decide(db, town["moderator"], request, form)


async def test_a_long_list_of_requests_is_read_page_by_page(town: Town) -> None:
    at = town.clock.now
    for number in range(5):  # two share a date
        question_id = await town.ask()
        asked = {"wish": "erase", "asked_at": at, "due_at": at + timedelta(days=number // 2)}
        async with town.store.transaction() as db:
            db.add(data_requests.DataRequest(question_id=question_id, **asked))
    async with town.store.reading() as db:
        whole = [one.id for one in await data_requests.waiting(db, 9)]
        seen, place = list[int | None](), None
        while page := await data_requests.waiting(db, 2, after=place):
            seen += [one.id for one in page]
            place = (page[-1].due_at, page[-1].id or 0)
    assert (len(seen), seen) == (5, whole)
