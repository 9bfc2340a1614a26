"""A reader with a browser's manners and no script: keeps cookies, fills forms as they stand in the page, reads what it got."""

import html
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.forms import Form, Value, folded, forms

NOTHING: Mapping[str, Value] = {}
Files = Sequence[tuple[str, bytes]]
FORM = "application/x-www-form-urlencoded"
INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|mark|small|span|strong|time)\b[^>]*>")
UNSPOKEN = re.compile(r"<(script|style|template|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)


class Visitor(httpx2.Client):
    """One person at one address. `seen` is the page received last; a path is taken in the visitor's language."""

    def __init__(self, url: str, language: str = "vi", **options: Any) -> None:
        self.language = language
        self.address = new_address()
        self.seen: httpx2.Response | None = None
        # No connection outlives its answer: nobody has to close a visitor.
        alone = httpx2.Limits(max_keepalive_connections=0)
        headers = {"x-forwarded-for": self.address}
        # The way is plain HTTP: reading the certificates of the world takes longer than most tests.
        options = {"limits": alone, "timeout": 30, "trust_env": False, "verify": False} | options
        super().__init__(base_url=url, headers=headers, **options)

    def build_request(self, method: str, url: Any, **rest: Any) -> httpx2.Request:
        request = super().build_request(method, self._localized(url), **rest)
        if method not in {"GET", "HEAD"}:  # as a browser says of a form on one of our own pages
            request.headers.setdefault("origin", str(self.base_url).rstrip("/"))
            request.headers.setdefault("sec-fetch-site", "same-origin")
        return request

    def send(self, request: httpx2.Request, **rest: Any) -> httpx2.Response:
        self.seen = super().send(request, **rest)
        return self.seen

    # Forms

    def fill(
        self,
        page: str | httpx2.Response,
        values: Mapping[str, Value] = NOTHING,
        *,
        button: str | None = None,
        action: str = "",
    ) -> httpx2.Response:
        """Open a page (a path, or one already received), fill its form, press its button (its value, or its words)."""
        return self.press(self.form(page, *values, button=button, action=action), values, button=button)

    def form(self, page: str | httpx2.Response, *names: str, button: str | None = None, action: str = "") -> Form:
        """The one form that posts; of several the one to an address that ends in `action`, with all names and the button."""
        response = self.get(page) if isinstance(page, str) else page
        assert not response.is_redirect, f"{response.url} leads to {response.headers['location']}"
        posting = [form for form in forms(response.text) if form.method == "post"]
        fitting = [form for form in posting if form.action.endswith(action)]
        if len(fitting) > 1:
            fitting = [form for form in fitting if form.names >= set(names) and (not button or form.button(button))]
        found = [(form.action, sorted(form.names)) for form in posting]
        assert len(fitting) == 1, f"{len(fitting)} forms fit on {response.status_code} {response.url}: {found}"
        fitting[0].action = str(response.url.join(fitting[0].action or str(response.url)))
        return fitting[0]

    def press(self, form: Form, values: Mapping[str, Value] = NOTHING, *, button: str | None = None) -> httpx2.Response:
        """Fill and send a form opened earlier: late, twice, or from a second tab."""
        pressed = form.button(button) if button else None
        assert pressed or not button, f"no button {button!r} among {[one.words for one in form.buttons]}"
        body = urlencode(form.filled(values) + (pressed.pairs if pressed else []), errors="surrogatepass")
        address = pressed.action if pressed and pressed.action else form.action
        return self.post(address, content=body.encode(), headers={"content-type": FORM})

    def post_again(self, response: httpx2.Response) -> httpx2.Response:
        """The very same submission once more, as a double click or an impatient reload sends it."""
        first = response.request
        return self.post(first.url, content=first.content, headers={"content-type": first.headers["content-type"]})

    def enclose(
        self, form: Form, files: Files, values: Mapping[str, Value] = NOTHING, *, button: str | None = None
    ) -> httpx2.Response:
        """Fill and send a form with files: (name, content) pairs in the order they were chosen."""
        pressed = form.button(button) if button else None
        pairs = form.filled(values) + (pressed.pairs if pressed else [])
        texts = [(name, (None, value)) for name, value in pairs]
        return self.post(form.action, files=[*texts, *(("files", file) for file in files)])

    # Reading

    def go(self, response: httpx2.Response) -> httpx2.Response:
        """Follow a redirect, one step."""
        assert response.is_redirect, f"{response.status_code} {response.url}\n{words(response)[:2000]}"
        return self.get(response.headers["location"])

    def see(self, text: str) -> None:
        """The page received last says this to whoever reads it."""
        assert self.seen is not None, "nothing was opened yet"
        said = words(self.seen)
        assert folded(text) in said, f"{text!r} is not on {self.seen.status_code} {self.seen.url}:\n{said[:4000]}"

    def not_see(self, text: str) -> None:
        assert self.seen is not None, "nothing was opened yet"
        assert folded(text) not in words(self.seen), f"{text!r} is on {self.seen.status_code} {self.seen.url}"

    def _localized(self, url: Any) -> Any:
        prefix = f"/{self.language}"
        if self.language == "vi" or not isinstance(url, str) or not url.startswith("/"):
            return url
        is_there = url == prefix or url.startswith((f"{prefix}/", f"{prefix}?"))
        return url if is_there else prefix + (url if url != "/" else "")


def new_address() -> str:
    return "14." + ".".join(str(secrets.randbelow(256)) for _ in range(3))


def words(response: httpx2.Response) -> str:
    """A page's text as it is read aloud: no markup, spaces folded."""
    spoken = INLINE.sub("", UNSPOKEN.sub(" ", response.text))
    return folded(html.unescape(re.sub(r"<[^>]+>", " ", spoken)))
