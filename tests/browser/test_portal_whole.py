"""The first show of what stands in other people's pages: read, written and followed where no cookie of ours is let through, and
where no script runs.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser import portal as there
from tests.browser.conftest import FLAGS, Shot
from tests.browser.portal import ARTICLE, ID, PHONE, WORDS, Open
from tests.everything import chromium
from tests.site import Site
from tests.web.people import People

OURS: Any = {
    "name": "cua-chung-toi",
    "value": "1",
    "sameSite": "None",
    "secure": True,
    "domain": "127.0.0.1",
    "path": "/",
}
NAME, EMAIL = "Nguyễn Thị Lụa", "lua-{number}@example.vn"
PLAIN = "Buổi trưa xe vắng khách, nên gộp hai chuyến lại và thêm một chuyến tối cho công nhân tan ca."


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture
def portal(people: People) -> Iterator[Any]:
    with there.served(people) as served:
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Open]:
    with there.windows(browser) as open_page:
        yield open_page


Owner = Callable[..., Page]


@pytest.fixture
def owner(browser: Browser, tmp_path: Path) -> Iterator[Owner]:
    """Somebody's own browser, whose settings say whether cookies go to anybody but the page's site."""
    opened: list[BrowserContext] = []

    def begun(*, blocks: bool) -> Page:
        folder = tmp_path / f"profile-{len(opened)}"
        (folder / "Default").mkdir(parents=True)
        settings = {"profile": {"cookie_controls_mode": int(blocks), "block_third_party_cookies": blocks}}
        (folder / "Default" / "Preferences").write_text(json.dumps(settings))
        opened.append(
            browser.browser_type.launch_persistent_context(folder, executable_path=chromium(), args=FLAGS, locale="vi")
        )
        return opened[-1].new_page()

    yield begun
    for one in opened:
        one.close()


def cookies_from_there(page: Page, portal: Any) -> str:
    """What goes along when a page of the portal asks us with all there is; one of ours may be sent from everywhere."""
    page.context.add_cookies([OURS])
    page.goto(portal.address + "/hoi-dap.html")
    asked_with = "url => fetch(url, { mode: 'no-cors', credentials: 'include', cache: 'no-store' }).then(() => 1)"
    with page.expect_request_finished(lambda one: one.url.endswith("?cookies")) as asked:
        page.evaluate(asked_with, portal.engage + "/embed/style.css?cookies")
    return asked.value.all_headers().get("cookie", "")


def test_a_comment_by_a_portals_token_is_accepted_and_arrives_live_where_cookies_are_blocked(
    owner: Owner, portal: Any, people: People, shot: Shot
) -> None:
    assert "cua-chung-toi" in cookies_from_there(owner(blocks=False), portal)
    writer, reader = owner(blocks=True), owner(blocks=True)
    assert [cookies_from_there(page, portal) for page in (writer, reader)] == ["", ""]
    ours: list[Request] = []
    for page in (writer, reader):
        page.on("requestfinished", lambda one: ours.append(one) if one.url.startswith(portal.engage) else None)
    there.article(people, portal).written("Bài viết rất cần cho bà con ngoại thành.")
    reader.goto(portal.address + ARTICLE)
    expect(reader.locator("engage-comments li.comment")).to_have_count(1)
    there.sign_in(writer, portal)
    there.write(writer, WORDS + PHONE)
    expect(there.widget(writer).locator("[role=status]")).to_contain_text("Trần Thị Hoa")
    shot(writer, "portal-held")
    here = reader.evaluate("window.here = Math.random()")
    there.accept_held(people)
    news = there.widget(reader).locator(".engage-news button")
    expect(news).to_contain_text("1 bình luận mới")
    expect(there.widget(writer).locator(".engage-mine")).to_contain_text("Bình luận của bạn đã hiện với bạn đọc.")
    shot(reader, "portal-news")
    news.click()
    expect(there.widget(reader).locator(".comments-list").first).to_contain_text(WORDS)
    expect(there.widget(reader).locator("h2")).to_be_focused()
    assert reader.evaluate("window.here") == here
    assert ours
    assert not any("cookie" in one.all_headers() for one in ours)


def test_the_same_article_is_read_and_written_without_javascript(
    page: Open, portal: Any, people: People, shot: Shot
) -> None:
    email = EMAIL.format(number=portal.address.rpartition(":")[2])
    there.article(people, portal).written("Bài viết rất cần cho bà con ngoại thành.")
    reader = page(portal.address + "/ssi" + ARTICLE, javascript=False)
    expect(reader.locator("section.comments li.comment")).to_have_count(1)
    form = reader.locator("section.comments form[action$='/comments']")
    form.locator("textarea").fill(PLAIN)
    form.locator("[name=name]").fill(NAME)
    form.locator("[name=email]").fill(email)
    form.locator("button").click()
    assert reader.url.startswith(portal.engage)
    expect(reader.locator("textarea")).to_have_value(PLAIN)
    expect(reader.locator("[name=email]")).to_have_value(email)
    reader.get_by_role("button", name="Nhận mã để gửi").click()
    shot(reader, "portal-plain-code")
    reader.locator("[name=code]").fill(there.code_for(people, email))
    expect(reader.locator("textarea")).to_have_value(PLAIN)
    reader.get_by_role("button", name="Gửi bình luận").click()
    expect(reader.locator("h1")).to_have_text("Bình luận của bạn")
    expect(reader.locator("main")).to_contain_text(PLAIN)
    people.site.wait(lambda: there.is_shown(people, there.newest(people)))
    portal.fragments.clear()  # the portal's server asks us for it every quarter of a minute
    reader.goto(portal.address + "/ssi" + ARTICLE)
    expect(reader.locator("section.comments")).to_contain_text(PLAIN)
    expect(reader.locator("section.comments")).to_contain_text(NAME)
    assert there.article(people, portal, ID).fragment.count("<li ") == 2
