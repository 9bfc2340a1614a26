import json
from collections.abc import Iterator
from typing import Any

import pytest

from engage import questions, tallies
from engage.access import Moderation
from live import log
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import APPROVER, COORDINATOR, Asked, People

Answer = dict[str, Any]


def _position(visitor: Visitor, room: str) -> str:
    at = visitor.get(f"/live/{room}/events").json()
    return f"?epoch={at['epoch']}&after={at['top']}"


def _facts(visitor: Visitor, room: str, since: str) -> list[Answer]:
    facts: list[Answer] = visitor.get(f"/live/{room}/events{since}").json()["facts"]
    return facts


def _heard(lines: Iterator[str]) -> Iterator[tuple[str, Answer]]:
    """Messages of a stream, each with its id."""
    number = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            number = value
        elif name == "data":
            yield number, json.loads(value)


def _approve(people: People, asked: Asked) -> None:
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect


def test_whoever_asks_again_learns_that_the_answer_is_there(site: Site, people: People) -> None:
    asked, reader = people.in_approval(), site.visitor()
    rooms = (f"question/{asked.id}", "questions/0")
    since = {room: _position(reader, room) for room in rooms}
    _approve(people, asked)
    for room in rooms:
        facts = site.wait(lambda room=room: _facts(reader, room, since[room]))  # type: ignore[misc]  # a lambda with a default
        given = [fact for fact in facts if fact["type"] == "answer.given"]
        assert [fact["data"] for fact in given] == [{"question": asked.id}]
        assert [fact["n"] for fact in facts] == sorted({fact["n"] for fact in facts})
        assert _facts(reader, room, _position(reader, room)) == []


