"""Hands on the keyboard only: going on by Tab and choosing by arrows. Wherever the focus lands, it has to be seen."""

from playwright.sync_api import Page

FOCUSED = "() => document.activeElement.id || document.activeElement.name || document.activeElement.value || ''"
# The ring is three pixels wide and not the colour of what it stands on.
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== style.backgroundColor;
}"""
FAR, LONG = 150, 140  # more places than a page has, more options than a list


def tab(page: Page) -> None:
    page.keyboard.press("Tab")
    where = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
    assert where.startswith("<body") or page.evaluate(RING), f"nobody sees the focus on {where}"


def tab_to(page: Page, name: str) -> None:
    """On by one until we are at the field of that id, name or value; one that cannot be reached ends the test."""
    for _ in range(FAR):
        if page.evaluate(FOCUSED) == name:
            return
        tab(page)
    raise AssertionError(f"{name} cannot be reached with Tab")


def tab_until(page: Page, found: str, about: str = "") -> None:
    """On by one until a script's `(element, about) => …` says that this is it."""
    for _ in range(FAR):
        if page.evaluate(f"about => ({found})(document.activeElement, about)", about):
            return
        tab(page)
    raise AssertionError(f"{found} cannot be reached with Tab")


def choose(page: Page, value: str) -> None:
    """Down the list that has the focus."""
    for _ in range(LONG):
        if page.evaluate("value => document.activeElement.value === value", value):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not among the options")


def past_the_list(page: Page) -> None:
    """By the first link of a page, to what it is about."""
    tab(page)
    page.keyboard.press("Enter")
