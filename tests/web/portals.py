"""A portal of these tests: registered by an administrator, it signs tokens and its pages send requests."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from joserfc import jws
from joserfc.jwk import OctKey

from tests.forms import Value
from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, People

KID, SECRET = re.compile(r"kid: ([0-9a-f]{12})"), re.compile(r"<code>([A-Za-z0-9_-]{43})</code>")
_numbers = count(1)


@dataclass
class Portal:
    people: People
    slug: str
    origin: str
    kid: str = ""
    secret: str = field(default="", repr=False)

    @property
    def page(self) -> str:
        return f"/admin/sites/{self.slug}"

    def token(self, **changes: Any) -> str:
        at = int(time.time())
        claims = {
            "iss": self.origin,
            "aud": self.slug,
            "sub": "u-17",
            "name": "Trần Thị Hoa",
            "iat": at,
            "exp": at + 240,
        }
        claims |= {"jti": f"{next(_numbers)}-{at}"} | changes
        header = {"alg": "HS256", "kid": self.kid}
        return jws.serialize_compact(header, json.dumps(claims).encode(), OctKey.import_key(self.secret))

    def send(
        self, door: str, body: object = None, *, bearer: str = "", visitor: Visitor | None = None, **headers: str
    ) -> httpx2.Response:
        """As the script of a page of the portal does: with the page's origin, and cookies where a browser still sends them."""
        visitor = visitor or self.people.site.visitor()
        named = {"origin": self.origin, "sec-fetch-site": "cross-site"} | headers
        if bearer:
            named["authorization"] = f"Bearer {bearer}"
        if body is None:
            return visitor.get(door, headers=named)
        return visitor.post(door, content=json.dumps(body), headers={"content-type": "application/json"} | named)

    def bearer(self, **changes: Any) -> str:
        answer = self.send("/embed/session", {"token": self.token(**changes)})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["bearer"])

    def end(self) -> None:
        assert self.people.staff(ADMINISTRATOR).fill(self.page, action=f"{self.page}/end").is_redirect


def registered(people: People, **values: Value) -> Portal:
    editor, number = people.staff(ADMINISTRATOR), next(_numbers)
    slug, origin = f"cong-{number}", f"https://cong-{number}.example.vn"
    form: Mapping[str, Value] = {"slug": slug, "name": f"Cổng thông tin {number}", "origins": origin} | values
    sent = editor.fill("/admin/sites/new", form, action="/admin/sites")
    assert sent.is_redirect, sent.text
    shown = editor.go(editor.fill(f"/admin/sites/{slug}", action="/keys"))
    kid, secret = KID.search(shown.text), SECRET.search(shown.text)
    assert kid
    assert secret
    return Portal(people, slug, origin, kid[1], secret[1])
