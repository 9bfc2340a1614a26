"""A thread followed live in two windows: new posts wait behind a bar, and what a moderator takes down goes from everywhere."""

import time

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.lines import bar, stands
from tests.site import Site
from tests.web import talks
from tests.web.people import CLEARED, People

LIVE = "Đang cập nhật tự động"
MARK = "Tam Coc"
WORDS = f"Con chim hót đầu ngõ xóm {MARK}, quê ngoại của tôi."
SECONDS = 10  # in which a post that was taken down is gone from everywhere


def test_a_new_post_waits_behind_the_bar_and_one_taken_down_is_gone_everywhere(page: Open, site: Site) -> None:
    people, reader = People(site), site.visitor()
    thread = talks.thread(people)
    address = f"/forum/threads/{thread}"
    shown = (address, "/forum/search?q=tam+coc", f"{address}/feed.xml")
    also = (*shown, "/forum", "/forum/feed.xml", f"/live/thread/{thread}/events?after=0")
    first, second = page(), page(width=320)
    for window in (first, second):
        window.goto(address)
        stands(window, LIVE)
    post = talks.posted(people, thread, body=WORDS)
    for window in (first, second):
        expect(bar(window)).to_have_text("1 bài mới")
        expect(window.get_by_text(WORDS)).to_have_count(0)
        bar(window).click()
        expect(window.get_by_text(WORDS)).to_be_visible()
    for path in shown:
        assert MARK in reader.get(path).text, path
    assert people.staff(CLEARED).fill(f"/review/posts/{post}", {"reason": "unclear"}, action="/hide").is_redirect
    taken_down_at = time.monotonic()
    for window in (first, second):
        expect(window.get_by_text(WORDS)).to_have_count(0, timeout=SECONDS * 1000)
    for path in also:
        assert MARK not in reader.get(path).text, path
    assert time.monotonic() - taken_down_at < SECONDS
