"""Our widgets in the pages of a portal: another origin, a strict policy, a look of its own, whatever its style sheet does."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import look
from tests.browser import portal as there
from tests.browser.conftest import Shot
from tests.browser.portal import ARTICLE, OTHER_ID, WORDS, Open
from tests.site import Site
from tests.web.people import People

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
LOOKS = """tag => ["h2", ".dim, .comments-hint", "li", "textarea"].map((one) => tag.shadowRoot.querySelector(one)).filter(Boolean)
  .map((text) => {
    const style = getComputedStyle(text);
    const isClose = Math.abs(parseFloat(style.letterSpacing) || 0) < 0.5;
    return [text.localName, style.direction, isClose, style.textTransform, style.fontStyle, Math.round(parseFloat(style.fontSize))];
  })"""
# Two more widgets below this one: the comments of another article, and answers.
BESIDE = """(tag, article) => {
  const [other, answers] = [tag.cloneNode(), document.createElement("engage-answers")];
  other.setAttribute("article", article);
  other.removeAttribute("address");
  answers.setAttribute("site", tag.getAttribute("site"));
  tag.after(other, answers);
}"""
SHIFTS = """window.shifts = []; new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
  .filter((one) => !one.hadRecentInput).map((one) => one.value))).observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture(scope="module")
def portal(people: People) -> Iterator[Any]:
    """More is written under one article than fits into the room that is reserved."""
    with there.served(people) as served:
        for one in range(6):
            there.article(people, served).written("Bài viết rất cần cho bà con ngoại thành. " * (one + 1))
        there.article(people, served, OTHER_ID).written("Ở bản tôi phải đi bộ nửa ngày.")
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Open]:
    with there.windows(browser) as open_page:
        yield open_page


@pytest.mark.parametrize("host", HOSTS)
def test_no_style_sheet_of_a_portal_changes_what_is_inside(page: Open, portal: Any, host: str, shot: Shot) -> None:
    reader = page()
    reader.route("**/style.css", lambda route: dressed(route, HOSTS[host], portal))
    reader.goto(portal.address + ARTICLE)
    reader.locator("engage-comments").evaluate(BESIDE, OTHER_ID)
    tags = reader.locator("engage-comments, engage-answers")
    expect(tags).to_have_count(3)
    for tag in tags.all():
        tag.scroll_into_view_if_needed()
        expect(tag.locator("li").first).to_be_attached()
        for name, direction, is_close, case, slant, size in tag.evaluate(LOOKS):
            assert (direction, is_close, case, slant) == ("ltr", True, "none", "normal"), name
            assert 13 <= size <= 26, name
        measured = tag.locator("textarea").first.bounding_box() if tag.locator("textarea").count() else None
        assert measured is None or measured["width"] > 200
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


def test_a_service_that_is_down_is_told_politely_and_what_is_typed_stays(
    page: Open, portal: Any, site: Site, shot: Shot
) -> None:
    reader = page(width=320, scheme="dark", expected=("ERR_FAILED", "Failed to load"))
    reader.route(f"{site.url}/embed/comments**", lambda route: route.abort())
    reader.goto(portal.address + ARTICLE)
    tag = reader.locator("engage-comments")
    expect(tag).to_contain_text("Chưa tải được phần này lúc này.")
    expect(tag.locator("a")).to_have_attribute("href", f"{site.url}/")
    shot(reader, "portal-down")
    reader.unroute(f"{site.url}/embed/comments**")
    tag.locator("button", has_text="Thử lại").click()
    box = tag.locator("textarea").first
    box.fill(WORDS)
    reader.locator("button[value=hoa]").evaluate("button => fetch('/dang-nhap', {method: 'POST', body: 'reader=hoa'})")
    reader.route(f"{site.url}/embed/session**", lambda route: route.abort())
    tag.locator("form[data-act=comment] button").first.click()
    expect(tag.locator("[role=alert]").first).to_contain_text("vẫn còn nguyên")
    expect(box).to_have_value(WORDS)
    shot(reader, "portal-unsent")


def test_a_service_that_never_answers_is_given_up_and_asked_again_when_told_to(
    page: Open, portal: Any, site: Site
) -> None:
    reader = page(expected=("ERR_", "Failed to load"))
    reader.route(f"{site.url}/embed/comments**", lambda route: None)  # it hangs, as long as anybody waits
    reader.goto(portal.address + ARTICLE)
    tag = reader.locator("engage-comments")
    expect(tag).to_contain_text("Chưa tải được phần này lúc này.", timeout=30_000)
    expect(reader.locator("h1")).to_be_visible()
    reader.unroute(f"{site.url}/embed/comments**")
    tag.locator("button", has_text="Thử lại").click()
    expect(tag.locator("h2").first).to_contain_text("Bình luận")


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
