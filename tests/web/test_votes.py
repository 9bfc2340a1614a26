"""Promises of "Tôi cũng hỏi" as readers meet it: without a script, once a visitor, with the way back and the next step."""

import json
from contextlib import ExitStack

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from live import wire
from live.seats import MOST_HELD
from tests.site import Site
from tests.visitor import Visitor
from tests.web import halls
from tests.web.people import CLEARED, COORDINATOR, People
from tests.web.test_socket import Said, ended, heard, listening


def _vote(reader: Visitor, page: str, button: str = "Tôi cũng hỏi") -> None:
    reader.go(reader.fill(f"{page}/vote", action="/vote", button=button))


def _votes(site: Site, question_id: int) -> int:
    return int(site.rows("select count(*) as n from vote where thing_id = :id", id=question_id)[0].n)


def test_a_reader_says_that_they_ask_it_too_and_takes_it_back_without_a_script(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    page = reader.get(asked.page)
    assert f'href="{asked.page}/vote"' in page.text
    reader.see("Chưa có ai khác hỏi câu này.")
    _vote(reader, asked.page)
    reader.see("Bạn cũng hỏi câu này")
    reader.see("1 người cũng hỏi")
    reader.see("Muốn biết khi có trả lời? Nhận thư về câu này")
    assert f'href="{asked.page}#votes"' in reader.seen.text if reader.seen else False
    _vote(reader, asked.page, "Bỏ phiếu “Tôi cũng hỏi”")
    reader.see("Bạn cũng muốn hỏi câu này?")
    reader.see("Chưa có ai khác hỏi câu này.")
    assert _votes(site, asked.id) == 0


def test_a_reading_page_gives_nobody_a_cookie_and_the_form_does(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    assert "set-cookie" not in reader.get(asked.page).headers
    assert "engage-visitor" in reader.get(f"{asked.page}/vote").headers["set-cookie"]


def test_pressing_twice_or_from_two_tabs_is_one_vote_and_another_visitor_is_another(people: People, site: Site) -> None:
    asked, reader, other = people.accepted(), site.visitor(), site.visitor()
    first, second = (reader.form(f"{asked.page}/vote", action="/vote") for _ in range(2))
    sent = reader.press(first)
    again = reader.post_again(sent)
    assert {sent.status_code, again.status_code, reader.press(second).status_code} == {303}
    _vote(other, asked.page)
    other.see("2 người cũng hỏi")


def test_a_person_who_signed_in_has_one_vote_in_every_browser(people: People, site: Site) -> None:
    asked = people.accepted()
    for browser in (people.staff(COORDINATOR), site.staff(f"{COORDINATOR}@engage.example")):
        browser.get(f"{asked.page}/vote")
        if "Bạn cũng muốn hỏi" in (browser.seen.text if browser.seen else ""):
            _vote(browser, asked.page)
        browser.see("Bạn cũng hỏi câu này")
    assert _votes(site, asked.id) == 1


def test_who_asked_is_told_that_they_count_already(people: People, site: Site) -> None:
    asked = people.accepted()
    asked.visitor.get("/track/question")
    asked.visitor.get(f"{asked.page}/vote")
    asked.visitor.see("Đây là câu hỏi của chính bạn, nên không tính thêm.")
    pairs = people.proof(asked.visitor)
    answer = asked.visitor.post(f"{asked.page}/vote", data={**pairs, "on": "yes"})
    assert answer.status_code == 422
    assert _votes(site, asked.id) == 0


def test_what_is_not_public_takes_no_votes_and_says_nothing_about_itself(people: People, site: Site) -> None:
    asked, reader = people.held(), site.visitor()
    assert reader.get(f"/questions/{asked.id}/vote").status_code == 404
    assert reader.post(f"/questions/{asked.id}/vote", data=people.proof(reader)).status_code == 404
    assert reader.post("/questions/999999/vote", data=people.proof(reader)).status_code == 404


def test_a_vote_that_no_page_of_ours_sent_does_not_count(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    reader.get(f"{asked.page}/vote")
    assert reader.post(f"{asked.page}/vote", data={"on": "yes"}).status_code == 403
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert reader.post(f"{asked.page}/vote", data=people.proof(reader), headers=foreign).status_code == 403
    assert _votes(site, asked.id) == 0


def test_lists_say_how_many_ask_it_too(people: People, site: Site) -> None:
    asked = people.accepted()
    for _ in range(2):
        _vote(site.visitor(), asked.page)
    reader = site.visitor("en")
    reader.get("/questions/search", params={"q": asked.title})
    reader.see("2 people ask this too")


def test_a_moderator_sees_what_was_set_aside_and_counts_it_in_or_keeps_it_out(people: People, site: Site) -> None:
    asked, most = people.accepted(), site.rows("select most_votes from policy where surface = 'question'")[0].most_votes
    for _ in range(most + 3):  # all at one address
        reader = site.visitor()
        reader.headers["x-forwarded-for"] = "14.250.9.9"
        assert reader.fill(f"{asked.page}/vote", action="/vote").is_redirect
    reader.get(f"{asked.page}/vote")
    reader.see("Bạn cũng hỏi câu này")
    desk, page = people.staff(CLEARED), f"/review/questions/{asked.id}"
    desk.get(page)
    desk.see(f"{most} người cũng hỏi")
    desk.see("3 phiếu “Tôi cũng hỏi” được để riêng")
    desk.go(desk.fill(page, action="/votes", button="Không tính"))
    desk.see("3 phiếu “Tôi cũng hỏi” không được tính.")
    desk.go(desk.fill(page, action="/votes", button="Tính cả các phiếu này"))
    desk.see(f"{most + 3} người cũng hỏi")
    desk.not_see("không được tính")
    acts = site.rows("select kind, ids from audit where kind like 'votes.%' order by id")
    told = [row.kind for row in acts if str(asked.id) in str(row.ids)]
    assert told == ["votes.quarantined", "votes.kept_out", "votes.counted"]


# Over the socket


def _say(line: ClientConnection, question_id: int, key: str, *, on: bool = True) -> Said:
    line.send(json.dumps({"k": "vote", "id": question_id, "on": on, "key": key}))
    return next(one for one in heard(line) if one.get("key") == key)


def test_a_vote_over_the_socket_is_the_same_vote_and_all_who_follow_see_the_count(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    with listening(reader, f"question/{asked.id}") as line:
        next(heard(line))
        assert _say(line, asked.id, "a") == {"k": "no", "key": "a", "reason": "no_visitor"}
    reader.get(f"{asked.page}/vote")  # the page of the form gives the cookie
    with listening(reader, f"question/{asked.id}") as line, listening(site.visitor(), f"question/{asked.id}") as other:
        next(heard(line))
        messages = heard(other)
        next(messages)
        for key in ("b", "c"):
            assert _say(line, asked.id, key) == {"k": "ok", "key": key}
        passed = next(one for one in messages if one["k"] == "pass" and one["type"] == "votes")
        assert passed["data"] == {str(asked.id): 1}
        assert _votes(site, asked.id) == 1  # committed before it was said
        reader.get(f"{asked.page}/vote")
        reader.see("Bạn cũng hỏi câu này")
        assert _say(line, asked.id, "d", on=False) == {"k": "ok", "key": "d"}
        assert _votes(site, asked.id) == 0
        _vote(reader, asked.page)  # and over HTTP
        next(one for one in messages if one["k"] == "pass" and one["data"] == {str(asked.id): 1})


def test_in_the_room_of_a_dialogue_its_questions_are_voted_on(people: People, site: Site) -> None:
    hall, reader = halls.asked(people, ["Lương hưu được điều chỉnh từ tháng nào?"]), site.visitor()
    reader.get("/questions/ask")
    (asked,) = hall.question_ids
    with listening(reader, f"dialogue/{hall.id}") as line:
        next(heard(line))
        assert _say(line, asked, "a") == {"k": "ok", "key": "a"}
    assert _votes(site, asked) == 1


def test_what_may_not_be_voted_on_there_is_told_why_and_harms_nobody_elses_vote(people: People, site: Site) -> None:
    asked, held, reader = people.accepted(), people.held(), site.visitor()
    reader.get("/questions/ask")
    with listening(reader, f"question/{asked.id}") as line:
        next(heard(line))
        assert _say(line, held.id, "a")["reason"] == "not_here"
    with listening(reader, "questions/0") as line:
        next(heard(line))
        for number, wrong in enumerate((held.id, 999_999, 0, -1, 2**31, 2**70)):
            assert _say(line, wrong, str(number)) == {"k": "no", "key": str(number), "reason": "no_such_question"}
        assert _say(line, asked.id, "at last")["k"] == "ok"
    asked.visitor.get("/track/question")
    with listening(asked.visitor, f"question/{asked.id}") as line:
        next(heard(line))
        assert _say(line, asked.id, "mine")["reason"] == "own_question"
    assert _votes(site, asked.id) == 1


def test_one_line_too_many_of_a_visitor_closes_the_oldest_and_nobody_elses(people: People, site: Site) -> None:
    reader, neighbour = site.visitor(), site.visitor()
    neighbour.headers["x-forwarded-for"] = neighbour.address = reader.address
    for visitor in (reader, neighbour):
        visitor.get("/questions/ask")
    processes = 1 if site.kind == "sqlite" else 2
    with ExitStack() as stack:
        beside = stack.enter_context(listening(neighbour, "questions/0"))
        lines = [stack.enter_context(listening(reader, "questions/0")) for _ in range(MOST_HELD * processes + 1)]
        for line in (beside, *lines[MOST_HELD:]):
            assert next(heard(line))["k"] == "hello"
        ended_with = [code for line in lines if (code := _ended(line)) is not None]
        assert set(ended_with) == {wire.REPLACED}
        assert len(ended_with) >= 1
        assert _ended(beside) is None


def test_what_the_engine_does_is_measured_and_names_nobody(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    with listening(reader, f"question/{asked.id}") as line:
        next(heard(line))
        assert people.staff(COORDINATOR).fill(asked.desk, action="/accept").is_redirect
        next(one for one in heard(line) if one["k"] == "fact")
        line.send("?")
        assert ended(line) == wire.MALFORMED
    _vote(reader, asked.page)
    inside = Visitor(site.url)
    del inside.headers["x-forwarded-for"]
    if site.kind == "postgres":  # each process measures itself
        return
    measured = dict(line.rsplit(" ", 1) for line in inside.get("/metrics").text.splitlines() if line[0] != "#")
    assert float(measured["engage_fact_lag_seconds_count"]) >= 1
    assert float(measured["engage_votes_together_sum"]) >= 1
    assert float(measured['engage_let_go{code="4400"}']) >= 1


def _ended(line: ClientConnection) -> int | None:
    """The code it was closed with already."""
    try:
        while True:
            line.recv(timeout=0.2)
    except TimeoutError:
        return None
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
