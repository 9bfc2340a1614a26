"""A portal of its own, as small as one can be: pages on another origin, readers who sign in there, and tags of Engage.

It knows of Engage an address, the name it is registered under, and one key. Nothing here is imported from Engage: what a portal has
to do stands below in full, and needs no library.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import urlencode
from urllib.request import urlopen

HERE = Path(__file__).parent
COOKIE, READERS = "ban-doc", {"hoa": "Trần Thị Hoa", "nam": "Lê Hoài Nam"}
LASTS = 240  # seconds a token is good for
KEPT, PATIENCE = 15.0, 2.0  # seconds: a fragment is included again without asking; it is waited for
ASKED = ("site", "article", "address", "title", "section", "published")
HEADING, NAME = re.compile(r"<h1>(.*?)</h1>", re.DOTALL), re.compile(r"[a-z0-9-]{1,80}")
TAG, SAID = re.compile(r"<engage-comments\b(.*?)></engage-comments>", re.DOTALL), re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass
class Portal:
    """`engage` is its address; `site`, `kid` and `secret` come from the page on which its editor registered this portal."""

    address: str
    engage: str
    site: str
    kid: str
    secret: str = field(repr=False)
    fragments: dict[str, tuple[float, str]] = field(default_factory=dict)

    def token(self, reader: str) -> str:
        """Who is signed in here, said to Engage: signed with HMAC-SHA256, for one use within minutes."""
        at = int(time.time())
        header = {"alg": "HS256", "typ": "JWT", "kid": self.kid}
        claims = {"iss": self.address, "aud": self.site, "sub": reader, "name": READERS[reader], "iat": at}
        claims |= {"exp": at + LASTS, "jti": secrets.token_urlsafe(16)}
        said = ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))
        return f"{said}.{_packed(hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).digest())}"

    def policy(self) -> str:
        """As strict as it gets: our own files, the script of Engage, and lines to it. Nothing inline."""
        line = self.engage.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src {self.engage}; style-src 'self' {self.engage}; img-src 'self' {self.engage}; "
            f"connect-src 'self' {self.engage} {line}; form-action 'self' {self.engage}; base-uri 'none'; frame-ancestors 'none'"
        )

    def page(self, name: str, reader: str, *, included: bool = False) -> str | None:
        """One of `pages/` in the layout; `included`: with the comments put in here, for readers without JavaScript."""
        path = HERE / "pages" / f"{name}.html"
        if not NAME.fullmatch(name) or not path.is_file():
            return None
        text = path.read_text(encoding="utf-8")
        heading = HEADING.search(text)
        title = " ".join(heading[1].split()) if heading else ""
        known = {"engage": self.engage, "site": self.site, "address": self.address, "title": title}
        body = Template(text).safe_substitute(known)
        if included:
            body = TAG.sub(lambda tag: self.comments(dict(SAID.findall(tag[1]))), body)
        layout = Template((HERE / "layout.html").read_text(encoding="utf-8"))
        return layout.safe_substitute(known, body=body, account=_account(reader))

    def comments(self, said: dict[str, str]) -> str:
        """The fragment for a tag, asked for by this server. If Engage does not answer in time, the article stands without it."""
        asked = urlencode({name: value for name, value in said.items() if name in ASKED})
        at, kept = self.fragments.get(asked, (-KEPT, ""))
        if time.monotonic() - at < KEPT:
            return kept
        try:
            with urlopen(f"{self.engage}/embed/comments?{asked}", timeout=PATIENCE) as answer:  # noqa: S310  our own setting
                kept = answer.read().decode()
        except OSError:
            return '<p class="away">Bình luận tạm thời chưa tải được. Bạn tải lại trang sau ít phút.</p>'
        self.fragments[asked] = time.monotonic(), kept
        return kept


class Server(ThreadingHTTPServer):
    def __init__(self, portal: Portal, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.portal = portal


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/engage-token":
            self.token()
        elif path == "/favicon.ico":
            self.say(HTTPStatus.NO_CONTENT, b"")
        elif path == "/style.css":
            self.say(HTTPStatus.OK, (HERE / "style.css").read_bytes(), "text/css; charset=utf-8")
        else:
            self.page(*path.strip("/").partition("/"))

    def page(self, kind: str, _: str, name: str) -> None:
        """`/`, `/<name>.html`, and `/ssi/<name>.html` for the same without JavaScript."""
        known = (name or kind or "trang-nhat.html").removesuffix(".html")
        page = self.server.portal.page(known, self.reader, included=kind == "ssi")
        if page is None:
            self.say(HTTPStatus.NOT_FOUND, "Không có trang này.".encode())
        else:
            self.say(HTTPStatus.OK, page.encode())

    def token(self) -> None:
        if not self.reader:
            self.say(HTTPStatus.NO_CONTENT, b"")
            return
        self.say(
            HTTPStatus.OK, json.dumps({"token": self.server.portal.token(self.reader)}).encode(), "application/json"
        )

    def do_POST(self) -> None:
        """Signing in and out: a portal has its own way, this one asks nothing."""
        length = min(int(self.headers.get("content-length") or 0), 1_000)
        typed = self.rfile.read(length).decode("ascii", "replace")
        reader = next((one for one in READERS if typed.startswith(f"reader={one}")), "")
        back = self.headers.get("referer", "")
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("set-cookie", f"{COOKIE}={reader}; Path=/; HttpOnly; SameSite=Lax")
        self.send_header("location", back if back.startswith(f"{self.server.portal.address}/") else "/")
        self.send_header("content-length", "0")
        self.end_headers()

    @property
    def reader(self) -> str:
        found = SimpleCookie(self.headers.get("cookie", "")).get(COOKIE)
        return found.value if found and found.value in READERS else ""

    def say(self, status: HTTPStatus, body: bytes, kind: str = "text/html; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        self.send_header("content-security-policy", self.server.portal.policy())
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """It is quiet: Engage says what it serves."""


def _account(reader: str) -> str:
    if reader in READERS:
        return f"<p>Xin chào, <b>{escape(READERS[reader])}</b> <button>Đăng xuất</button></p>"
    options = "".join(f'<button name="reader" value="{one}">{escape(said)}</button>' for one, said in READERS.items())
    return f"<p>Đăng nhập thử với tên: {options}</p>"


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    for name in ("engage", "site", "kid", "secret"):
        said.add_argument(f"--{name}", required=True)
    said.add_argument("--port", type=int, default=8001)
    asked = said.parse_args()
    address = f"http://localhost:{asked.port}"
    portal = Portal(address, asked.engage, asked.site, asked.kid, asked.secret)
    sys.stdout.write(f"{address}\n")
    Server(portal, asked.port).serve_forever()


if __name__ == "__main__":
    main()
