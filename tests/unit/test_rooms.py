"""Promises of live rooms: each channel is told what is for it, of what is sealed nothing, and a snapshot is built once."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engage import questions, seals, takedowns
from engage.takedowns import HideForm
from engage.web import pieces
from engage.web.rooms import Rooms
from live import log
from tests.unit.leaks import DENUNCIATION
from tests.unit.test_leaks import opened, reading
from tests.unit.test_merges import merge
from tests.unit.town import INSURANCE, Town
from tests.unit.watching import TEMPLATES

pytestmark = pytest.mark.anyio
WORDS = {"html", "put", "rank"}


async def said(town: Town, channel: str, language: str = "vi") -> list[dict[str, Any]]:
    async with town.store.reading() as db:
        return await Rooms(TEMPLATES).say(db, await log.since(db, channel, 0), language)


async def sealed(town: Town) -> int:
    """On an agency's desk until somebody recognised it."""
    question_id = await town.taken()
    async with town.store.transaction() as db:
        await seals.seal(db, town["cleared"], await questions.one(db, question_id))
    return question_id


def types(told: list[Mapping[str, Any]]) -> set[str]:
    return {str(one["type"]) for one in told}


async def test_a_desk_hears_what_happened_and_never_a_word(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="refuse", reason="unclear")
    told = await said(town, "review")
    assert {"case.decided", "question.refused"} <= types(told)
    answered = await town.answered()
    told += await said(town, f"agency:{town.agencies[INSURANCE]}")
    assert {"answer.written", "answer.given"} <= types(told)
    assert {key for one in told for key in one["data"]} <= {"question", "case"}
    assert not any(WORDS & one.keys() for one in told)
    assert {question_id, answered} <= {one["data"].get("question") for one in told}


async def test_a_desk_goes_on_hearing_of_what_readers_see_no_more(town: Town) -> None:
    question_id = await town.taken()
    async with town.store.transaction() as db:
        await takedowns.hide(db, town["moderator"], await questions.one(db, question_id), HideForm(reason="unclear"))
    for channel in ("review", f"agency:{town.agencies[INSURANCE]}"):
        assert "question.hidden" in types(await said(town, channel))
    for channel in ("questions", f"question:{question_id}"):
        assert types(await said(town, channel)) == {"removed"}


async def test_of_what_is_sealed_a_desk_hears_only_that_it_is_gone(town: Town) -> None:
    question_id = await sealed(town)
    for channel in ("review", f"agency:{town.agencies[INSURANCE]}", "questions", f"question:{question_id}"):
        told = [one for one in await said(town, channel) if one["data"].get("question") == question_id]
        assert told
        assert types(told) == {"removed"}, channel
        assert not any(WORDS & one.keys() for one in told)


async def test_a_sealed_case_is_no_news_for_who_may_not_open_it(town: Town) -> None:
    question_id = await town.ask(body=DENUNCIATION)
    async with town.store.reading() as db:
        case = (await seals.cases.of(db, "question", question_id))[-1]
    await town.decide(case.id or 0, "cleared", decision="refuse", reason="denunciation")
    told = await said(town, "review")
    assert types(told) == {"removed"}
    # Each under the name of its own thing: what waits of another case must not be taken back with it.
    assert {one["thing"] for one in told} == {f"question:{question_id}", f"case:{case.id}"}


async def test_an_earlier_case_of_what_was_sealed_later_is_no_news_either(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept", agency=INSURANCE)
    assert "case.decided" in types(await said(town, "review"))
    async with town.store.transaction() as db:
        await seals.seal(db, town["cleared"], await questions.one(db, question_id))
    assert types(await said(town, "review")) == {"removed"}


async def test_an_asker_hears_everything_about_their_own_question(town: Town) -> None:
    question_id = await sealed(town)
    author_id = (await town.question(question_id)).author_id
    told = await said(town, f"person:{author_id}")
    assert {"assignment.accepted", "question.refused"} <= types(told)
    assert not any(WORDS & one.keys() for one in told)


async def test_of_many_facts_about_one_thing_the_last_brings_it(town: Town) -> None:
    question_id = await town.answered()
    for channel in ("questions", f"question:{question_id}"):
        told = await said(town, channel)
        assert len(told) > 3
        assert ["html" in one for one in told] == [False] * (len(told) - 1) + [True]
        assert {one["thing"] for one in told} == {f"question:{question_id}"}


async def test_what_was_merged_leaves_the_lists_and_keeps_its_page(town: Town) -> None:
    first, second = await town.accepted(), await town.accepted()
    await merge(town, first, second)
    assert (await said(town, "questions"))[-1] | {"thing": ""} == {
        "type": "question.merged",
        "data": {"question": first},
        "remove": f"question-{first}",
        "thing": "",
    }
    page = (await said(town, f"question:{first}"))[-1]
    assert (page["type"], page["put"]) == ("question.merged", f"question-{first}")
    assert (await said(town, f"question:{second}"))[-1]["put"] == f"question-{second}"


async def test_many_who_ask_for_a_snapshot_share_one_and_an_unchanged_one_costs_no_query(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, asked, make = list[int](), list[str](), pieces.question
    question_id = await town.answered()

    async def counted(db: Any, press: Any, key: int) -> Any:
        built.append(key)
        return await make(db, press, key)

    monkeypatch.setattr(pieces, "question", counted)
    sa.event.listen(town.store.engine.sync_engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    async with opened(town, tmp_path) as app, reading(app) as reader:
        path = f"/live/question/{question_id}/snapshot.json"
        answers = await asyncio.gather(*(reader.get(path) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert built == [question_id]
        asked.clear()
        tag = answers[0].headers["etag"]
        assert (await reader.get(path, headers={"if-none-match": tag})).status_code == 304
        assert (await reader.get(path)).content == answers[0].content
        assert asked == []
        await town.answered()  # elsewhere
        assert (await reader.get(path, headers={"if-none-match": tag})).status_code == 304
        assert (await reader.get(f"/en{path}")).headers["etag"] != tag
