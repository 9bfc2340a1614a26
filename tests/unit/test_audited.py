"""Promises of the audit's reach: whoever decides something, or changes what others work by, leaves a row with their mark."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select

from engage import absences, audit, clarifications, questions, shares
from engage.audit import Audit
from tests.unit.asker import WORDS, clarify, reply
from tests.unit.test_directory import TOPIC, TOPICS, edit
from tests.unit.test_documents import a_document
from tests.unit.test_documents import keep as keep_document
from tests.unit.test_in_place import keep as keep_snippet
from tests.unit.test_officials import away, through
from tests.unit.test_shares import asked, decline, give
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
HELD = "Cơ quan các ông toàn một lũ khốn nạn ăn hại, đồ chó má."


async def _shares(town: Town) -> None:
    share = await asked(town)
    await give(town, share, town["elsewhere_official"])
    async with town.store.transaction() as db:
        text = await questions.one(db, share.thing_id)
        await shares.name(db, town["official"], text, await shares.one(db, share.key), named=True)


async def _declined_share(town: Town) -> None:
    await decline(town, await asked(town), town["elsewhere_official"])


async def _withdrawn_share(town: Town) -> None:
    share = await asked(town)
    async with town.store.transaction() as db:
        text = await questions.one(db, share.thing_id)
        await shares.withdraw(db, town["official"], text, await shares.one(db, share.key))


async def _absence(town: Town) -> None:
    absence = await away(town, "official", "second_official", through(town, 3))
    async with town.store.transaction() as db:
        await absences.end(db, town["official"], absence.key)


async def _clarification(town: Town) -> None:
    question_id = await town.taken()
    row_id = await clarify(town, question_id)
    for decide in ("hand_back", "pass_on"):
        await reply(town, question_id, HELD)
        async with town.store.transaction() as db:
            row = await clarifications.one(db, row_id)
            await (
                clarifications.hand_back(db, town["moderator"], row, WORDS)
                if decide == "hand_back"
                else clarifications.pass_on(db, town["moderator"], row)
            )


async def _document(town: Town) -> None:
    await keep_document(town, a_document())


async def _snippet(town: Town) -> None:
    await keep_snippet(town)


async def _directory(town: Town) -> None:
    await edit(town, TOPICS, TOPIC, name_vi="Bảo hiểm")


DONE: dict[str, tuple[Callable[[Town], Awaitable[None]], list[tuple[str, str]]]] = {
    "a share": (
        _shares,
        [("official", "share.asked"), ("elsewhere_official", "share.given"), ("official", "share.named")],
    ),
    "a share declined": (_declined_share, [("official", "share.asked"), ("elsewhere_official", "share.declined")]),
    "a share withdrawn": (_withdrawn_share, [("official", "share.asked"), ("official", "share.withdrawn")]),
    "an absence": (_absence, [("coordinator", "absence.begun"), ("official", "absence.ended")]),
    "a clarification": (
        _clarification,
        [
            ("official", "clarification.asked"),
            ("moderator", "clarification.handed_back"),
            ("moderator", "clarification.passed_on"),
        ],
    ),
    "a document": (_document, [("moderator", "document.changed")]),
    "a snippet": (_snippet, [("coordinator", "snippet.changed")]),
    "the directory": (_directory, [("administrator", "row.changed")]),
}


@pytest.mark.parametrize("what", DONE)
async def test_what_is_done_leaves_a_row_with_the_mark_of_who_did_it(town: Town, what: str) -> None:
    act, expected = DONE[what]
    await act(town)
    kinds = {kind for _, kind in expected}
    async with town.store.reading() as db:
        rows = (await db.exec(select(Audit).where(col(Audit.kind).in_(kinds)).order_by(col(Audit.id)))).all()
        marks = {await audit.mark_of(db, town.id(who)): who for who, _ in expected}
    assert [(marks.get(row.actor), row.kind) for row in rows] == expected
    assert all(row.ids or row.reason for row in rows)
