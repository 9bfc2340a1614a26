"""Bad luck at a dialogue's desks, through their doors: nothing on stage is lost or shown that may not be, and no word is lost."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.site import Site
from tests.visitor import Visitor
from tests.web.on_air import HOSTS, SCRIBES, Hall, begin, opened, post, reply_of, stage, words
from tests.web.people import ADMINISTRATOR, CLEARED, People

SOON = 2.0  # seconds until a desk, the screen and the room have heard of it
Facts = Iterator[dict[str, Any]]


@pytest.fixture
def hall(people: People, site: Site) -> Hall:
    return opened(people, site, questions=2, guest="khach-2")


@contextmanager
def following(visitor: Visitor, room: str) -> Iterator[Facts]:
    with visitor.stream("GET", f"/live/{room}/stream") as answer:
        assert answer.status_code == 200, answer.read()
        lines = (line.partition(": ") for line in answer.iter_lines())
        facts = (json.loads(value) for name, _, value in lines if name == "data")
        assert next(facts)["k"] == "hello"
        yield facts


def heard(facts: Facts, kind: str) -> float:
    """Seconds until a fact of that kind came."""
    began = time.monotonic()
    next(fact for fact in facts if fact.get("type") == kind)
    return time.monotonic() - began


def title(site: Site, question: int) -> str:
    return str(site.rows("select title from question where id = :id", id=question)[0].title)


def test_moderators_stem_a_flood_from_the_desk_that_shows_one_room(hall: Hall, people: People, site: Site) -> None:
    mine, other = people.held(), people.held()
    site.write("update question set dialogue_id = :to where id = :id", to=hall.id, id=mine.id)
    desk = people.staff(CLEARED)
    shown = desk.get(f"/review?dialogue={hall.id}").text
    assert mine.title in shown
    assert other.title not in shown
    assert mine.title not in desk.get("/review?dialogue=999999").text
    with following(site.visitor(), f"dialogue/{hall.id}") as facts:
        typed = {"slow_seconds": "60", "most_each": "1"}
        door = f"/review/dialogues/{hall.id}/switches?dialogue={hall.id}"
        pressed = desk.post(door, data=people.proof(desk) | typed)
        assert pressed.headers["location"].endswith(f"/review?dialogue={hall.id}")
        assert heard(facts, "dialogue.switched") < SOON
    (row,) = site.rows("select takes_questions, slow_seconds, most_each from dialogue where id = :id", id=hall.id)
    assert (bool(row.takes_questions), row.slow_seconds, row.most_each) == (False, 60, 1)
    assert "Đang ngừng nhận câu hỏi mới" in desk.get(f"/review?dialogue={hall.id}").text
    refused = desk.post(door, data=people.proof(desk) | typed | {"slow_seconds": "một phút"})
    assert refused.status_code == 422
    assert 'value="một phút"' in refused.text


def test_of_two_hosts_who_press_in_the_same_moment_one_is_told_who_was_first(
    hall: Hall, people: People, site: Site
) -> None:
    hosts = [people.staff(host) for host in HOSTS]
    pressed = [
        people.proof(host) | {"question": str(question), "act": "stage", "instead_of": ""}
        for host, question in zip(hosts, hall.questions, strict=True)
    ]
    with ThreadPoolExecutor(len(hosts)) as at_once:
        told = list(at_once.map(lambda host, form: host.post(hall.at("host/turn"), data=form), hosts, pressed))
    assert sorted(answer.status_code for answer in told) == [303, 409]
    late = next(answer for answer in told if answer.status_code == 409)
    assert "vừa đưa một câu hỏi khác lên hình" in late.text
    (there,) = site.rows("select question_id from turn where dialogue_id = :id and floor = 'on_stage'", id=hall.id)
    first = next(number for number, answer in enumerate(told) if answer.is_redirect)
    assert there.question_id == hall.questions[first]


def test_a_moderator_of_the_crew_finds_the_way_to_the_review_desk(hall: Hall, people: People, site: Site) -> None:
    (row,) = site.rows("select id from person where login = :login", login=f"{CLEARED}@engage.example")
    site.write("insert into crew (dialogue_id, person_id, part) values (:of, :who, 'editor')", of=hall.id, who=row.id)
    assert f"/review?dialogue={hall.id}" in people.staff(CLEARED).get(hall.at("host")).text
    assert "/review?dialogue=" not in people.staff(HOSTS[0]).get(hall.at("host")).text


def test_what_a_moderator_hides_leaves_the_stage_the_screen_and_the_desks(
    hall: Hall, people: People, site: Site
) -> None:
    question = hall.questions[0]
    assert stage(people, hall, HOSTS[0], question).is_redirect
    reader, scribe, moderator = site.visitor(), people.staff(SCRIBES[0]), people.staff(CLEARED)
    with following(reader, f"dialogue/{hall.id}") as room, following(scribe, f"crew/{hall.id}") as crew:
        page = f"/review/questions/{question}"
        assert moderator.fill(page, {"reason": "unclear", "words": ""}, action="/hide").is_redirect
        assert heard(room, "turn.left") + heard(crew, "turn.left") < SOON
    for visitor, desk in ((reader, "screen"), (scribe, "scribe"), (people.staff(HOSTS[0]), "host")):
        assert title(site, question) not in visitor.get(hall.at(desk)).text, desk


def test_two_who_write_one_reply_see_each_other_at_once(hall: Hall, people: People, site: Site) -> None:
    question, guest = hall.questions[0], site.staff("khach-2@engage.example")
    assert post(people, hall, SCRIBES[0], "replies/begin", begin(hall, question)).is_redirect
    with following(people.staff(SCRIBES[0]), f"crew/{hall.id}") as scribe:
        page = guest.get(f"{hall.at('guest')}?question={question}")
        assert "Đỗ Minh Tuấn đang soạn" in page.text
        taken = guest.fill(page, action="/replies/begin")
        assert taken.is_redirect, taken.text
        assert heard(scribe, "reply.taken") < SOON
    at = f"{hall.at('scribe')}?question={question}&guest={hall.guest}"
    assert "đang soạn." in people.staff(SCRIBES[0]).get(at).text
    late = post(people, hall, SCRIBES[0], "replies", words(reply_of(site, question), 0, "Từ tháng sau.", "save"))
    assert late.status_code == 409
    assert "Từ tháng sau." in late.text


def test_a_guests_account_that_ends_closes_their_desk_and_the_scribe_goes_on(
    hall: Hall, people: People, site: Site
) -> None:
    question, guest = hall.questions[0], site.staff("khach-2@engage.example")
    begun = guest.fill(f"{hall.at('guest')}?question={question}", action="/replies/begin")
    assert begun.is_redirect
    saved = guest.fill(guest.go(begun), {"text": "Lời của khách."}, action="/replies", button="save")
    assert saved.is_redirect
    with following(guest, f"crew/{hall.id}") as facts:
        administrator, account = people.staff(ADMINISTRATOR), people.person_id("khach-2")
        try:
            assert administrator.fill(f"/admin/accounts/{account}", action="/end").is_redirect
            began = time.monotonic()
            assert not [fact for fact in facts if fact["k"] == "fact"]  # until the house ends the line
            assert time.monotonic() - began < 10
        finally:
            site.write("update person set ended_at = null where id = :id", id=account)
    assert guest.get(hall.at("guest")).is_redirect
    taken = post(people, hall, SCRIBES[0], "replies/begin", {**begin(hall, question), "take": "yes"})
    assert taken.is_redirect
    assert "Lời của khách." in people.staff(SCRIBES[0]).go(taken).text
    more = words(reply_of(site, question), 1, "Lời của khách, thư ký viết tiếp.", "hand_up")
    assert post(people, hall, SCRIBES[0], "replies", more).is_redirect


def test_a_host_whose_browser_crashed_finds_the_stage_as_it_was(hall: Hall, people: People, site: Site) -> None:
    first, second = hall.questions
    assert stage(people, hall, HOSTS[0], first).is_redirect
    queued = {"question": str(second), "act": "queue", "instead_of": str(first)}
    assert post(people, hall, HOSTS[0], "host/turn", queued).is_redirect
    assert post(people, hall, HOSTS[0], "host/message", {"message": "Còn mười phút."}).is_redirect
    anew = site.staff(f"{HOSTS[0]}@engage.example")
    page = anew.get(hall.at("host"))
    for said in (title(site, first), title(site, second), "Còn mười phút."):
        assert said in page.text
    assert f'name="instead_of" value="{first}"' in page.text


def test_what_is_typed_when_the_room_closes_is_kept_and_goes_out_later(hall: Hall, people: People, site: Site) -> None:
    question, host = hall.questions[0], HOSTS[0]
    assert post(people, hall, SCRIBES[0], "replies/begin", begin(hall, question)).is_redirect
    for act in ("close", "end"):
        assert post(people, hall, host, "host/course", {"act": act, "reason": "", "ends_at": ""}).is_redirect
    reply = reply_of(site, question)
    saved = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Có, từ tháng sau.", "autosave"))
    assert saved.json()["version"] == 1
    assert post(people, hall, SCRIBES[0], "replies", words(reply, 1, "Có, từ tháng sau.", "hand_up")).is_redirect
    guest = site.staff("khach-2@engage.example")
    page = guest.get(hall.at("guest"))
    assert "Có, từ tháng sau." in page.text
    assert guest.fill(page, action="/guest/reply", button="release").is_redirect
    assert "Có, từ tháng sau." in site.visitor().get(f"/dialogues/{hall.id}/answers/{question}").text


def test_when_it_is_over_the_hosts_desk_offers_what_comes_next_and_nothing_else(
    hall: Hall, people: People, site: Site
) -> None:
    for act in ("close", "end"):
        assert post(people, hall, HOSTS[0], "host/course", {"act": act, "reason": "", "ends_at": ""}).is_redirect
    desk = people.staff(HOSTS[0]).get(hall.at("host")).text
    assert hall.at("figures") in desk
    assert hall.at("minutes/edit") not in desk  # its editors write them
    for door in ("turn", "hand", "course", "message", "timer", "switches", "polls"):
        assert f'action="{hall.at(f"host/{door}")}"' not in desk, door
    editor = people.staff(ADMINISTRATOR).get(hall.at("host"))
    assert editor.status_code == 200
    assert hall.at("minutes/edit") in editor.text
    screen = site.visitor().get(hall.at("screen")).text
    assert "Quét mã để hỏi" not in screen
    assert "Đang chờ" not in screen
