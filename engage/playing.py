"""The live dialogue of the demonstration, played for whoever watches: host, scribes, guests and readers, over the doors they use.

One round after another: a question on stage, its answer typed, handed up, released. Each round leaves the room as a host would.
"""

import asyncio
import html
import json
import re
import time
import tomllib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from engage.browsing import Form, Page, Person, TurnedDown
from engage.dialogue_scenes import HOST, SCRIBES
from engage.people import DEMONSTRATION_PASSWORD

TOLD: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "played.toml").read_text(encoding="utf-8"))
GUESTS = ("khach-1@engage.example", "khach-2@engage.example")
ON_AIR = re.compile(r'href="/dialogues/(\d+)"')
WAITING = re.compile(r'id="waiting-(\d+)".*?<a [^>]*>(.*?)</a>', re.DOTALL)
ASKER = {"name": "Bạn đọc xem thử", "anonymous": "yes", "email": "", "seen": "yes", "consent": "yes"}

Say = Callable[[str], None]


class NothingOnAir(Exception):
    """No dialogue can be played."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long, seconds between two acts, how many readers; `wait` and `clock` are a test's to replace."""

    minutes: float = 3
    seconds: float = 5
    readers: int = 200
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic


async def play(address: str, pace: Pace, say: Say) -> None:
    cast = await Cast.signed_in(address)
    told = Play(address, await on_air(cast.host), cast, pace, say)
    await told.run()


async def on_air(host: Person) -> int:
    """The first of the list is on air, if any is; then its host finds a button there that closes it."""
    for number in ON_AIR.findall((await host.read("/dialogues")).text)[:1]:
        with suppress(TurnedDown):
            if 'value="close"' in (await host.read(f"/dialogues/{number}/host")).text:
                return int(number)
    raise NothingOnAir


@dataclass(frozen=True, slots=True)
class Cast:
    host: Person
    scribes: list[Person]
    guests: list[Person]

    @classmethod
    async def signed_in(cls, address: str) -> "Cast":
        people = [Person(address) for _ in (HOST, *SCRIBES, *GUESTS)]
        for person, login in zip(people, (HOST, *SCRIBES, *GUESTS), strict=True):
            await person.sign_in(login, DEMONSTRATION_PASSWORD)
        return cls(people[0], people[1 : 1 + len(SCRIBES)], people[1 + len(SCRIBES) :])


