"""What tests of a portal's pages share: people there, what they write into our widgets, and what becomes of it with us."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests import portal as example
from tests.browser.conftest import PATIENCE, faults_of
from tests.web import commented, portals
from tests.web.people import CLEARED, People

ARTICLE, ID = "/xe-buyt-dien.html", "xe-buyt-dien"
OTHER, OTHER_ID = "/nop-ho-so-mang.html", "nop-ho-so-mang"
WORDS = "Mong tuyến số 3 có thêm điểm dừng ở cổng trường, các cháu đi bộ từ đê vào rất xa."
PHONE = " Gọi cho tôi theo số 0912 345 678."  # with it somebody reads it first
CODE = re.compile(r"^\d{6}$", re.MULTILINE)
ACCEPTED = "select moderation from remark where id = :id"

Open = Callable[..., Page]


def somebody(browser: Browser, *, width: int = 1280, **more: Any) -> BrowserContext:
    """Without an address of their own: a header more would make a browser ask before it loads our script."""
    return browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="vi", **more)


@contextmanager
def windows(browser: Browser) -> Iterator[Open]:
    """Opens pages, each a new person. `expected`: errors the console may name; by any other the test fails."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        path: str = "", *, scheme: Any = "light", javascript: bool = True, expected: tuple[str, ...] = (), **more: Any
    ) -> Page:
        opened.append(somebody(browser, color_scheme=scheme, java_script_enabled=javascript, **more))
        page = opened[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: faults.extend(faults_of(message, expected)))
        page.on("pageerror", lambda error: faults.append(str(error)))
        if path:
            page.goto(path)
        return page

    yield open_page
    for one in opened:
        one.close()
    assert not faults, "the console named errors:\n" + "\n".join(faults)


@contextmanager
def served(people: People) -> Iterator[Any]:
    """The example portal, registered by a name of its own: nobody has written under its articles."""
    with example.served(people, guests="yes") as portal:
        yield portal


def article(people: People, portal: Any, external: str = ID) -> commented.Article:
    """What is written there by others, without a browser."""
    return commented.Article(portals.Portal(people, portal.site, portal.address, portal.kid, portal.secret), external)


# What people do there


def widget(page: Page) -> Locator:
    return page.locator("engage-comments").first


def sign_in(page: Page, portal: Any, path: str = ARTICLE) -> None:
    page.goto(portal.address + path)
    page.locator("button[value=hoa]").click()
    expect(page.locator("form.account")).to_contain_text("Trần Thị Hoa")


def box(page: Page) -> Locator:
    return widget(page).locator("form.comments-form:not(.engage-reply) textarea")


def send(page: Page) -> None:
    widget(page).locator("form.comments-form:not(.engage-reply) button").first.click()


def write(page: Page, words: str) -> None:
    box(page).fill(words)
    send(page)
    expect(box(page)).to_have_value("")
    expect(widget(page).locator(".engage-mine [role=status]")).to_be_visible()


# What becomes of it


def is_shown(people: People, remark_id: int) -> bool:
    return bool(people.site.rows(ACCEPTED, id=remark_id)[0].moderation == "accepted")


def newest(people: People) -> int:
    return int(people.site.rows("select max(id) from remark where surface = 'comment'")[0][0])


def accept_held(people: People) -> None:
    last = people.site.rows("select max(id) from moderation_case where surface = 'comment'")[0][0]
    moderator, case = people.staff(CLEARED), f"/review/cases/{last}"
    claimed = moderator.go(moderator.fill(case, action=f"{case}/claim"))
    assert people.accept(claimed).is_redirect


def take_down(people: People, remark_id: int) -> None:
    moderator, page = people.staff(CLEARED), f"/review/comments/{remark_id}"
    assert moderator.fill(page, {"reason": "out_of_scope"}, action="/hide").is_redirect


def bring_back(people: People, remark_id: int) -> None:
    assert people.staff(CLEARED).fill(f"/review/comments/{remark_id}", action="/restore").is_redirect


def code_for(people: People, email: str, mails: int = 1) -> str:
    """The one in the newest of that many mails."""
    found = CODE.search(people.mails_to(email, mails)[-1][1])
    assert found, "the mail holds no code"
    return found[0]
