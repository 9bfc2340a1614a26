"""What came while a page was open takes its place when its reader wants it, and nothing they read, type or have chosen moves."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import look, stories
from tests.browser.acts import lend
from tests.browser.conftest import Open, Shot
from tests.browser.lines import bar, stands
from tests.site import Site

LIVE = "Đang cập nhật tự động"
GONE = "Nội dung này vừa được gỡ, không còn hiện với bạn đọc."
STAYS = "() => { window.stayed = true; }"  # a page that is loaded anew has forgotten it


def _open(page: Page, path: str) -> None:
    page.goto(path)
    stands(page, LIVE)
    page.evaluate(STAYS)


def test_an_answer_takes_its_place_without_loading_the_page_and_is_marked_until_seen(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(width=320)
    _open(reader, f"/questions/{told.id}")
    reader.locator(".piece details summary").first.click()
    reader.locator("a[data-follow]").focus()
    stories.publish(site, told)
    expect(bar(reader)).to_have_text("1 cập nhật mới")
    assert not reader.locator(".answer").count()
    reader.evaluate("() => scrollTo(0, 200)")
    bar(reader).click()
    expect(reader.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))
    assert reader.evaluate("() => [window.stayed, scrollY]") == [True, 200]
    expect(reader.locator("a[data-follow]")).to_be_focused()
    expect(reader.locator(".answer.new")).to_have_count(1)
    expect(reader.locator("h1.new, .prose.new")).to_have_count(0)  # what is as it was is not marked
    expect(reader.locator("button[data-share]")).to_be_visible()  # what a script adds is there again
    assert not look.sticking_out(reader)


def test_new_questions_come_into_the_list_while_somebody_types(page: Open, site: Site) -> None:
    first, second = stories.drafted(site), stories.drafted(site)
    reader = page()
    _open(reader, "/questions")
    box = reader.locator("form[role=search] input[type=search]")
    box.press_sequentially("trợ cấp thất ")
    stories.publish(site, first)
    expect(bar(reader)).to_have_text("1 câu mới")
    stories.publish(site, second)
    expect(bar(reader)).to_have_text("2 câu mới")
    expect(reader.locator("main h3", has_text=first.title)).to_have_count(0)
    bar(reader).click()
    for told in (first, second):
        expect(reader.locator("main li.new h3", has_text=told.title)).to_be_visible()
    expect(box).to_be_focused()
    box.press_sequentially("nghiệp")
    expect(box).to_have_value("trợ cấp thất nghiệp")
    assert reader.evaluate("() => window.stayed")
    expect(bar(reader)).to_be_hidden()


def test_who_reads_further_down_is_not_moved_and_may_go_to_what_is_new(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(width=320)
    _open(reader, "/questions")
    line = reader.locator("main li h3").nth(6)
    line.evaluate("line => line.scrollIntoView({ block: 'center' })")
    title, before = line.text_content() or "", line.evaluate("line => line.getBoundingClientRect().top")
    stories.publish(site, told)
    bar(reader).click()
    expect(bar(reader)).to_have_text("Xem phần mới")
    now = reader.locator("main li h3", has_text=title).first.evaluate("line => line.getBoundingClientRect().top")
    assert abs(now - before) < 2
    bar(reader).click()
    expect(reader.locator("main li.new")).to_be_in_viewport()
    expect(reader.locator("main li.new")).to_be_focused()
    expect(bar(reader)).to_be_hidden()


def test_a_list_that_is_narrowed_shows_only_what_belongs_there(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page()
    _open(reader, "/questions?topic=bao-hiem-y-te")
    stories.publish(site, told)
    bar(reader).click()
    expect(bar(reader)).to_be_hidden()
    expect(reader.locator("main h3", has_text=told.title)).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_text_that_is_taken_down_is_gone_at_once_from_every_open_page(
    page: Open, site: Site, shot: Shot, width: int
) -> None:
    told = stories.answered(site)
    reader, lister = page(width=width), page(width=width)
    _open(reader, f"/questions/{told.id}")
    _open(lister, "/questions")
    expect(lister.locator("main h3", has_text=told.title)).to_be_visible()
    stories.press(
        stories.staff(site, stories.MODERATOR), f"/review/questions/{told.id}", "hide", {"reason": "private_matter"}
    )
    for one in (reader, lister):
        expect(one.locator("main", has_text=GONE)).to_be_visible()
        expect(one.locator("body", has_text=told.title)).to_have_count(0)
        assert told.title not in one.title()
        assert not look.violations(one)
    shot(reader, f"live-taken-down-{width}")
    shot(lister, f"live-taken-down-list-{width}")
    expect(reader.locator("h1")).to_have_count(1)


def test_the_asker_types_on_while_the_page_takes_in_what_came(page: Open, site: Site) -> None:
    told = stories.asked_for_more(site)
    asker = page("/track")
    asker.locator("#code").fill(told.code)
    asker.keyboard.press("Enter")
    stands(asker, LIVE)
    asker.evaluate(STAYS)
    words = asker.locator("form[action$='/clarification'] textarea")
    words.fill("Tôi nghỉ việc từ tháng 6, ")
    elsewhere = stories.opened(site, told)  # the same person, on another machine
    stories.press(elsewhere, "/track/question/data", "contact", {"email": "ngoc.lan@thu.example"})
    bar(asker).click()
    expect(bar(asker)).to_be_hidden()
    expect(words).to_have_value("Tôi nghỉ việc từ tháng 6, ")
    assert asker.evaluate("() => window.stayed")


# Desks


def test_a_question_that_is_held_is_counted_and_added_where_a_moderator_reads(page: Open, site: Site) -> None:
    first = stories.sent(site, held=True)
    moderator = page()
    lend(moderator, stories.staff(site, stories.COLLEAGUE))
    _open(moderator, stories.case_of(site, first))
    total = moderator.locator(".list-head [data-total]")
    before = int((total.text_content() or "0").replace(".", ""))
    pane = moderator.locator("main h1").evaluate("one => one.getBoundingClientRect().top")
    second = stories.sent(site, held=True)
    expect(total).to_have_text(str(before + 1))
    expect(moderator.locator(".tray .item", has_text=second.title)).to_be_attached()
    assert moderator.locator("main h1").evaluate("one => one.getBoundingClientRect().top") == pane
    assert moderator.evaluate("() => window.stayed")


def test_what_nobody_has_is_counted_at_the_review_desk(page: Open, site: Site) -> None:
    moderator = page()
    lend(moderator, stories.staff(site, stories.MODERATOR))
    _open(moderator, "/review?tab=unrouted")
    count = moderator.locator("[data-count='waiting:unrouted']")
    before = int(count.text_content() or "0")
    stories.given_back(site)
    expect(count).to_have_text(str(before + 1))


@pytest.mark.parametrize("width", [320, 1280])
def test_a_new_question_is_counted_at_the_agency_s_desk_and_its_list_offers_it(
    page: Open, site: Site, shot: Shot, width: int
) -> None:
    open_one = stories.taken(site)
    official = page(width=width)
    lend(official, stories.staff(site, stories.COORDINATOR))
    _open(official, "/desk?tab=offered")
    count = official.locator("[data-count='waiting:offered']")
    before = count.text_content() or ""
    told = stories.sent(site)
    expect(bar(official)).to_have_text("1 cập nhật mới")
    expect(count).not_to_have_text(before)
    expect(official.locator("main, .listing").first.locator("a", has_text=told.title)).to_have_count(0)
    shot(official, f"live-desk-{width}")
    assert not look.sticking_out(official)
    assert not look.violations(official)
    bar(official).click()
    expect(official.locator("tr.new a", has_text=told.title)).to_be_attached()
    assert official.evaluate("() => window.stayed")
    _types_on(official, open_one, site)


def _types_on(official: Page, open_one: stories.Told, site: Site) -> None:
    """Whoever writes an answer goes on writing."""
    _open(official, stories.desk(open_one))
    words = official.locator("#answer-form textarea[name=short]")
    words.fill("Có, bạn được")
    stories.sent(site)
    official.locator("[data-fresh]:not([hidden])").wait_for(state="attached")
    if bar(official).is_visible():  # on a phone the open question has the page
        bar(official).click()
        expect(bar(official)).to_be_hidden()
    expect(words).to_have_value("Có, bạn được")
    assert official.evaluate("() => window.stayed")


def test_what_is_chosen_in_a_list_stays_chosen(page: Open, site: Site) -> None:
    chosen = stories.sent(site)
    official = page()
    lend(official, stories.staff(site, stories.COORDINATOR))
    _open(official, "/desk?tab=offered")
    official.locator(f"input[name=ids][value='{chosen.id}']").check()
    told = stories.sent(site)
    bar(official).click()
    expect(official.locator("tr.new a", has_text=told.title)).to_be_attached()
    expect(official.locator(f"input[name=ids][value='{chosen.id}']")).to_be_checked()
    expect(official.locator("[data-picked-count]")).to_have_text("(1 câu)", use_inner_text=True)