class Play:
    def __init__(self, address: str, dialogue_id: int, cast: Cast, pace: Pace, say: Say) -> None:
        self.address, self.base, self.id = address, f"/dialogues/{dialogue_id}", dialogue_id
        self.cast, self.pace, self._say = cast, pace, say
        self.heard = self.answers = 0
        self._here = asyncio.Semaphore(0)  # one for each reader who has come, or could not
        self._open: tuple[Person, Form, str] | None = None  # who types, where, and what so far
        self._guests, self._scribes = cycle(range(len(GUESTS))), cycle(cast.scribes)
        self._typed, self._messages = cycle(TOLD["answer"]), cycle(TOLD["messages"]["words"])
        self._questions, self._votes = cycle(TOLD["question"]), count()

    async def run(self) -> None:
        self.tell("open", address=self.address, id=self.id, password=DEMONSTRATION_PASSWORD)
        readers = [asyncio.create_task(self._follow()) for _ in range(self.pace.readers)]
        until = self.pace.clock() + self.pace.minutes * 60
        try:
            for _ in readers:
                await self._here.acquire()
            self.tell("readers", count=sum(not reader.done() for reader in readers))
            while self.pace.clock() < until and await self._tried():
                pass
        finally:
            await self._leave_tidy()
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
            self.tell("ended", answers=self.answers, heard=self.heard)

    def tell(self, line: str, **figures: object) -> None:
        self._say(TOLD["lines"][line].format(**figures))

    # A round

    async def _tried(self) -> bool:
        """Whoever watches may press the same buttons; then the next round begins with the page as it is."""
        try:
            return await self._round()
        except TurnedDown:
            self._open = None
            self.tell("crossed")
            await self._beat()
            return True

    async def _round(self) -> bool:
        """Whether there was a question to put on stage."""
        staged = await self._stage()
        if staged is None:
            self.tell("finished")
            return False
        question, guest = staged
        await self._beat()
        await self._message()
        await self._beat()
        if await self._type(question, guest):
            await self._beat()
            await self._release()
        await self._ask()
        await self._beat()
        return True

    async def _stage(self) -> tuple[str, str] | None:
        """The next of the queue, else what most ask; handed to a guest first. Which question, and whose."""
        page = await self._desk(self.cast.host, "host")
        found = _next(page)
        if found is None:
            return None
        question = found.hidden["question"]
        hand = next(form for form in page.forms("/host/hand") if form.hidden["question"] == question)
        guest = hand.chosen.get("guest")
        if guest is None:
            guest = hand.choices["guest"][next(self._guests)]
            await self.cast.host.send(hand, guest=guest)
            page = await self._desk(self.cast.host, "host")
            found = next(form for form in _stageable(page) if form.hidden["question"] == question)
        await self.cast.host.send(found, act="stage")
        title = re.search(rf'id="body-{question}"><summary>(.*?)</summary>', page.text)
        self.tell("staged", title=html.unescape(title[1]) if title else question)
        return question, guest

    async def _type(self, question: str, guest: str) -> bool:
        """Whether the guest has something to look at; False: somebody else is typing."""
        scribe, parts = next(self._scribes), next(self._typed)["parts"]
        address = f"scribe?question={question}&guest={guest}"
        begin = (await self._desk(scribe, address)).forms("/replies/begin")
        if begin and "take" in begin[0].hidden:
            self.tell("held")
            return False
        for form in begin:
            await scribe.send(form)
        mine = (await self._desk(scribe, address)).forms("/replies")
        if mine:  # else it waits for the guest already
            await self._write(scribe, mine[0], parts)
        return True

    async def _write(self, scribe: Person, form: Form, parts: list[str]) -> None:
        """In some pieces, each saved as a scribe's page does by itself; then handed up."""
        self.tell("typing")
        for so_far in range(1, len(parts) + 1):
            self._open = scribe, form, "".join(parts[: so_far - 1])
            await self._beat()
            saved = await scribe.send(form, act="autosave", text="".join(parts[:so_far]))
            form.hidden["version"] = str(saved.json["version"])
        await scribe.send(form, act="hand_up", text="".join(parts))
        self._open = None
        self.tell("handed_up")

    async def _release(self) -> None:
        """Every guest looks at their desk, and lets out what waits there for the first time."""
        for guest in self.cast.guests:
            waiting = (await self._desk(guest, "guest")).forms("/guest/reply")
            for form in [one for one in waiting if "reason" not in one.names]:
                await guest.send(form, act="release")
                self.answers += 1
                self.tell("released")

    async def _message(self) -> None:
        [form] = (await self._desk(self.cast.host, "host")).forms("/host/message")
        words = next(self._messages)
        await self.cast.host.send(form, message=words)
        self.tell("said", words=words)

    async def _desk(self, person: Person, name: str) -> Page:
        return await person.read(f"{self.base}/{name}")

    # Readers

    async def _follow(self) -> None:
        address = f"{self.address.replace('http', 'ws', 1)}{self.base}/socket"
        options: dict[str, Any] = {"subprotocols": ["engage.live.1"], "compression": None, "proxy": None}
        try:
            async with connect(address, origin=self.address, **options) as line:  # type: ignore[arg-type]  # a text is one
                self._here.release()
                async for said in line:
                    told = json.loads(said)
                    self.heard += sum(one["k"] == "fact" for one in (told if isinstance(told, list) else [told]))
        except (OSError, TimeoutError, WebSocketException):
            self._here.release()

    async def _beat(self) -> None:
        """While the crew works, somebody new asks the same as others."""
        waiting = WAITING.findall((await Person(self.address).read(self.base)).text)
        if waiting:
            await self._vote(*waiting[next(self._votes) % len(waiting)])
        await self.pace.wait(self.pace.seconds)

    async def _vote(self, question: str, title: str) -> None:
        reader = Person(self.address)
        with suppress(TurnedDown):  # too many from one address: as it should be
            [form] = (await reader.read(f"/questions/{question}/vote")).forms("/vote")
            await reader.send(form)
            self.tell("voted", title=html.unescape(title))

    async def _ask(self) -> None:
        reader, asked = Person(self.address), next(self._questions)
        with suppress(TurnedDown):  # while the room takes no questions
            for form in (await reader.read(f"{self.base}/ask")).forms("/ask"):
                first = {name: values[0] for name, values in form.choices.items() if values}
                await reader.send(form, **(first | ASKER | asked))
                self.tell("asked", title=asked["title"])

    # Its end

    async def _leave_tidy(self) -> None:
        """No draft stays locked, no message stays up."""
        if self._open:
            scribe, form, words = self._open
            with suppress(TurnedDown):
                await scribe.send(form, act="free", text=words)
        with suppress(TurnedDown):
            [message] = (await self._desk(self.cast.host, "host")).forms("/host/message")
            await self.cast.host.send(message, message="")


def _next(page: Page) -> Form | None:
    found = _stageable(page)
    return next((form for form in found if 'data-key="n"' in form.text), found[0] if found else None)


def _stageable(page: Page) -> list[Form]:
    return [form for form in page.forms("/host/turn") if 'value="stage"' in form.text]
