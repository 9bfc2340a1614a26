"""A room's other end, played by the test: what the page sends is kept, and the test says what the server would."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, WebSocketRoute, expect


class Line:
    """Takes every websocket of a page. `epoch`, `after` and `mine` are where the page begins."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.opened: list[WebSocketRoute] = []
        self.said: list[dict[str, Any]] = []
        self.epoch, self.after, self.mine = "", 0, 0
        page.route_web_socket("**/live/**", self._open)

    @property
    def asked(self) -> dict[str, str]:
        """With which position the page came last."""
        return {name: one for name, (one,) in parse_qs(urlsplit(self.opened[-1].url).query).items()}

    def begin(self, path: str) -> None:
        self.page.goto(path)
        self.wait_for(1)
        self.epoch, self.after = self.asked["epoch"], int(self.asked["after"])
        self.mine = int(self.asked.get("me", 0))
        self.greet()

    def greet(self) -> None:
        self.send(
            {"k": "hello", "epoch": self.epoch, "top": self.after, "me": self.mine, "role": "reader", "every": 20}
        )

    def wait_for(self, times: int) -> None:
        """Until the page has opened so many lines."""
        for _ in range(200):
            if len(self.opened) >= times:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(self.opened)} lines, not {times}")

    def hears(self) -> dict[str, Any]:
        """The next thing that the page says."""
        for _ in range(200):
            if self.said:
                return self.said.pop(0)
            self.page.wait_for_timeout(50)
        raise AssertionError("the page said nothing")

    def fact(self, number: int, question: int = 1, **more: Any) -> dict[str, Any]:
        """The one that comes so many after where the page began, in the room or in the reader's own channel."""
        shown = {"type": "assignment.accepted", "data": {"question": question}, **more}
        start = self.mine if more.get("c", "").startswith("person:") else self.after
        return {"k": "fact", "c": "questions", "n": start + number, "at": "2026-11-26T10:00:00Z", **shown}

    def send(self, *messages: dict[str, Any]) -> None:
        self.opened[-1].send(json.dumps(messages[0] if len(messages) == 1 else messages))

    def bye(self, code: int, *retry_ms: int) -> None:
        self.send({"k": "bye", "code": code, **({"retry_ms": list(retry_ms)} if retry_ms else {})})
        self.opened[-1].close(code=code)

    def _open(self, route: WebSocketRoute) -> None:
        self.opened.append(route)
        route.on_message(lambda text: self.said.append(json.loads(text)))


def bar(page: Page) -> Any:
    return page.locator("[data-fresh] button")


def stands(page: Page, words: str) -> None:
    expect(page.locator("[data-line] [data-words]")).to_have_text(words)


def out_of_sight(page: Page, hidden: bool) -> None:
    """As when the reader goes to another tab, or comes back."""
    page.evaluate(
        "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )
