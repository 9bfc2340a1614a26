"""Promises of citations: every `[2]` leads somewhere, a law that has ended is cited on purpose only, and finds the question."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import answers, approvals, migrate, questions, search, transcripts
from engage.answering import CitationForm
from engage.answers import Answer
from engage.db import now
from engage.deadlines import here
from engage.documents import Document, key_of
from engage.errors import Refused
from tests.unit.test_migrations import LANDED
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
LAW, DECREE = "41/2024/QH15", "158/2025/NĐ-CP"
LEADS = "Theo Luật Bảo hiểm xã hội [1] và nghị định hướng dẫn [2], người lao động nộp đơn tại nơi cư trú."


def cited(*numbers: str) -> dict[str, tuple[CitationForm, ...]]:
    return {"citations": tuple(CitationForm(number=number) for number in numbers)}


async def ended(town: Town, number: str, last: date) -> None:
    async with town.store.transaction() as db:
        await db.exec(sa.update(Document).where(col(Document.key) == key_of(number)).values(in_force_until=last))


async def found(town: Town, typed: str) -> list[int]:
    async with town.store.reading() as db:
        return list(await search.find(db, typed))


@pytest.mark.parametrize(
    ("numbers", "reason"), [((LAW,), "citation_missing"), ((), "citations_missing"), ((LAW, DECREE), "")]
)
async def test_a_text_that_leads_to_a_document_which_is_not_cited_is_not_sent(
    town: Town, numbers: tuple[str, ...], reason: str
) -> None:
    question_id = await town.drafted(full=LEADS, **cited(*numbers))
    if not reason:
        return await town.send(question_id)
    with pytest.raises(Refused, match=reason) as refused:
        await town.send(question_id)
    assert (refused.value.field, refused.value.figures["count"]) == ("full", len(numbers))
    return None


async def test_nor_is_it_approved(town: Town) -> None:
    question_id = await town.sent_for_approval(full=LEADS, **cited(LAW, DECREE))
    async with town.store.transaction() as db:  # as one that was sent before anybody looked
        await db.exec(sa.update(Answer).values(full=f"{LEADS} Xem thêm [3]."))
    with pytest.raises(Refused, match="citation_missing"):
        async with town.store.transaction() as db:
            await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)


async def test_a_law_that_has_ended_is_sent_only_on_purpose(town: Town) -> None:
    async with town.store.reading() as db:
        today = here(now(db))
    await ended(town, LAW, today.replace(year=today.year - 1))
    question_id = await town.drafted(**cited(LAW, LAW))
    with pytest.raises(Refused, match="citation_not_in_force") as refused:
        await town.send(question_id)
    assert (refused.value.field, refused.value.figures) == ("sure", {"numbers": LAW})
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        draft = await answers.draft_of(db, question)
        assert draft
        await answers.send_for_approval(db, town["official"], question, draft, is_sure=True)
    assert (await town.question(question_id)).answer == "in_approval"


@pytest.mark.parametrize("typed", [LAW, "41/2024/qh15", "luat bao hiem xa hoi 41/2024", DECREE, "158/2025/ND-CP"])
async def test_a_question_is_found_by_what_its_answer_cites(town: Town, typed: str) -> None:
    question_id = await town.sent_for_approval(**cited(LAW, DECREE))
    assert await found(town, typed) == []
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
    assert await found(town, typed) == [question_id]


async def test_what_was_answered_in_an_older_release_is_found_by_what_it_cites(town: Town) -> None:
    question_id = await town.answered()
    await migrate.down(town.store, LANDED)
    async with town.store.transaction() as db:
        await search.put(db, question_id, "Như bản cũ ghi")
    await migrate.up(town.store)
    assert await found(town, LAW) == [question_id]


async def test_a_question_is_found_by_the_number_of_the_letter_that_was_typed_in(town: Town) -> None:
    question_id = await town.sent_for_approval()
    draft = await town.draft(question_id)
    async with town.store.transaction() as db:
        await transcripts.note(db, draft.key, town.id("colleague"), "123/BXD-QLN", date(2026, 11, 20))
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
    assert await found(town, "123/BXD-QLN") == [question_id]
