"""Promises of the list of legal documents: one number is one document, every change is kept, and a pasted list is shown first."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage import answers, document_lists, documents, revisions
from engage.answering import CitationForm
from engage.documents import DocumentForm, State, key_of
from engage.errors import NotAllowed, Refused
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
OLD, NEW = "58/2014/QH13", "41/2024/QH15"


def a_document(**changes: object) -> DocumentForm:
    return DocumentForm.model_validate(
        {"number": "12/2030/NĐ-CP", "title": "Nghị định về việc thử", "active": True, **changes}
    )


async def keep(town: Town, form: DocumentForm, who: str = "moderator", number: str = "") -> int:
    async with town.store.transaction() as db:
        stored = await documents.by_number(db, number) if number else None
        return (await documents.keep(db, town[who], stored, form)).id or 0


@pytest.mark.parametrize("typed", ["41/2024/QH15", " 41/2024/qh15", "Số 41/2024/QH15", "41 / 2024 / QH15"])
async def test_a_number_is_found_however_it_is_typed(town: Town, typed: str) -> None:
    async with town.store.reading() as db:
        known = await documents.named(db, typed)
    assert known is not None
    assert (known.number, known.title) == (NEW, "Luật Bảo hiểm xã hội")


@given(st.text(max_size=200))
def test_a_key_is_short_and_in_one_piece(text: str) -> None:
    assert not any(char.isspace() for char in key_of(text))
    assert len(key_of(text)) <= 60


async def test_a_law_that_ended_names_its_successor(town: Town) -> None:
    async with town.store.reading() as db:
        old = await documents.named(db, OLD)
    assert old is not None
    assert (old.on(date(2025, 6, 30)), old.on(date(2025, 7, 1))) == (State.IN_FORCE, State.ENDED)
    assert old.successor is not None
    assert old.successor.number == NEW
    assert old.on(date(2015, 12, 31)) is State.NOT_YET


async def test_documents_are_found_by_words_without_tone_marks(town: Town) -> None:
    async with town.store.reading() as db:
        found = await documents.found(db, "bao hiem xa hoi", 50)
        assert {NEW, OLD} <= {row.number for row in found}
        assert await documents.found(db, "100%_", 50) == []
        first, *_ = await documents.found(db, "luat", 1)
        assert first.id not in {row.id for row in await documents.found(db, "luat", 50, after=first.id or 0)}


async def test_only_the_portal_desk_keeps_the_list(town: Town) -> None:
    for who in ("official", "coordinator", "approver"):
        with pytest.raises(NotAllowed):
            await keep(town, a_document(), who)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": "41 / 2024 / qh15"}, "document_known"),
        ({"replaced_by": "999/1999/QH9"}, "document_unknown"),
        ({"replaced_by": "12/2030/nđ-cp"}, "document_unknown"),
        ({"in_force_from": "2/1/2030", "in_force_until": "1/1/2030"}, "document_ends_before_it_begins"),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(town: Town, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await keep(town, a_document(**changes))


async def test_a_document_does_not_replace_itself(town: Town) -> None:
    await keep(town, a_document())
    with pytest.raises(Refused, match="document_replaces_itself"):
        await keep(town, a_document(replaced_by="12/2030/NĐ-CP"), number="12/2030/NĐ-CP")


async def test_every_change_is_kept_with_who_made_it_and_known_at_once(town: Town) -> None:
    document_id = await keep(town, a_document())
    async with town.store.reading() as db:
        assert (await documents.known(db))["12/2030/nd-cp"].ends is None
    await keep(town, a_document(in_force_until="31/12/2031", replaced_by=NEW), "colleague", "12/2030/NĐ-CP")
    async with town.store.reading() as db:
        kept = await revisions.of(db, documents.KIND, document_id)
        assert (await documents.known(db))["12/2030/nd-cp"].ends == date(2031, 12, 31)
    assert [one.by for one in kept] == [town.id("moderator"), town.id("colleague")]
    assert (kept[0].content["in_force_until"], kept[1].content["in_force_until"]) == (None, "2031-12-31")


async def test_a_citation_takes_title_and_link_from_the_list_unless_typed(town: Town) -> None:
    await keep(town, a_document(link="https://vanban.example/12"))
    cited = (
        CitationForm(number="12/2030/nđ-cp"),
        CitationForm(number=NEW, title="Tên tự ghi"),
        CitationForm(number="x1"),
    )
    question_id = await town.drafted(citations=cited)
    async with town.store.reading() as db:
        rows = await answers.citations_of(db, await town.draft(question_id))
    assert [(row.title, row.link) for row in rows] == [
        ("Nghị định về việc thử", "https://vanban.example/12"),
        ("Tên tự ghi", ""),
        ("", ""),
    ]


# Pasted lists

PASTED = """number;title;in_force_until;replaced_by
41/2024/QH15;Luật Bảo hiểm xã hội;;
58/2014/QH13;Luật Bảo hiểm xã hội (cũ);;41/2024/QH15
1/2031/QH16;Luật mới thêm vào;31/12/2040;2/2031/QH16
2/2031/QH16;Luật đứng sau;;
3/2031/QH16;Luật có ngày sai;hôm qua;
1/2031/qh16;Luật dán hai lần;;
4/2031/QH16;Luật thay bằng cái không có;;9/9/9"""


async def test_a_pasted_list_says_of_each_line_what_it_would_do_and_writes_nothing(town: Town) -> None:
    async with town.store.reading() as db:
        before = len(await documents.known(db))
        lines = await document_lists.read(db, PASTED)
        assert len(await documents.known(db)) == before
    assert [line.kind for line in lines] == ["same", "changed", "added", "added", "bad", "bad", "bad"]
    assert lines[1].changes["title"] == ("Luật Bảo hiểm xã hội", "Luật Bảo hiểm xã hội (cũ)")
    assert [line.faults[0] for line in lines[4:]] == [
        ("in_force_until", "date_wrong"),
        ("number", "document_known"),
        ("replaced_by", "document_unknown"),
    ]


async def test_only_lines_that_can_be_read_are_taken_and_a_column_left_out_keeps_what_is_stored(town: Town) -> None:
    async with town.store.transaction() as db:
        assert await document_lists.take(db, town["moderator"], PASTED) == 3
    async with town.store.reading() as db:
        known = await documents.known(db)
        law = await documents.by_number(db, OLD)
        assert (await document_lists.read(db, PASTED))[2].kind == "same"
    assert law is not None
    assert (law.title, law.issuer) == ("Luật Bảo hiểm xã hội (cũ)", "Quốc hội")
    successor = known["1/2031/qh16"].successor
    assert successor is not None
    assert successor.number == "2/2031/QH16"
    assert "4/2031/qh16" not in known


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "document_import_empty"),
        ("number,title", "document_import_empty"),
        ("số,tên\n1,2", "document_import_columns"),
        ("number,title\n" + "1/1,Tên văn bản\n" * 1001, "document_import_large"),
    ],
)
async def test_a_list_that_is_none_is_refused_in_words(town: Town, text: str, reason: str) -> None:
    async with town.store.reading() as db:
        with pytest.raises(Refused, match=reason):
            await document_lists.read(db, text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_of_lists(text: str) -> None:
    with suppress(Refused):
        document_lists._rows(f"number,title\n{text}")
