"""A dialogue's minutes, their desk and its figures as they are seen: on a phone and on a desk, by day, by night and on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engage.web.language import localized
from tests.browser import look
from tests.browser.conftest import Open, Shot
from tests.browser.stories import COLLEAGUE, MODERATOR
from tests.browser.tour import Tour
from tests.site import Site
from tests.web.halls import over
from tests.web.people import People

PAPER = 605  # pixels between the margins of a sheet of A4
PAGES = {
    "minutes": ("/dialogues/{published}/minutes", ""),
    "minutes-figures": ("/dialogues/{published}/figures", ""),
    "minutes-revised": ("/dialogues/{published}/answers/{corrected}/revisions", ""),
    "minutes-answer": ("/dialogues/{published}/answers/{corrected}", ""),
    "minutes-later": ("/dialogues/{published}/answers/{later}", ""),
    "minutes-archive": ("/dialogues/{published}", ""),
    "minutes-draft": ("/dialogues/{drafted}/minutes/edit", MODERATOR),
    "minutes-sent": ("/dialogues/{sent}/minutes/edit", COLLEAGUE),
    "minutes-out": ("/dialogues/{published}/minutes/edit", MODERATOR),
}


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, int]:
    """The demonstration's dialogue with minutes, and two whose minutes are on their way."""
    (published,) = site.rows("select id from dialogue where stage = 'published' order by id limit 1")
    (corrected,) = site.rows("select min(question_id) from reply where corrected_at is not null")
    (later,) = site.rows(
        "select min(q.id) from question q join turn t on t.question_id = q.id"
        " where t.floor = 'carried' and t.dialogue_id = :id and q.published_at is not null",
        id=published.id,
    )
    people = People(site)
    drafted, sent = over(people), over(people, sent=True)
    return {
        "published": published.id,
        "corrected": corrected[0],
        "later": later[0],
        "drafted": drafted.id,
        "sent": sent.id,
    }


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_and_reads_aloud(name: str, language: str, tour: Tour, told: dict[str, int], shot: Shot) -> None:
    path, who = PAGES[name]
    with tour.visit(who, language, name) as page:
        for width, scheme in ((look.PHONE, "light"), (look.DESKTOP, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            answer = page.goto(localized(path.format(**told), language))
            assert answer
            assert answer.ok
            _reads(page, width)
            assert not (look.violations(page) if scheme == "light" else look.faint(page))
            shot(page, f"page-{name}-{language}-{width}-{scheme}")


def test_on_paper_it_is_a_document_and_nothing_else(page: Open, told: dict[str, int], shot: Shot) -> None:
    reader = page(f"/dialogues/{told['published']}/minutes", width=PAPER)
    reader.emulate_media(media="print")
    for bar in (".mast .row", ".paper-ways", ".crumbs", ".foot nav"):
        assert not [one for one in reader.locator(bar).all() if one.is_visible()], bar
    assert not look.sticking_out(reader)
    expect(reader.locator(".paper h1")).to_be_visible()
    expect(reader.locator(".paper-sign").last).to_have_text("BAN BIÊN TẬP")
    shot(reader, "paper-minutes")
    assert 1 < reader.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") < 7
    reader.goto(f"/dialogues/{told['published']}/figures")
    assert reader.locator("svg.chart").count() == 2
    assert not look.sticking_out(reader)
    shot(reader, "paper-figures")


def _reads(page: Page, width: int) -> None:
    levels = look.headings(page)
    assert levels.count(1) == 1, levels
    assert not look.skipped(levels), levels
    assert not look.sticking_out(page), f"at {width} px"
    assert not look.too_small(page, look.THUMB if width == look.PHONE else look.THUMB_ON_DESKS), f"at {width} px"
