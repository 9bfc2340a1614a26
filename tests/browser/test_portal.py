"""Our widgets in the pages of a portal: another origin, a strict policy, a look of its own, whatever its style sheet does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import portal as example
from tests.browser import look
from tests.browser.conftest import FLAGS, PATIENCE, Shot, faults_of
from tests.everything import chromium
from tests.site import Site
from tests.web.people import CLEARED, People

ARTICLE, WORDS = (
    "/xe-buyt-dien.html",
    "Mong tuyến số 3 có thêm điểm dừng ở cổng trường, các cháu đi bộ từ đê vào rất xa.",
)
# Style sheets of portals as they are met, and worse ones.
HOSTS = {
    "reset": "*, ::before, ::after { margin: 0; padding: 0; border: 0; font: inherit; vertical-align: baseline }",
    "important": "* { color: #fff !important; background: #fff !important; font: italic 3px/1 cursive !important; "
    "margin: 30px !important; position: static !important; letter-spacing: 9px !important; text-transform: uppercase !important }",
    "huge": "html { font-size: 40px }",
    "tiny": "html { font-size: 6px }",
    "rtl": "html { direction: rtl } * { direction: rtl !important; text-align: right !important }",
    "dark": "html { color-scheme: dark; background: #111; color: #eee }",
}
LOOKS = """tag => { const text = tag.shadowRoot.querySelector("h2 + p, li, .dim"); const style = getComputedStyle(text);
  return [style.direction, style.letterSpacing, style.textTransform, style.fontStyle, Math.round(parseFloat(style.fontSize))] }"""
SHIFTS = """window.shifts = []; new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
  .filter((one) => !one.hadRecentInput).map((one) => one.value))).observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture(scope="module")
def portal(people: People) -> Iterator[Any]:
    with example.served(people, guests="yes") as served:
        yield served


Open = Callable[..., Page]


def somebody(browser: Browser, *, width: int = 1280, **more: Any) -> BrowserContext:
    """Without an address of their own: a header more would make a browser ask before it loads our script."""
    return browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="vi", **more)


@pytest.fixture
def page(browser: Browser) -> Iterator[Open]:
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        path: str = "", *, scheme: Any = "light", javascript: bool = True, expected: tuple[str, ...] = (), **more: Any
    ) -> Page:
        opened.append(somebody(browser, color_scheme=scheme, java_script_enabled=javascript, **more))
        page = opened[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: faults.extend(faults_of(message, expected)))
        page.on("pageerror", lambda error: faults.append(str(error)))
        if path:
            page.goto(path)
        return page

    yield open_page
    for one in opened:
        one.close()
    assert not faults, "the console named errors:\n" + "\n".join(faults)


@pytest.fixture
def blocking(browser: Browser) -> Iterator[Browser]:
    """A browser that sends no cookie to anybody but the page's own site."""
    own = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, "--test-third-party-cookie-phaseout"])
    yield own
    own.close()


def test_a_comment_by_a_portals_token_is_accepted_and_arrives_live(
    blocking: Browser, portal: Any, people: People, site: Site
) -> None:
    """Show 1 of the third-party surfaces: no cookie of ours is ever sent from there."""
    cookies: list[str] = []
    writer, reader = (somebody(blocking).new_page() for _ in range(2))
    for page in (writer, reader):
        page.on(
            "request", lambda asked: cookies.append(asked.headers.get("cookie", "")) if site.url in asked.url else None
        )
    first = "Bài viết rất cần cho bà con ngoại thành, mong báo theo dõi tiếp việc này."
    signed_in(writer, portal)
    write(writer, first)
    site.wait(lambda: first in site.visitor().get(f"/embed/comments?site={portal.site}&article=xe-buyt-dien").text)
    reader.goto(portal.address + ARTICLE)
    expect(reader.locator("engage-comments li.comment")).to_have_count(1)
    write(writer, WORDS + " Gọi cho tôi theo số 0912 345 678.")  # held: somebody reads it first
    expect(writer.locator("engage-comments .engage-mine")).to_contain_text(WORDS)
    accept_held(people)
    news = reader.locator("engage-comments .engage-news button")
    expect(news).to_contain_text("1 bình luận mới")
    news.click()
    expect(reader.locator("engage-comments .comments-list").first).to_contain_text(WORDS)
    assert not any(cookies)
    for page in (writer, reader):
        page.context.close()


def signed_in(page: Page, portal: Any) -> None:
    page.goto(portal.address + ARTICLE)
    page.locator("button[value=hoa]").click()


def write(page: Page, words: str) -> None:
    page.locator("engage-comments textarea").first.fill(words)
    page.locator("engage-comments form[data-act=comment] button").first.click()
    expect(page.locator("engage-comments .engage-mine [role=status]")).to_contain_text("Trần Thị Hoa")


