"""A coordinator's day with hands on the keyboard only: hand five on, accept several at once, pass one on."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts, stories
from tests.browser.conftest import Open
from tests.browser.stories import AGENCY, COORDINATOR, OFFICIAL, Told
from tests.browser.test_keyboard import tab
from tests.site import Site


@pytest.fixture
def told(site: Site) -> list[Told]:
    """Eight new questions, the most urgent of all."""
    sent = [stories.sent(site) for _ in range(8)]
    for number, one in enumerate(sent):
        site.write(
            "update question set answer_due_at = :due where id = :id",
            due=f"2026-01-{number + 1:02} 10:00:00.000000",
            id=one.id,
        )
    return sent


def test_a_coordinators_day(page: Open, site: Site, told: list[Told]) -> None:
    desk = page()
    acts.lend(desk, site.staff(COORDINATOR))
    desk.goto(f"/desk?agency={AGENCY}&tab=offered")
    for one in told[:5]:
        _tick(desk, one)
    _to(desk, "element => element.id === 'many-official'")
    _choose(desk, str(_id(site, OFFICIAL)))
    _to(desk, "element => element.value === 'hand'")
    desk.keyboard.press("Enter")
    expect(desk.locator("[role=status]")).to_contain_text("Đã giao 5 câu.")
    assert {row.official_id for row in _rows(site, told[:5])} == {_id(site, OFFICIAL)}
    for one in told[5:7]:
        _tick(desk, one)
    _to(desk, "element => element.value === 'accept'")
    desk.keyboard.press("Enter")
    expect(desk.locator("[role=status]")).to_contain_text("Đã nhận xử lý 2 câu.")
    _to(desk, "(element, title) => element.textContent === title", told[7].title)
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_have_text(told[7].title)
    desk.keyboard.press("c")
    _to(desk, "element => element.id === 'agency'")
    _choose(desk, "bo-tai-chinh")
    tab(desk)
    desk.keyboard.type("Việc này do Bộ Tài chính giải quyết.")
    tab(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk?**tab=offered**")
    (row,) = site.rows(
        "select slug from agency join question on agency.id = agency_id where question.id = :id", id=told[7].id
    )
    assert row.slug == "bo-tai-chinh"


def test_the_list_works_by_forms_alone(page: Open, site: Site, told: list[Told]) -> None:
    desk = page(javascript=False)
    acts.lend(desk, site.staff(COORDINATOR))
    desk.goto(f"/desk?agency={AGENCY}&tab=offered")
    for one in told[:2]:
        desk.locator(f"input[name=ids][value='{one.id}']").check()
    desk.locator("button[value=accept]").click()
    expect(desk.locator("[role=status]")).to_contain_text("Đã nhận xử lý 2 câu.")
    assert {row.assignment for row in _rows(site, told[:2])} == {"accepted"}


def _tick(desk: Page, one: Told) -> None:
    _to(desk, "(element, id) => element.name === 'ids' && element.value === id", str(one.id))
    desk.keyboard.press("Space")


def _to(desk: Page, found: str, about: str = "") -> None:
    """On by one until we are there."""
    for _ in range(120):
        if desk.evaluate(f"about => ({found})(document.activeElement, about)", about):
            return
        tab(desk)
    raise AssertionError(f"{found} cannot be reached with Tab")


def _choose(desk: Page, value: str) -> None:
    for _ in range(140):
        if desk.evaluate("value => document.activeElement.value === value", value):
            return
        desk.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not among the options")


def _rows(site: Site, told: list[Told]) -> list[Any]:
    return [site.rows("select official_id, assignment from question where id = :id", id=one.id)[0] for one in told]


def _id(site: Site, login: str) -> int:
    return int(site.rows("select id from person where login = :login", login=login)[0].id)
