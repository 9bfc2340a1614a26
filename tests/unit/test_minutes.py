"""Promises of the minutes: they say what readers see and nothing else, in every form the same, and somebody else approves them."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from engage import dialogues, docx, figures, minutes, paper, polling, polls, proceedings, questions, replies, staging
from engage.dialogues import Dialogue, Stage
from engage.errors import Conflict, NotAllowed, Refused
from engage.figures import Course
from engage.marking import Mark
from engage.minutes import State
from engage.paper import Heading, Paragraph
from engage.proceedings import Proceedings
from engage.web.dialogues import papers, schema, shaped
from engage.web.dialogues.minuted import Minuted
from engage.web.language import Translator
from engage.web.templates import folder
from engage.web.views import Directory, View
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


async def held(town: Town, *answers: str) -> tuple[Hall, list[int]]:
    """A dialogue that is over, with so many questions answered in it, and minutes drafted."""
    hall = await opened(town, Stage.LIVE)
    asked = []
    for place, text in enumerate(answers):
        question_id = await hall.ask(group=place % 2)
        await hall.stage(question_id, instead_of=asked[-1] if asked else None)
        await hall.answer(question_id, text)
        asked.append(question_id)
    await hall.to(Stage.ENDED)
    async with town.store.transaction() as db:
        await minutes.draft(db, hall["moderator"], await dialogues.one(db, hall.id))
    return hall, asked


async def read(hall: Hall) -> Proceedings:
    async with hall.town.store.reading() as db:
        return await proceedings.of(db, await dialogues.one(db, hall.id))


def minuted(language: str = "vi") -> Minuted:
    view = View(Translator(language, folder() / "locale"), Directory.of([], [], []))
    return Minuted(view, lambda path: "https://hoi.example.vn" + path)


def words(hall: Proceedings) -> str:
    return in_page(papers.html(minuted().blocks(hall)))


def in_page(html: str) -> str:
    """Every word of a page, in its order."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def in_file(file: bytes) -> str:
    body = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml"))
    return " ".join(" ".join(text.text or "" for text in body.iter(f"{W}t")).split())


def file_of(hall: Proceedings) -> bytes:
    at = hall.minutes.written_at
    return docx.written(minuted().blocks(hall), title="Biên bản", subject="Đối thoại", language="vi", at=at)


@pytest.mark.anyio
async def test_a_question_that_is_hidden_later_is_gone_from_all_forms_at_once(town: Town) -> None:
    hall, asked = await held(town, "Có, từ tháng sau.", "Không, phải chờ đủ mười hai tháng.")
    before = await read(hall)
    assert [item.question.id for item in before.items] == asked
    assert "Có, từ tháng sau." in words(before)
    async with town.store.transaction() as db:
        question = await questions.one(db, asked[0])
        question.moderation = "hidden"
        db.add(question)
    after = await read(hall)
    assert [item.question.id for item in after.items] == asked[1:]
    for form in (words(after), in_file(file_of(after)), str(shaped.json_of(after, minuted()))):
        assert "Có, từ tháng sau." not in form
        assert "Không, phải chờ đủ mười hai tháng." in form


@pytest.mark.anyio
async def test_the_file_says_the_words_of_the_page(town: Town) -> None:
    hall, _ = await held(town, "Có & không <chưa>.\n\nXem https://vbpl.vn/41?a=1&b=2 nhé.\nDòng hai.", "Được ạ.")
    async with town.store.transaction() as db:
        dialogue, written = await dialogues.one(db, hall.id), await minutes.one(db, hall.id)
        text = "Mở đầu **quan trọng**:\n\n1. Ý một\n2. Ý hai\n\n### Nhỏ\n\n- Một\n- Hai"
        await minutes.edit(db, hall["moderator"], dialogue, written, written.version, text, "Lời kết.")
    now = await read(hall)
    assert words(now) == in_file(file_of(now))
    assert file_of(now) == file_of(now)


@pytest.mark.anyio
async def test_a_poll_stands_in_every_form_with_its_figures_and_without_them_of_fewer_than_ten(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, few, gone = [
        await _poll(hall, f"Bạn nộp ở đâu, lần {one}?", voters) for one, voters in enumerate((12, 9, 12))
    ]
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        poll = await polling.one(db, dialogue, gone)
        await polling.withdraw(db, hall["coordinator"], dialogue, poll, "Hỏi nhầm buổi.")
    await hall.to(Stage.ENDED)
    async with town.store.transaction() as db:
        await minutes.draft(db, hall["moderator"], await dialogues.one(db, hall.id))
    now = await read(hall)
    assert [(one.poll.key, one.voters) for one in now.results] == [(first, 12), (few, None)]
    for form in (words(now), in_file(file_of(now))):
        assert "Bạn nộp ở đâu, lần 0? (12 người tham gia) Lựa chọn Số lượt chọn Trên mạng 12 Tại trụ sở 0" in form
        assert "Bạn nộp ở đâu, lần 1?: Ít hơn 10 người tham gia nên không nêu kết quả." in form
        assert "lần 2?" not in form
    said = shaped.json_of(now, minuted())["polls"]
    assert [(one["voters"], len(one["choices"])) for one in said] == [(12, 2), (None, 0)]


async def _poll(hall: Hall, asked: str, voters: int) -> int:
    """Open, and so many have chosen the first; the end of the dialogue closes it."""
    async with hall.town.store.transaction() as db:
        host, dialogue = hall["coordinator"], await dialogues.one(db, hall.id)
        poll = await polling.make(db, host, dialogue, asked, ["Trên mạng", "Tại trụ sở"], several=False)
        await polling.open_(db, host, dialogue, poll)
        first = (await polls.choices(db, [poll.key]))[poll.key][0].key
        await polling.mark(db, [Mark(poll.key, f"v:{one}", frozenset({first})) for one in range(voters)])
    return poll.key


@pytest.mark.anyio
async def test_a_draft_of_a_reply_is_nobodys_to_read(town: Town) -> None:
    hall, asked = await held(town, "Có, từ tháng sau.")
    await hall.type(asked[0], "Chữ đang gõ dở.")
    assert "Chữ đang gõ dở." not in words(await read(hall))


@pytest.mark.anyio
async def test_a_correction_is_shown_with_its_time_and_reason(town: Town) -> None:
    hall, asked = await held(town, "Có, từ tháng sau.")
    reply = await hall.type(asked[0], "Có, từ tháng Ba.")
    async with town.store.transaction() as db:
        dialogue, again = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, again, again.version, reason="Nói nhầm tháng.")
    said = words(await read(hall))
    assert "Lý do: Nói nhầm tháng." in said
    assert "Có, từ tháng Ba." in said
    assert "Có, từ tháng sau." not in said


