"""Promises of what was covered: it can be looked back at by who is cleared, every time is noted, the last is taken back."""

import pytest
from sqlmodel import select

from engage import lists, questions, redactions, takedowns
from engage.audit import Audit
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.lists import Filters, Order, Which
from engage.redactions import COVER
from moderation.screening import Span
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
NUMBER, REASON = "0912345678", "Đây là số điện thoại của cơ quan."


async def covered(town: Town) -> int:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="redact")
    return question_id


async def uncover(town: Town, question_id: int, who: str = "cleared", reason: str = REASON) -> None:
    async with town.store.transaction() as db:
        await takedowns.uncover(db, town[who], await questions.one(db, question_id), reason)


async def cover_again(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await takedowns.cover(db, town["moderator"], question, [Span("title", 0, 3)])


async def times(town: Town, question_id: int) -> list[redactions.Redaction]:
    async with town.store.reading() as db:
        return await redactions.of(db, await questions.one(db, question_id))


async def test_each_time_names_who_covered_which_words(town: Town) -> None:
    question_id = await covered(town)
    await cover_again(town, question_id)
    first, second = await times(town, question_id)
    assert [one.by for one in (first, second)] == [town.id("moderator")] * 2
    assert [first.text.body[span.start : span.end] for span in first.spans] == [NUMBER]
    assert [second.text.title[span.start : span.end] for span in second.spans] == ["Tôi"]
    assert COVER in second.text.body


async def test_what_was_covered_by_mistake_shows_again_with_a_reason(town: Town) -> None:
    question_id = await covered(town)
    await uncover(town, question_id)
    question = await town.question(question_id)
    assert NUMBER in question.body
    assert COVER not in question.body_html
    (made,) = await times(town, question_id)
    assert made.taken_back_for == REASON
    async with town.store.reading() as db:
        found, _ = await lists.searched(db, NUMBER, Filters(which=Which.ALL), Order.BEST, 5, 1)
        noted = (await db.exec(select(Audit.kind))).all()
    assert [row.id for row in found] == [question_id]
    assert "question.uncovered" in noted
    assert "question.uncovered" in await town.facts(f"question:{question_id}")


async def test_only_the_last_time_is_taken_back_and_only_once(town: Town) -> None:
    question_id = await covered(town)
    await cover_again(town, question_id)
    await uncover(town, question_id)
    question = await town.question(question_id)
    assert question.title.startswith("Tôi")
    assert NUMBER not in question.body
    with pytest.raises(Conflict, match="changed_since_covered"):
        await uncover(town, question_id)


async def test_nothing_is_uncovered_under_a_text_that_changed_since(town: Town) -> None:
    question_id = await covered(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.body += " Thêm một câu."
        db.add(question)
    with pytest.raises(Conflict, match="changed_since_covered"):
        await uncover(town, question_id)


@pytest.mark.parametrize(("who", "reason"), [("moderator", REASON), ("coordinator", REASON), ("administrator", REASON)])
async def test_who_is_not_cleared_uncovers_nothing(town: Town, who: str, reason: str) -> None:
    question_id = await covered(town)
    with pytest.raises(NotAllowed):
        await uncover(town, question_id, who, reason)


async def test_uncovering_needs_a_reason(town: Town) -> None:
    question_id = await covered(town)
    with pytest.raises(Refused, match="reason_words_missing"):
        await uncover(town, question_id, reason="vì")


async def test_reading_an_original_is_noted_and_for_who_is_cleared(town: Town) -> None:
    question_id, plain = await covered(town), await town.accepted()
    async with town.store.transaction() as db:
        await takedowns.note_original_read(db, town["cleared"], await questions.one(db, question_id))
        for who, one in (("moderator", question_id), ("cleared", plain)):
            with pytest.raises(NotFound):
                await takedowns.note_original_read(db, town[who], await questions.one(db, one))
    async with town.store.reading() as db:
        noted = (await db.exec(select(Audit).where(Audit.kind == "question.original_read"))).all()
    assert [row.ids for row in noted] == [{"question": question_id}]
