"""What can be measured on a page: does it fit, can a thumb hit it, does it read aloud. Knows no page in particular."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page

PHONE, DESKTOP = 320, 1280
THUMB, THUMB_ON_DESKS = 44, 32
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Scheme = Literal["light", "dark"]
# Everything at the first width by day; what a scheme changes, its colours, at the other by night.
VIEWS = {"vi": (PHONE, DESKTOP), "en": (DESKTOP, PHONE)}
COLOURS = ["color-contrast", "link-in-text-block"]

# Whatever sticks out of the window, of a pane that scrolls by itself, or of the box around a table.
STICKING_OUT = """() => {
  const scrolls = (e) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX);
  const free = (e) => { while ((e = e.parentElement)) if (scrolls(e) && e !== document.body) return false; return true; };
  const width = document.documentElement.clientWidth;
  const named = (e) => `${e.localName}.${e.className} "${(e.textContent || "").trim().slice(0, 40)}"`;
  const all = [...document.body.querySelectorAll("*")];
  const out = all.filter((e) => e.getBoundingClientRect().right > width + 1 && e.checkVisibility() && free(e));
  const panes = [...document.querySelectorAll(".panes > *, .tablebox")].filter((e) => e.scrollWidth > e.clientWidth + 1);
  return [...(document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : []),
    ...out.slice(0, 5).map(named), ...panes.map((e) => `pane ${named(e)}`)];
}"""

# Controls lower than a thumb. Links inside sentences and lists are text; axe looks after those.
TOO_SMALL = """(least) => {
  const controls = ".btn, button, select, textarea, label.pick, .nav a, .tabs a"
    + ", input:not([type=hidden], [type=checkbox], [type=radio])";
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".trap, .sr");
  return [...document.querySelectorAll(controls)].filter(seen)
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0 && box.height < least - 0.5)
    .map(([e, box]) => `${Math.round(box.height)} px: ${e.localName}.${e.className} "${(e.textContent || e.name).trim()}"`);
}"""

# The levels of the headings that are seen, in reading order.
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .filter((e) => e.checkVisibility()).map((e) => Number(e.localName[1]))"""


def sticking_out(page: Page) -> list[str]:
    return list(page.evaluate(STICKING_OUT))


def too_small(page: Page, least: int) -> list[str]:
    return list(page.evaluate(TOO_SMALL, least))


def headings(page: Page) -> list[int]:
    return list(page.evaluate(HEADINGS))


def skipped(levels: list[int]) -> list[tuple[int, int]]:
    """Where a heading stands more than one level under the one before."""
    return [(upper, lower) for upper, lower in pairwise(levels) if lower > upper + 1]


def violations(page: Page) -> list[str]:
    """What axe says against the page by WCAG 2.2 AA, one line a place."""
    return _against(page, TAGS)


def faint(page: Page) -> list[str]:
    """What axe says against its colours: all that another scheme changes."""
    return _against(page, {"type": "rule", "values": COLOURS})


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def _against(page: Page, rules: object) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    how = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found: dict[str, Any] = page.evaluate("how => axe.run(how)", how)
    return [
        f"{rule['id']}: {rule['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


# What every page holds


def turn(page: Page, width: int, scheme: Scheme) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def read(page: Page, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language
    levels = headings(page)
    assert levels.count(1) == 1, levels
    assert not skipped(levels), levels
    assert page.title().strip(" –")


def fits(page: Page, width: int) -> None:
    assert not sticking_out(page), f"at {width} px"
    assert not too_small(page, THUMB if width == PHONE else THUMB_ON_DESKS), f"at {width} px"


def holds(found: list[str], width: int, scheme: Scheme) -> None:
    assert not found, f"at {width} px, {scheme}:\n" + "\n".join(found)
