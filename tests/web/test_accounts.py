"""Signing in with two factors, invitations, accounts and the audit, as people meet them over HTTP."""

import re
import time

import pyotp
import pytest

from engage.factors import STEP_SECONDS
from engage.people import DEMONSTRATION_PASSWORD
from engage.routes import DOORS
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, CLEARED, COORDINATOR, UNCLEARED, People

NEW = "một câu dài dễ nhớ 2026"
CODE = re.compile(r'<code class="nb">([A-Z2-7-]{19})</code>')
WORDLESS = ("@", "Lê Thị", "engage.example", NEW)


def code_after(key: str, steps: int) -> str:
    """A code of a later half minute: the app's clock may run ahead by one."""
    return str(pyotp.TOTP(key).generate_otp(int(time.time()) // STEP_SECONDS + steps))


def link_in(people: People, email: str, at_least: int = 1) -> str:
    return f"/links/{people.links_to(email, at_least)[-1]}"


def email_of(site: Site, person_id: int) -> str:
    (row,) = site.rows("select login from person where id = :id", id=person_id)
    return str(row.login)


def test_enrol_sign_in_with_a_code_which_counts_once_and_with_a_recovery_code_once(people: People, site: Site) -> None:
    email, next_path = "duyet.btp@engage.example", "/desk?tab=approval"
    owner = site.staff(email)
    page = owner.get("/sign-in/enrol")
    key = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)
    assert key
    assert 'src="data:image/svg+xml' in page.text
    assert owner.fill(page, {"code": "000000"}, action="/sign-in/enrol").status_code == 422
    shown = owner.fill("/sign-in/enrol", {"code": pyotp.TOTP(key[1].replace(" ", "")).now()}, action="/sign-in/enrol")
    recovery = CODE.findall(shown.text)
    assert len(set(recovery)) == 10
    assert owner.get("/sign-in/enrol").status_code == 409  # the codes are shown this once

    def half() -> Visitor:
        visitor = site.visitor()
        form = {"email": email, "password": "xin-chao-2026"}
        page = visitor.get("/sign-in?next=%2Fdesk%3Ftab%3Dapproval")
        visitor.go(visitor.fill(page, form, action="/sign-in"))
        assert visitor.get("/desk").is_redirect, "the password alone opened the desk"
        return visitor

    later = code_after(key[1].replace(" ", ""), 1)
    for code, works in ((later, True), (later, False), (recovery[0], True), (recovery[0], False)):
        visitor = half()
        answer = visitor.fill("/sign-in/code?next=%2Fdesk%3Ftab%3Dapproval", {"code": code}, action="/sign-in/code")
        assert (answer.status_code, answer.headers.get("location", "")) == ((303, next_path) if works else (422, ""))
        assert visitor.get("/desk").is_success == works


def test_new_recovery_codes_are_given_to_whoever_types_a_code_and_to_no_open_browser(site: Site) -> None:
    owner = site.staff("can-bo.bca@engage.example")
    page = owner.get("/sign-in/enrol")
    key = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)
    assert key
    shown = owner.fill(page, {"code": pyotp.TOTP(key[1].replace(" ", "")).now()}, action="/sign-in/enrol")
    before = CODE.findall(shown.text)
    for wrong in ("", "000000"):
        answer = owner.fill("/account", {"code": wrong}, action="/account/factor/codes")
        assert answer.status_code == 422
        assert not CODE.search(answer.text)
    answer = owner.fill("/account", {"code": before[0]}, action="/account/factor/codes")
    assert answer.status_code == 200
    assert len({*CODE.findall(answer.text)} - {*before}) == 10
    assert owner.fill("/account", {"code": before[1]}, action="/account/factor/codes").status_code == 422


def test_another_phone_is_connected_before_the_old_one_ends(site: Site) -> None:
    email, move = "duyet.bnnmt@engage.example", "/account/factor/move"
    owner = site.staff(email)
    assert owner.get(move).status_code == 409  # none is on yet
    owner.see("Tài khoản này chưa bật mã thứ hai.")
    page = owner.get("/sign-in/enrol")
    old = key_on(page.text)
    recovery = CODE.findall(owner.fill(page, {"code": pyotp.TOTP(old).now()}, action="/sign-in/enrol").text)
    page = owner.get(move)
    new = key_on(page.text)
    assert new != old
    for fresh, code in (("", recovery[0]), ("000000", recovery[0]), (pyotp.TOTP(new).now(), "")):
        assert owner.fill(move, {"fresh": fresh, "code": code}, action=move).status_code == 422
        assert key_on(owner.get(move).text) == new, "the square code is the same until it is used"
    codes = owner.fill(move, {"fresh": pyotp.TOTP(new).now(), "code": recovery[0]}, action=move)
    assert len({*CODE.findall(codes.text)} - {*recovery}) == 10
    form = {"email": email, "password": DEMONSTRATION_PASSWORD}
    for code, works in ((code_after(old, 1), False), (recovery[1], False), (code_after(new, 1), True)):
        visitor = site.visitor()
        visitor.go(visitor.fill("/sign-in", form, action="/sign-in"))
        assert visitor.fill("/sign-in/code", {"code": code}, action="/sign-in/code").is_redirect == works


