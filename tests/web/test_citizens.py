"""Citizens over HTTP: a form, a mail, a button; a page of their own; and nothing that belongs to staff."""

import re

import httpx2

from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import CLEARED, People

FORM = {"name": "Đỗ Minh Quân", "email": "quan@thu.example"}
LINK = re.compile(r"/citizens/links/\S+")


def _asked(people: People, visitor: Visitor, **more: str) -> str:
    number = len([one for one in people.site.mails() if str(one["To"]) == FORM["email"]])
    page = f"/citizens/sign-in?next={more['next']}" if more else "/citizens/sign-in"
    sent = visitor.fill(page, FORM | more, action="/citizens/sign-in")
    assert sent.is_redirect, sent.text
    said = people.mails_to(FORM["email"], number + 1)[-1][1]
    found = LINK.search(said)
    assert found
    assert FORM["name"] not in said  # a stranger may have typed it
    return found[0]


def test_a_link_is_opened_and_pressed_and_leads_back_to_where_one_came_from(site: Site, people: People) -> None:
    visitor = site.visitor()
    link = _asked(people, visitor, next="/questions")
    page = visitor.get(link)
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
    visitor.see("Đăng nhập với tên Đỗ Minh Quân")
    in_ = visitor.fill(page, action=link)
    assert in_.headers["location"] == "/questions"
    assert "Max-Age=2592000" in in_.headers["set-cookie"]
    visitor.get("/citizens/me")
    visitor.see("quan@thu.example")
    assert visitor.get("/review").status_code == 403
    assert visitor.get("/account").status_code == 403
    led = visitor.get("/sign-in/enrol")  # there is no password to add a second proof to
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in")


def test_opening_the_link_alone_signs_nobody_in(site: Site, people: People) -> None:
    visitor = site.visitor()
    link = _asked(people, visitor)
    assert visitor.get(link).status_code == visitor.get(link).status_code == 200
    assert visitor.get("/citizens/me").headers["location"] == "/citizens/sign-in?next=/citizens/me"


def test_a_used_link_tells_how_to_get_another(site: Site, people: People) -> None:
    link = _asked(people, site.visitor())
    assert site.visitor().fill(link, action=link).is_redirect
    late = site.visitor()
    late.get(link)
    late.see("Liên kết này không dùng được nữa")
    pressed = late.post(link, data=people.proof(late))
    assert pressed.status_code == 409
    late.see("Xin liên kết mới")


def test_an_unknown_address_and_a_known_one_get_the_same_answer(site: Site, people: People) -> None:
    def answer(email: str) -> httpx2.Response:
        visitor = site.visitor()
        sent = visitor.fill("/citizens/sign-in", FORM | {"email": email}, action="/citizens/sign-in")
        return visitor.go(sent)

    people.citizen()
    known = str(
        site.rows("select email from person where kind = 'citizen' and verified_at is not null and email is not null")[
            0
        ].email
    )
    texts = {re.sub(r'value="[^"]*"', "", answer(email).text) for email in (known, "nobody-yet@thu.example")}
    assert len(texts) == 1


def test_an_address_gets_six_mails_a_day_whoever_asks(site: Site, people: People) -> None:
    form = FORM | {"email": "often@thu.example"}
    for _ in range(8):
        assert site.visitor().fill("/citizens/sign-in", form, action="/citizens/sign-in").is_redirect
    found = "select count(*) as n from citizen_proof p join person on person.id = p.person_id where email = :email"
    assert site.rows(found, email=form["email"])[0].n == 6


def test_a_citizen_changes_the_name_takes_the_data_along_and_goes(site: Site, people: People) -> None:
    citizen = people.citizen()
    assert citizen.fill("/citizens/me", {"name": "Lê An"}, action="/name").is_redirect
    kept = citizen.get("/citizens/me/data.json").json()
    assert (kept["person"]["name"], [one["act"] for one in kept["access"]]) == ("Lê An", ["signed_in"])
    assert "Bàn làm việc" not in citizen.get("/questions").text
    gone = citizen.fill("/citizens/me", action="/erase")
    citizen.go(gone)
    citizen.see("Đã xóa tên và địa chỉ thư của bạn")
    assert citizen.get("/citizens/me").is_redirect


def test_a_refused_name_keeps_what_was_typed(site: Site) -> None:
    visitor = site.visitor()
    sent = visitor.fill("/citizens/sign-in", FORM | {"name": "Bộ Công an"}, action="/citizens/sign-in")
    assert sent.status_code == 422
    assert 'value="Bộ Công an"' in sent.text
    assert FORM["email"] in sent.text


def test_staff_are_citizens_too_and_keep_their_account(people: People) -> None:
    moderator = people.staff(CLEARED)
    assert moderator.get("/citizens/me").status_code == 200
    moderator.see("Bạn đăng nhập bằng tài khoản cán bộ")
    assert moderator.post("/citizens/me/erase", data=people.proof(moderator)).status_code == 422


def test_a_session_of_staff_ends_where_a_citizen_signs_in(site: Site, people: People) -> None:
    browser = site.staff(f"{CLEARED}@engage.example")
    link = _asked(people, site.visitor())
    assert browser.fill(link, action=link).is_redirect
    assert browser.get("/review").status_code == 403
