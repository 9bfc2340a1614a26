"""A page that stays open hears what happens, says so in a bar, and does not move under its reader."""

from playwright.sync_api import Page, expect

from tests.browser import stories
from tests.browser.conftest import Open, Shot
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
    expect(bar).to_contain_text("Có cập nhật")
    expect(bar.locator("button")).to_be_in_viewport()
    assert reader.evaluate(WHERE) == before
    shot(reader, "live-news")
    assert not reader.locator(".answer").count()
    bar.locator("button").click()
    expect(reader.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))
    expect(bar).to_be_hidden()


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
