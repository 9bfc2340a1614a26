"""Our own pages of comments, and the editor's pages of portals: they fit, read aloud, and name no error."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import acts
from tests.browser.conftest import Shot
from tests.browser.stories import ADMINISTRATOR, COORDINATOR, MODERATOR
from tests.browser.tour import Stop, Tour
from tests.site import Site
from tests.web import commented
from tests.web import people as named
from tests.web.people import CLEARED, PHONE_IN_THE_TEXT, People
from tests.web.portals import registered

WORDS = {"body": "Mong có thêm điểm dừng ở cổng trường."}
GUEST = {"name": "Lê Thị An", "email": "khach-binh-luan@thu.example"}


def _send(page: Page, _: Any = None) -> None:
    acts.press(page, page.locator("main form .btn.main, main form .btn.ink").first)


def _hinted(page: Page, _: Any) -> None:
    acts.fill(page, {"body": acts.ACCUSATION})
    _send(page)


def _proving(page: Page, _: Any) -> None:
    acts.fill(page, {**WORDS, **GUEST})
    _send(page)


def _reworded(page: Page, _: Any) -> None:
    page.locator("main summary").first.click()
    acts.fill(page, {"body": "Tôi viết lại." + PHONE_IN_THE_TEXT})
    _send(page)


STOPS = {
    "comments": Stop("/articles/{article}"),
    "comments-useful": Stop("/articles/{article}?order=useful"),
    "comments-desk": Stop("/articles/{article}", MODERATOR),
    "comments-closed": Stop("/articles/{closed}"),
    "comment-write": Stop("/articles/{article}/write", COORDINATOR),
    "comment-write-empty": Stop("/articles/{article}/write", COORDINATOR, _send, 422),
    "comment-answer": Stop("/articles/{article}/write?to={comment}", COORDINATOR),
    "comment-sign-in": Stop("/articles/{article}/write"),
    "comment-guest": Stop("/articles/{guests}/write"),
    "comment-guest-code": Stop("/articles/{guests}/write", act=_proving),
    "comment-hint": Stop("/articles/{article}/write", COORDINATOR, _hinted, 422),
    "comment-closed": Stop("/articles/{closed}/write"),
    "comment-own": Stop("/comments/{mine}", COORDINATOR),
    "comment-own-refused": Stop("/comments/{mine}", COORDINATOR, _reworded, 422),
    "comment-own-held": Stop("/comments/{held}", COORDINATOR),
    "comment-own-hidden": Stop("/comments/{hidden}", COORDINATOR),
    "comment-answers": Stop("/comments/{comment}/answers"),
    "comment-revisions": Stop("/comments/{edited}/revisions"),
    "comment-useful": Stop("/comments/{comment}/useful"),
    "comment-found": Stop("/comments/{comment}/useful", act=_send),
    # Desks
    "comments-manage": Stop("/review/articles/{article}", MODERATOR),
    "comments-manage-closed": Stop("/review/articles/{closed}", MODERATOR),
    "comment-remove": Stop("/review/comments/{comment}", MODERATOR),
    "comment-removed": Stop("/review/comments/{hidden}", MODERATOR),
    "review-comments": Stop("/review?surface=comment", MODERATOR),
    "review-comment": Stop("{held_case}", MODERATOR, lambda page, _: acts.claim(page)),
    # Portals
    "sites": Stop("/admin/sites", ADMINISTRATOR),
    "site-new": Stop("/admin/sites/new", ADMINISTRATOR),
    "site-empty": Stop("/admin/sites/new", ADMINISTRATOR, _send, 422),
    "site": Stop("/admin/sites/{site}", ADMINISTRATOR),
    "site-preview": Stop("/admin/sites/{site}/preview", ADMINISTRATOR),
    "site-ended": Stop("/admin/sites/{ended}", ADMINISTRATOR),
}


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, Any]:
    people = People(site)
    article, closed, guests = (commented.article(people, guests=some) for some in (False, False, True))
    comment = article.written("Xe chạy êm, tôi đi làm đúng giờ.")
    for other in (closed, guests):
        other.written()
    mine, held, hidden, edited = (
        _said(people, article.id, comment, body)
        for body in (
            "Chúng tôi ghi nhận ý kiến này.",
            f"Ai cần thì gọi.{PHONE_IN_THE_TEXT}",
            "Chúng tôi sẽ trả lời sau.",
            "Tuyến số 3 chạy từ tháng 12.",
        )
    )
    desk, ended = people.staff(CLEARED), registered(people)
    ended.end()
    of_closed, to_edit = f"/review/articles/{closed.id}", f"/comments/{edited}"
    again = {"body": "Tuyến số 3 chạy từ tháng 1."}
    done = (
        desk.fill(of_closed, {"why": "Đã đủ ý kiến."}, action=of_closed, button="close"),
        desk.fill(f"/review/comments/{hidden}", {"reason": "unclear"}, action="/hide"),
        people.staff(named.COORDINATOR).fill(to_edit, again, action="/edit"),
    )
    assert all(answer.is_redirect for answer in done)
    case = site.rows("select max(id) as id from moderation_case where surface = 'comment' and thing_id = :id", id=held)
    return {
        **{"article": article.id, "closed": closed.id, "guests": guests.id, "comment": comment},
        **{"mine": mine, "held": held, "hidden": hidden, "edited": edited},
        **{"site": article.portal.slug, "ended": ended.slug, "held_case": f"/review/cases/{case[0].id}"},
    }


def _said(people: People, article: int, root: int, body: str) -> int:
    """A reply of the coordinator's; what is clean, readers see."""
    page = f"/articles/{article}/write?to={root}"
    sent = people.staff(named.COORDINATOR).fill(page, {"body": body}, action="/comments")
    remark_id = int(sent.headers["location"].rpartition("/")[2])
    rows = "select moderation from remark where id = :id"
    people.site.wait(lambda: people.site.rows(rows, id=remark_id)[0].moderation in {"accepted", "held"})
    return remark_id


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", STOPS)
def test_a_page_of_comments_fits_reads_aloud_and_names_no_error(
    name: str, language: str, tour: Tour, told: dict[str, Any], shot: Shot
) -> None:
    tour.look_at(STOPS[name], name, language, told, shot)
