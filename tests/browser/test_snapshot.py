"""The pages for the day everything is down, opened from a disk: they fit, read aloud, lead to each other and ask nobody."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import look
from tests.site import Site

NAMES = ("index.html", "questions.html", "questions/page-2.html", "rules.html", "en.html", "en/questions.html", "")


@pytest.fixture(scope="module")
def folder(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain") / "below" / "a path"
    site.command("snapshot", str(folder), "--newest", "120")
    return folder


@pytest.mark.parametrize(("width", "scheme"), [(look.PHONE, "light"), (look.DESKTOP, "dark")])
def test_pages_from_a_disk_fit_and_read_aloud(browser: Browser, folder: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("console", lambda said: failed.append(said.text))
    for name in NAMES:
        file = folder / name if name else next((folder / "questions").glob("[0-9]*.html"))
        page.goto(file.as_uri())
        assert look.sticking_out(page) == [], name
        assert look.skipped(look.headings(page)) == [], name
        assert look.violations(page) + look.faint(page) == [], name
        if width == look.PHONE:
            assert look.too_small(page, look.THUMB) == [], name
    context.close()
    assert failed == []


def test_a_reader_walks_from_page_to_page_in_both_languages(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.get_by_text("Tất cả câu hỏi đã lưu").click()
    page.get_by_role("link", name="Xem tiếp").click()
    page.locator(".questions a").first.click()
    assert page.get_by_text("Trả lời chính thức").is_visible()
    page.get_by_role("link", name="English").click()
    assert page.get_by_text("Official answer").first.is_visible()
    page.get_by_role("link", name="Rules").click()
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.get_by_role("heading", name="Quy chế hỏi đáp").is_visible()
    context.close()
