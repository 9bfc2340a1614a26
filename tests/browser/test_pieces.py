"""Pieces in the browser: the script makes of facts what the tests' reducer does, and a piece that was replaced still works."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from tests.browser import stories
from tests.browser.conftest import Open
from tests.house import source
from tests.site import Site
from tests.unit.reducer import applied

PIECES = source.CHECKOUT / "templates/static/js/pieces.js"
NAMES, RANKS = st.sampled_from("abcdef"), st.sampled_from(["", "1", "15", "2", "2026-0000000009", "2026-0000000010"])
PUT = st.fixed_dictionaries({"put": NAMES, "html": st.text("<>&é", max_size=3), "rank": RANKS})
ALONE = st.one_of(PUT, st.fixed_dictionaries({"remove": NAMES}), st.just({"type": "case.claimed"}))
SEVERAL = st.builds(lambda fact, also: {**fact, "also": also}, ALONE, st.lists(PUT, max_size=3))
FACTS = st.lists(st.one_of(ALONE, SEVERAL), max_size=12)
REDUCE = "([facts, floor]) => facts.reduce((pieces, fact) => window.applied(pieces, fact, floor), [])"
PLACE = """async ([html, address]) => {
  const { element, placed } = await import(address);
  const old = document.querySelector(".piece");
  old.replaceWith(element(html, old));
  placed();
}"""


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    loading = "async (text) => Object.assign(window, await import(`data:text/javascript,${encodeURIComponent(text)}`))"
    page.evaluate(f"({loading})({PIECES.read_text()!r}).then(() => null)")
    yield page
    page.close()


@settings(max_examples=300)
@given(FACTS, RANKS)
def test_the_script_makes_of_facts_what_the_reducer_makes(script: Page, facts: list[Any], floor: str) -> None:
    pieces: list[dict[str, str]] = []
    for fact in facts:
        pieces = applied(pieces, fact, floor)
    assert script.evaluate(REDUCE, [facts, floor]) == pieces


def test_a_piece_that_was_replaced_has_its_count_and_its_buttons(page: Open, site: Site) -> None:
    told = stories.drafted(site)
    reader = page(f"/questions/{told.id}")
    count = reader.locator(f'[data-count="votes:{told.id}"]')
    said = count.inner_text()
    assert said
    html = reader.evaluate(
        f"async () => (await (await fetch('/live/question/{told.id}/snapshot.json')).json()).pieces[0].html"
    )
    script = reader.locator("script[src*='js/engage.js']").get_attribute("src")
    assert script
    reader.evaluate(PLACE, [html, script.replace("engage.js", "pieces.js")])
    expect(count).to_have_text(said)
    expect(reader.locator(".piece [data-print]")).to_be_visible()
    expect(reader.locator(".piece [data-share]")).to_be_visible()
    reader.evaluate("() => { window.print = () => document.body.dataset.printed = 'yes'; }")
    reader.locator(".piece [data-print]").click()
    expect(reader.locator("body")).to_have_attribute("data-printed", "yes")
    reader.locator(".piece [data-follow]").click()
    expect(reader).not_to_have_url(f"{site.url}/questions/{told.id}")
