"""A reader of a portal reports a comment without leaving the article."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import look
from tests.browser import portal as there
from tests.browser.conftest import Shot
from tests.browser.portal import ARTICLE, Open
from tests.site import Site
from tests.web.people import People

SAID = "Nhà bác Bảy ở ngay đầu ngõ, xe dừng trước cửa thì tiện."


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture(scope="module")
def portal(people: People) -> Iterator[Any]:
    with there.served(people) as served:
        there.article(people, served).written(SAID)
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Open]:
    with there.windows(browser) as open_page:
        yield open_page


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_comment_is_reported_in_a_dialog_by_who_is_signed_in(
    page: Open, portal: Any, site: Site, shot: Shot, width: int, scheme: Any
) -> None:
    reader = page(width=width, scheme=scheme, bypass_csp=True, expected=("422",))
    reader.goto(portal.address + ARTICLE)
    reader.locator("button[value=nam]").click()
    reader.locator("li.comment", has_text=SAID).locator("[data-act=flag]").click()
    dialog = reader.get_by_role("dialog", name="Báo bình luận này")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    assert not look.sticking_out(reader)
    look.holds(look.violations(reader), width, scheme)
    shot(reader, f"portal-flag-{width}-{scheme}")
    dialog.get_by_role("button", name="Gửi báo vi phạm").click()
    expect(dialog.get_by_role("alert")).to_have_text("Chọn một lý do.")
    dialog.get_by_label("Lộ thông tin riêng của người khác").check()
    dialog.get_by_role("button", name="Gửi báo vi phạm").click()
    expect(reader.locator(".engage-mine [role=status]")).to_contain_text("Đã nhận.")
    assert site.rows("select surface from flag where surface = 'comment'")
