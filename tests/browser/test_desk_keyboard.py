"""A coordinator's day with hands on the keyboard only: what is late, handing on, passing on and getting back, asking for a part."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engage.web.language import localized
from tests.browser import acts, stories
from tests.browser.conftest import Open, Shot
from tests.browser.keys import choose, tab, tab_to, tab_until
from tests.browser.stories import AGENCY, COORDINATOR, OFFICIAL, Told
from tests.browser.walk import Walk
from tests.site import Site

OFFERED = f"/desk?agency={AGENCY}&tab=offered"
# Who is passed a question and refuses it, who takes one: others in each language, so that no circle is seen in it.
REFUSES = {"vi": ("bo-giao-duc-va-dao-tao", "dau-moi.bgddt"), "en": ("bo-cong-an", "dau-moi.bca")}
TAKES = {"vi": ("bo-tu-phap", "dau-moi.btp"), "en": ("bo-nong-nghiep-va-moi-truong", "dau-moi.bnnmt")}
OVERDUE = {"vi": "quá hạn", "en": "overdue"}
WHY_NOT = "Việc này đơn vị chúng tôi không giải quyết."


@pytest.fixture
def told(site: Site) -> list[Told]:
    """Nine new questions, the most urgent of all, and late."""
    sent = stories.several(site, 9)
    for number, one in enumerate(sent):
        site.write(
            "update question set answer_due_at = :due where id = :id",
            due=f"2026-01-{number + 1:02} 10:00:00.000000",
            id=one.id,
        )
    return sent


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_coordinators_day(language: str, page: Open, site: Site, shot: Shot, told: list[Told]) -> None:
    walk = Walk(page, shot, language)
    desk = walk.seated(stories.staff(site, COORDINATOR), OFFERED)
    _sees_what_is_late(walk, desk, told)
    _hands_on(walk, site, desk, told[:5])
    _accepts(walk, desk, told[5:7])
    refuses, takes = REFUSES[language], TAKES[language]
    _passes_on(walk, desk, told[7], refuses[0])
    _refused_there(walk, site, told[7], refuses[1])
    _has_it_again(walk, desk, told[7])
    _passes_on(walk, desk, told[8], takes[0])
    _accepted_there(walk, site, told[8], takes)
    _asks_for_a_part(walk, desk, told[5], refuses[0])
    asker = walk.open(f"/questions/{told[7].id}", width=320)
    walk.sees(asker, WHY_NOT)
    walk.keep(asker, "path")


def test_the_list_works_by_forms_alone(page: Open, site: Site, told: list[Told]) -> None:
    desk = page(javascript=False)
    acts.lend(desk, stories.staff(site, COORDINATOR))
    desk.goto(OFFERED)
    for one in told[:2]:
        desk.locator(f"input[name=ids][value='{one.id}']").check()
    desk.locator("button[value=accept]").click()
    expect(desk.locator("[role=status]")).to_contain_text("Đã nhận xử lý 2 câu.")
    assert {row.assignment for row in _rows(site, told[:2])} == {"accepted"}


def _sees_what_is_late(walk: Walk, desk: Page, told: list[Told]) -> None:
    tab_until(desk, "element => element.matches('details.narrow > summary')")
    desk.keyboard.press("Enter")
    tab_to(desk, "due")
    choose(desk, "late")
    tab_until(desk, "element => element.matches('form.filters button')")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**due=late**")
    for one in told:
        expect(desk.locator("tr", has_text=one.title).locator("td.late")).to_contain_text(OVERDUE[walk.language])
    walk.keep(desk, "late")


def _hands_on(walk: Walk, site: Site, desk: Page, told: list[Told]) -> None:
    for one in told:
        _tick(desk, one)
    tab_to(desk, "many-official")
    choose(desk, str(_id(site, OFFICIAL)))
    tab_until(desk, "element => element.value === 'hand'")
    desk.keyboard.press("Enter")
    expect(desk.locator("[role=status]")).to_contain_text("5")
    assert {row.official_id for row in _rows(site, told)} == {_id(site, OFFICIAL)}
    walk.keep(desk, "handed")


def _accepts(walk: Walk, desk: Page, told: list[Told]) -> None:
    desk.goto(localized(OFFERED, walk.language))
    for one in told:
        _tick(desk, one)
    tab_until(desk, "element => element.value === 'accept'")
    desk.keyboard.press("Enter")
    expect(desk.locator("[role=status]")).to_contain_text("2")
    for one in told:
        expect(desk.locator("tr", has_text=one.title)).to_have_count(0)


def _passes_on(walk: Walk, desk: Page, told: Told, agency: str) -> None:
    desk.goto(localized(OFFERED, walk.language))
    tab_until(desk, "(element, title) => element.textContent === title", told.title)
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_have_text(told.title)
    desk.wait_for_load_state()  # on a busy machine the keys come after the words
    desk.keyboard.press("c")
    tab_to(desk, "agency")
    choose(desk, agency)
    tab(desk)
    desk.keyboard.type("Việc này do nơi khác giải quyết.")
    tab(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk?**tab=offered**")


def _refused_there(walk: Walk, site: Site, told: Told, who: str) -> None:
    desk = walk.seated(stories.staff(site, f"{who}@engage.example"), stories.desk(told))
    desk.keyboard.press("t")
    tab_to(desk, "decline_reason")
    desk.keyboard.type(WHY_NOT)
    tab(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{localized('/desk', walk.language)}?done=**")
    expect(desk.locator("tr", has_text=told.title)).to_have_count(0)


def _has_it_again(walk: Walk, desk: Page, told: Told) -> None:
    desk.goto(localized(stories.desk(told), walk.language))
    walk.sees(desk, WHY_NOT)
    walk.keep(desk, "came-back")
    desk.keyboard.press("d")
    walk.sees(desk, walk.said("Đang xử lý"))


def _accepted_there(walk: Walk, site: Site, told: Told, takes: tuple[str, str]) -> None:
    agency, who = takes
    desk = walk.seated(stories.staff(site, f"{who}@engage.example"), stories.desk(told))
    desk.keyboard.press("d")
    walk.sees(desk, walk.said("Đang xử lý"))
    assert _agency(site, told) == (agency, "accepted")


def _asks_for_a_part(walk: Walk, desk: Page, told: Told, agency: str) -> None:
    desk.goto(localized(stories.desk(told), walk.language))
    desk.keyboard.press("m")
    tab_to(desk, "agencies")
    choose(desk, agency)
    tab_to(desk, "note")
    desk.keyboard.type("Nhờ cho biết mức hưởng hiện nay.")
    tab_to(desk, "days")
    desk.keyboard.press("Control+a")
    desk.keyboard.type("2")  # who is late already may give no more
    tab(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("#parts")).to_contain_text("Nhờ cho biết mức hưởng hiện nay.")
    walk.keep(desk, "part-asked")


def _tick(desk: Page, one: Told) -> None:
    tab_until(desk, "(element, id) => element.name === 'ids' && element.value === id", str(one.id))
    desk.keyboard.press("Space")


def _rows(site: Site, told: list[Told]) -> list[Any]:
    return [site.rows("select official_id, assignment from question where id = :id", id=one.id)[0] for one in told]


def _agency(site: Site, told: Told) -> tuple[str, str]:
    (row,) = site.rows(
        "select slug, assignment from agency join question on agency.id = agency_id where question.id = :id", id=told.id
    )
    return row.slug, row.assignment


def _id(site: Site, login: str) -> int:
    return int(site.rows("select id from person where login = :login", login=login)[0].id)
