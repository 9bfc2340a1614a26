"""One rendering a second is enough for all who only read; whoever is somebody never meets the cache."""

import asyncio
import re
import time

import pytest

from engage import questions, tallies
from engage.access import Moderation
from live import log
from tests.deploy import raw
from tests.deploy.behind import Behind
from tests.processes import outside
from tests.visitor import Visitor
from tests.web.people import People

pytestmark = pytest.mark.timeout(400)  # processes start slowly on a busy machine
CROWD = 200
STANDS = 1.5  # seconds after which a kept page is asked for anew, at most
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


def test_a_crowd_at_a_page_that_changed_costs_one_rendering_or_two(behind: Behind, people: People) -> None:
    behind.visitor().get("/questions")
    asked = people.accepted()
    before = behind.rendered("/questions")
    answers = asyncio.run(raw.at_once(behind.front, [raw.get(behind.front, "/questions?stage=open")] * CROWD))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert asked.title in answers[0].body.decode()
    assert behind.rendered("/questions") - before <= 2


def test_a_crowd_at_a_page_that_is_known_costs_no_more(behind: Behind) -> None:
    path = "/questions?stage=open"
    behind.visitor().get(path)
    behind.wait(lambda: _cached(behind, path) in {"EXPIRED", "REVALIDATED"})
    before = behind.rendered("/questions")
    asyncio.run(raw.at_once(behind.front, [raw.get(behind.front, path)] * CROWD))
    assert behind.rendered("/questions") - before <= 2


def test_whoever_has_a_cookie_is_answered_by_the_application(behind: Behind) -> None:
    reader = behind.visitor()
    reader.get("/questions/ask")
    assert reader.cookies
    assert [_cached(behind, "/rules?mine", reader) for _ in range(3)] == ["-"] * 3
    assert _cached(behind, "/rules?mine") == "MISS"  # and nothing was kept of it
    assert _cached(behind, "/rules?mine", reader) == "-"


def test_whoever_shows_a_token_is_answered_by_the_application(behind: Behind) -> None:
    assert [_cached(behind, "/rules?token", authorization="Bearer x") for _ in range(2)] == ["-"] * 2


def test_nobody_is_given_the_cookie_or_the_proof_of_another(behind: Behind) -> None:
    visitors = [behind.visitor() for _ in range(3)]
    forms = [visitor.get("/questions/ask") for visitor in visitors]
    assert len({tuple(visitor.cookies.values()) for visitor in visitors}) == len(visitors)
    assert len({found[1] for form in forms if (found := TOKEN.search(form.text))}) == len(visitors)


def test_each_language_and_each_address_is_kept_apart(behind: Behind) -> None:
    for _ in range(2):
        assert 'lang="vi"' in behind.visitor().get("/rules").text
        assert 'lang="en"' in behind.visitor("en").get("/rules").text
        assert behind.visitor().get("/questions?stage=open").text != behind.visitor().get("/questions").text


def test_an_unchanged_page_is_not_sent_twice(behind: Behind) -> None:
    reader = behind.visitor()
    tag = reader.get("/rules").headers["etag"]
    for known in (tag, tag.removeprefix("W/")):
        assert reader.get("/rules", headers={"if-none-match": known}).status_code == 304


def test_styles_are_kept_as_long_as_they_say(behind: Behind) -> None:
    found = re.search(r'href="(/static/[^"]+\.css)"', behind.visitor().get("/").text)
    assert found
    assert "immutable" in behind.visitor().get(found[1]).headers["cache-control"]
    assert _cached(behind, found[1]) == "HIT"


@pytest.mark.parametrize("door", ["", "/live/question/{id}/events?after=0"])
def test_what_is_taken_down_is_gone_for_everybody(behind: Behind, people: People, door: str) -> None:
    """Also for those who ask in the very moment in which the last copy is looked at again."""
    asked = people.accepted()
    path = door.format(id=asked.id) or asked.page
    assert behind.visitor().get(path).status_code == 200
    outside(_hide(behind, asked.id))
    behind.wait(lambda: behind.visitor().get(path).status_code == 404)
    end, statuses = time.monotonic() + 2 * STANDS, set[int]()
    while time.monotonic() < end:
        answers = asyncio.run(raw.at_once(behind.front, [raw.get(behind.front, path)] * 5))
        statuses |= {answer.status for answer in answers}
    assert statuses == {404}


async def _hide(site: Behind, number: int) -> None:
    """As a desk does: the row changes, is counted no more, and the fact is told in one commit."""
    async with site.database() as store, store.transaction() as db:
        question = await questions.one(db, number)
        await tallies.leaves(db, question)
        question.moderation = Moderation.HIDDEN
        db.add(question)
        for channel in ("questions", f"question:{number}"):
            log.record(db, channel, "question.hidden", question=number)


def _cached(behind: Behind, path: str, reader: Visitor | None = None, **headers: str) -> str:
    """Where the answer came from; a dash: from the application, past the cache. The line is written after the answer."""
    before = _lines(behind)
    (reader or behind.visitor()).get(path, headers=headers)
    behind.wait(lambda: len(_lines(behind)) > len(before))
    return _lines(behind)[-1].rpartition("cache=")[2]


def _lines(behind: Behind) -> list[str]:
    return [line for line in behind.front.logs.splitlines() if "cache=" in line]
