"""What a browser keeps of a question that is being written: the text until it is sent, and of a denunciation nothing."""

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.browser import acts, stories
from tests.browser.conftest import Open
from tests.forms import Value

KEPT = "() => JSON.stringify({...sessionStorage, ...localStorage})"
HINT = ("status of 422",)


def test_a_text_outlives_a_reload_and_the_name_does_not(page: Open) -> None:
    asker, question = page("/questions/ask"), stories.ask_form()
    _type(asker, question)
    asker.reload()
    for name in ("title", "body", "topic", "province"):
        expect(asker.locator(f"#{name}")).to_have_value(str(question[name]))
    for name in ("name", "email"):
        expect(asker.locator(f"#{name}")).to_have_value("")
    assert str(question["email"]) not in asker.evaluate(KEPT)
    assert not asker.locator("#consent").is_checked()


def test_errors_do_not_cost_the_draft(page: Open) -> None:
    asker, question = page("/questions/ask", expected=HINT), {**stories.ask_form(), "name": ""}
    acts.ask(asker, question)
    expect(asker.locator("#body")).to_have_value(str(question["body"]))
    asker.goto("/questions/ask")
    expect(asker.locator("#body")).to_have_value(str(question["body"]))


def test_what_was_sent_leaves_no_draft(page: Open) -> None:
    asker, question = page("/questions/ask"), stories.ask_form()
    acts.ask(asker, question)
    expect(asker.locator("#code")).to_be_visible()
    assert str(question["title"]) not in asker.evaluate(KEPT)
    asker.goto("/questions/ask")
    expect(asker.locator("#body")).to_have_value("")


def test_a_shared_computer_keeps_no_draft(page: Open) -> None:
    asker, question = page("/questions/ask"), stories.ask_form()
    _type(asker, question)
    asker.locator("[data-shared]").check()
    assert str(question["title"]) not in asker.evaluate(KEPT)
    asker.locator("#title").press_sequentially(" nữa")
    asker.reload()
    expect(asker.locator("#title")).to_have_value("")
    assert asker.locator("[data-shared]").is_checked()


def test_another_tab_does_not_see_the_draft(page: Open) -> None:
    asker = page("/questions/ask")
    _type(asker, stories.ask_form())
    other = asker.context.new_page()
    other.goto("/questions/ask")
    expect(other.locator("#title")).to_have_value("")


def test_a_hint_at_a_denunciation_wipes_the_draft_and_keeps_the_words_on_the_page(page: Open) -> None:
    asker, words = page("/questions/ask", expected=HINT), acts.accusation()
    acts.ask(asker, words)
    expect(asker.locator("#judge-head")).to_be_visible()
    expect(asker.locator("#body")).to_have_value(str(words["body"]))
    asker.locator("#body").press_sequentially(" Xin giúp.")
    asker.wait_for_timeout(600)  # longer than a draft waits before it is written
    assert "hối lộ" not in asker.evaluate(KEPT)


def test_a_denunciation_leaves_nothing_in_the_browser(page: Open) -> None:
    asker = page("/questions/ask", expected=HINT)
    acts.ask(asker, acts.accusation())
    asker.locator("[value=denunciation]").click()
    asker.wait_for_url("/questions/denunciation")
    expect(asker.locator("main")).to_contain_text("Chúng tôi không lưu điều bạn vừa viết")
    assert "hối lộ" not in asker.evaluate(KEPT)
    with asker.expect_navigation(url="/questions/ask"):
        asker.evaluate("() => history.go(-2)")  # past the page that asked, to where it was written
    expect(asker.locator("#body")).to_have_value("")
    expect(asker.locator("#title")).to_have_value("")


def _type(page: Page, question: Mapping[str, Value]) -> None:
    """Until the draft is written."""
    acts.fill(page, question)
    page.wait_for_function(f"([kept, title]) => ({KEPT})().includes(title)", arg=["", str(question["title"])])
