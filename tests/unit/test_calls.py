"""Promises of calls to late agencies: written down with who and when, by the portal desk, about a text that an agency has."""

import pytest

from engage import calls, questions
from engage.errors import Conflict, NotAllowed, Refused
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio
SAID = "Chị Hà, phòng tiếp dân, hẹn trả lời ngày 02/12."


async def call(town: Town, question_id: int, who: str = "moderator", words: str = SAID) -> None:
    async with town.store.transaction() as db:
        await calls.note(db, town[who], await questions.one(db, question_id), words)


async def test_a_call_is_kept_with_who_called_whom_and_what_was_said(town: Town) -> None:
    question_id = await town.accepted()
    await call(town, question_id)
    await call(town, question_id, "colleague", "Không ai nghe máy.")
    async with town.store.reading() as db:
        newest, first = await calls.of(db, [question_id])
    assert (first.by, first.agency_id, first.words) == (town.id("moderator"), town.agencies[INSURANCE], SAID)
    assert newest.by == town.id("colleague")
    assert "agency.called" in await town.facts("review")


async def test_an_agency_does_not_write_down_calls_of_the_portal_desk(town: Town) -> None:
    question_id = await town.accepted()
    with pytest.raises(NotAllowed):
        await call(town, question_id, "coordinator")


async def test_a_call_says_something_and_is_about_a_text_that_an_agency_has(town: Town) -> None:
    question_id = await town.accepted()
    with pytest.raises(Refused, match="call_words_missing"):
        await call(town, question_id, words="gọi")
    held, _ = await town.held()
    with pytest.raises(Conflict):
        await call(town, held)