def key_on(page: str) -> str:
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_an_administrator_arrives_at_the_overview(site: Site) -> None:
    administrator = site.staff("quan-tri@engage.example")
    assert administrator.get("/sign-in/done").headers["location"] == "/admin"


def test_an_invitation_counts_once_and_leads_to_the_desk(people: People, site: Site) -> None:
    email = email_of(site, people.invited())
    link, guest = link_in(people, email), site.visitor()
    assert guest.get(link).headers["referrer-policy"] == "no-referrer"
    assert guest.fill(link, {"password": "ngan"}, action=link).status_code == 422
    assert guest.fill(link, {"password": NEW}, action=link).headers["location"] == "/sign-in?set=1"
    again = site.visitor()
    again.get(link)
    again.see("Liên kết này không dùng được nữa")
    late = again.post(link, data=people.proof(again) | {"password": NEW})
    assert late.status_code == 409
    entry = guest.fill("/sign-in", {"email": email, "password": NEW}, action="/sign-in")
    assert guest.go(guest.go(entry)).status_code == 200
    assert link.partition(".")[2] not in site.log(lines=0)


def test_a_reset_counts_once_ends_every_session_and_says_nothing_of_who_has_an_account(
    people: People, site: Site
) -> None:
    known, unknown, email = site.visitor(), site.visitor(), "dau-moi.btp@engage.example"
    before = site.staff(email)
    answers = [
        visitor.go(visitor.fill("/sign-in/forgot", {"email": address}, action="/sign-in/forgot")).text
        for visitor, address in ((known, email), (unknown, "khong-co@engage.example"))
    ]
    guards = re.compile(r'name="(csrf|key)" value="[^"]*"')
    assert guards.sub("", answers[0]) == guards.sub("", answers[1])
    link = link_in(people, email)
    assert known.fill(link, {"password": NEW}, action=link).is_redirect
    assert before.get("/desk").is_redirect
    wrong = known.fill("/sign-in", {"email": email, "password": "xin-chao-2026"}, action="/sign-in")
    assert wrong.status_code == 422
    assert known.fill("/sign-in", {"email": email, "password": NEW}, action="/sign-in").is_redirect


def test_too_many_wrong_passwords_say_how_long_to_wait_whether_or_not_the_account_exists(site: Site) -> None:
    for email in ("duyet.bnv@engage.example", "khong-co-ai@engage.example"):
        stranger, owner = site.visitor(), site.visitor()
        for _ in range(6):
            answer = stranger.fill("/sign-in", {"email": email, "password": "sai"}, action="/sign-in")
        assert answer.status_code == 429
        stranger.see("Đăng nhập sai nhiều lần. Thử lại sau")
        wrong = owner.fill("/sign-in", {"email": email, "password": "sai"}, action="/sign-in")
        assert wrong.status_code == 422, "a stranger kept somebody else waiting"


def test_an_ended_account_is_out_within_five_seconds_and_its_open_stream_too(people: People, site: Site) -> None:
    person_id = people.invited()
    email = email_of(site, person_id)
    link, person = link_in(people, email), site.visitor()
    person.fill(link, {"password": NEW}, action=link)
    person.fill("/sign-in", {"email": email, "password": NEW}, action="/sign-in")
    with person.stream("GET", "/live/questions/0/stream") as stream:
        lines = stream.iter_lines()
        next(lines)
        page = f"/admin/accounts/{person_id}"
        assert people.staff(ADMINISTRATOR).fill(page, action="/end").is_redirect
        began = time.monotonic()
        assert list(lines) is not None  # to its end
        assert time.monotonic() - began < 5
    assert person.get("/desk").is_redirect


def test_a_password_is_changed_with_the_old_one_and_other_sessions_end(people: People, site: Site) -> None:
    email = "can-bo.btp@engage.example"
    here, there = site.staff(email), site.staff(email)
    form = {"old": "sai", "new": NEW}
    assert here.fill("/account", form, action="/account/password").status_code == 422
    here.see("Mật khẩu hiện tại chưa đúng.")
    assert here.fill("/account", {**form, "old": "xin-chao-2026"}, action="/account/password").is_redirect
    assert here.get("/account").status_code == 200
    assert there.get("/account").is_redirect


def test_only_what_is_judged_counts_as_a_try(site: Site) -> None:
    """A guess at the old password makes the next one wait; a form that was never compared with it does not."""
    here, form = site.staff("dau-moi.bgddt@engage.example"), {"old": "sai", "new": NEW}
    for mistake in ({"old": ""}, {"new": "ngắn"}, {"old": "x" * 201}) * 4:
        assert here.fill("/account", {**form, **mistake}, action="/account/password").status_code == 422
    answers = [here.fill("/account", form, action="/account/password").status_code for _ in range(7)]
    assert answers[:5] == [422] * 5
    assert answers[-1] == 429
    right = here.fill("/account", {**form, "old": "xin-chao-2026"}, action="/account/password")
    assert right.status_code == 429, "the right one among many guesses would tell the guesser"
    here.see("Đăng nhập sai nhiều lần. Thử lại sau")