@pytest.mark.parametrize("of", ["question", "questions"])
def test_whoever_listens_hears_the_answer_at_once(site: Site, people: People, of: str) -> None:
    asked, reader = people.in_approval(), site.visitor()
    room = f"question/{asked.id}" if of == "question" else "questions/0"
    with reader.stream("GET", f"/live/{room}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store, no-transform"
        messages = _heard(answer.iter_lines())
        _, hello = next(messages)
        assert hello["k"] == "hello"
        _approve(people, asked)
        number, fact = next(one for one in messages if one[1].get("type") == "answer.given")
    assert fact["data"] == {"question": asked.id}
    assert number.startswith(f"{hello['epoch']}:{fact['n']}:")


def test_whoever_lost_the_line_goes_on_where_it_broke(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    path = f"/live/question/{asked.id}/stream"
    with reader.stream("GET", path) as answer:
        number, _ = next(_heard(answer.iter_lines()))
    assert people.staff(COORDINATOR).fill(asked.desk, action="/accept").is_redirect
    with reader.stream("GET", path, headers={"last-event-id": number}) as answer:
        missed = next(message for _, message in _heard(answer.iter_lines()) if message["k"] == "fact")
    assert missed["type"] == "assignment.accepted"


def test_facts_that_were_missed_come_in_order_from_the_beginning(people: People, site: Site) -> None:
    asked = people.answered()
    facts = _facts(site.visitor(), f"question/{asked.id}", "?after=0")
    told = [fact["type"] for fact in facts]
    assert told[0] == "question.received"
    assert told[-1] == "answer.given"
    assert "question.accepted" in told
    assert [fact["n"] for fact in facts] == list(range(1, len(facts) + 1))
    assert all(fact["data"] == {"question": asked.id} for fact in facts)  # ids, and no word


def test_a_question_that_is_not_public_has_no_room(site: Site, people: People) -> None:
    asked = people.held()
    strangers = (site.visitor(), people.staff(COORDINATOR))
    for visitor in strangers:
        for door in ("events", "stream", "snapshot.json"):
            answer = visitor.get(f"/live/question/{asked.id}/{door}")
            assert answer.status_code == 404
            assert answer.json()["words"]
    asked.visitor.get("/track/question")
    for room in ("question", "mine"):  # but its asker may follow it
        assert asked.visitor.get(f"/live/{room}/{asked.id}/events").status_code == 200
    facts = _facts(asked.visitor, f"mine/{asked.id}", "?after=0")
    assert facts[0]["type"] == "question.received"


def test_what_passes_in_private_is_told_to_the_asker_alone(site: Site, people: People) -> None:
    asked, reader = people.accepted(anonymous=True), site.visitor()
    mine = f"mine/{asked.id}"
    page = asked.visitor.get("/track/question").text
    assert f'data-room="mine" data-room-id="{asked.id}"' in page
    public, own = (_position(reader, f"question/{asked.id}"), _position(asked.visitor, mine))
    assert asked.visitor.fill("/track/question/data", {"email": "hoa.moi@thu.example"}, action="/contact").is_redirect
    told = site.wait(lambda: _facts(asked.visitor, mine, own))
    assert [fact["type"] for fact in told] == ["person.changed"]
    assert _facts(reader, f"question/{asked.id}", public) == []
    for stranger in (reader, people.accepted().visitor, people.staff(COORDINATOR)):
        for door in ("events", "stream", "snapshot.json"):
            assert stranger.get(f"/live/{mine}/{door}").status_code == 404


@pytest.mark.parametrize("room", ["question/999999", "questions/1", "agency/7", "person/5", "review/0", "topic/4"])
def test_a_room_that_is_not_for_the_public_is_none(site: Site, room: str) -> None:
    for door in ("events", "stream", "snapshot.json"):
        answer = site.visitor().get(f"/live/{room}/{door}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("query", ["after=-1", "after=x", f"after={'9' * 30}", "epoch=%00", "epoch=a%20b", "limit=x"])
def test_a_position_nobody_was_given_is_refused_in_words(site: Site, query: str) -> None:
    answer = site.visitor().get(f"/live/questions/0/events?{query}")
    assert answer.status_code == 400
    assert "Yêu cầu không đúng định dạng" in answer.json()["words"]
    assert "malformed" in site.visitor("en").get(f"/live/questions/0/events?{query}").json()["words"]


def test_an_unchanged_room_is_not_sent_twice(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    path = f"/live/question/{asked.id}/events?after=0"
    tag = reader.get(path).headers["etag"]
    assert reader.get(path, headers={"if-none-match": tag}).status_code == 304


def test_what_is_hidden_later_is_told_as_removed(site: Site, people: People) -> None:
    reader = site.visitor()
    before = _position(reader, "questions/0")
    asked = people.answered()
    since = _position(reader, "questions/0")
    outside(_hide(site, asked.id))
    facts = site.wait(lambda: _facts(reader, "questions/0", since))
    assert [(fact["type"], fact["data"]) for fact in facts] == [("removed", {"question": asked.id})]
    told = [fact for fact in _facts(reader, "questions/0", before) if fact["data"] == {"question": asked.id}]
    assert told
    assert {fact["type"] for fact in told} == {"removed"}  # and so are its older facts
    site.wait(lambda: reader.get(asked.page).status_code == 404)
    assert reader.get(f"/live/question/{asked.id}/events?after=0").status_code == 404


async def _hide(site: Site, number: int) -> None:
    """As a desk does, without its delay: the row changes, is counted no more, and the fact is told in one commit."""
    async with site.database() as store, store.transaction() as db:
        question = await questions.one(db, number)
        await tallies.leaves(db, question)
        question.moderation = Moderation.HIDDEN
        db.add(question)
        for channel in ("questions", f"question:{number}"):
            log.record(db, channel, "question.hidden", question=number)


def test_a_page_tells_its_script_where_to_go_on(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    page = reader.get(asked.page).text
    top = reader.get(f"/live/question/{asked.id}/events").json()["top"]
    assert f'data-room="question" data-room-id="{asked.id}"' in page
    assert f'data-after="{top}"' in page
