"""Readers of the dialogue that is played: they follow the room, ask, say that they ask too, choose in a poll. Whoever acts is
somebody new; all of them sit at one address."""

import asyncio
import html
import json
import re
import secrets
import tomllib
from collections.abc import Callable
from contextlib import suppress
from itertools import count, cycle
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from engage.browsing import Page, Person, TurnedDown

TOLD: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "played.toml").read_text(encoding="utf-8"))
WAITING = re.compile(r'id="waiting-(\d+)".*?<a [^>]*>(.*?)</a>', re.DOTALL)
CHOICE = re.compile(r'name="choice" value="(\d+)"')
ASKER = {"name": "Bạn đọc xem thử", "anonymous": "yes", "email": "", "seen": "yes", "consent": "yes"}

Tell = Callable[..., None]  # the name of a line, and its figures


class Audience:
    def __init__(self, address: str, base: str, tell: Tell) -> None:
        self._address, self._base, self._tell = address, base, tell
        self.asked = self.votes = self.marks = self.heard = 0
        self._lines: list[asyncio.Task[None]] = []
        self._there = 0
        self._questions = cycle(TOLD["question"])
        self._voters, self._markers = count(), count()

    # Following

    async def come(self, size: int) -> int:
        """How many found a place."""
        arrived = asyncio.Semaphore(0)
        self._lines = [asyncio.create_task(self._follow(arrived)) for _ in range(size)]
        for _ in self._lines:
            await arrived.acquire()
        return self._there

    async def go(self) -> None:
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _follow(self, arrived: asyncio.Semaphore) -> None:
        address = f"{self._address.replace('http', 'ws', 1)}{self._base}/socket"
        options: dict[str, Any] = {"subprotocols": ["engage.live.1"], "compression": None, "proxy": None}
        try:
            async with connect(address, origin=self._address, **options) as line:  # type: ignore[arg-type]  # a text is one
                self._there += 1
                arrived.release()
                async for said in line:
                    told = json.loads(said)
                    self.heard += sum(one["k"] == "fact" for one in (told if isinstance(told, list) else [told]))
        except (OSError, TimeoutError, WebSocketException):
            arrived.release()

    # Acting

    async def ask(self) -> str:
        """The title; empty while the room takes no question."""
        reader, told = Person(self._address), await self._something_new()
        with suppress(TurnedDown):
            for form in (await reader.read(f"{self._base}/ask")).forms("/ask"):
                body = f"{told['body']} {secrets.choice(TOLD['places'])}"
                group = form.choices["group"][told["group"] % len(form.choices["group"])]
                await reader.send(form, title=told["title"], body=body, group=group, **ASKER)
                self.asked += 1
                self._tell("asked", title=told["title"])
                return str(told["title"])
        return ""

    async def _something_new(self) -> dict[str, Any]:
        """What nobody asked lately; when everything was, the next one again, from another place."""
        lately = html.unescape((await self._room("/questions?order=newest")).text)
        for _ in TOLD["question"]:
            told: dict[str, Any] = next(self._questions)
            if told["title"] not in lately:
                return told
        return dict(next(self._questions))

    async def vote_on_something(self) -> None:
        """Among what most people ask."""
        if waiting := WAITING.findall((await self._room()).text):
            await self.vote(*waiting[next(self._voters) % len(waiting)])

    async def vote(self, question: str, title: str) -> None:
        reader = Person(self._address)
        with suppress(TurnedDown):  # too many from one address: as it should be
            [form] = (await reader.read(f"/questions/{question}/vote")).forms("/vote")
            await reader.send(form)
            self.votes += 1
            self._tell("voted", title=html.unescape(title))

    async def mark(self, poll: str) -> None:
        """Some choices are taken more often than others."""
        reader, number = Person(self._address), next(self._markers)
        with suppress(TurnedDown):  # it was closed just now
            for form in (await reader.read(f"{self._base}/polls/{poll}")).forms("/mark"):
                offered = CHOICE.findall(form.text)
                await reader.send(form, choice=offered[number * number % len(offered)])
                self.marks += 1

    async def _room(self, place: str = "") -> Page:
        return await Person(self._address).read(self._base + place)
