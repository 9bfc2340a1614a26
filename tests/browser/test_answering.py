"""An official's draft by keyboard alone, from the first letter to publication; and a draft that saves itself."""

from playwright.sync_api import expect

from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.stories import APPROVER, OFFICIAL
from tests.browser.test_keyboard import tab, tab_to
from tests.site import Site

DEAD = "58/2014/QH13"
WARNING = "Hết hiệu lực sau ngày 30/06/2025."


def test_a_draft_with_a_dead_law_goes_from_keyboard_to_readers(page: Open, site: Site, shot: Shot) -> None:
    told = stories.taken(site)
    desk = page()
    acts.lend(desk, site.staff(OFFICIAL))
    desk.goto(f"/desk/questions/{told.id}")
    tab(desk)
    desk.keyboard.press("Enter")  # past the list, however long it is
    for name in ("short", "full"):
        tab_to(desk, name)
        desk.keyboard.type(str(stories.ANSWER[name]))
    tab_to(desk, "cite_number")
    desk.keyboard.type("bao hiem xa hoi")
    offered = desk.locator(".offers:not([hidden]) [role=option]")
    expect(offered.filter(has_text=DEAD)).to_contain_text("hết hiệu lực")
    while DEAD not in (desk.locator(".offers [aria-selected=true]").all_text_contents() or [""])[0]:
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("#cite_number")).to_have_value(DEAD)
    expect(desk.locator("#cite_title")).to_have_value("Luật Bảo hiểm xã hội")
    for name in ("as_of", "signatory", "signatory_title"):
        tab_to(desk, name)
        desk.keyboard.type(str(stories.ANSWER[name]))
    tab(desk)
    desk.keyboard.press("s")
    expect(desk.locator("[data-dead-law]")).to_contain_text(WARNING)
    desk.keyboard.press("g")
    expect(desk.locator(".seal", has_text="Xem thử")).to_be_visible()
    judge = page()
    acts.lend(judge, site.staff(APPROVER))
    judge.goto(f"/desk/questions/{told.id}")
    expect(judge.locator("[data-dead-law]")).to_contain_text("41/2024/QH15")
    judge.keyboard.press("d")
    expect(judge.locator("form[action$='/approve']")).to_have_count(0)
    reader = page(f"/questions/{told.id}", width=look.PHONE)
    expect(reader.locator(".cites .old")).to_contain_text(WARNING)
    assert not look.sticking_out(reader)
    shot(reader, "answer-dead-law")
    reader.emulate_media(media="print")
    expect(reader.locator(".cites")).to_be_visible()
    shot(reader, "answer-printed")


def test_a_draft_saves_itself_and_shows_what_a_colleague_saved(page: Open, site: Site) -> None:
    told = stories.taken(site)
    mine, theirs = page(expected=("status of 409",)), page()
    for desk, who in ((mine, OFFICIAL), (theirs, "can-bo-2.bhxh@engage.example")):
        acts.lend(desk, site.staff(who))
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
    mine.reload()
    expect(mine.locator("#short")).to_have_value("Bản của tôi.")


def test_sources_of_an_answer_like_this_are_used_with_one_press(page: Open, site: Site) -> None:
    stories.publish(site, first := stories.drafted(site))
    told = stories.taken(site)
    site.write("update question set title = :title where id = :id", title=first.title, id=told.id)
    desk = page()
    acts.lend(desk, site.staff(OFFICIAL))
    desk.goto(f"/desk/questions/{told.id}")
    desk.locator("#alike > summary").click()
    desk.locator("[data-use-cites]").first.click()
    expect(desk.locator("#cite_number")).to_have_value("41/2024/QH15")
    expect(desk.locator("#cite_number-2")).to_have_value("158/2025/NĐ-CP")
