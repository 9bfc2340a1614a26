"""Promises of "Tôi cũng hỏi" as readers meet it: without a script, once a visitor, with the way back and the next step."""

from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import COORDINATOR, People


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
