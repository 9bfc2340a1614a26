"""The pages of the forum, of reporting a text, and of citizens' own accounts: they fit, read aloud, and name no error."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engage import follows
from engage.settings import DEMONSTRATION_SECRET
from tests.browser import acts
from tests.browser.conftest import Shot
from tests.browser.stories import ADMINISTRATOR, COLLEAGUE, COORDINATOR, MODERATOR
from tests.browser.tour import Stop, Tour
from tests.site import Site
from tests.visitor import Visitor
from tests.web import people as named
from tests.web import talks
from tests.web.people import CLEARED, PHONE_IN_THE_TEXT, People

CITIZEN = "a citizen"
WRITE = f"/forum/{talks.SECTION}/write"
THREAD = {
    "title": "Hồ sơ trực tuyến ở phường tôi",
    "body": "Tôi nộp hồ sơ ở nhà, ba ngày sau nhận kết quả qua bưu điện.",
}
ACCUSED = {"title": "Chủ tịch xã nhận hối lộ để cấp đất", "body": acts.ACCUSATION}
GUEST = {"name": "Đỗ Thị Khách", "email": "khach-xem-trang@thu.example"}


def _send(page: Page, _: Any = None) -> None:
    acts.press(page, page.locator("main form .btn.main, main form .btn.ink").first)


def _hinted(page: Page, _: Any) -> None:
    acts.fill(page, {**ACCUSED, **GUEST})
    _send(page)


def _proving(page: Page, _: Any) -> None:
    acts.fill(page, {**THREAD, **GUEST})
    _send(page)


def _reworded(page: Page, _: Any) -> None:
    """With what must be read first: it is refused, and stays."""
    page.locator("main summary").first.click()
    acts.fill(page, {"body": "Tôi viết lại." + PHONE_IN_THE_TEXT})
    _send(page)


def _marked(page: Page, _: Any) -> None:
    page.locator("input[name=choice]").first.check()
    _send(page)


def _reported(page: Page, _: Any) -> None:
    if page.locator("input[name=reason]").count():
        page.locator("input[name=reason]").first.check()
        _send(page)


STOPS = {
    "forum": Stop("/forum"),
    "forum-section": Stop(f"/forum/{talks.SECTION}"),
    "forum-thread": Stop("/forum/threads/1"),
    "forum-thread-staff": Stop("/forum/threads/{thread}", MODERATOR),
    "forum-polled": Stop("/forum/threads/{polled}"),
    "forum-closed": Stop("/forum/threads/{closed}"),
    "forum-search": Stop("/forum/search?q=chi+bo"),
    "forum-none": Stop("/forum/search?q=xyzzy"),
    "forum-poll": Stop("/forum/threads/{polled}/polls/{poll}"),
    "forum-poll-mark": Stop("/forum/threads/{polled}/polls/{poll}", CITIZEN),
    "forum-poll-marked": Stop("/forum/threads/{polled}/polls/{poll}", CITIZEN, _marked),
    "forum-poll-over": Stop("/forum/threads/{counted}/polls/{over}"),
    # Writing
    "forum-guest": Stop(WRITE),
    "forum-guest-empty": Stop(WRITE, act=_send, status=422),
    "forum-guest-code": Stop(WRITE, act=_proving),
    "forum-hint": Stop(WRITE, act=_hinted, status=422),
    "forum-sign-in": Stop("/forum/xay-dung-dang/write"),
    "forum-write": Stop("/forum/ve-dien-dan/write", COORDINATOR),
    "forum-reply": Stop("/forum/threads/{thread}/reply?to=2", COORDINATOR),
    "forum-closed-reply": Stop("/forum/threads/{closed}/reply", COORDINATOR),
    "forum-own": Stop("/forum/posts/{post}", COORDINATOR),
    "forum-own-refused": Stop("/forum/posts/{post}", COORDINATOR, _reworded, 422),
    "forum-own-held": Stop("/forum/posts/{held}", COORDINATOR),
    "forum-own-hidden": Stop("/forum/posts/{hidden}", COORDINATOR),
    "forum-revisions": Stop("/forum/posts/{edited}/revisions"),
    "forum-mine": Stop("/forum/mine", COORDINATOR),
    "forum-mine-nobody": Stop("/forum/mine"),
    "forum-question": Stop("/forum/threads/{theirs}/question", CITIZEN),
    "forum-unfollow": Stop("{unfollow}"),
    # Desks
    "forum-manage": Stop("/review/threads/{thread}", MODERATOR),
    "forum-manage-poll": Stop("/review/threads/{polled}", MODERATOR),
    "forum-manage-closed": Stop("/review/threads/{closed}", MODERATOR),
    "forum-remove": Stop("/review/posts/{post}", MODERATOR),
    "forum-remove-empty": Stop("/review/posts/{post}", MODERATOR, _send, 422),
    "forum-removed": Stop("/review/posts/{hidden}", MODERATOR),
    "review-forum": Stop("/review?surface=post", MODERATOR),
    "review-post": Stop("{held_case}", COLLEAGUE, lambda page, _: acts.claim(page)),
    "review-flagged": Stop("{flagged_case}", MODERATOR, lambda page, _: acts.claim(page)),
    "admin-sections": Stop("/admin/sections", ADMINISTRATOR),
    "admin-section": Stop("/admin/sections/ve-dien-dan", ADMINISTRATOR),
    "admin-section-new": Stop("/admin/sections/new", ADMINISTRATOR),
    "admin-section-empty": Stop("/admin/sections/new", ADMINISTRATOR, _send, 422),
    # Reporting a text
    "flag": Stop("/flags/new?thing=post&id={post}"),
    "flag-empty": Stop("/flags/new?thing=post&id={post}", act=_send, status=422),
    "flag-sent": Stop("/flags/new?thing=post&id={edited}", act=_reported),
    "flag-told": Stop("/flags/new?thing=post&id={post}", CITIZEN),
    "flag-own": Stop("/flags/new?thing=post&id={post}", COORDINATOR),
    # Citizens
    "citizen-sign-in": Stop("/citizens/sign-in"),
    "citizen-sign-in-empty": Stop("/citizens/sign-in", act=_send, status=422),
    "citizen-sign-in-sent": Stop("/citizens/sign-in?sent=1"),
    "citizen": Stop("/citizens/me", CITIZEN),
}


@pytest.fixture(scope="module")
def citizen(site: Site) -> Visitor:
    return People(site).citizen()


@pytest.fixture(scope="module")
def told(site: Site, citizen: Visitor) -> dict[str, Any]:
    people = People(site)
    desk, writer = people.staff(CLEARED), people.staff(named.COORDINATOR)
    thread, polled, counted, closed = (talks.thread(people) for _ in range(4))
    post, hidden, edited, flagged = (talks.posted(people, thread) for _ in range(4))
    poll, over = talks.polled(people, polled), talks.polled(people, counted)
    held = writer.fill(
        f"/forum/threads/{thread}/reply", {"body": f"Ai cần hỏi thêm.{PHONE_IN_THE_TEXT}"}, action="/reply"
    )
    theirs = talks.thread(people, citizen)
    assert citizen.fill(f"/forum/threads/{thread}", action="/follow").is_redirect
    follower = site.rows("select person_id from bookmark where thread_id = :id and follows", id=thread)[0].person_id
    closing = f"/review/threads/{counted}/polls/{over}"
    done = (
        desk.fill(f"/review/threads/{closed}", {"why": "Đã có kết luận ở bài 1."}, button="close"),
        desk.fill(f"/review/threads/{counted}", action=closing, button="close"),
        desk.fill(f"/review/posts/{hidden}", {"reason": "unclear"}, action="/hide"),
        writer.fill(f"/forum/posts/{edited}", {"body": "Ở chỗ tôi nay chỉ mất một buổi sáng."}, action="/edit"),
        site.visitor().fill(f"/flags/new?thing=post&id={flagged}", {"reason": "danger"}, action=f"/{flagged}"),
    )
    assert all(answer.is_redirect for answer in done)
    held_id = int(held.headers["location"].rpartition("/")[2])
    return {
        **{"thread": thread, "polled": polled, "counted": counted, "closed": closed, "theirs": theirs},
        **{"post": post, "hidden": hidden, "edited": edited, "poll": poll, "over": over, "held": held_id},
        "unfollow": f"/forum/unfollow/{follows.token(DEMONSTRATION_SECRET, f'thread-{thread}', follower)}",
        "held_case": _case(site, held_id),
        "flagged_case": _case(site, flagged),
    }


def _case(site: Site, post: int) -> str:
    rows = "select max(id) as id from moderation_case where surface = 'post' and thing_id = :id"
    return f"/review/cases/{site.rows(rows, id=post)[0].id}"


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site, citizen: Visitor) -> Iterator[Tour]:
    tour = Tour(browser, site)
    tour.introduce(CITIZEN, citizen)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", STOPS)
def test_a_page_of_the_forum_fits_reads_aloud_and_names_no_error(
    name: str, language: str, tour: Tour, told: dict[str, Any], shot: Shot
) -> None:
    tour.look_at(STOPS[name], name, language, told, shot)
