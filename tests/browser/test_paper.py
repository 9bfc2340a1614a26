"""On paper: what can be pressed is gone; texts, codes, dates and where links lead are there."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import acts, stories
from tests.browser.conftest import Open, Shot
from tests.site import Site

PAPER = 658  # pixels between the margins of a sheet
BARS = (
    ".mast .row, .mast .nav, .foot nav, .crumbs, .skip, .btn, .tabs, .filters, [role=search], .pager, button, .noprint"
)
MOMENT = re.compile(r"\d\d:\d\d, \d\d/\d\d/\d{4}")


def test_print_hides_the_bars_and_keeps_what_a_document_needs(page: Open, site: Site, shot: Shot) -> None:
    told = stories.corrected(site)
    reader = page(f"/questions/{told.id}", width=PAPER)
    _print(reader)
    for words in (told.title, "Công ty tôi ngừng đóng", stories.AGENCY_NAME, "Trịnh Thị Ánh Nguyệt", "20/11/2026"):
        expect(reader.locator("main").get_by_text(words).first).to_be_visible()
    expect(reader.locator(".answer .full")).to_contain_text("Đơn đề nghị chốt sổ")
    expect(reader.locator(".line time").last).to_have_text(MOMENT)
    addresses = [_address(link) for link in reader.locator(".cites a").all()]
    assert addresses
    assert all(address.startswith(" <https://") for address in addresses), addresses
    shot(reader, "paper-question")
    assert reader.pdf(format="A4").count(b"/Type /Page\n") < 4
    reader.emulate_media(media="screen")
    reader.goto(f"/questions?agency={stories.AGENCY}")
    _print(reader)
    expect(reader.locator("main h3 a", has_text=told.title).first).to_be_visible()
    expect(reader.locator(".rows time").first).to_have_text(re.compile(r"\d\d/\d\d/\d{4}"))
    shot(reader, "paper-list")


def test_a_receipt_and_a_path_can_be_taken_home_on_paper(page: Open, site: Site, shot: Shot) -> None:
    asker = page("/questions/ask", width=PAPER)
    acts.ask(asker, stories.ask_form(held=True))
    _print(asker)
    expect(asker.locator("#code")).to_be_visible()
    expect(asker.locator("#code")).to_have_text(stories.CODE)
    asker.emulate_media(media="screen")
    asker.goto("/track/question")
    expect(asker.locator("time[data-relative]")).not_to_have_text(MOMENT)  # "this minute", on a screen
    _print(asker)
    expect(asker.locator("time[data-relative]")).to_have_text(MOMENT)
    shot(asker, "paper-path")


def test_a_desk_prints_the_open_question_and_else_its_list(page: Open, site: Site, shot: Shot) -> None:
    told = stories.taken(site)
    desk = page(width=PAPER)
    acts.lend(desk, stories.staff(site, stories.COORDINATOR))
    desk.goto(f"/desk?agency={stories.AGENCY}&tab=working&q={told.title}")
    _print(desk)
    row = desk.locator("tr", has_text=told.title)
    expect(row).to_be_visible()
    expect(row.locator("time")).to_have_text(re.compile(r"\d\d/\d\d/\d{4}"))
    expect(row.locator("input")).to_be_hidden()
    shot(desk, "paper-desk-list")
    desk.emulate_media(media="screen")
    desk.goto(stories.desk(told))
    _print(desk)
    expect(desk.locator("h1")).to_have_text(told.title)
    expect(desk.locator(".listing")).to_be_hidden()
    shot(desk, "paper-desk")


def _print(page: Page) -> None:
    page.emulate_media(media="print")
    seen = [one for one in page.locator(BARS).all() if one.is_visible()]
    assert not seen, [one.evaluate("one => one.outerHTML.slice(0, 120)") for one in seen]


def _address(link: Locator) -> str:
    """What stands behind a link's words: put together by the style sheet, so the words alone do not show it."""
    said = link.evaluate("link => [getComputedStyle(link, '::after').content, link.getAttribute('href')]")
    shown, href = str(said[0]), str(said[1])
    assert href in shown, (shown, href)
    return shown.strip('"').replace('" "', "")
