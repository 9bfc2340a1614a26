"""Somebody at a browser: pages, their forms, cookies. For commands that use the service as people do; needs nothing but Python."""

import asyncio
import html
import json
import re
import secrets
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
NAME = re.compile(r'\bname="([^"]+)"')
ACTION = re.compile(r'\baction="([^"]*)"')
SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"([^>]*)>')
PATIENCE = 30


class Away(Exception):
    """Nobody answers at the address."""


class TurnedDown(Exception):
    """The service said no: the number tells how."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it stands in a page. `choices`: the values of each select; `chosen`: the one that is selected."""

    action: str
    hidden: dict[str, str]
    names: frozenset[str]
    choices: dict[str, list[str]]
    chosen: dict[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    text: str

    def forms(self, action: str) -> list[Form]:
        """Those that lead to an address with this end."""
        found = [_form(head, body) for head, body in FORM.findall(self.text)]
        return [form for form in found if form.action.endswith(action)]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Person:
    """One visitor with cookies of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    async def sign_in(self, login: str, password: str) -> None:
        [form] = (await self.read("/sign-in")).forms("/sign-in")
        await self.send(form, email=login, password=password)

    async def read(self, path: str) -> Page:
        return await asyncio.to_thread(self._fetch, Request(self.address + path))  # noqa: S310 the service's own address

    async def send(self, form: Form, **typed: object) -> Page:
        """Filled in and sent as a browser does; the page it led to. Each time it is another submission."""
        pairs = {**form.hidden, **{name: str(value) for name, value in typed.items()}, "key": secrets.token_hex(12)}
        headers = {"origin": self.address, "sec-fetch-site": "same-origin"}
        asked = Request(self.address + form.action, urlencode(pairs).encode(), headers)  # noqa: S310 the service's own address
        return await asyncio.to_thread(self._fetch, asked)

    def _fetch(self, asked: Request) -> Page:
        try:
            with self._opener.open(asked, timeout=PATIENCE) as answer:
                return Page(answer.url.removeprefix(self.address), answer.read().decode())
        except HTTPError as no:
            no.close()
            raise TurnedDown(no.code) from None
        except (OSError, HTTPException) as nobody:  # never there, or gone in the middle of a word
            raise Away from nobody


def _form(head: str, body: str) -> Form:
    action = ACTION.search(head)
    choices, chosen = dict[str, list[str]](), dict[str, str]()
    for select, inside in SELECT.findall(body):
        [name] = NAME.findall(select)
        choices[name] = [value for value, _ in OPTION.findall(inside)]
        for value, rest in OPTION.findall(inside):
            if "selected" in rest:
                chosen[name] = value
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(body)}
    return Form(
        html.unescape(action[1]) if action else "", hidden, frozenset(NAME.findall(body)), choices, chosen, body
    )
