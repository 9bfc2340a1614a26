"""A guest on a portal's page: an address proved by a code from a mail, and nothing typed is lost on the way."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import look
from tests.browser import portal as there
from tests.browser.conftest import Shot
from tests.browser.portal import ARTICLE, WORDS, Open
from tests.site import Site
from tests.web.people import People

NAME = "Nguyễn Thị Lụa"
WRONG, OVER = "Mã chưa đúng.", "Mã này hết hạn, đã dùng, hoặc đã nhập sai quá năm lần."
_numbers = count(1)


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture(scope="module")
def portal(people: People) -> Iterator[Any]:
    with there.served(people) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Open]:
    with there.windows(browser) as open_page:
        yield open_page


@pytest.fixture
def email() -> str:
    return f"khach-{next(_numbers)}@example.vn"


def asked(page: Open, portal: Any, **more: Any) -> tuple[Page, Locator]:
    """A guest who wants to send what they wrote, and the form that asks who they are."""
    reader = page(portal.address + ARTICLE, expected=("status of 4",), **more)
    there.box(reader).fill(WORDS)
    there.send(reader)
    form = there.widget(reader).locator("form.engage-who")
    expect(form.locator("[name=name]")).to_be_focused()
    return reader, form


def introduce(form: Locator, email: str, name: str = NAME) -> None:
    form.locator("[name=name]").fill(name)
    form.locator("[name=email]").fill(email)
    form.locator("button.main").click()


def confirm(form: Locator, code: str) -> None:
    form.locator("[name=code]").fill(code)
    form.locator("button.main").click()


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_guest_writes_with_a_code_from_a_mail(
    page: Open, portal: Any, people: People, email: str, width: int, scheme: look.Scheme, shot: Shot
) -> None:
    reader, form = asked(page, portal, width=width, scheme=scheme, bypass_csp=True)
    look.holds(look.violations(reader) + look.sticking_out(reader), width, scheme)
    shot(reader, f"portal-guest-who-{width}")
    introduce(form, "khong-phai-dia-chi")
    expect(form.locator("[role=alert]")).not_to_be_empty()
    expect(form.locator("[name=email]")).to_be_focused()
    expect(form.locator("[name=name]")).to_have_value(NAME)
    introduce(form, email)
    expect(form.locator("[role=status]")).to_contain_text(email)
    code = there.code_for(people, email)
    confirm(form, another(code))
    expect(form.locator("[role=alert]")).to_contain_text(WRONG)
    look.holds(look.violations(reader) + look.sticking_out(reader), width, scheme)
    shot(reader, f"portal-guest-code-{width}")
    expect(there.box(reader)).to_have_value(WORDS)
    form.get_by_role("button", name="Đổi địa chỉ hoặc xin mã mới").click()
    expect(form.locator("[name=email]")).to_have_value(email)
    introduce(form, email)
    confirm(form, there.code_for(people, email, 2))
    expect(there.widget(reader).locator(".engage-mine [role=status]")).to_contain_text(NAME)
    expect(there.box(reader)).to_have_value("")
    expect(form).to_have_count(0)
    shot(reader, f"portal-guest-sent-{width}")


@pytest.mark.parametrize("over", ["expired", "too_often"])
def test_a_code_that_is_over_leads_back_to_a_new_one(
    page: Open, portal: Any, people: People, site: Site, email: str, over: str
) -> None:
    reader, form = asked(page, portal)
    introduce(form, email)
    code = there.code_for(people, email)
    if over == "expired":
        site.write("update citizen_proof set ends_at = created_at where used_at is null")
    for _ in range(5 if over == "too_often" else 0):
        confirm(form, another(code))
        expect(form.locator("[role=alert]")).to_contain_text(WRONG)
        expect(form.locator("[name=code]")).to_be_focused()
    confirm(form, code)
    expect(form.locator("[role=alert]")).to_contain_text(OVER)
    expect(form.locator("[name=name]")).to_have_value(NAME)
    expect(form.locator("[name=email]")).to_have_value(email)
    expect(there.box(reader)).to_have_value(WORDS)
    form.locator("button.main").click()
    confirm(form, there.code_for(people, email, 2))
    expect(there.widget(reader).locator(".engage-mine [role=status]")).to_contain_text(NAME)


def test_an_address_that_had_enough_mails_is_told_so(page: Open, portal: Any, people: People, email: str) -> None:
    sent = there.article(people, portal).portal
    for _ in range(6):
        assert sent.send("/embed/code", {"name": NAME, "email": email}).status_code == 202
    reader, form = asked(page, portal)
    introduce(form, email)
    expect(form.locator("[role=alert]")).to_contain_text("đã nhận đủ thư hôm nay")
    form.get_by_role("button", name="Thôi").click()
    expect(there.box(reader)).to_be_focused()
    expect(there.box(reader)).to_have_value(WORDS)


def test_who_is_asked_for_a_name_goes_on_when_the_list_is_read_anew(
    page: Open, portal: Any, people: People, email: str
) -> None:
    under = there.article(people, portal)
    root = under.written("Bến xe nên có mái che.")
    reader = page(portal.address + ARTICLE)
    comment = there.widget(reader).locator(f"#comment-{root}")
    comment.locator("[data-act=reply]").click()
    comment.locator("form.engage-reply textarea").fill(WORDS)
    comment.locator("form.engage-reply button").first.click()
    form = there.widget(reader).locator("form.engage-who")
    form.locator("[name=name]").fill(NAME)
    under.written("Mái che phải đủ rộng.")
    there.widget(reader).locator(".engage-news button").click()
    expect(form.locator("[name=name]")).to_have_value(NAME)
    introduce(form, email)
    confirm(form, there.code_for(people, email))
    expect(there.widget(reader).locator(".engage-mine [role=status]")).to_contain_text(NAME)
    expect(form).to_have_count(0)
    answers = "select count(*) as many from remark where reply_to_id = :id"
    assert people.site.rows(answers, id=root)[0].many == 1
