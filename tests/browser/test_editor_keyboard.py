"""From the idea of a dialogue to its announcement with hands on the keyboard only. Where the focus is can always be seen."""

from playwright.sync_api import Page, expect

from tests.browser import acts, stories
from tests.browser.conftest import Open
from tests.browser.keys import choose, tab_to, tab_until
from tests.browser.stories import MODERATOR
from tests.site import Site

TITLE = "Đối thoại soạn bằng bàn phím về lương hưu"


def test_a_dialogue_is_written_peopled_and_announced_by_keyboard_alone(page: Open, site: Site) -> None:
    editor = page()
    acts.lend(editor, stories.staff(site, MODERATOR))
    editor.goto("/dialogues/mine")
    _follows(editor, "/dialogues/new")
    _types(
        editor,
        title=TITLE,
        lead="Hỏi về cách tính và nơi nhận.",
        starts_at="03/12/2036 14:00",
        ends_at="03/12/2036 16:00",
    )
    _presses(editor, "form[action$='/new'] button.ink", "**/edit")

    _types(editor, guest_name="Lê Văn Bình", guest_title="Phó Giám đốc Bảo hiểm xã hội Việt Nam")
    tab_to(editor, "guest_agency")
    choose(editor, "bao-hiem-xa-hoi-viet-nam")
    _presses(editor, "#guest-section form.keep button", "**#guest-section")
    expect(editor.locator("#guest-section h3")).to_have_text("Lê Văn Bình")
    _presses(editor, "#guest-section button[value=confirm]", "**#guest-section")
    expect(editor.locator("#guest-section")).to_contain_text("Đã xác nhận")

    _types(editor, groups="Rút một lần\nLương hưu")
    _presses(editor, "#groups-section > form button", "**#groups-section")
    expect(editor.locator("#groups-section h3")).to_have_text(["Rút một lần", "Lương hưu"])

    _follows(editor, "/step/announce")
    _presses(editor, "form[action$='/step/announce'] button", "**/dialogues/*/edit")
    editor.goto("/dialogues")
    expect(editor.get_by_role("link", name=TITLE)).to_be_visible()


def _types(page: Page, **typed: str) -> None:
    for name, words in typed.items():
        tab_to(page, name)
        page.keyboard.press("Control+a")
        page.keyboard.type(words)


def _presses(page: Page, button: str, leads_to: str) -> None:
    """The page it leads to may be the same one, so a new document is waited for."""
    tab_until(page, "(element, button) => element.matches(button)", button)
    with page.expect_navigation(url=leads_to):
        page.keyboard.press("Enter")


def _follows(page: Page, end: str) -> None:
    tab_until(page, "(element, end) => (element.getAttribute('href') ?? '').endsWith(end)", end)
    with page.expect_navigation():
        page.keyboard.press("Enter")
