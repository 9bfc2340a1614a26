"""Covering what should not be public, and sealing what is recognised as a denunciation."""

import pytest
from sqlmodel import select

from engage import lists, mails, revisions
from engage.lists import Filters, Order, Which
from engage.notices import Notice
from engage.redactions import COVER, covered
from engage.settings import load
from engage.web.templates import Templates, folder
from moderation.screening import Span
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
