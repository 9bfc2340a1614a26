"""Promises of answers that do not hold any more: every list says so, names what replaced them, and suggests them last."""

from datetime import datetime

import pytest
from sqlmodel import select

from engage import agencies, answers, approvals, lists, mails, questions, revising, revisions
from engage.answering import CitationForm
from engage.lists import Filters
from engage.notices import Kind, Notice
from engage.revising import OutdatedForm
from engage.settings import load as settings_of
from engage.web import load
from engage.web.templates import Templates, folder
from engage.web.views import Directory, View
from tests.unit.town import TITLE, Town

pytestmark = pytest.mark.anyio


@pytest.fixture
async def view(town: Town) -> View:
    async with town.store.reading() as db:
        return View(Templates(folder()).translators["vi"], Directory.of(await agencies.every_agency(db), [], []))


async def outdated(town: Town, question_id: int, newer: int | str = "") -> None:
    typed = {"outdated_on": "24/11/2026", "outdated_reason": "Luật mới thay thế luật cũ.", "newer": str(newer)}
    mark = OutdatedForm.model_validate(typed)
    async with town.store.transaction() as db:
        await revising.mark(db, town["coordinator"], await questions.one(db, question_id), mark)


async def unmarked(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await revising.mark(db, town["coordinator"], await questions.one(db, question_id), OutdatedForm())


async def changed(town: Town, *question_ids: int) -> list[datetime]:
    async with town.store.reading() as db:
        found = await revising.changes(db, question_ids)
    return [found[one] for one in question_ids]


async def test_an_answer_changes_for_readers_when_it_is_marked_and_when_the_mark_is_taken_away(town: Town) -> None:
    marked, other = await town.answered(), await town.answered()
    out = await changed(town, marked, other)
    town.clock.move(days=1)
    await outdated(town, marked)
    assert await changed(town, marked, other) == [town.clock.now, out[1]]
    town.clock.move(days=1)
    await unmarked(town, marked)
    assert await changed(town, marked, other) == [town.clock.now, out[1]]
    async with town.store.reading() as db:
        given = await answers.published(db, marked)
        kept = await revisions.of(db, revising.MARK, given.key if given else 0)
    assert [row.content["outdated_on"] for row in kept] == ["2026-11-24", None]


async def test_a_list_says_which_answer_does_not_hold_and_what_replaced_it(town: Town, view: View) -> None:
    old, alone, new = await town.answered(), await town.answered(), await town.answered()
    await outdated(town, old, new)
    await outdated(town, alone)
    async with town.store.reading() as db:
        shown = {line["id"]: line for line in await load.lines(db, view, await lists.listed(db, Filters(), 9))}
    assert [shown[one]["is_outdated"] for one in (old, alone, new)] == [True, True, False]
    assert shown[old]["newer"] == (f"/questions/{new}", TITLE)
    assert (shown[alone]["newer"], shown[new]["newer"]) == (None, None)


async def test_of_what_was_asked_before_an_answer_that_holds_is_suggested_first(town: Town, view: View) -> None:
    holds, old = await town.answered(), await town.answered()
    async with town.store.reading() as db:
        before = await load.suggested(db, view, TITLE, 2, 0.5)
    await outdated(town, int(before[0]["id"]))
    async with town.store.reading() as db:
        after = await load.suggested(db, view, TITLE, 2, 0.5)
    assert {holds, old} == {line["id"] for line in before}
    assert [line["id"] for line in after] == [line["id"] for line in before][::-1]


@pytest.mark.parametrize("is_cited", [True, False])
async def test_the_mail_speaks_of_documents_only_where_some_are_cited(town: Town, is_cited: bool) -> None:
    cited = (CitationForm(number="41/2024/QH15"),) if is_cited else ()
    question_id = await town.sent_for_approval(citations=cited)
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
        wanted = select(Notice).where(Notice.thing_id == question_id, Notice.kind == Kind.ANSWERED)
        notice = (await db.exec(wanted)).one()
        message = await mails.compose(db, notice, Templates(folder()), settings_of({"ENGAGE_PORT": "8000"}))
    assert message is not None
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert ("dẫn văn bản" in payload.decode()) is is_cited
