"""Promises of both ways of working: the portal desk types and approves only where the agency cannot; no approver wrote a line."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from engage import (
    access,
    answers,
    approvals,
    assignments,
    in_place,
    likenesses,
    questions,
    snippets,
    transcripts,
    translations,
)
from engage.access import Accounts, Actor
from engage.agencies import Agency, Membership, Post
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.questions import Question
from engage.snippets import SnippetForm
from engage.translations import TranslationForm
from tests.unit.town import FINANCE, HEALTH, INSURANCE, Town, an_answer

pytestmark = pytest.mark.anyio
LETTER = {"letter_number": "1234/BTC-VP", "letter_date": "20/11/2026"}
PEOPLE = st.frozensets(st.integers(1, 6))


async def on_paper(town: Town) -> int:
    """A question of an agency without accounts, accepted on its behalf."""
    question_id = await town.accepted(FINANCE)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["moderator"], await questions.one(db, question_id))
    return question_id


async def approve(town: Town, question_id: int, who: str) -> None:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        draft = await answers.draft_of(db, question)
        await approvals.approve(db, town[who], question, draft.version if draft else 0)


async def listed(town: Town) -> tuple[list[int], list[int]]:
    async with town.store.reading() as db:
        waiting = await in_place.waiting(db)
    return [one.key for one in waiting.to_type], [one.key for one in waiting.to_approve]


async def test_a_signed_letter_is_typed_by_one_moderator_and_approved_by_another(town: Town) -> None:
    question_id = await on_paper(town)
    assert await listed(town) == ([question_id], [])
    await town.write(question_id, "moderator", 0, **LETTER)
    await town.send(question_id, "moderator")
    assert await listed(town) == ([], [question_id])
    with pytest.raises(Refused, match="approver_is_author"):
        await approve(town, question_id, "moderator")
    await approve(town, question_id, "colleague")
    given = await town.draft(question_id)
    async with town.store.reading() as db:
        letter = await transcripts.of(db, given.key)
    assert letter is not None
    assert (letter.number, letter.typed_by, given.by_desk) == ("1234/BTC-VP", town.id("moderator"), True)


async def test_a_letter_without_number_or_date_is_not_sent(town: Town) -> None:
    question_id = await on_paper(town)
    await town.write(question_id, "moderator", 0, letter_number="12")
    with pytest.raises(Refused, match="letter_missing"):
        await town.send(question_id, "moderator")


async def test_the_portal_desk_types_nothing_for_an_agency_that_can(town: Town) -> None:
    question_id = await town.taken()
    with pytest.raises(NotAllowed):
        await town.write(question_id, "moderator", 0, **LETTER)
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await in_place.one(db, town["moderator"], question_id)


async def test_an_agency_that_takes_no_new_questions_still_types_and_approves_its_own(town: Town) -> None:
    question_id = await town.sent_for_approval()
    async with town.store.transaction() as db:
        await db.exec(sa.update(Agency).where(col(Agency.slug) == INSURANCE).values(answers=False))
    with pytest.raises(NotAllowed):
        await approve(town, question_id, "colleague")
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await in_place.one(db, town["moderator"], question_id)
    await approve(town, question_id, "approver")


async def test_an_agency_with_one_account_is_approved_by_the_portal_desk(town: Town) -> None:
    """The coordinator of this town's health ministry stays alone."""
    async with town.store.transaction() as db:
        for name in ("elsewhere_official", "elsewhere_approver"):
            for post in Post:
                row = await db.get(Membership, (town.id(name), town.agencies[HEALTH], post))
                if row is not None:
                    await db.delete(row)
    question_id = await town.accepted(HEALTH)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["elsewhere"], await questions.one(db, question_id))
    await town.write(question_id, "elsewhere", 0)
    await town.send(question_id, "elsewhere")
    assert await listed(town) == ([], [question_id])
    await approve(town, question_id, "colleague")
    given = await town.draft(question_id)
    async with town.store.reading() as db:
        assert await transcripts.of(db, given.key) is None
    assert (given.by_desk, given.approved_by) == (True, town.id("colleague"))


@given(PEOPLE, PEOPLE, PEOPLE, st.integers(1, 6), st.booleans())
def test_the_portal_desk_stands_in_exactly_where_nobody_else_is_left(
    writing: frozenset[int], approving: frozenset[int], wrote: frozenset[int], me: int, is_moderator: bool
) -> None:
    text = Question(agency_id=1)
    actor, accounts = Actor(person_id=me, is_moderator=is_moderator), Accounts(writing, approving)
    assert access.can_transcribe(actor, text, accounts) == (is_moderator and not writing)
    assert access.can_approve_for(actor, text, accounts, wrote) == (is_moderator and not approving - wrote)
    text.sealed = True
    assert not access.can_transcribe(actor, text, accounts)
    assert not access.can_approve_for(actor, text, accounts, wrote)


