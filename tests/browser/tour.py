"""Pages visited one after the other by people who stay where they are: each keeps a browser, what it has cached, and a session.

Opening a browser and signing in takes longer than most pages do.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, Error, Page

from tests.browser import acts, look, stories
from tests.browser.conftest import PATIENCE, faults_of, picture, somebody
from tests.site import Site

FORGET = "() => { sessionStorage.clear(); localStorage.clear(); }"


class Tour:
    """One person for each role and language; who has no role is somebody else on every page."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._pages: dict[tuple[str, str], Page] = {}
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
            acts.lend(page, stories.staff(self._site, who))
        return page
