"""A page that stays open hears what happens, says so in a bar, and does not move under its reader."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import stories
from tests.browser.conftest import Open, Shot
from tests.browser.lines import stands
from tests.site import Site

WHERE = "() => [scrollY, Math.round(document.querySelector('.foot').getBoundingClientRect().top)]"


def test_an_open_page_says_that_an_answer_came_and_does_not_move(page: Open, site: Site, shot: Shot) -> None:
    told = stories.drafted(site)
    reader = page(f"/questions/{told.id}", width=320)
    bar = reader.locator("[data-fresh]")
    expect(bar).to_be_hidden()
    reader.evaluate("() => scrollTo(0, 300)")
    before = reader.evaluate(WHERE)
    stories.publish(site, told)
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("1 cập nhật mới")
    expect(bar.locator("button")).to_be_in_viewport()
    assert reader.evaluate(WHERE) == before
    shot(reader, "live-news")
    assert not reader.locator(".answer").count()
    bar.locator("button").click()
    expect(reader.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))
    expect(bar).to_be_hidden()
    assert reader.evaluate("() => scrollY") == 300


LADDER = {
    "socket": "",
    "stream": "delete window.WebSocket;",
    "poll": "delete window.WebSocket; delete window.EventSource;",
}


@pytest.mark.parametrize("rung", LADDER)
def test_the_answer_arrives_on_every_rung_of_the_ladder(page: Open, site: Site, rung: str) -> None:
    told = stories.drafted(site)
    reader = page()
    reader.add_init_script(LADDER[rung])
    reader.clock.install()
    reader.goto(f"/questions/{told.id}")
    expect(reader.locator(f"html[data-live={rung}]")).to_be_attached()
    stories.publish(site, told)
    reader.clock.run_for(16_000)  # the lowest rung asks every fifteen seconds
    _reload(reader)
    expect(reader.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))


def test_a_socket_that_never_comes_through_is_given_up_for_a_stream(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(expected=("WebSocket",))
    reader.route_web_socket("**/live/**", lambda line: line.close(code=1011))
    reader.clock.install()
    reader.goto(f"/questions/{told.id}")
    for _ in range(8):
        reader.clock.run_for(1_500)
        if reader.locator("html[data-live=stream]").count():
            break
    stands(reader, "Đang cập nhật tự động")
    stories.publish(site, told)
    _reload(reader)


def test_the_same_answer_arrives_by_socket_by_stream_and_without_a_script(page: Open, site: Site, shot: Shot) -> None:
    """Show 3 of the live engine: three people have the question open while it is answered."""
    told = stories.drafted(site)
    ordinary = page(f"/questions/{told.id}")
    proxied = page()
    proxied.add_init_script(LADDER["stream"])
    proxied.goto(f"/questions/{told.id}")
    bare = page(f"/questions/{told.id}", javascript=False, width=320)
    expect(ordinary.locator("html[data-live=socket]")).to_be_attached()
    expect(proxied.locator("html[data-live=stream]")).to_be_attached()
    for one in (ordinary, proxied):
        stands(one, "Đang cập nhật tự động")
    stories.publish(site, told)
    for one in (ordinary, proxied):
        _reload(one)
    bare.locator("[data-line] a", has_text="Tải lại trang").first.click()
    for name, one in {"socket": ordinary, "stream": proxied, "no-script": bare}.items():
        expect(one.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))
        shot(one, f"live-three-ways-{name}")


def test_without_a_script_the_page_itself_is_asked_again(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(f"/questions/{told.id}", javascript=False)
    stories.publish(site, told)
    reader.reload()
    expect(reader.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))


def test_the_list_says_that_there_is_a_new_answer(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page("/questions")
    stories.publish(site, told)
    _reload(reader)
    expect(reader.locator("main h3", has_text=told.title)).to_be_visible()


def test_an_asker_hears_of_the_answer_on_the_private_page(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    asker = page("/track")
    asker.locator("#code").fill(told.code)
    asker.keyboard.press("Enter")
    expect(asker.locator("h1")).to_have_text("Câu hỏi của bạn đang được xử lý")
    stories.publish(site, told)
    _reload(asker)
    expect(asker.locator("h1")).to_have_text("Câu hỏi của bạn đã được trả lời")


def _reload(page: Page) -> None:
    page.locator("[data-fresh] button").click()
