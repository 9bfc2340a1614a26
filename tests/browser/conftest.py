"""Chromium, and pages in it that fail their test on any error in the console. Screenshots go to tests/artefacts/."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.everything import chromium
from tests.site import Site
from tests.visitor import new_address

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root with it, and CI is root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


# Ends with this folder: Playwright keeps an event loop running in the main thread, where later tests want their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


Shot = Callable[[Page, str], Path]


class Open(Protocol):
    def __call__(
        self,
        path: str = "",
        *,
        width: int = 1280,
        scheme: str = "light",
        javascript: bool = True,
        language: str = "vi",
        expected: tuple[str, ...] = (),
        **context: Any,
    ) -> Page: ...


@pytest.fixture
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens pages: each a new person with own cookies and address. `expected`: errors the console may name."""
    opened: list[Page] = []
    faults: list[str] = []
    failed_before = request.session.testsfailed

    def open_page(
        path: str = "",
        *,
        width: int = 1280,
        scheme: Any = "light",
        javascript: bool = True,
        language: str = "vi",
        expected: tuple[str, ...] = (),
        **context: Any,
    ) -> Page:
        person = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",  # what is measured and kept stands still
            java_script_enabled=javascript,
            locale=language,
            timezone_id="Asia/Ho_Chi_Minh",
            extra_http_headers={"x-forwarded-for": new_address()},
            **context,
        )
        page = person.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: faults.extend(_faults(message, expected)))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        opened.append(page)
        if path:
            page.goto(path)
        return page

    yield open_page
    for number, page in enumerate(opened):
        if request.session.testsfailed > failed_before:
            page.screenshot(path=_artefact(f"failed-{request.node.name}-{number}"), full_page=True)
        page.context.close()
    assert not faults, "the console named errors:\n" + "\n".join(faults)


@pytest.fixture
def shot() -> Shot:
    """Keeps a screenshot of the whole page under a name."""

    def keep(page: Page, name: str) -> Path:
        path = _artefact(name)
        page.screenshot(path=path, full_page=True)
        return path

    return keep


def _faults(message: ConsoleMessage, expected: tuple[str, ...]) -> list[str]:
    """Errors, and what the content policy refused (Chromium says that as an error too)."""
    if message.type != "error" or any(words in message.text for words in expected):
        return []
    return [f"{message.location.get('url', '')}: {message.text}"]


def _artefact(name: str) -> Path:
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS / f"{''.join(char if char.isalnum() or char in '-_' else '-' for char in name)}.png"
