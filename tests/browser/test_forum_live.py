"""A thread followed live in two windows: new posts wait behind a bar, and what a moderator takes down goes from everywhere."""

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.lines import bar, stands
from tests.site import Site
from tests.web import talks
from tests.web.people import CLEARED, People

LIVE = "Đang cập nhật tự động"
WORDS = "Con chim chích chòe hót đầu ngõ nhà tôi."
SECONDS = 10_000  # milliseconds in which a post that was taken down is gone


def test_a_new_post_waits_behind_the_bar_and_one_taken_down_is_gone_everywhere(page: Open, site: Site) -> None:
    people = People(site)
    thread = talks.thread(people)
    address = f"/forum/threads/{thread}"
    first, second = page(), page(width=320)
    for window in (first, second):
        window.goto(address)
        stands(window, LIVE)
    post = talks.posted(people, thread, body=WORDS)
    expect(bar(first)).to_have_text("1 bài mới")
    expect(first.get_by_text(WORDS)).to_have_count(0)
    for window in (first, second):
        bar(window).click()
        expect(window.get_by_text(WORDS)).to_be_visible()
    assert people.staff(CLEARED).fill(f"/review/posts/{post}", {"reason": "unclear"}, action="/hide").is_redirect
    for window in (first, second):
        expect(window.get_by_text(WORDS)).to_have_count(0, timeout=SECONDS)
    reader = site.visitor()
    for path in (address, "/forum/search?q=chim+chich+choe", "/forum/feed.xml", f"{address}/feed.xml", "/forum"):
        assert WORDS not in reader.get(path).text, path
