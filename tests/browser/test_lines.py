"""A page's line to its room, with the other end played: in order, once, without a gap; and the page says plainly how it stands."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import look, stories
from tests.browser.acts import lend
from tests.browser.conftest import Open
from tests.browser.lines import Line, bar, out_of_sight, stands
from tests.site import Site

LIVE = "Đang cập nhật tự động"
BACK = "Đã nối lại"
LOST = re.compile(r"^Mất kết nối từ \d\d:\d\d\. Trang sẽ tự nối lại$")


def test_what_comes_next_is_taken_what_is_old_dropped_and_a_gap_asked_for(page: Open) -> None:
    line = Line(page())
    line.begin("/questions")
    stands(line.page, LIVE)
    line.send(line.fact(1, 11))
    expect(bar(line.page)).to_have_text("1 câu mới")
    line.send(line.fact(1, 12), line.fact(4, 14))  # told before; and two are missing in between
    assert line.hears() == {"k": "after", "of": "room", "epoch": line.epoch, "n": line.after + 1}
    expect(bar(line.page)).to_have_text("1 câu mới")
    line.send(line.fact(2, 12), line.fact(3, 13), line.fact(4, 14))
    expect(bar(line.page)).to_have_text("4 câu mới")


def test_three_facts_about_one_question_are_one_thing(page: Open) -> None:
    line = Line(page())
    line.begin("/questions")
    line.send(line.fact(1, 11), line.fact(2, 11), line.fact(3, 11), line.fact(4, 12))
    expect(bar(line.page)).to_have_text("2 câu mới")


def test_in_english_one_is_not_many(page: Open) -> None:
    line = Line(page(language="en"))
    line.begin("/en/questions")
    line.send(line.fact(1, 11))
    expect(bar(line.page)).to_have_text("1 new question")
    line.send(line.fact(2, 12))
    expect(bar(line.page)).to_have_text("2 new questions")


def test_a_server_that_restarts_sends_its_readers_away_and_they_come_back_where_they_were(page: Open) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    line.send(line.fact(1, 11))
    expect(bar(line.page)).to_be_visible()
    line.bye(1012, 2000, 9000)
    line.page.clock.run_for(1_900)
    assert len(line.opened) == 1  # the server's own span wins
    line.page.clock.run_for(7_200)
    line.wait_for(2)
    assert line.asked == {"epoch": line.epoch, "after": str(line.after + 1)}
    line.greet()
    stands(line.page, LIVE)


def test_a_lost_line_is_said_with_its_time_and_that_it_is_there_again(page: Open) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    stands(line.page, LIVE)
    line.page.context.set_offline(True)
    stands(line.page, LOST)
    line.page.context.set_offline(False)  # the browser says that there is a network again: at once, without waiting
    line.wait_for(2)
    line.greet()
    stands(line.page, BACK)
    line.page.clock.run_for(5_100)
    stands(line.page, LIVE)


ENDS = {
    4403: "Bạn không còn quyền xem phần này, trang thôi cập nhật.",
    4404: "Nội dung này không còn hiện với bạn đọc, trang thôi cập nhật.",
    4409: "Bạn đang mở trang ở quá nhiều nơi, nơi này thôi cập nhật.",
    4400: "Trang thôi cập nhật.",
}


@pytest.mark.parametrize("code", ENDS)
def test_a_line_that_ends_for_good_says_why_and_is_not_opened_again(page: Open, code: int) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    line.bye(code)
    stands(line.page, ENDS[code])
    expect(line.page.locator("[data-line] a", has_text="Tải lại trang")).to_be_visible()
    line.page.clock.run_for(120_000)
    assert len(line.opened) == 1


@pytest.mark.parametrize("code", [4403, 4404])
def test_who_may_no_longer_see_a_text_does_not_keep_it_on_the_screen(page: Open, site: Site, code: int) -> None:
    """The line may be ended for that reason before the text's own removal is told."""
    told = stories.answered(site)
    line = Line(page())
    line.begin(f"/questions/{told.id}")
    line.bye(code)
    expect(line.page.locator("main", has_text="Nội dung này vừa được gỡ")).to_be_visible()
    expect(line.page.locator("body", has_text=told.title)).to_have_count(0)
    assert told.title not in line.page.title()


def test_a_session_that_ended_is_said_with_the_way_back_in(page: Open, site: Site) -> None:
    told = stories.sent(site)
    line = Line(page("/track"))
    line.page.locator("#code").fill(told.code)
    line.page.keyboard.press("Enter")
    expect(line.page.locator("h1")).to_be_visible()
    line.wait_for(1)
    line.bye(4401)
    stands(line.page, "Phiên làm việc đã hết, trang thôi cập nhật.")
    line.page.locator("[data-line] a", has_text="Nhập lại mã tra cứu").click()
    expect(line.page.locator("#code")).to_be_visible()


