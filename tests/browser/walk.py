"""A way through the product in one language: what its pages say there, and who walks along, each in a browser of their own."""

from typing import Any

from playwright.sync_api import Page, expect

from engage.web.language import Translator, localized
from engage.web.templates import folder
from tests.browser import acts, stories
from tests.browser.conftest import Open, Shot
from tests.visitor import Visitor


class Walk:
    """One language, with script or without. Everybody who comes along has a browser of their own."""

    def __init__(self, page: Open, shot: Shot, language: str, javascript: bool = True) -> None:
        self._open, self._shot = page, shot
        self.language, self.javascript = language, javascript
        self._translator = Translator(language, folder() / "locale")
        self._steps = 0
        self.agency = stories.AGENCY_NAME if language == "vi" else "Viet Nam Social Security"
        self.topic = "Bảo hiểm xã hội" if language == "vi" else "Social insurance"

    def open(self, path: str, **how: Any) -> Page:
        page = self._open(language=self.language, javascript=self.javascript, **how)
        page.goto(localized(path, self.language))
        return page

    def staff(self, email: str, path: str) -> Page:
        """Asked for a desk, sent to sign in, and brought to that desk."""
        page = self.open(path)
        assert "/sign-in" in page.url
        acts.sign_in(page, email)
        page.wait_for_url(localized(path, self.language))
        return page

    def seated(self, visitor: Visitor, path: str, **how: Any) -> Page:
        """Who signed in before, at a desk."""
        page = self._open(language=self.language, javascript=self.javascript, **how)
        acts.lend(page, visitor)
        page.goto(localized(path, self.language))
        return page

    def said(self, vietnamese: str, **figures: str) -> str:
        """A sentence of the product in this language; English ones have to be English."""
        words = self._translator.say(vietnamese, **figures)
        assert self.language == "vi" or words != (vietnamese % figures if figures else vietnamese)
        return words

    def sees(self, page: Page, *sentences: str) -> None:
        for sentence in sentences:
            expect(page.locator("main")).to_contain_text(sentence)

    def keep(self, page: Page, step: str) -> None:
        """A picture of where we are, and that the page speaks the language it was asked for in."""
        self._steps += 1
        assert page.locator("html").get_attribute("lang") == self.language
        how = "" if self.javascript else "-without-script"
        self._shot(page, f"journey-{self.language}{how}-{self._steps:02}-{step}")
