"""Chromium, and pages in it that fail their test on any error in the console. Pictures go to tests/artefacts/."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.everything import chromium
from tests.site import Site
from tests.visitor import new_address

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
PATIENCE = 15_000
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


def somebody(browser: Browser, site: Site, *, width: int = 1280, language: str = "vi", **more: Any) -> BrowserContext:
    """A new person: own cookies, own address."""
    return browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",  # what is measured and kept stands still
        locale=language,
        timezone_id="Asia/Ho_Chi_Minh",
        extra_http_headers={"x-forwarded-for": new_address()},
        **more,
    )


Shot = Callable[[Page, str], None]


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
        **more: Any,
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
        scheme: Any = "light",
        javascript: bool = True,
        expected: tuple[str, ...] = (),
        **more: Any,
    ) -> Page:
        person = somebody(browser, site, color_scheme=scheme, java_script_enabled=javascript, **more)
        page = person.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: faults.extend(faults_of(message, expected)))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        opened.append(page)
        if path:
            page.goto(path)
        return page

    yield open_page
    for number, page in enumerate(opened):
        if request.session.testsfailed > failed_before:
            picture(page, f"failed-{request.node.name}-{number}")
        page.context.close()
    assert not faults, "the console named errors:\n" + "\n".join(faults)


@pytest.fixture
def shot(pytestconfig: pytest.Config) -> Shot:
    """Keeps a picture of the whole page under a name when `--pictures` asks for it: it takes longer than the page."""

    def keep(page: Page, name: str) -> None:
        if pytestconfig.getoption("--pictures"):
            picture(page, name)

    return keep


def faults_of(message: ConsoleMessage, expected: tuple[str, ...]) -> list[str]:
    """Errors, and what the content policy refused (Chromium says that as an error too)."""
    if message.type != "error" or any(words in message.text for words in expected):
        return []
    return [f"{message.location.get('url', '')}: {message.text}"]


def picture(page: Page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in name)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
