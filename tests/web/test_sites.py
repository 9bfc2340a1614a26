"""Portals and their widgets over HTTP: registered, let in by a token or a code, cookieless, and put out at once."""

import json
import re

import pytest

from live import wire
from tests.site import Site
from tests.web.people import ADMINISTRATOR, CLEARED, People
from tests.web.portals import Portal, registered
from tests.web.test_socket import ended, heard, listening

CODE = re.compile(r"^\d{6}$", re.MULTILINE)


@pytest.fixture(scope="module")
def portal(people: People) -> Portal:
    return registered(people)


def test_a_token_is_spent_for_a_bearer_that_says_who_writes(portal: Portal) -> None:
    answer = portal.send("/embed/session", {"token": portal.token()})
    assert (answer.status_code, answer.json()["name"]) == (200, "Trần Thị Hoa")
    assert answer.headers["access-control-allow-origin"] == portal.origin
    assert "access-control-allow-credentials" not in answer.headers
    assert "origin" in answer.headers["vary"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert f"frame-ancestors {portal.origin}" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    shown = portal.send("/embed/session", bearer=answer.json()["bearer"])
    assert (shown.status_code, shown.json()["name"]) == (200, "Trần Thị Hoa")


def test_who_leaves_is_out(portal: Portal) -> None:
    bearer = portal.bearer()
    assert portal.send("/embed/session/end", {}, bearer=bearer).status_code == 200
    assert portal.send("/embed/session", bearer=bearer).status_code == 403


def test_a_token_shown_twice_ends_in_words(portal: Portal) -> None:
    token = portal.token()
    assert portal.send("/embed/session", {"token": token}).status_code == 200
    again = portal.send("/embed/session", {"token": token})
    assert (again.status_code, again.json()["error"]) == (422, "embed_token_spent")
    assert again.headers["access-control-allow-origin"] == portal.origin
    english = portal.send("/en/embed/session", {"token": token})
    assert english.json()["words"] == "This token has been used. Reload the page for a new one."


@pytest.mark.parametrize("origin", ["https://c0ng-1.example.vn", "https://example.vn", "null", "http://127.0.0.1:1"])
def test_a_page_nobody_registered_is_refused_and_cannot_read_why(portal: Portal, origin: str) -> None:
    answer = portal.send("/embed/session", {"token": portal.token()}, origin=origin)
    assert (answer.status_code, answer.json()["error"]) == (403, "embed_origin")
    assert "access-control-allow-origin" not in answer.headers


def test_a_bearer_works_from_its_own_origin_only(portal: Portal, people: People) -> None:
    bearer, other = portal.bearer(), registered(people)
    assert other.send("/embed/session", bearer=bearer).json()["error"] == "embed_session_over"


def test_no_cookie_speaks_for_anybody_in_a_widget(portal: Portal, people: People) -> None:
    moderator = people.staff(CLEARED)
    assert portal.send("/embed/session", visitor=moderator).json()["error"] == "embed_session_over"
    assert portal.send("/live/review/0/events", visitor=moderator).status_code == 404
    assert portal.send("/live/questions/0/events", visitor=moderator).status_code == 200


def test_a_browser_asks_before_it_sends_a_bearer(portal: Portal, site: Site) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    visitor = site.visitor()
    for origin, allowed in ((portal.origin, portal.origin), ("https://khac.example", None)):
        answer = visitor.request("OPTIONS", "/embed/session", headers={"origin": origin} | asked)
        assert answer.headers.get("access-control-allow-origin") == allowed
    assert visitor.request("OPTIONS", "/embed/session").status_code == 405
    assert visitor.request("OPTIONS", "/questions", headers={"origin": portal.origin}).status_code == 405


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"token":NaN}', '{"token":"a","token":"b"}', r'{"token":"\ud800"}', "[" * 3000, "null"]
)
def test_a_body_that_is_no_json_object_is_refused_in_words(portal: Portal, site: Site, body: str) -> None:
    headers = {"origin": portal.origin, "content-type": "application/json"}
    answer = site.visitor().post("/embed/session", content=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (422, "embed_body")


def test_json_comes_as_json(portal: Portal, site: Site) -> None:
    """A plain form, which any page may send anywhere, says nothing here."""
    headers = {"origin": portal.origin, "content-type": "text/plain"}
    answer = site.visitor().post("/embed/session", content=b'{"token":"x"}', headers=headers)
    assert answer.json()["error"] == "embed_body"


def test_a_guest_writes_after_typing_a_code_where_the_site_allows_it(people: People) -> None:
    portal, email = registered(people, guests=True), "khach-viet@thu.example"
    asked = portal.send("/embed/code", {"name": "Lê An", "email": email})
    assert asked.status_code == 202
    code = CODE.search(people.mails_to(email, 1)[-1][1])
    assert code
    entry = {"ask": asked.json()["ask"], "code": code[0]}
    wrong = portal.send("/embed/session", entry | {"code": "000000" if code[0] != "000000" else "000001"})
    assert wrong.json()["error"] == "citizen_code_wrong"
    let_in = portal.send("/embed/session", entry)
    assert (let_in.status_code, let_in.json()["name"]) == (200, "Lê An")
    assert portal.send("/embed/session", entry).json()["error"] == "citizen_code_over"


def test_a_site_without_guests_sends_no_code(portal: Portal) -> None:
    answer = portal.send("/embed/code", {"name": "Lê An", "email": "a@thu.example"})
    assert (answer.status_code, answer.json()["error"]) == (403, "embed_no_guests")


def test_an_ended_site_is_out_within_seconds(people: People, site: Site) -> None:
    portal = registered(people)
    bearer = portal.bearer()
    portal.end()
    site.wait(lambda: portal.send("/embed/session", bearer=bearer).status_code == 403, 5)
    assert portal.send("/embed/session", {"token": portal.token()}).json()["error"] == "embed_origin"


def test_an_ended_key_signs_no_more(people: People, site: Site) -> None:
    portal, editor = registered(people), people.staff(ADMINISTRATOR)
    assert editor.fill(portal.page, action=f"/keys/{portal.kid}/end").is_redirect
    site.wait(lambda: portal.send("/embed/session", {"token": portal.token()}).status_code == 422, 5)
    assert portal.send("/embed/session", {"token": portal.token()}).json()["error"] == "embed_token_key"


# Plain forms of a portal's pages


def test_a_form_on_a_portals_page_is_shown_and_confirmed_once(portal: Portal, people: People, site: Site) -> None:
    asked, reader = people.ask(), site.visitor()
    from_there = {"origin": portal.origin, "sec-fetch-site": "cross-site"}
    landed = reader.post("/track", data={"code": asked.code}, headers=from_there)
    assert landed.status_code == 200
    assert "set-cookie" not in landed.headers
    reader.see("Đọc lại bên dưới rồi bấm gửi một lần nữa")
    assert f'value="{asked.code}"' in landed.text
    assert reader.get("/track/question").is_redirect
    assert reader.fill(landed, action="/track").headers["location"] == "/track/question"


def test_a_form_from_a_portal_acts_for_nobody_who_is_signed_in(portal: Portal, people: People) -> None:
    """Confirmed on our page it does: that one the person has seen."""
    asked, moderator = people.ask(), people.site.staff(f"{CLEARED}@engage.example")
    landed = moderator.post("/track", data={"code": asked.code}, headers={"origin": portal.origin})
    assert "Bàn làm việc" not in landed.text
    assert moderator.fill(landed, action="/track").is_redirect


def test_a_form_from_a_page_nobody_registered_is_refused(site: Site, people: People, portal: Portal) -> None:
    reader, elsewhere = site.visitor(), {"origin": "https://khac.example", "sec-fetch-site": "cross-site"}
    assert reader.post("/track", data={"code": "HD"}, headers=elsewhere).status_code == 403
    landed = reader.post("/track", data={"code": "HD"}, headers={"origin": portal.origin})
    proof = dict(reader.form(landed, action="/track").pairs)
    for headers in (elsewhere, {"origin": "null"}, {"sec-fetch-site": "same-site"}):
        assert reader.post("/track", data=proof, headers=headers).status_code == 403
    other_door = reader.post("/track/lost", data=proof | {"email": "a@thu.example", "about": "lương hưu"})
    assert other_door.status_code == 400 or other_door.status_code == 403  # the proof is for one door


# Their editor's pages


def test_what_is_wrong_is_said_beside_the_field_and_stays_typed(people: People) -> None:
    editor = people.staff(ADMINISTRATOR)
    form = {"slug": "cong-http", "name": "Cổng", "origins": "http://cong.example.vn", "accent": "#8F1D21"}
    sent = editor.fill("/admin/sites/new", form, action="/admin/sites")
    assert sent.status_code == 422
    editor.see("Chỉ nhận https")
    assert "http://cong.example.vn</textarea>" in sent.text


def test_a_look_alike_is_warned_about_and_the_look_is_served(people: People, portal: Portal, site: Site) -> None:
    twin = portal.origin.replace("cong", "c0ng")
    other = registered(people, origins=twin, accent="#1b4f7d", font="Arial", round="2")
    editor = people.staff(ADMINISTRATOR)
    editor.get(other.page)
    editor.see(f"{twin} trông giống {portal.origin} của một trang khác")
    look = site.visitor().get(f"/sites/{other.slug}/look.css")
    assert look.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "--engage-accent: #1b4f7d; --engage-font: Arial; --engage-round: 2;" in look.text
    assert "engage-comments" in look.text  # from the tag it comes into the widget
    editor.get(f"{other.page}/preview")
    editor.see("Gửi bình luận")


def test_the_tag_to_paste_says_all_that_this_portal_needs(people: People) -> None:
    editor, plain = people.staff(ADMINISTRATOR), registered(people)
    editor.get(plain.page)
    editor.see('article="MA-BAI" token-from="/engage-token"')
    editor.not_see("look.css")
    strict = registered(people, sections="Thời sự", comment_days="30", accent="#1b4f7d")
    editor.get(strict.page)
    editor.see('article="MA-BAI" section="CHUYEN-MUC" published="NGAY-DANG" token-from="/engage-token"')
    editor.see(f"/sites/{strict.slug}/look.css")


def test_a_secret_is_shown_for_an_hour_after_it_was_made(people: People, portal: Portal) -> None:
    assert portal.secret not in people.staff(ADMINISTRATOR).get(portal.page).text


# Live, on a portal's page


@pytest.mark.parametrize("room", ["me/0", "questions/0"])
def test_a_widget_says_who_it_is_and_follows_its_room(portal: Portal, room: str) -> None:
    with listening(portal.people.site.visitor(), room, "?join=1", origin=portal.origin) as line:
        line.send(json.dumps({"k": "join", "token": portal.bearer()}))
        assert next(heard(line))["k"] == "hello"


def test_without_a_token_a_widget_hears_what_everybody_hears_and_no_cookie_counts(
    portal: Portal, people: People
) -> None:
    with listening(people.staff(CLEARED), "questions/0", origin=portal.origin) as line:
        assert next(heard(line))["role"] == "reader"
    with listening(people.staff(CLEARED), "review/0", origin=portal.origin) as line:
        assert ended(line) == wire.NO_ROOM


@pytest.mark.parametrize("token", ["x", "x" * 43])
def test_a_token_that_opens_nothing_is_told_to_sign_in(portal: Portal, site: Site, token: str) -> None:
    with listening(site.visitor(), "me/0", "?join=1", origin=portal.origin) as line:
        line.send(json.dumps({"k": "join", "token": token}))
        assert ended(line) == wire.SIGN_IN


def test_a_bearer_of_another_site_opens_no_room(portal: Portal, people: People) -> None:
    other = registered(people)
    with listening(people.site.visitor(), "me/0", "?join=1", origin=other.origin) as line:
        line.send(json.dumps({"k": "join", "token": portal.bearer()}))
        assert ended(line) == wire.SIGN_IN


def test_listeners_of_an_ended_site_are_let_go(people: People) -> None:
    portal = registered(people)
    reader, writer = people.site.visitor(), people.site.visitor()
    with (
        listening(reader, "questions/0", origin=portal.origin) as public,
        listening(writer, "me/0", "?join=1", origin=portal.origin) as own,
    ):
        own.send(json.dumps({"k": "join", "token": portal.bearer()}))
        assert next(heard(own))["k"] == next(heard(public))["k"] == "hello"
        portal.end()
        assert ended(public) == ended(own) == wire.NOT_ALLOWED