# English


def english(**changes: Any) -> TranslationForm:
    whole = {"short": "Yes, after twelve months.", "full": "Under Article 70 it is paid out once, on request [1]."}
    return TranslationForm.model_validate({**whole, **changes})


async def translate(town: Town, question_id: int, who: str, version: int = 0) -> None:
    async with town.store.transaction() as db:
        await translations.write(db, town[who], await questions.one(db, question_id), english(version=version))


async def approve_translation(town: Town, question_id: int, who: str, version: int = 1) -> None:
    async with town.store.transaction() as db:
        await translations.approve(db, town[who], await questions.one(db, question_id), version)


@pytest.mark.parametrize(
    ("writer", "by_desk", "judge"), [("official", False, "approver"), ("moderator", True, "colleague")]
)
async def test_a_translation_is_written_by_one_and_approved_by_another(
    town: Town, writer: str, by_desk: bool, judge: str
) -> None:
    question_id = await town.answered()
    await translate(town, question_id, writer)
    given = await town.draft(question_id)
    async with town.store.reading() as db:
        assert await translations.shown(db, given) is None
    if writer == "moderator":
        with pytest.raises(Refused, match="approver_is_author"):
            await approve_translation(town, question_id, writer)
    with pytest.raises(Conflict):
        await approve_translation(town, question_id, judge, version=2)
    await approve_translation(town, question_id, judge)
    async with town.store.reading() as db:
        row = await translations.shown(db, given)
    assert row is not None
    assert (row.by_desk, row.answer_id) == (by_desk, given.id)


async def test_a_change_of_an_approved_translation_is_approved_anew(town: Town) -> None:
    question_id = await town.answered()
    await translate(town, question_id, "official")
    await approve_translation(town, question_id, "approver")
    with pytest.raises(Conflict, match="answer_changed"):
        await translate(town, question_id, "second_official")
    await translate(town, question_id, "second_official", 1)
    async with town.store.reading() as db:
        assert await translations.shown(db, await town.draft(question_id)) is None


async def test_only_the_agency_and_the_portal_desk_translate(town: Town) -> None:
    question_id = await town.answered()
    for who in ("approver", "elsewhere_official"):
        with pytest.raises(NotAllowed):
            await translate(town, question_id, who)


# Snippets, and answers like this


async def keep(town: Town, who: str = "coordinator", agency: str = INSURANCE, **changes: Any) -> int:
    form = {"name": "Nơi nộp", "text": "Nộp tại cơ quan nơi cư trú.", "active": True, **changes}
    async with town.store.transaction() as db:
        row = await snippets.keep(db, town[who], town.agencies[agency], SnippetForm.model_validate(form))
    return row.id or 0


async def test_a_snippet_is_offered_where_its_topic_is_and_only_in_its_agency(town: Town) -> None:
    everywhere, here, elsewhere = (
        await keep(town),
        await keep(town, topic="bao-hiem-xa-hoi"),
        await keep(town, topic="dang-phi"),
    )
    await keep(town, active=False)
    question = await town.question(await town.taken())
    async with town.store.reading() as db:
        offered = [row.id for row in await snippets.fitting(db, question.agency_id or 0, question.topic_id)]
        assert [row.id for row in await snippets.fitting(db, town.agencies[HEALTH], question.topic_id)] == []
    assert offered == [here, everywhere]
    assert elsewhere not in offered


async def test_only_the_agencys_coordinator_keeps_its_snippets(town: Town) -> None:
    snippet_id = await keep(town)
    for who in ("official", "approver", "elsewhere", "moderator"):
        with pytest.raises(NotAllowed):
            await keep(town, who)
    with pytest.raises(NotFound):
        await keep(town, "elsewhere", HEALTH, id=snippet_id)
    assert await keep(town, id=snippet_id, name="Nơi nộp hồ sơ") == snippet_id


async def test_answers_like_this_are_published_ones_with_their_citations(town: Town) -> None:
    answered, waiting, mine = await town.answered(), await town.sent_for_approval(), await town.taken()
    question = await town.question(mine)
    async with town.store.reading() as db:
        found = await likenesses.of(db, question, 4)
    assert [one.question_id for one in found] == [answered]
    assert waiting not in [one.question_id for one in found]
    assert [row.number for row in found[0].citations] == [an_answer().citations[0].number]
