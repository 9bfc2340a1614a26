"""What people do on a page, by the names and values that stand in it: the same in both languages."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from engage.people import DEMONSTRATION_PASSWORD
from tests import papers
from tests.browser import stories
from tests.forms import Value
from tests.visitor import Visitor

ACCUSATION = (
    "Tôi gửi đơn tố cáo ông Trần Văn Bình, chủ tịch xã An Phú, đã nhận hối lộ của doanh nghiệp để cấp đất sai quy định "
    "cho người quen trong hai năm qua."
)

COMPLETE: dict[str, Value] = {"province": "ha-noi", "name": "Đào Văn Tú", "phone": "0987654321", "consent": True}


def accusation() -> dict[str, Value]:
    return {**COMPLETE, "title": "Chủ tịch xã nhận hối lộ để cấp đất thì báo ai?", "body": ACCUSATION}


def again(told: stories.Told) -> dict[str, Value]:
    """What somebody asked before, in other words around it."""
    return {**COMPLETE, "title": told.title, "body": stories.BODY.format(number="khác")}


def press(page: Page, button: Locator) -> None:
    """A button that leads to a page, until that page is there."""
    with page.expect_navigation():
        button.click()


def fill(page: Page, values: Mapping[str, Value]) -> None:
    """Type, choose and tick, each field by its name; of several with one name, one after the other."""
    for name, value in values.items():
        for box, one in zip(page.locator(f"[name={name}]:not([type=hidden])").all(), _each(value), strict=False):
            if isinstance(one, bool):
                box.set_checked(one)
            elif box.evaluate("box => box.localName") == "select":
                box.select_option(one)
            else:
                box.fill(one)


def ask(page: Page, values: Mapping[str, Value]) -> None:
    fill(page, values)
    send(page)


def send(page: Page) -> None:
    press(page, page.locator("form.ask .send button"))


def enclose(page: Page) -> None:
    """Choose a photograph, as a phone names it; the script sends it at once."""
    photo = {"name": "IMG_20261125_090000.jpg", "mimeType": "image/jpeg", "buffer": papers.picture_with_place()}
    page.set_input_files("#files", photo)
    page.locator(".files li").wait_for()


def sign_in(page: Page, email: str, password: str = DEMONSTRATION_PASSWORD) -> None:
    fill(page, {"email": email, "password": password})
    press(page, page.locator("form[action$='/sign-in'] button"))


def change_password(page: Page, old: str) -> None:
    fill(page, {"old": old, "new": "một câu dài dễ nhớ 2026"})
    press(page, page.locator("form[action$='/account/password'] button"))


def track(page: Page, code: str) -> None:
    fill(page, {"code": code})
    press(page, page.locator("form[action$='/track'] button"))


def vote(page: Page) -> None:
    press(page, page.locator("[data-vote-give] button"))


def own(page: Page, code: str, part: str) -> None:
    """A page behind the private one."""
    track(page, code)
    page.locator(f"a[href$='/track/question{part}']").first.click()
    page.wait_for_url(f"**/track/question{part}")


def reply_nothing(page: Page, code: str) -> None:
    track(page, code)
    press(page, page.locator("form[action$='/clarification'] button"))


def claim(page: Page) -> None:
    """Unless it is mine already."""
    if page.locator("form[action$='/claim']").count():
        page.locator("form[action$='/claim'] button").click()
    page.locator("#decide").wait_for()


def refuse_without_a_reason(page: Page) -> None:
    claim(page)
    page.locator("summary[data-key=t]").click()
    press(page, page.locator(".decide button[value=refuse]"))


def preview_covered(page: Page) -> None:
    claim(page)
    page.locator("details.cover summary").click()
    press(page, page.locator("button[formaction]"))


def keys_help(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def choose_none(page: Page) -> None:
    page.locator(".bulk summary").click()
    press(page, page.locator(".bulk button[value=accept]"))


def write_answer(page: Page, values: Mapping[str, Value], act: str) -> None:
    fill(page, values)
    press(page, page.locator(f"button[name=act][value={act}]"))


def accept_nothing(page: Page) -> None:
    press(page, page.locator("button[name=act][value=accept]"))


def open_part(page: Page) -> None:
    page.locator(".parts a").first.click()
    page.locator("#part").wait_for()


def pass_back(page: Page) -> None:
    page.locator("summary[data-key=c]").click()
    fill(page, {"agency": stories.AGENCY})
    page.locator("form[action$='/transfer'] textarea").fill("Bộ không quản lý việc chi trả.")
    page.locator("form[action$='/transfer'] button").click()
    page.locator("[name=sure]").wait_for()


def preview(page: Page) -> None:
    write_answer(page, stories.ANSWER, "preview")


def paste_documents(page: Page) -> None:
    fill(page, {"text": "number;title;in_force_until\n41/2024/QH15;Luật đổi tên;\n9/2031/QH16;Luật sai ngày;hôm qua"})
    press(page, page.locator("button[name=act][value=preview]"))


def send_nothing(page: Page) -> None:
    write_answer(page, {}, "send")


def lend(page: Page, visitor: Visitor) -> None:
    """Give a browser the session of somebody who signed in over HTTP."""
    url = str(visitor.base_url)
    page.context.add_cookies([{"name": c.name, "value": c.value or "", "url": url} for c in visitor.cookies.jar])


def _each(value: Value) -> list[str | bool]:
    if isinstance(value, str | bool):
        return [value]
    return list(value or ())


def preview_calendar(page: Page) -> None:
    """Two years, with something to add, something that goes, and a line that is wrong."""
    lines = ["date,kind,name_vi,name_en,certainty", "2028-01-01,holiday,Tết Dương lịch,New Year's Day,official"]
    page.locator("#csv").fill(
        "\n".join([*lines, "2027-01-01,holiday,Năm mới,New Year's Day,official", "hôm qua,holiday"])
    )
    press(page, page.locator("button[value=preview]"))


def look_through(page: Page, sheet: str) -> None:
    """An administrator pastes a sheet to see what it would change."""
    page.locator("#sheet").fill(sheet)
    page.get_by_role("button", name=re.compile("Xem trước|Preview")).click()
    page.locator("#preview").wait_for()
