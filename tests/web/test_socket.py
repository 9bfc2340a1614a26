"""The websocket door of the running service: who may enter which room, and what ends the listening."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from live import wire
from tests.processes import HOST
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import APPROVER, CLEARED, COORDINATOR, Asked, People

Said = dict[str, Any]


@contextmanager
def listening(visitor: Visitor, room: str, query: str = "", **options: Any) -> Iterator[ClientConnection]:
    """A browser's websocket: the visitor's cookies and language, and the page's origin."""
    url, prefix = str(visitor.base_url).rstrip("/"), "" if visitor.language == "vi" else f"/{visitor.language}"
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"cookie": cookies, "x-forwarded-for": visitor.address}
    options = {"origin": url, "subprotocols": ["engage.live.1"], "compression": None, "proxy": None} | options
    address = f"{url.replace('http', 'ws', 1)}{prefix}/live/{room}/socket{query}"
    with connect(address, additional_headers=headers, **options) as line:
        assert line.subprotocol == "engage.live.1"  # else a browser gives up, and never hears why it was refused
        yield line


def heard(line: ClientConnection, seconds: float = 10) -> Iterator[Said]:
    while True:
        told = json.loads(line.recv(timeout=seconds))
        yield from told if isinstance(told, list) else [told]


def ended(line: ClientConnection, seconds: float = 10) -> int:
    """The code it is closed with, whatever else is said before."""
    while True:
        try:
            line.recv(timeout=seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def _approve(people: People, asked: Asked) -> None:
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect


@pytest.mark.parametrize("of", ["question", "questions"])
def test_whoever_listens_hears_the_answer_at_once(site: Site, people: People, of: str) -> None:
    asked, reader = people.in_approval(), site.visitor()
    with listening(reader, f"question/{asked.id}" if of == "question" else "questions/0") as line:
        assert line.subprotocol == "engage.live.1"
        messages = heard(line)
        hello = next(messages)
        assert (hello["k"], hello["role"]) == ("hello", "reader")
        _approve(people, asked)
        fact = next(one for one in messages if one.get("type") == "answer.given")
    assert fact["data"] == {"question": asked.id}
    assert fact["n"] > hello["top"]


def test_whoever_lost_the_line_goes_on_where_it_broke(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    with listening(reader, f"question/{asked.id}") as line:
        hello = next(heard(line))
    assert people.staff(COORDINATOR).fill(asked.desk, action="/accept").is_redirect
    with listening(reader, f"question/{asked.id}", f"?epoch={hello['epoch']}&after={hello['top']}") as line:
        missed = next(one for one in heard(line) if one["k"] == "fact")
    assert (missed["n"], missed["type"]) == (hello["top"] + 1, "assignment.accepted")


@pytest.mark.parametrize("room", ["question/999999", "questions/1", "agency/7", "review/0", "me/0", "nowhere/0"])
def test_a_room_that_is_not_for_the_public_is_none(site: Site, room: str) -> None:
    with listening(site.visitor(), room) as line:
        assert ended(line) == wire.NO_ROOM


def test_desks_and_askers_have_rooms_of_their_own(site: Site, people: People) -> None:
    asked = people.accepted()
    agency = site.rows("select agency_id from question where id = :id", id=asked.id)[0].agency_id
    asked.visitor.get("/track/question")
    theirs = {
        "review/0": (people.staff(CLEARED), "moderator"),
        f"agency/{agency}": (people.staff(COORDINATOR), "official"),
        "me/0": (people.staff(COORDINATOR), "official"),
        f"mine/{asked.id}": (asked.visitor, "asker"),
    }
    for room, (who, role) in theirs.items():
        with listening(who, room) as line:
            assert next(heard(line))["role"] == role
    with listening(people.staff(COORDINATOR), "review/0") as line:
        assert ended(line) == wire.NO_ROOM


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_somebody_else_is_turned_away_before_anything_is_said(site: Site, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(site.visitor(), "questions/0", origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_who_signs_out_stops_listening(site: Site, people: People) -> None:
    leaving = site.staff(f"{COORDINATOR}@engage.example")
    with listening(leaving, "me/0") as line:
        assert next(heard(line))["k"] == "hello"
        assert leaving.fill("/account", action="/sign-out").is_redirect
        assert ended(line) == wire.SIGN_IN


def test_in_a_public_room_who_signed_out_is_sent_to_come_back_as_anybody(site: Site) -> None:
    leaving = site.staff(f"{COORDINATOR}@engage.example")
    with listening(leaving, "questions/0") as line:
        assert next(heard(line))["role"] == "official"
        assert leaving.fill("/account", action="/sign-out").is_redirect
        assert ended(line) == wire.RESTART
    with listening(leaving, "questions/0") as line:
        assert next(heard(line))["role"] == "reader"


@pytest.mark.parametrize("said", [{"of": []}, {"of": "nowhere"}, {"n": True}, {"n": -1}, {"epoch": 7}])
def test_a_position_that_is_none_is_told_so(site: Site, said: Said) -> None:
    with listening(site.visitor(), "questions/0") as line:
        hello = next(heard(line))
        line.send(json.dumps({"k": "after", "of": "room", "epoch": hello["epoch"], "n": hello["top"]} | said))
        assert ended(line) == wire.MALFORMED


def test_a_key_that_cannot_be_said_back_is_no_vote(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    reader.get("/questions/ask")
    with listening(reader, f"question/{asked.id}") as line:
        next(heard(line))
        line.send(json.dumps({"k": "vote", "id": asked.id, "on": True, "key": "\ud800"}))
        assert ended(line) == wire.MALFORMED
    assert not site.rows("select 1 from vote where thing_id = :id", id=asked.id)


def test_a_question_that_is_hidden_has_no_room_any_more(site: Site, people: People) -> None:
    asked, reader = people.accepted(), site.visitor()
    with listening(reader, f"question/{asked.id}") as line:
        assert next(heard(line))["k"] == "hello"
        hidden = {"reason": "unclear", "words": "Đang xem lại."}
        assert people.staff(CLEARED).fill(f"/review/questions/{asked.id}", hidden, action="/hide").is_redirect
        assert ended(line) == wire.NO_ROOM


def test_words_that_mean_nothing_leave_no_trace_but_a_code(site: Site) -> None:
    with listening(site.visitor(), "questions/0") as line:
        next(heard(line))
        line.send("không phải JSON")
        assert ended(line) == wire.MALFORMED
    assert "Traceback" not in site.log("serve", lines=0)


def test_the_listeners_of_a_process_are_counted(site: Site) -> None:
    with listening(site.visitor(), "questions/0") as line:
        next(heard(line))
        assert HOST in site.url
        inside = Visitor(site.url)
        del inside.headers["x-forwarded-for"]
        measured = inside.get("/metrics").text
        count = next(text for text in measured.splitlines() if text.startswith("engage_viewers "))
        assert float(count.split()[1]) >= (0 if site.kind == "postgres" else 1)
