"""What happens to comments while they are read on a portal's page, and when the line or the service is away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import portal as there
from tests.browser.conftest import Shot
from tests.browser.portal import ARTICLE, OTHER, OTHER_ID, PHONE, WORDS, Open
from tests.site import Site
from tests.web.people import People

AGAIN = 60_000  # ms: a line that was lost is tried again after half a minute at most
SHIFTS = """window.shifts = []; new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
  .filter((one) => !one.hadRecentInput).map((one) => one.value))).observe({ type: "layout-shift", buffered: true })"""
GONE = "Một bình luận vừa được gỡ."


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


def frames(page: Page) -> None:
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )


def until(page: Page, true: Callable[[], object]) -> None:
    """The page's clock goes on, in steps that leave what is real its time."""
    for _ in range(90):
        if true():
            return
        page.clock.run_for(2_000)
        page.wait_for_timeout(100)


def test_a_comment_is_taken_down_brought_back_and_corrected_before_the_readers_eyes(
    page: Open, portal: Any, people: People, shot: Shot
) -> None:
    under = there.article(people, portal)
    bearer = under.portal.bearer()
    stays, root = under.written("Xe chạy êm và đúng giờ."), under.written("Bến xe nên có mái che.", bearer)
    under.written("Đúng thế, trời mưa đứng rất khổ.", reply_to=root)
    reader = page()
    reader.add_init_script(SHIFTS)
    reader.goto(portal.address + ARTICLE)
    comment = there.widget(reader).locator(f"#comment-{root}")
    comment.locator("[data-act=reply]").first.click()
    answer = comment.locator("form.engage-reply textarea")
    answer.fill(WORDS)
    reader.wait_for_timeout(600)  # what moves within half a second of a key is forgiven
    there.take_down(people, root)
    expect(comment).to_contain_text(GONE)
    expect(comment).not_to_contain_text("mái che")
    expect(comment).to_contain_text("trời mưa đứng rất khổ")
    expect(answer).to_have_value(WORDS)
    expect(answer).to_be_focused()
    frames(reader)
    assert reader.evaluate("shifts") == []
    shot(reader, "portal-gone")
    there.bring_back(people, root)
    expect(comment).to_contain_text("mái che")
    expect(comment).not_to_contain_text(GONE)
    edit = {"body": "Bến xe nên có mái che và ghế ngồi.", "version": 0}
    assert under.portal.send(f"/embed/comments/{root}/edit", edit, bearer=bearer).status_code == 200
    expect(comment).to_contain_text("mái che và ghế ngồi")
    expect(answer).to_have_value(WORDS)
    expect(answer).to_be_focused()
    expect(there.widget(reader).locator(".engage-news")).to_be_hidden()
    expect(there.widget(reader).locator(f"#comment-{stays}")).to_contain_text("Xe chạy êm")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_new_comments_wait_behind_a_bar_that_moves_nothing(
    page: Open, portal: Any, people: People, width: int, scheme: str, shot: Shot
) -> None:
    under = there.article(people, portal)
    under.written("Bến xe nên có mái che.")
    reader = page(width=width, scheme=scheme)
    reader.add_init_script(SHIFTS)
    reader.goto(portal.address + ARTICLE)
    expect(there.widget(reader).locator("li.comment")).to_have_count(1)
    under.written("Xe chạy êm và đúng giờ.")
    expect(there.widget(reader).locator(".engage-news button")).to_have_text("1 bình luận mới")
    frames(reader)
    assert reader.evaluate("shifts") == []
    shot(reader, f"portal-news-{width}")
    there.widget(reader).locator(".engage-news button").click()
    expect(there.widget(reader).locator("li.comment.new")).to_contain_text("Xe chạy êm")


def test_where_sockets_are_forbidden_the_room_is_asked(page: Open, portal: Any, people: People) -> None:
    under = there.article(people, portal)
    gone = under.written("Bến xe nên có mái che.")
    reader, asked = page(expected=("WebSocket",)), list[str]()
    reader.route_web_socket("**/live/**", lambda line: line.close(code=1011))
    reader.on("requestfinished", lambda one: asked.append(one.url) if "/events?" in one.url else None)
    reader.clock.install()
    reader.goto(portal.address + ARTICLE)
    expect(there.widget(reader).locator("li.comment")).to_have_count(1)
    until(reader, lambda: asked)
    there.take_down(people, gone)
    under.written("Xe chạy êm và đúng giờ.")
    news = there.widget(reader).locator(".engage-news button")
    until(reader, news.count)
    expect(there.widget(reader).locator(f"#comment-{gone}")).to_contain_text(GONE)
    expect(news).to_have_text("1 bình luận mới")


def test_under_an_article_that_had_none_the_first_comment_arrives_too(page: Open, portal: Any, people: People) -> None:
    reader = page()
    reader.clock.install()
    reader.goto(portal.address + OTHER)
    expect(there.widget(reader)).to_contain_text("Chưa có bình luận.")
    under = there.article(people, portal, OTHER_ID)
    first = under.written("Ở bản tôi phải đi bộ nửa ngày.")
    people.site.wait(lambda: f"comment-{first}" in under.fragment)
    news = there.widget(reader).locator(".engage-news button")
    until(reader, news.count)
    expect(news).to_have_text("1 bình luận mới")
    news.click()
    there.take_down(people, first)
    expect(there.widget(reader).locator(f"#comment-{first}")).to_contain_text(GONE)


@contextmanager
def away(site: Site) -> Iterator[None]:
    """Stopped as a deployment stops it, and started again whatever happens meanwhile."""
    site.stop()
    try:
        yield
    finally:
        site.start()


def test_a_restart_of_the_service_loses_nothing(
    page: Open, portal: Any, people: People, site: Site, shot: Shot
) -> None:
    """And who comes while it is away is told politely, and sees the comments as soon as it is back."""
    under = there.article(people, portal)
    under.written("Bến xe nên có mái che.")
    there.article(people, portal, OTHER_ID).written("Ở bản tôi phải đi bộ nửa ngày.")
    writer = page(expected=("WebSocket", "ERR_CONNECTION_REFUSED", "Failed to load"))
    there.sign_in(writer, portal)
    there.box(writer).fill(WORDS + PHONE)
    with away(site):
        there.send(writer)
        expect(there.widget(writer).locator("form.comments-form [role=alert]")).to_contain_text("vẫn còn nguyên")
        late = writer.context.new_page()  # its browser has kept our script
        late.goto(portal.address + OTHER)
        expect(there.widget(late)).to_contain_text("Chưa tải được phần này lúc này.")
        expect(there.widget(late).get_by_role("button", name="Thử lại")).to_be_visible()
        shot(late, "portal-away")
    expect(there.widget(late).locator("li.comment")).to_have_count(1, timeout=AGAIN)
    under.written("Xe chạy êm và đúng giờ.")
    expect(there.widget(writer).locator(".engage-news button")).to_have_text("1 bình luận mới", timeout=AGAIN)
    expect(there.box(writer)).to_have_value(WORDS + PHONE)
    there.send(writer)
    expect(there.widget(writer).locator(".engage-mine")).to_contain_text(WORDS)
    sent = "select count(*) as many from remark where place_id = :id and body = :body"
    assert people.site.rows(sent, id=under.id, body=WORDS + PHONE)[0].many == 1