def test_a_comment_is_reported_in_a_dialog_by_who_is_signed_in(page: Open, portal: Any, site: Site, shot: Shot) -> None:
    writer, said = page(), "Nhà bác Bảy ở ngay đầu ngõ, xe dừng trước cửa thì tiện."
    signed_in(writer, portal)
    write(writer, said)
    site.wait(lambda: said in site.visitor().get(f"/embed/comments?site={portal.site}&article=xe-buyt-dien").text)
    for width, scheme in ((320, "dark"), (1280, "light")):
        reader = page(width=width, scheme=scheme, bypass_csp=True, expected=("422",))
        reader.goto(portal.address + ARTICLE)
        reader.locator("button[value=nam]").click()
        reader.locator("li.comment", has_text=said).locator("[data-act=flag]").click()
        dialog = reader.get_by_role("dialog", name="Báo bình luận này")
        expect(dialog.get_by_role("radio").first).to_be_focused()
        assert not look.sticking_out(reader)
        look.holds(look.violations(reader), width, "dark" if scheme == "dark" else "light")
        shot(reader, f"portal-flag-{width}-{scheme}")
    dialog.get_by_role("button", name="Gửi báo vi phạm").click()
    expect(dialog.get_by_role("alert")).to_have_text("Chọn một lý do.")
    dialog.get_by_label("Lộ thông tin riêng của người khác").check()
    dialog.get_by_role("button", name="Gửi báo vi phạm").click()
    expect(reader.locator(".engage-mine [role=status]")).to_contain_text("Đã nhận.")
    assert site.rows("select surface from flag where surface = 'comment'")


def accept_held(people: People) -> None:
    newest = people.site.rows("select max(id) from moderation_case where surface = 'comment'")[0][0]
    moderator, case = people.staff(CLEARED), f"/review/cases/{newest}"
    claimed = moderator.go(moderator.fill(case, action=f"{case}/claim"))
    assert people.accept(claimed).is_redirect


def test_the_same_article_is_read_and_written_without_javascript(page: Open, portal: Any) -> None:
    reader = page(portal.address + "/ssi" + ARTICLE, javascript=False)
    form = reader.locator("section.comments form[action$='/comments']")
    form.locator("textarea").fill(WORDS)
    form.locator("button").click()
    expect(reader.locator("textarea")).to_have_value(WORDS)
    assert reader.url.endswith("/comments")


@pytest.mark.parametrize("host", HOSTS)
def test_no_style_sheet_of_a_portal_changes_what_is_inside(page: Open, portal: Any, host: str, shot: Shot) -> None:
    reader = page()
    reader.route("**/style.css", lambda route: dressed(route, HOSTS[host], portal))
    reader.goto(portal.address + "/hoi-dap.html")
    tag = reader.locator("engage-answers")
    expect(tag.locator("li").first).to_be_visible()
    direction, spacing, case, slant, size = tag.evaluate(LOOKS)
    assert (direction, spacing, case, slant) == ("ltr", "normal", "none", "normal")
    assert 14 <= size <= 20
    shot(reader, f"portal-{host}")


def dressed(route: Any, text: str, portal: Any) -> None:
    """The portal's own sheet alone; ours comes from another origin."""
    if route.request.url.startswith(portal.address):
        route.fulfill(body=text, content_type="text/css")
    else:
        route.continue_()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", [ARTICLE, "/hoi-dap.html", "/doi-thoai.html"])
def test_nothing_on_the_page_moves_when_a_widget_comes(page: Open, portal: Any, path: str, width: int) -> None:
    reader = page(width=width)
    reader.add_init_script(SHIFTS)
    reader.goto(portal.address + path)
    expect(
        reader.locator("main").locator("engage-comments h2, engage-answers h2, engage-dialogue h2").first
    ).to_be_visible()
    reader.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert reader.evaluate("shifts") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_widgets_fit_a_phone_and_satisfy_axe(page: Open, portal: Any, scheme: str, shot: Shot) -> None:
    for path in (ARTICLE, "/hoi-dap.html", "/doi-thoai.html"):
        reader = page(portal.address + path, width=320, scheme=scheme, bypass_csp=True)
        expect(reader.locator("engage-comments h2, engage-answers h2, engage-dialogue h2").first).to_be_visible()
        assert not look.sticking_out(reader)
        look.holds(look.violations(reader), 320, "dark" if scheme == "dark" else "light")
        shot(reader, f"portal{path.removesuffix('.html').replace('/', '-')}-{scheme}")


def test_a_service_that_is_down_is_told_politely_and_what_is_typed_stays(page: Open, portal: Any, site: Site) -> None:
    reader = page(expected=("ERR_FAILED", "Failed to load"))
    reader.route(f"{site.url}/embed/comments**", lambda route: route.abort())
    reader.goto(portal.address + ARTICLE)
    tag = reader.locator("engage-comments")
    expect(tag).to_contain_text("Chưa tải được phần này lúc này.")
    expect(tag.locator("a")).to_have_attribute("href", f"{site.url}/")
    reader.unroute(f"{site.url}/embed/comments**")
    tag.locator("button", has_text="Thử lại").click()
    box = tag.locator("textarea").first
    box.fill(WORDS)
    reader.locator("button[value=hoa]").evaluate("button => fetch('/dang-nhap', {method: 'POST', body: 'reader=hoa'})")
    reader.route(f"{site.url}/embed/session**", lambda route: route.abort())
    tag.locator("form[data-act=comment] button").first.click()
    expect(tag.locator("[role=alert]").first).to_contain_text("vẫn còn nguyên")
    expect(box).to_have_value(WORDS)


def test_two_widgets_of_a_page_share_one_style_sheet(page: Open, portal: Any) -> None:
    reader, asked = page(), []
    reader.on(
        "request",
        lambda one: asked.append(one.url) if "/embed/style.css" in one.url and one.resource_type == "fetch" else 0,
    )
    reader.goto(portal.address + "/hoi-dap.html")
    reader.locator("engage-answers").evaluate("tag => tag.after(tag.cloneNode())")
    expect(reader.locator("engage-answers h2")).to_have_count(2)
    assert len(asked) == 1
