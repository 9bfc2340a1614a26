"""Two moderators at one queue, hands on the keyboard only; and what is selected in a text, covered before readers see it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engage.markup import COVER
from engage.web.language import localized
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.stories import COLLEAGUE, MODERATOR, Told
from tests.browser.walk import Walk
from tests.site import Site

# From the first letter of some words to their last, wherever marks cut them into pieces.
SELECT = """(exam, words) => {
  const pieces = [], walker = document.createTreeWalker(exam, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("sup")) pieces.push(walker.currentNode);
  const place = (at) => {
    for (const piece of pieces) {
      if (at <= piece.data.length) return [piece, at];
      at -= piece.data.length;
    }
  };
  const from = pieces.map((piece) => piece.data).join("").indexOf(words);
  getSelection().setBaseAndExtent(...place(from), ...place(from + words.length));
}"""


@pytest.fixture
def waiting(site: Site) -> list[Told]:
    """Thirty held questions that have waited longest."""
    told = stories.several(site, 30, held=True)
    for number, one in enumerate(told):
        stories.to_the_front(site, one, number % 28 + 1, year=2025)
    return told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_two_moderators_clear_the_queue_beside_each_other(
    language: str, page: Open, site: Site, shot: Shot, waiting: list[Told]
) -> None:
    walk = Walk(page, shot, language)
    mine, theirs = (walk.seated(stories.staff(site, who), "/review") for who in (MODERATOR, COLLEAGUE))
    for desk in (mine, theirs):
        desk.keyboard.press("n")
        desk.wait_for_url(f"**{localized('/review/cases/', language)}*")
    expect(theirs.locator("[data-others]")).to_contain_text(_name(site, MODERATOR))
    expect(mine.locator("[data-others]")).to_contain_text(_name(site, COLLEAGUE))
    count, seen, at = _count(theirs), theirs.url, theirs.evaluate("() => scrollY")
    for _ in range(10):
        _cover_and_accept(mine)
    expect(theirs.locator("[data-total]").first).to_have_text(str(count - 10))
    expect(theirs.locator("[data-case].gone")).to_have_count(10)
    assert (theirs.url, theirs.evaluate("() => scrollY")) == (seen, at)  # what is being read does not move
    walk.keep(theirs, "beside-a-colleague")
    for desk in (theirs, mine) * 10:
        _cover_and_accept(desk)
    decided = [_decided(site, one) for one in waiting]
    assert {one.decision for one in decided} == {"redact"}
    assert sorted(one.login for one in decided) == [MODERATOR] * 20 + [COLLEAGUE] * 10
    stories.let_go(site)


def test_what_is_selected_is_covered_before_readers_see_it(page: Open, site: Site, shot: Shot) -> None:
    told, words = stories.sent(site, held=True), "đã hỏi phòng nhân sự hai lần"
    walk = Walk(page, shot, "vi")
    desk = walk.seated(stories.staff(site, MODERATOR), stories.case_of(site, told))
    acts.claim(desk)
    button = desk.locator("[data-cover]")
    expect(button).to_be_disabled()
    for some in (words, f"xin gọi {stories.PHONE}"):  # the second runs into what a finding marks
        desk.locator(".exam").evaluate(SELECT, some)
        button.click()
        expect(desk.locator("[data-cover-list] label").last).to_contain_text(some)
    expect(desk.locator("[data-cover-list] input:checked")).to_have_count(2)
    assert not look.sticking_out(desk)
    walk.keep(desk, "passages-to-cover")
    desk.keyboard.press("d")
    is_out = "select 1 from question where id = :id and moderation = 'accepted'"
    site.wait(lambda: bool(site.rows(is_out, id=told.id)))
    reader = page(f"/questions/{told.id}", width=look.PHONE)
    body = reader.locator("main .prose").first
    expect(body.locator("mark")).to_have_text([COVER, COVER])
    expect(body).to_contain_text(f"Tôi {COVER} mà chưa rõ")
    expect(body).to_contain_text(f"Cần hỏi thêm, {COVER}.")
    assert words not in reader.content()
    assert stories.PHONE not in reader.content()
    shot(reader, "covered")
    stories.let_go(site)


def _cover_and_accept(desk: Page) -> None:
    before = desk.url
    desk.keyboard.press("d")
    desk.wait_for_function("was => location.href !== was && document.readyState === 'complete'", arg=before)


def _count(desk: Page) -> int:
    return int(desk.locator("[data-total]").first.inner_text())


def _decided(site: Site, told: Told) -> Any:
    (row,) = site.rows(
        "select decision, login from moderation_case join person on person.id = decided_by where thing_id = :id",
        id=told.id,
    )
    return row


def _name(site: Site, login: str) -> str:
    return str(site.rows("select name from person where login = :login", login=login)[0].name)
