"""Pages visited one after the other by people who stay where they are: each keeps a browser, what it has cached, and a session.

Opening a browser and signing in takes longer than most pages do.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Error, Page

from engage.web.language import localized
from tests.browser import acts, look, stories
from tests.browser.conftest import PATIENCE, Shot, faults_of, picture, somebody
from tests.site import Site
from tests.visitor import Visitor

FORGET = "() => { sessionStorage.clear(); localStorage.clear(); }"


@dataclass(frozen=True)
class Stop:
    """Where a page is: a path with the names of stories in it, who opens it, and what is done there to see it."""

    path: str
    who: str = ""
    act: Callable[[Page, Any], None] | None = None
    status: int = 200


class Tour:
    """One person for each role and language; who has no role is somebody else on every page."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._pages: dict[tuple[str, str], Page] = {}
        self._known: dict[str, Visitor] = {}
        self._faults: list[str] = []
        self._expected: tuple[str, ...] = ()

    @contextmanager
    def visit(self, who: str, language: str, name: str, *, expected: tuple[str, ...] = ()) -> Iterator[Page]:
        """A page for what is done and seen now. `expected`: errors the console may name meanwhile."""
        page = self._of(who, language)
        self._faults, self._expected = [], expected
        try:
            yield page
            assert not self._faults, "the console named errors:\n" + "\n".join(self._faults)
        except Exception:
            picture(page, f"failed-{name}-{language}")
            raise
        finally:
            with suppress(Error):  # where no page of ours came, nothing is kept either
                page.evaluate(FORGET)
            if not who:
                page.context.clear_cookies()

    def look_at(self, stop: Stop, name: str, language: str, told: Mapping[str, Any], shot: Shot) -> None:
        """A page fits, reads aloud and names no error: at one width by day, at the other by night."""
        with self.visit(stop.who, language, name, expected=(f"status of {stop.status}",)) as page:
            first, then = look.VIEWS[language]
            look.turn(page, first, "light")
            answer = page.goto(localized(stop.path.format_map(told), language))
            assert answer
            if stop.act:
                stop.act(page, told)
            else:
                assert answer.status == stop.status
            look.read(page, language)
            look.fits(page, first)
            look.holds(look.violations(page), first, "light")
            shot(page, f"page-{name}-{language}-{first}-light")
            look.turn(page, then, "dark")
            look.fits(page, then)
            look.holds(look.faint(page), then, "dark")
            shot(page, f"page-{name}-{language}-{then}-dark")

    def introduce(self, who: str, visitor: Visitor) -> None:
        """Somebody who is not of the staff, signed in over HTTP."""
        self._known[who] = visitor

    def end(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _of(self, who: str, language: str) -> Page:
        if (who, language) not in self._pages:
            self._pages[who, language] = self._begun(who, language)
        return self._pages[who, language]

    def _begun(self, who: str, language: str) -> Page:
        person = somebody(self._browser, self._site, width=look.PHONE, language=language)
        person.add_init_script(look.axe())
        page = person.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self._faults.extend(faults_of(message, self._expected)))
        page.on("pageerror", lambda error: self._faults.append(f"{page.url}: {error}"))
        if who:
            acts.lend(page, self._known.get(who) or stories.staff(self._site, who))
        return page