def test_a_session_elsewhere_is_ended_from_the_account_page(site: Site) -> None:
    email = "can-bo.bnv@engage.example"
    there, here = site.staff(email), site.staff(email)
    assert here.fill("/account", action="/account/sessions/end").is_redirect
    assert there.get("/account").is_redirect
    assert here.get("/account").status_code == 200


def test_a_coordinator_invites_and_ends_an_official(people: People, site: Site) -> None:
    coordinator = people.staff(COORDINATOR)
    form = {"name": "Lê Thị Nhờ", "email": "le-thi-nho@engage.example", "post": "approver"}
    assert coordinator.fill("/desk/people/add", form, action="/desk/people/add").is_redirect
    person_id = people.person_id("le-thi-nho")
    (row,) = site.rows("select is_moderator, is_administrator from person where id = :id", id=person_id)
    assert not any(row)
    again = coordinator.fill("/desk/people/add", form, action="/desk/people/add")
    assert again.status_code == 422
    coordinator.see("Địa chỉ này đã có tài khoản")
    assert 'value="Lê Thị Nhờ"' in again.text
    assert coordinator.fill(f"/desk/people/{person_id}", action="/end").is_redirect
    assert coordinator.get(f"/desk/people/{person_id}").status_code == 404


def test_the_roles_page_names_every_door_of_every_role(people: People) -> None:
    page = people.staff(ADMINISTRATOR).get("/admin/roles").text
    assert page.count("<li><p><b>") == len(DOORS)


def test_the_audit_tells_who_did_what_is_audited_itself_and_holds_no_word(people: People, site: Site) -> None:
    administrator = people.staff(ADMINISTRATOR)
    people.invited()
    administrator.get("/admin/audit?kind=account.added")
    administrator.see("Thêm tài khoản")
    table = administrator.get("/admin/audit.csv").text
    assert "account.added" in table
    assert "audit.read" in table
    assert not [line for line in table.splitlines()[1:] if line.startswith(("=", "+", "-", "@"))]
    site.wait(lambda: not site.rows("select 1 from audit where place is null"))
    rows = site.rows("select at, actor, kind, reason, ids, times from audit")
    assert not [row for row in rows if any(word in str(row) for word in WORDLESS)]
    assert "0 faults" in site.command("audit", "verify")


def test_a_refused_entry_is_counted(people: People, site: Site) -> None:
    person_id = people.person_id(COORDINATOR)
    for _ in range(3):
        assert people.staff(COORDINATOR).get("/admin/audit").status_code == 403
    counted = "select sum(times) from audit_tally where kind = 'access.refused'"
    written = "select sum(times) from audit where kind = 'access.refused'"
    assert person_id
    assert (site.rows(counted)[0][0] or 0) + (site.rows(written)[0][0] or 0) >= 3


def test_every_read_of_a_sealed_text_leaves_a_line(people: People, site: Site) -> None:
    accused = " Ông chủ tịch Nguyễn Văn Tám đòi hối lộ của gia đình tôi mới ký giấy."
    case = people.case_row(people.ask(more=accused, button="question"))
    lines = "select 1 from audit where kind = 'case.sealed_read'"
    before = len(site.rows(lines))
    page = f"/review/cases/{case.id}"
    assert people.staff(UNCLEARED).get(page).status_code == 404
    assert len(site.rows(lines)) == before
    for times in (1, 2):
        assert people.staff(CLEARED).get(page).status_code == 200
        assert len(site.rows(lines)) == before + times


def test_the_access_record_opens_only_behind_a_reason(people: People, site: Site) -> None:
    asked, administrator = people.ask(), people.staff(ADMINISTRATOR)
    refused = administrator.fill("/admin/access", {"reason": "x", "question": str(asked.id)}, action="/admin/access")
    assert refused.status_code == 422
    reason = "Văn bản số 12 của cơ quan điều tra"
    opened = administrator.fill("/admin/access", {"reason": reason, "question": str(asked.id)}, action="/admin/access")
    page = administrator.go(opened)
    assert asked.visitor.address in page.text
    administrator.see(reason)
    (row,) = site.rows("select reason from access_reading order by id desc limit 1")
    assert row.reason == reason
    assert not site.rows("select 1 from audit where reason = :reason", reason=reason)


@pytest.mark.parametrize("path", ["/", "/questions", "/sign-in", "/rules"])
def test_the_foot_of_a_page_says_who_stands_behind_it(site: Site, path: str) -> None:
    reader = site.visitor()
    reader.get(path)
    for said in ("Cơ quan chủ quản minh họa", "Chịu trách nhiệm nội dung:", "Giấy phép:", "thông tin minh họa"):
        reader.see(said)
