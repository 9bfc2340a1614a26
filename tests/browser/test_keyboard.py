"""Hands on the keyboard only: asking, and the moderator's desk. Where the focus is can always be seen."""

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from engage.people import DEMONSTRATION_PASSWORD
from tests.browser import stories
from tests.browser.conftest import Open
from tests.browser.keys import RING, tab, tab_to
from tests.browser.stories import MODERATOR, Told
from tests.site import Site

DAYS = count(28, -1)


def test_a_question_is_asked_by_keyboard_alone(page: Open) -> None:
    asker, question = page("/questions/ask"), stories.ask_form()
    asker.keyboard.press("Tab")
    expect(asker.locator(".skip")).to_be_focused()
    expect(asker.locator(".skip")).to_be_in_viewport()
    asker.keyboard.press("Enter")
    for name in ("title", "body"):
        tab_to(asker, name)
        asker.keyboard.type(str(question[name]))
    tab_to(asker, "topic")
    asker.keyboard.press("ArrowDown")
    for name in ("name", "email"):
        tab_to(asker, name)
        asker.keyboard.type(str(question[name]))
    tab_to(asker, "consent")
    asker.keyboard.press("Space")
    while not asker.evaluate("() => document.activeElement.matches('.send button')"):
        tab(asker)
    asker.keyboard.press("Enter")
    expect(asker.locator("#code")).to_be_visible()


def test_focus_moves_to_the_errors_and_from_there_to_the_field(page: Open) -> None:
    asker = page("/questions/ask", expected=("status of 422",))
    asker.locator("#title").focus()
    asker.keyboard.press("Enter")
    summary = asker.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    assert asker.evaluate(RING)
    tab(asker)
    asker.keyboard.press("Enter")
    expect(asker.locator("#title")).to_be_focused()
    expect(asker.locator("#title")).to_have_attribute("aria-describedby", "title-error title-hint title-count")


@pytest.fixture
def waiting(site: Site) -> list[Told]:
    """Three held questions that have waited longest."""
    told = [stories.sent(site, held=True) for _ in range(3)]
    for one in reversed(told):
        stories.to_the_front(site, one, next(DAYS))  # before what an earlier test left behind, too
    return told


def test_a_moderator_works_by_keyboard_alone(page: Open, site: Site, waiting: list[Told]) -> None:
    refused, accepted, released = waiting
    desk = _signed_in(page)
    desk.keyboard.press("n")
    expect(desk.locator("h1")).to_have_text(refused.title)
    _refuse(desk)
    expect(desk.locator("h1")).to_have_text(accepted.title)
    desk.keyboard.press("h")
    expect(desk.locator("[data-errors]")).to_be_focused()  # a number would show: once more, and it is meant
    desk.keyboard.press("h")
    expect(desk.locator("h1")).to_have_text(released.title)
    desk.keyboard.press("r")
    desk.wait_for_url("/review")
    assert [_decision(site, told) for told in waiting] == [
        ("refuse", "duplicate", "drtj: xem câu trước"),
        ("accept", None, None),
        (None, None, None),
    ]
    stories.let_go(site)


def test_shortcuts_can_be_switched_off_and_stay_off(page: Open, site: Site, waiting: list[Told]) -> None:
    desk = _signed_in(page)
    desk.keyboard.press("n")
    expect(desk.locator("h1")).to_have_text(waiting[0].title)
    desk.locator("[data-keys-off]").focus()
    desk.keyboard.press("Space")
    desk.reload()
    assert desk.locator("[data-keys-off]").is_checked()
    desk.keyboard.press("d")
    assert not desk.locator("form[data-sent]").count()
    expect(desk.locator("h1")).to_have_text(waiting[0].title)
    desk.locator("[data-keys-off]").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("d")  # a number is in it, so the green key covers it
    expect(desk.locator("h1")).to_have_text(waiting[1].title)
    assert [_decision(site, told)[0] for told in waiting] == ["redact", None, None]
    stories.let_go(site)


def test_the_list_is_walked_and_opened_without_a_hand_on_the_mouse(page: Open, site: Site, waiting: list[Told]) -> None:
    desk = _signed_in(page)
    for _ in range(3):
        desk.keyboard.press("j")
    desk.keyboard.press("k")
    desk.keyboard.press("x")
    expect(desk.locator("[data-chosen]")).to_have_text("1")
    desk.keyboard.press("o")
    expect(desk.locator("h1")).to_have_text(waiting[1].title)
    desk.keyboard.press("/")
    expect(desk.locator("#q")).to_be_focused()
    desk.keyboard.type("jkd")
    expect(desk.locator("#q")).to_have_value("jkd")


def _signed_in(page: Open, who: str = MODERATOR) -> Page:
    desk = page("/review", expected=("status of 422",))
    tab_to(desk, "email")
    desk.keyboard.type(who)
    tab_to(desk, "password")
    desk.keyboard.type(DEMONSTRATION_PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("/review")
    return desk


def _refuse(desk: Page) -> None:
    """T opens the reasons; letters typed in a field are letters."""
    desk.keyboard.press("t")
    expect(desk.locator("#refuse-words")).to_be_visible()
    while not desk.evaluate("() => document.activeElement.name === 'reason'"):
        tab(desk)
    desk.keyboard.press("Space")
    tab_to(desk, "refuse-words")
    desk.keyboard.type("drtj: xem câu trước")
    tab(desk)
    desk.keyboard.press("Enter")


def _decision(site: Site, told: Told) -> tuple[str | None, str | None, str | None]:
    rows = site.rows("select decision, reason, words from moderation_case where thing_id = :id", id=told.id)
    decision, reason, words = tuple(rows[0])
    return decision, reason or None, words or None