def test_a_tab_out_of_sight_rests_after_a_while_and_goes_on_where_it_was(page: Open) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    line.send(line.fact(1, 11))
    expect(bar(line.page)).to_have_text("1 câu mới")
    out_of_sight(line.page, True)
    line.page.clock.run_for(30_000)
    out_of_sight(line.page, False)
    assert len(line.opened) == 1  # only a glance elsewhere
    out_of_sight(line.page, True)
    for _ in range(3):
        line.opened[-1].send("[]")
        line.page.wait_for_timeout(50)
        line.page.clock.run_for(20_500)
    line.page.clock.run_for(300_000)
    assert len(line.opened) == 1  # nothing is asked while nobody looks
    out_of_sight(line.page, False)
    line.wait_for(2)
    assert line.asked["after"] == str(line.after + 1)


def test_too_far_behind_there_is_news_without_a_number(page: Open) -> None:
    line = Line(page())
    line.begin("/questions")
    line.send({"k": "snap", "epoch": line.epoch, "n": line.after + 900, "url": ""})
    expect(bar(line.page)).to_have_text("Có cập nhật mới")
    line.send(line.fact(901, 11))
    bar(line.page).click()  # the page is fetched as it is now, and what came later still waits
    expect(bar(line.page)).to_have_text("1 câu mới")


def test_what_is_read_aloud_comes_together_and_can_be_paused(page: Open) -> None:
    line = Line(page())
    line.page.clock.install()
    line.begin("/questions")
    aloud = line.page.locator("[data-voice]")
    assert line.page.locator("main [role=status], main [aria-live]").count() == 1
    line.send(line.fact(1, 11))
    line.page.clock.run_for(100)
    expect(aloud).to_have_text("1 câu mới")
    line.send(line.fact(2, 12))
    line.send(line.fact(3, 13))
    expect(bar(line.page)).to_have_text("3 câu mới")
    expect(aloud).to_have_text("1 câu mới")
    line.page.clock.run_for(10_000)
    expect(aloud).to_have_text("3 câu mới")
    pause = line.page.locator("[data-voice-switch]")
    expect(pause).to_have_text("Tạm dừng thông báo")
    pause.focus()
    line.page.keyboard.press("Enter")
    expect(pause).to_have_text("Đọc tiếp")
    line.send(line.fact(4, 14))
    line.page.clock.run_for(20_000)
    expect(bar(line.page)).to_have_text("4 câu mới")
    expect(aloud).to_have_text("3 câu mới")
    line.page.reload()
    expect(pause).to_have_text("Đọc tiếp")  # remembered


def test_numbers_that_pass_fill_their_places(page: Open, site: Site) -> None:
    person = page()
    lend(person, stories.staff(site, stories.COORDINATOR))
    line = Line(person)
    line.begin("/desk?tab=working")
    counts = person.locator("nav.tabs .count")
    line.send({"k": "pass", "type": "waiting", "data": {"offered": 1234, "shares": 300}})
    expect(counts.first).to_have_text("1.234+")
    expect(counts.last).to_have_text("300+")
    assert line.asked.keys() == {"epoch", "after", "me"}
    line.send(line.fact(1, 11, c="person:4"), line.fact(1, 12, c="agency:48"))
    expect(bar(person)).to_have_text("2 cập nhật mới")  # each in its own order


def test_how_many_are_here_is_said_when_it_tells_nobody_s_name(page: Open) -> None:
    line = Line(page())
    line.begin("/questions")
    here = line.page.locator("[data-count='presence:room']")
    expect(here).to_be_hidden()
    line.send({"k": "pass", "type": "presence", "data": {"room": 1200}})
    expect(here).to_have_text("≈ 1.200 người đang xem")
    line.send({"k": "pass", "type": "presence", "data": {"room": 0}})
    expect(here).to_be_hidden()
    line.page.context.set_offline(True)
    stands(line.page, LOST)
    assert not look.violations(line.page)


def test_too_far_behind_a_question_is_shown_as_its_snapshot_says(page: Open, site: Site) -> None:
    told = stories.taken(site)
    line, name = Line(page()), f"question-{told.id}"
    line.page.clock.install()
    line.begin(f"/questions/{told.id}")
    piece = {"id": name, "html": f'<div class="piece" id="{name}"><article><h1>Sau khi khôi phục</h1></article></div>'}
    shown = [piece | {"rank": ""}]
    line.page.route("**/snapshot.json", lambda route: route.fulfill(json={"epoch": "b", "n": 900, "pieces": shown}))
    line.send({"k": "snap", "epoch": "b", "n": 900, "url": f"/live/question/{told.id}/snapshot.json"})
    line.page.clock.run_for(3_100)
    bar(line.page).click()
    expect(line.page.locator("h1")).to_have_text("Sau khi khôi phục")
    expect(bar(line.page)).to_be_hidden()
    shown.clear()
    line.send({"k": "snap", "epoch": "b", "n": 901, "url": f"/live/question/{told.id}/snapshot.json"})
    line.page.clock.run_for(3_100)
    expect(line.page.locator("h1")).to_have_text("Nội dung này vừa được gỡ, không còn hiện với bạn đọc.")
