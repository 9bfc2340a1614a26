"""Covering what should not be public, and sealing what is recognised as a denunciation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from engage import lists, mails, revisions
from engage.errors import Refused
from engage.lists import Filters, Order, Which
from engage.notices import Notice
from engage.redactions import COVER, chosen, covered, preview
from engage.settings import load
from engage.web.templates import Templates, folder
from moderation.screening import Span, Submission
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
NUMBER = "0912345678"


def test_what_is_covered_stays_covered_wherever_spans_meet() -> None:
    text = "Gọi 0912345678 hoặc 0987654321 nhé"
    spans = [Span("body", 4, 14), Span("body", 20, 30)]
    assert covered(text, spans) == f"Gọi {COVER} hoặc {COVER} nhé"
    overlapping = covered(text, [Span("body", 4, 14), Span("body", 8, 14), Span("body", 4, 9)])
    assert not any(digit in overlapping for digit in ("0912", "5678"))
    assert overlapping.endswith(" hoặc 0987654321 nhé")


async def test_a_redacted_question_is_public_without_its_number_and_the_original_is_kept(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="redact")
    question = await town.question(question_id)
    assert question.moderation == "accepted"
    assert NUMBER not in question.body + question.body_html
    assert COVER in question.body_html
    async with town.store.reading() as db:
        found, _ = await lists.searched(db, NUMBER, Filters(which=Which.ALL), Order.BEST, 5, 1)
        kept = await revisions.of(db, "question", question_id)
    assert not found
    assert NUMBER in kept[0].content["body"]


async def test_what_is_refused_as_a_denunciation_is_sealed_and_not_quoted_in_the_mail(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="refuse", reason="denunciation")
    question = await town.question(question_id)
    assert question.sealed
    async with town.store.reading() as db:
        written = select(Notice).where(Notice.thing_id == question_id, Notice.kind == "refused")
        notice = (await db.exec(written)).one()
        message = await mails.compose(db, notice, Templates(folder()), load({"ENGAGE_PORT": "8000"}))
    assert message is not None
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert question.title not in payload.decode()


TEXT = Submission("Ông Bí làm sai", "Ông Bí ở ngõ 12. Ông Bí không trả lời.")


def test_typed_words_are_covered_where_they_first_stand_or_everywhere() -> None:
    first = chosen(TEXT, (), "Ông Bí", is_every=False)
    assert preview(TEXT, first) == Submission(f"{COVER} làm sai", TEXT.body)
    every = chosen(TEXT, (), "Ông Bí\n\nngõ 12", is_every=True)
    assert preview(TEXT, every) == Submission(f"{COVER} làm sai", f"{COVER} ở {COVER}. {COVER} không trả lời.")


@pytest.mark.parametrize("place", ["body:3", "body:5:2", "body:0:999", "name:0:3", "body:x:y", ":::", "body:-1:3"])
def test_a_place_that_is_not_in_the_text_is_refused(place: str) -> None:
    with pytest.raises(Refused):
        chosen(TEXT, [place], "", is_every=False)


def test_words_that_do_not_stand_there_are_named() -> None:
    with pytest.raises(Refused, match="words_not_in_the_text") as refused:
        chosen(TEXT, (), "Bà Bí", is_every=False)
    assert refused.value.figures == {"words": "Bà Bí"}


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6))
def test_however_spans_meet_nothing_covered_is_left_and_nothing_else_is_lost(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    spans = [Span("body", start, end) for start, end in pairs if start < end <= len(text)]
    kept = "".join(char for at, char in enumerate(text) if not any(span.start <= at < span.end for span in spans))
    assert covered(text, spans).replace(COVER, "") == kept.replace(COVER, "")
