"""An official's draft by keyboard alone, from the first letter to publication; and a draft that saves itself."""

import pytest
from playwright.sync_api import Page, expect

from engage.web.language import localized
from tests import papers
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.keys import past_the_list, tab, tab_to
from tests.browser.stories import APPROVER, OFFICIAL, Told
from tests.browser.walk import Walk
from tests.site import Site

DEAD = "58/2014/QH13"
FILE = "mẫu đơn.pdf"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_draft_goes_from_keyboard_to_readers(language: str, page: Open, site: Site, shot: Shot) -> None:
    """With a source that is no longer in force, and a file that nobody else sees before it is approved."""
    told, walk = stories.taken(site), Walk(page, shot, language)
    desk = walk.seated(stories.staff(site, OFFICIAL), "/account", expected=("status of 422",))
    desk.clock.install()
    desk.goto(localized(stories.desk(told), language))
    past_the_list(desk)
    for name in ("short", "full"):
        _type(desk, name)
    _cite_the_dead_law(walk, desk)
    desk.clock.run_for(21_000)
    expect(desk.locator("[data-autosaved]")).to_contain_text(walk.said("Đã lưu lúc %(at)s", at="").strip())
    _enclose(desk)
    for name in ("as_of", "signatory", "signatory_title"):
        _type(desk, name)
    tab(desk)
    desk.keyboard.press("s")
    warning = walk.said("Hết hiệu lực sau ngày %(day)s.", day="30/06/2025")
    expect(desk.locator("[data-dead-law]")).to_contain_text(warning)
    expect(desk.locator(".files li")).to_contain_text(FILE)
    walk.keep(desk, "draft")
    address = str(desk.locator(".files a").get_attribute("href"))
    reader = walk.open(f"/questions/{told.id}", width=look.PHONE)
    assert reader.request.get(address).status == 404
    _send_though_it_is_dead(walk, desk)
    _approve(walk, site, told, warning)
    reader.reload()
    expect(reader.locator(".cites .old")).to_contain_text(warning)
    expect(reader.locator(".answer .attached a")).to_have_text(FILE)
    assert reader.request.get(address).body() == papers.pdf()
    assert not look.sticking_out(reader)
    walk.keep(reader, "answer")


def test_a_draft_saves_itself_and_shows_what_a_colleague_saved(page: Open, site: Site) -> None:
    told = stories.taken(site)
    mine, theirs = page(expected=("status of 409",)), page()
    for desk, who in ((mine, OFFICIAL), (theirs, "can-bo-2.bhxh@engage.example")):
        acts.lend(desk, stories.staff(site, who))
        desk.clock.install()
        desk.goto(f"/desk/questions/{told.id}")
    theirs.locator("#short").fill("Bản của đồng nghiệp.")
    theirs.clock.run_for(21_000)
    expect(theirs.locator("[data-autosaved]")).to_contain_text("Đã lưu lúc")
    mine.locator("#short").fill("Bản của tôi.")
    mine.clock.run_for(21_000)
    expect(mine.locator("[data-theirs]")).to_contain_text("Bản của đồng nghiệp.")
    expect(mine.locator("#short")).to_have_value("Bản của tôi.")
    mine.locator("button[value=save][data-key]").click()
    expect(mine.locator(".draft-by")).to_contain_text("Đỗ Minh Tuấn")
    mine.reload()
    expect(mine.locator("#short")).to_have_value("Bản của tôi.")


def test_sources_of_an_answer_like_this_are_used_with_one_press(page: Open, site: Site) -> None:
    stories.publish(site, first := stories.drafted(site))
    told = stories.taken(site)
    site.write("update question set title = :title where id = :id", title=first.title, id=told.id)
    desk = page()
    acts.lend(desk, stories.staff(site, OFFICIAL))
    desk.goto(f"/desk/questions/{told.id}")
    desk.locator("#alike > summary").click()
    desk.locator("[data-use-cites]").first.click()
    expect(desk.locator("#cite_number")).to_have_value("41/2024/QH15")
    expect(desk.locator("#cite_number-2")).to_have_value("158/2025/NĐ-CP")


def _type(desk: Page, name: str) -> None:
    tab_to(desk, name)
    desk.keyboard.type(str(stories.ANSWER[name]).replace(" [2]", ""))  # one source is cited


def _cite_the_dead_law(walk: Walk, desk: Page) -> None:
    tab_to(desk, "cite_number")
    desk.keyboard.type("bao hiem xa hoi")
    offered = desk.locator(".offers:not([hidden]) [role=option]")
    expect(offered.filter(has_text=DEAD)).to_contain_text(walk.said("hết hiệu lực"))
    while DEAD not in (desk.locator(".offers [aria-selected=true]").all_text_contents() or [""])[0]:
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("#cite_number")).to_have_value(DEAD)
    expect(desk.locator("#cite_title")).to_have_value("Luật Bảo hiểm xã hội")


def _send_though_it_is_dead(walk: Walk, desk: Page) -> None:
    """It is asked once whether a law that has ended is meant."""
    desk.keyboard.press("g")
    expect(desk.locator("main [role=alert]").first).to_be_visible()
    tab_to(desk, "sure")
    desk.keyboard.press("Space")
    tab(desk)
    desk.keyboard.press("g")
    walk.sees(desk, walk.said("Chờ duyệt"))


def _enclose(desk: Page) -> None:
    """What opens the window of files is a key, too."""
    # The browser is told first: a key that is quicker opens a window nobody sees.
    with desk.expect_file_chooser() as chooser:
        tab_to(desk, "files")
        desk.keyboard.press("Space")
    chooser.value.set_files({"name": FILE, "mimeType": "application/pdf", "buffer": papers.pdf()})
    expect(desk.locator(".files li")).to_contain_text(FILE)
    expect(desk.locator("#files")).to_be_focused()


def _approve(walk: Walk, site: Site, told: Told, warning: str) -> None:
    judge = walk.seated(stories.staff(site, APPROVER), stories.desk(told))
    expect(judge.locator("[data-dead-law]")).to_contain_text(warning)
    expect(judge.locator("[data-dead-law]")).to_contain_text("41/2024/QH15")
    expect(judge.locator("main .files")).to_contain_text(FILE)
    judge.keyboard.press("d")
    expect(judge.locator("form[action$='/approve']")).to_have_count(0)
    walk.sees(judge, walk.said("Đã trả lời"))
