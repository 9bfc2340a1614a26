"""What is said in threads: let in by the section's rule or by a person, and gone from everywhere when it is taken down."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from engage import consequences, forum, remarks, review, revisions, search, sections, work
from engage.access import PUBLIC, Moderation
from engage.errors import Conflict, NotFound, Refused
from engage.forum import PostForm, Thread, ThreadForm
from engage.people import Kind, Person
from engage.remarks import Remark, Said
from moderation import cases
from moderation.screening import Submission
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
TITLE = "Sinh hoạt chi bộ ở thôn làm sao cho thiết thực?"
BODY = "Chi bộ thôn tôi họp mỗi tháng một lần, tôi muốn nghe cách làm của nơi khác."
PHONE = " Ai quan tâm gọi tôi số 0912 345 678 nhé."
OPEN, LOOKED_AT = "chinh-sach-va-doi-song", "xay-dung-dang"


@dataclass
class Talk:
    town: Town
    author: Person

    async def open(self, section: str = OPEN, **said: str) -> Remark:
        async with self.town.store.transaction() as db:
            form = ThreadForm.model_validate({"title": TITLE, "body": BODY, **said})
            verdict = await review.examine(db, Said.POST, Submission(form.title, form.body), least=2)
            made = await forum.open_thread(db, self.author, await sections.one(db, section), form)
            await review.look_at(db, Said.POST, made.key, verdict)
        return made

    async def reply(self, thread_id: int, body: str, reply_to: int | None = None) -> Remark:
        async with self.town.store.transaction() as db:
            form = PostForm(body=body, reply_to=reply_to)
            verdict = await review.examine(db, Said.POST, Submission("", body), least=2)
            made = await forum.reply(db, self.author, await forum.one(db, thread_id), form)
            await review.look_at(db, Said.POST, made.key, verdict)
        return made

    async def thread(self, section: str = OPEN) -> int:
        """One that readers see."""
        made = await self.open(section)
        await work.settle_received(self.town.store)
        if (await self.one(made)).moderation == Moderation.HELD:
            await self.town.decide(await self.case_of(made), decision="accept")
        return made.place_id

    async def one(self, remark: Remark) -> Remark:
        async with self.town.store.reading() as db:
            return await remarks.one(db, remark.key)

    async def row(self, thread_id: int) -> Thread:
        async with self.town.store.reading() as db:
            return await forum.one(db, thread_id)

    async def case_of(self, remark: Remark) -> int:
        async with self.town.store.reading() as db:
            return (await cases.of(db, Said.POST, remark.key))[-1].id or 0

    async def shown(self, thread_id: int) -> list[str]:
        async with self.town.store.reading() as db:
            return [one.body for one in await remarks.numbered(db, Said.POST, thread_id, 1, 50, PUBLIC)]

    async def found(self, words: str) -> list[int]:
        async with self.town.store.reading() as db:
            return list(await search.find(db, words, search.REMARKS))


@pytest.fixture
async def talk(town: Town) -> Talk:
    async with town.store.transaction() as db:
        author = Person(kind=Kind.CITIZEN, name="Vũ Thị Thử", email="vu@thu.example", created_at=town.clock())
        db.add(author)
    return Talk(town, author)


async def test_a_clean_post_is_let_out_where_the_section_says_so(talk: Talk) -> None:
    made = await talk.open(OPEN)
    assert await talk.shown(made.place_id) == []
    await work.settle_received(talk.town.store)
    assert await talk.shown(made.place_id) == [BODY]
    assert await talk.found("chi bo thon") == [made.key]
    row = await talk.row(made.place_id)
    assert (row.top, row.many) == (1, 1)


async def test_elsewhere_a_person_looks_first(talk: Talk) -> None:
    made = await talk.open(LOOKED_AT)
    assert (await talk.one(made)).moderation == Moderation.HELD
    await work.settle_received(talk.town.store)
    assert await talk.shown(made.place_id) == []
    await talk.town.decide(await talk.case_of(made), decision="accept")
    assert await talk.shown(made.place_id) == [BODY]


async def test_numbers_are_given_when_a_post_is_let_in_and_never_again(talk: Talk) -> None:
    thread_id = await talk.thread()
    held = await talk.reply(thread_id, f"Tôi xin góp một ý.{PHONE}")
    clean = await talk.reply(thread_id, "Chi bộ tôi chọn mỗi tháng một việc cụ thể.", reply_to=1)
    await work.settle_received(talk.town.store)
    await talk.town.decide(await talk.case_of(held), decision="redact")
    assert [(await talk.one(one)).number for one in (clean, held)] == [2, 3]
    assert "0912" not in "".join(await talk.shown(thread_id))
    async with talk.town.store.transaction() as db:
        await forum.refuse(db, await remarks.one(db, clean.key))
    last = await talk.reply(thread_id, "Ở chỗ tôi cũng vậy.")
    await work.settle_received(talk.town.store)
    assert (await talk.one(last)).number == 4
    assert (await talk.row(thread_id)).many == 3


async def test_what_is_taken_down_is_gone_from_page_and_search_and_its_readers_hear_of_it(talk: Talk) -> None:
    thread_id = await talk.thread()
    said = await talk.reply(thread_id, "Quýt làm cam chịu là chuyện ở xã bên.")
    await work.settle_received(talk.town.store)
    assert await talk.found("quyt lam cam chiu") == [said.key]
    async with talk.town.store.transaction() as db:
        await forum.refuse(db, await remarks.one(db, said.key))
    assert await talk.found("quyt lam cam chiu") == []
    assert len(await talk.shown(thread_id)) == 1
    assert (await talk.town.facts(f"thread:{thread_id}"))[-1] == "remark.hidden"
    async with talk.town.store.transaction() as db:
        await forum.accept(db, await remarks.one(db, said.key))
    assert len(await talk.shown(thread_id)) == 2
    assert await talk.found("quyt lam cam chiu") == [said.key]


async def test_a_thread_is_as_public_as_what_opens_it(talk: Talk) -> None:
    thread_id = await talk.thread()
    async with talk.town.store.transaction() as db:
        _, opening = await forum.seen_by(db, PUBLIC, thread_id)
        await forum.refuse(db, opening)
    async with talk.town.store.reading() as db:
        with pytest.raises(NotFound):
            await forum.seen_by(db, PUBLIC, thread_id)


async def test_a_post_that_is_changed_while_it_is_read_is_not_let_in_with_the_old_decision(talk: Talk) -> None:
    made = await talk.open(LOOKED_AT)
    case_id = await talk.case_of(made)
    async with talk.town.store.transaction() as db:
        policy = await review.policies.policy_of(db, Said.POST)
        assert policy.undo_for.total_seconds() == 0
        decided = await cases.decide(db, case_id, talk.town.id("moderator"), 1, "accept", None, None, talk.town.clock())
        talk.town.clock.move(1)
        await remarks.edit(db, await remarks.one(db, made.key), Submission(TITLE, "Lời khác hẳn."), by=made.author_id)
        with pytest.raises(Conflict, match="case_changed"):
            await consequences.carry_out(db, decided)
    assert await talk.shown(made.place_id) == []


async def test_what_readers_had_before_an_edit_is_kept(talk: Talk) -> None:
    thread_id = await talk.thread()
    async with talk.town.store.transaction() as db:
        _, opening = await forum.seen_by(db, PUBLIC, thread_id)
        await remarks.edit(db, opening, Submission(TITLE, "Tôi viết lại cho rõ hơn."), by=opening.author_id)
    async with talk.town.store.reading() as db:
        kept = await revisions.of(db, remarks.TABLE, opening.key)
    assert [one.content["body"] for one in kept] == [BODY]
    assert await talk.shown(thread_id) == ["Tôi viết lại cho rõ hơn."]
    assert await talk.found("viet lai cho ro") == [opening.key]


async def test_nobody_writes_in_a_closed_thread_but_what_waited_still_comes_in(talk: Talk) -> None:
    thread_id = await talk.thread()
    before = await talk.reply(thread_id, "Tôi gửi trước khi đóng.")
    async with talk.town.store.transaction() as db:
        await forum.close(db, talk.town["moderator"], await forum.one(db, thread_id), "Đã có kết luận.")
    with pytest.raises(Refused, match="thread_closed"):
        await talk.reply(thread_id, "Tôi đến muộn.")
    await work.settle_received(talk.town.store)
    assert (await talk.one(before)).moderation == Moderation.ACCEPTED


async def test_an_answer_to_what_readers_do_not_see_is_refused(talk: Talk) -> None:
    thread_id = await talk.thread()
    with pytest.raises(Refused, match="answers_nothing"):
        await talk.reply(thread_id, "Tôi đồng ý.", reply_to=7)


@pytest.mark.parametrize("decision", ["merge", "return"])
async def test_a_post_goes_to_no_agency_and_into_no_other_text(talk: Talk, decision: str) -> None:
    made = await talk.open(LOOKED_AT)
    with pytest.raises(Refused, match="wrong_value"):
        await talk.town.decide(await talk.case_of(made), decision=decision, target="1", reason="off_topic")


async def test_a_denunciation_in_a_thread_is_sealed_and_can_be_forgotten(talk: Talk) -> None:
    made = await talk.open(LOOKED_AT)
    await talk.town.decide(await talk.case_of(made), decision="seal")
    assert ((await talk.one(made)).moderation, (await talk.one(made)).sealed) == (Moderation.REFUSED, True)
    async with talk.town.store.reading() as db:
        with pytest.raises(NotFound):
            await remarks.seen_by(db, talk.town["moderator"], made.key)
        assert not (await db.exec(select(Remark).where(Remark.id == made.key, col(Remark.number).is_not(None)))).first()