@pytest.mark.anyio
async def test_what_is_left_out_is_in_no_form_and_comes_back(town: Town) -> None:
    hall, _ = await held(town, "Có, từ tháng sau.", "Được ạ.")
    for left_out, times in ((True, 1), (False, 2)):
        async with town.store.transaction() as db:
            dialogue, written = await dialogues.one(db, hall.id), await minutes.one(db, hall.id)
            entry = (await minutes.entries(db, written.key))[0]
            await minutes.edit_entry(
                db,
                hall["moderator"],
                dialogue,
                written,
                entry,
                written.version,
                title="",
                place=0,
                left_out=left_out,
            )
        assert len((await read(hall)).items) == times


@pytest.mark.anyio
async def test_somebody_who_wrote_none_of_it_approves(town: Town) -> None:
    hall, _ = await held(town, "Có, từ tháng sau.")
    async with town.store.transaction() as db:
        dialogue, written = await dialogues.one(db, hall.id), await minutes.one(db, hall.id)
        with pytest.raises(Refused, match="minutes_not_approved"):
            await staging.publish(db, hall["moderator"], dialogue)
        await minutes.send(db, hall["moderator"], dialogue, written, written.version)
        with pytest.raises(Refused, match="approver_is_author"):
            await minutes.approve(db, hall["moderator"], dialogue, written, written.version)
        with pytest.raises(NotAllowed):
            await minutes.approve(db, hall["official"], dialogue, written, written.version)
        with pytest.raises(Conflict, match="minutes_changed"):
            await minutes.approve(db, hall["colleague"], dialogue, written, written.version - 1)
        await minutes.approve(db, hall["colleague"], dialogue, written, written.version)
        assert written.state == State.APPROVED
        await staging.publish(db, hall["moderator"], dialogue)
    assert (await hall.dialogue()).stage == Stage.PUBLISHED


@pytest.mark.anyio
async def test_figures_count_what_readers_see(town: Town) -> None:
    hall, _ = await held(town, "Có, từ tháng sau.", "Được ạ.")
    found = (await read(hall)).figures
    assert (found.asked, found.live, found.answered_live, found.waiting) == (2, 2, 2, 0)
    assert sum(asked for _, asked, _ in found.by_group) == 2


def test_what_was_asked_before_it_began_waits_from_its_beginning() -> None:
    at = datetime(2026, 11, 26, 1, tzinfo=UTC)
    dialogue = Dialogue(
        title="", starts_at=at, ends_at=at + timedelta(hours=2), created_by=1, created_at=at, started_at=at
    )
    asked = Course(1, 1, None, True, at - timedelta(days=3), at + timedelta(minutes=10))
    later = replace(asked, question_id=2, answered_at=at + timedelta(days=1))
    found = figures.counted([asked, later, replace(asked, answered_at=None)], dialogue, 7)
    assert found.median_time == timedelta(minutes=10)
    assert (found.advance, found.answered_live, found.answered_later, found.waiting) == (3, 1, 1, 1)
    assert sum(slot.answered for slot in found.over_time) == 1


def test_each_numbered_list_begins_at_one() -> None:
    blocks = paper.parsed("<ol><li>a</li><li>b</li></ol><p>c</p><ol><li>d</li></ol><h3>e</h3>")
    assert [(one.style, one.listed) for one in blocks if isinstance(one, Paragraph)] == [
        ("number", 1),
        ("number", 1),
        ("body", 0),
        ("number", 2),
    ]
    assert blocks[-1] == Heading("e", 4)
    assert str(papers.html(blocks)).count("<ol>") == 2


def test_a_file_names_no_author_and_takes_any_letter() -> None:
    at = datetime(2026, 11, 26, tzinfo=UTC)
    file = docx.written([paper.line('ỄỘẨ \x0b<&>"')], title="<Ễ>", subject="&", language="vi", at=at)
    packed = zipfile.ZipFile(io.BytesIO(file))
    for name in packed.namelist():
        ElementTree.fromstring(packed.read(name))
    core = packed.read("docProps/core.xml").decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert in_file(file) == 'ỄỘẨ <&>"'


def test_what_stands_in_schema_org_cannot_end_its_element() -> None:
    said = str(schema.block({"name": "</script><b>&"}))
    assert said.count("</script>") == 1
    assert "<b>" not in said
