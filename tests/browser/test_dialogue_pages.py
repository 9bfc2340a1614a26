"""The pages of a dialogue before it begins, its editors' too: they fit, read aloud, and name no error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from engage.web.language import localized
from tests import papers
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.stories import MODERATOR
from tests.browser.tour import Tour
from tests.site import Site
from tests.web.people import People

LONG = {
    "lead": "Lãnh đạo Bảo hiểm xã hội Việt Nam và Bộ Y tế trả lời trực tiếp về mức hưởng, hồ sơ và thời hạn giải quyết.",
    "about": "Buổi đối thoại dành cho **người lao động** và người sử dụng lao động.\n\n- Rút một lần\n- Lương hưu",
    "place": "Trụ sở Cổng thông tin, 16 Lê Hồng Phong, Ba Đình, Hà Nội",
    "new_series": "Đối thoại hằng quý",
    "cohosts": "Báo minh họa https://bao.example/truc-tiep",
    "video_url": "https://youtu.be/abcDEF_123",
}

COVER = [("bia.jpg", papers.picture("JPEG", (1280, 720)))]


@dataclass(frozen=True)
class Stop:
    path: str
    who: str = ""
    act: Callable[[Page], None] | None = None
    status: int = 200


STOPS = {
    "dialogues": Stop("/dialogues"),
    "dialogue": Stop("/dialogues/{announced}"),
    "dialogue-cancelled": Stop("/dialogues/{cancelled}"),
    "series": Stop("/series/doi-thoai-hang-quy"),
    "remind": Stop("/dialogues/{announced}/follow"),
    "remind-empty": Stop(
        "/dialogues/{announced}/follow", act=lambda page: acts.press(page, page.locator("main .btn.main")), status=422
    ),
    "dialogues-mine": Stop("/dialogues/mine", MODERATOR),
    "dialogue-new": Stop("/dialogues/new", MODERATOR),
    "dialogue-new-empty": Stop(
        "/dialogues/new", MODERATOR, lambda page: acts.press(page, page.locator("main .btn.ink")), status=422
    ),
    "dialogue-edit": Stop("/dialogues/{announced}/edit", MODERATOR),
    "dialogue-draft": Stop("/dialogues/{draft}/edit", MODERATOR),
    "dialogue-cover-empty": Stop(
        "/dialogues/{draft}/edit",
        MODERATOR,
        lambda page: acts.press(page, page.locator("#cover-section .btn.ink")),
        status=422,
    ),
    "step-announce": Stop("/dialogues/{draft}/step/announce", MODERATOR),
    "step-intake": Stop("/dialogues/{announced}/step/intake", MODERATOR),
    "step-time": Stop("/dialogues/{announced}/step/time", MODERATOR),
    "step-cancel": Stop("/dialogues/{announced}/step/cancel", MODERATOR),
}


@pytest.fixture(scope="module")
def numbers(site: Site) -> dict[str, int]:
    people = People(site)
    announced, cancelled = people.announced(), people.announced()
    editor, reason = stories.staff(site, MODERATOR), "Khách mời họp đột xuất, xin hẹn bạn đọc buổi khác."
    assert editor.fill(f"/dialogues/{announced}/edit", LONG, action="/edit").is_redirect
    form = editor.form(f"/dialogues/{announced}/edit", action="/cover", button="save")
    assert editor.enclose(form, COVER, {"cover_about": "Hội trường trước giờ đối thoại"}, button="save").is_redirect
    assert editor.fill(f"/dialogues/{cancelled}/step/cancel", {"reason": reason}, action="/step/cancel").is_redirect
    return {"announced": announced, "cancelled": cancelled, "draft": people.dialogue()}


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", STOPS)
def test_a_page_of_a_dialogue_fits_reads_aloud_and_names_no_error(
    name: str, language: str, tour: Tour, numbers: dict[str, int], shot: Shot
) -> None:
    stop = STOPS[name]
    with tour.visit(stop.who, language, name, expected=(f"status of {stop.status}",)) as page:
        first, then = look.VIEWS[language]
        look.turn(page, first, "light")
        answer = page.goto(localized(stop.path.format_map(numbers), language))
        assert answer
        if stop.act:
            stop.act(page)
        else:
            assert answer.status == stop.status
        look.read(page, language)
        look.fits(page, first)
        look.holds(look.violations(page), first, "light")
        shot(page, f"page-{name}-{language}-{first}-light")
        look.turn(page, then, "dark")
        look.fits(page, then)
        look.holds(look.faint(page), then, "dark")
        shot(page, f"page-{name}-{language}-{then}-dark")


def test_a_reader_who_waits_is_shown_into_the_room_when_it_opens(page: Open, site: Site) -> None:
    """By itself, and at the same address."""
    people = People(site)
    number = people.announced()
    editor, edit = stories.staff(site, MODERATOR), f"/dialogues/{number}/edit"
    assert editor.fill(edit, action="/guests", button="confirm").is_redirect
    host = {"login": MODERATOR, "part": "host"}
    assert editor.fill(edit, host, action="/crew").is_redirect
    waiting = page(f"/dialogues/{number}")
    waiting.wait_for_selector("html[data-live=socket]")
    assert waiting.locator("[data-opens]").is_hidden()
    assert editor.fill(f"/dialogues/{number}/host", action="/host/course", button="open").is_redirect
    waiting.locator("[data-opens] a").click()
    waiting.wait_for_selector("#now")
