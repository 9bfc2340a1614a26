import re
from typing import Any

import pytest

from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import APPROVER, CLEARED, COORDINATOR, Asked, People

COUNT = re.compile(r'(data-count="[^"]+")[^>]*>[^<]*')


def _snapshot(visitor: Visitor, room: str) -> dict[str, Any]:
    answer = visitor.get(f"/live/{room}/snapshot.json")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    return dict(answer.json())


def _since(visitor: Visitor, room: str, snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    answer = visitor.get(f"/live/{room}/events?epoch={snapshot['epoch']}&after={snapshot['n']}").json()
    return list(answer["facts"])


def _bare(html: str) -> str:
    """Without the counts that pass, which only a page has; and however its lines are broken."""
    return " ".join(COUNT.sub(r"\1", html).split())


def _hide(people: People, asked: Asked, act: str = "hide") -> None:
    page = people.staff(CLEARED).fill(f"/review/questions/{asked.id}", {"reason": "unclear"}, action=f"/{act}")
    assert page.is_redirect, page.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_room_shows_the_very_pieces_that_its_page_shows(site: Site, people: People, language: str) -> None:
    asked, reader = people.answered(), site.visitor(language)
    for room, path in ((f"question/{asked.id}", asked.page), ("questions/0", "/questions?stage=all")):
        shown = _snapshot(reader, room)
        page = _bare(reader.get(path).text)
        assert shown["pieces"][0]["id"].startswith("question-")
        for piece in shown["pieces"][:5]:
            assert _bare(piece["html"]) in page, piece["id"]
        assert _since(reader, room, shown) == []


def test_the_list_shows_the_newest_first_and_no_more_than_fifty(site: Site, people: People) -> None:
    asked = people.accepted()
    shown = _snapshot(site.visitor(), "questions/0")
    ranks = [piece["rank"] for piece in shown["pieces"]]
    assert shown["pieces"][0]["id"] == f"question-{asked.id}"
    assert len(ranks) == len(set(ranks)) == 50
    assert ranks == sorted(ranks, reverse=True)
    assert shown["floor"] == ranks[-1]


def test_a_fact_brings_the_piece_as_a_newcomer_gets_it(site: Site, people: People) -> None:
    asked, reader = people.in_approval(), site.visitor()
    rooms = (f"question/{asked.id}", "questions/0")
    before = {room: _snapshot(reader, room) for room in rooms}
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
    for room in rooms:
        facts = site.wait(lambda room=room: _since(reader, room, before[room]))  # type: ignore[misc]  # a lambda with a default
        given = next(fact for fact in facts if fact["type"] == "answer.given")
        piece = next(one for one in _snapshot(reader, room)["pieces"] if one["id"] == given["put"])
        assert given["put"] == f"question-{asked.id}"
        assert (given["html"], given["rank"]) == (piece["html"], piece["rank"])
        assert given["data"] == {"question": asked.id}


def test_of_what_is_taken_down_there_is_no_snapshot_and_its_facts_take_it_away(site: Site, people: People) -> None:
    asked, reader = people.answered(), site.visitor()
    path = f"/live/question/{asked.id}/snapshot.json"
    tag = reader.get(path).headers["etag"]
    assert reader.get(path, headers={"if-none-match": tag}).status_code == 304
    before = _snapshot(reader, "questions/0")
    _hide(people, asked)
    facts = site.wait(lambda: _since(reader, "questions/0", before))
    gone = next(fact for fact in facts if fact["data"] == {"question": asked.id})
    assert (gone["type"], gone["remove"], "html" in gone) == ("removed", f"question-{asked.id}", False)
    site.wait(lambda: reader.get(path, headers={"if-none-match": tag}).status_code == 404)
    assert f"question-{asked.id}" not in {piece["id"] for piece in _snapshot(reader, "questions/0")["pieces"]}
    for visitor in (
        people.staff(CLEARED),
        people.staff(COORDINATOR),
        asked.visitor,
    ):  # what readers see is the same for all
        assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "room", ["question/999999", "questions/1", "review/0", "agency/7", "me/0", "mine/1", "topic/4"]
)
def test_what_is_not_for_every_reader_has_no_snapshot(site: Site, people: People, room: str) -> None:
    for visitor in (site.visitor(), people.staff(CLEARED), people.staff(COORDINATOR)):
        answer = visitor.get(f"/live/{room}/snapshot.json")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whoever_is_too_far_behind_is_told_where_to_begin_anew(site: Site, people: People, language: str) -> None:
    asked, reader = people.accepted(), site.visitor(language)
    told = reader.get(f"/live/question/{asked.id}/events?epoch=another&after=1").json()
    assert told["k"] == "snap"
    prefix = "/en" if language == "en" else ""
    assert told["url"] == f"{prefix}/live/question/{asked.id}/snapshot.json"
    answer = site.visitor().get(site.url + told["url"])
    assert answer.json()["n"] >= told["n"]
    for room in ("review/0", "me/0"):
        desk = people.staff(CLEARED).get(f"/live/{room}/events?epoch=another&after=1").json()
        assert (desk["k"], desk["url"]) == ("snap", "")
