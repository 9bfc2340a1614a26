"""The live dialogue of the demonstration, played for whoever watches: host, scribes, guests and readers, over the doors they use.

One round after another: a question on stage, answered by its guest, typed and let out; meanwhile readers ask, and one poll is
held. Each round leaves the room as a host would.
"""

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle

from engage.audience import TOLD, Audience
from engage.browsing import Away, Form, Page, Person, TurnedDown
from engage.dialogue_scenes import HOST, SCRIBES
from engage.people import DEMONSTRATION_PASSWORD
from engage.speakers import Speakers

GUESTS = ("khach-1@engage.example", "khach-2@engage.example")
ON_AIR = re.compile(r'href="/dialogues/(\d+)"')
TITLED = re.compile(r'id="body-(\d+)"><summary>(.*?)</summary>')
BROKEN = 500
VOTES_AT_ONCE, MARKS_AT_ONCE = 3, 4  # marks: soon ten, so that there are figures

Say = Callable[[str], None]


class NothingOnAir(Exception):
    """No dialogue can be played."""


class Strangers(Exception):
    """The service does not let in the people of the demonstration."""


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
    await Play(address, await on_air(cast.host), cast, pace, say).run()


async def on_air(host: Person) -> int:
    """The first that this host leads and may still close: there questions are asked and answered."""
    for number in dict.fromkeys(ON_AIR.findall((await host.read("/dialogues")).text)):
        with suppress(TurnedDown):
            course = (await host.read(f"/dialogues/{number}/host")).forms("/host/course")  # none where it is over
            if any('value="close"' in form.text for form in course):
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
        try:
            for person, login in zip(people, (HOST, *SCRIBES, *GUESTS), strict=True):
                await person.sign_in(login, DEMONSTRATION_PASSWORD)
        except TurnedDown:
            raise Strangers from None
        return cls(people[0], people[1 : 1 + len(SCRIBES)], people[1 + len(SCRIBES) :])


class Play:
    def __init__(self, address: str, dialogue_id: int, cast: Cast, pace: Pace, say: Say) -> None:
        self.address, self.base, self.id = address, f"/dialogues/{dialogue_id}", dialogue_id
        self.host, self.pace, self._say = cast.host, pace, say
        self.audience = Audience(address, self.base, self.tell)
        self.speakers = Speakers(self.base, cast.guests, cast.scribes, self.tell, self._beat)
        self.let_in = 0
        self._hoped: list[str] = []  # titles of what was asked and is not in the room yet
        self._poll, self._is_polled = "", False
        self._guests, self._messages = cycle(range(len(GUESTS))), cycle(TOLD["messages"]["words"])
        self._called_up = cycle((True, False))

    async def run(self) -> None:
        self.tell("open", address=self.address, id=self.id, password=DEMONSTRATION_PASSWORD)
        until = self.pace.clock() + self.pace.minutes * 60
        try:
            self.tell("readers", count=await self.audience.come(self.pace.readers))
            while self.pace.clock() < until and await self._tried():
                pass
        finally:
            await self._leave_tidy()
            await self.audience.go()
            self._tell_figures()

    def tell(self, line: str, **figures: object) -> None:
        self._say(TOLD["lines"][line].format(**figures))

    # A round

    async def _tried(self) -> bool:
        """Whoever watches may press the same buttons; then the next round begins with the page as it is."""
        try:
            return await self._round()
        except TurnedDown as no:
            self.speakers.cross()
            self.tell("broken" if no.status >= BROKEN else "crossed", status=no.status)
            await self._beat()
            return True

    async def _round(self) -> bool:
        """Whether there was a question to put on stage."""
        staged = await self._stage()
        if staged is None:
            self.tell("finished")
            return False
        await self._message()
        await self._hold_poll()
        if title := await self.audience.ask():
            self._hoped.append(title)
        await self._beat()
        await self.speakers.answer(*staged)
        await self._welcome()
        await self._beat()
        return True

    async def _welcome(self) -> None:
        """What readers asked and screening let in: others ask it too, and every second one the host calls up next."""
        page = await self._desk("?order=newest")
        for question, words in TITLED.findall(page.text):
            title = html.unescape(words)
            if title not in self._hoped:
                continue
            self._hoped.remove(title)
            self.let_in += 1
            self.tell("let_in", title=title)
            for _ in range(VOTES_AT_ONCE):
                await self.audience.vote(question, words)
            if next(self._called_up):
                await self._turn(question, "queue", page)
                await self._turn(question, "first", await self._desk())

    async def _stage(self) -> tuple[str, str] | None:
        """The next of the queue, else what most ask; handed to a guest first. Which question, and whose."""
        page = await self._desk()
        found = _next(page)
        if found is None:
            return None
        question = found.hidden["question"]
        hand = next(form for form in page.forms("/host/hand") if form.hidden["question"] == question)
        guest = hand.chosen.get("guest")
        if guest is None:
            guest = hand.choices["guest"][next(self._guests)]
            page = await self.host.send(hand, guest=guest)
        await self._turn(question, "stage", page)
        self.tell("staged", title=html.unescape(dict(TITLED.findall(page.text)).get(question, question)))
        return question, guest

    async def _turn(self, question: str, act: str, page: Page) -> None:
        """One of the buttons beside a question."""
        for form in page.forms("/host/turn"):
            if form.hidden["question"] == question and f'value="{act}"' in form.text:
                await self.host.send(form, act=act)
                return

    async def _message(self) -> None:
        [form] = (await self._desk()).forms("/host/message")
        words = next(self._messages)
        await self.host.send(form, message=words)
        self.tell("said", words=words)

    # The poll

    async def _hold_poll(self) -> None:
        """Once in a play: written and opened in one round, closed in the next."""
        if self._poll:
            await self._close_poll()
        elif not self._is_polled:
            self._is_polled = True
            await self._open_poll()

    async def _open_poll(self) -> None:
        desk = await self._desk()
        for form in desk.forms("/host/polls"):  # none where a dialogue has had its twenty
            told = TOLD["poll"][len(desk.forms("/host/polls/act")) % len(TOLD["poll"])]
            page = await self.host.send(form, words=told["words"], choices="\n".join(told["choices"]))
            drafts = [one for one in page.forms("/host/polls/act") if 'value="open"' in one.text]
            await self.host.send(drafts[-1], act="open")
            self._poll = drafts[-1].hidden["poll"]
            self.tell("polled", words=told["words"])

    async def _close_poll(self) -> None:
        poll, self._poll = self._poll, ""
        for form in (await self._desk()).forms("/host/polls/act"):
            if form.hidden["poll"] == poll and 'value="close"' in form.text:
                await self.host.send(form, act="close")
                self.tell("counted", marks=self.audience.marks)

    # Meanwhile, and at the end

    async def _beat(self) -> None:
        """While the crew works, somebody new asks the same as others, and some choose in the poll."""
        await self.audience.vote_on_something()
        for _ in range(MARKS_AT_ONCE if self._poll else 0):
            await self.audience.mark(self._poll)
        await self.pace.wait(self.pace.seconds)

    async def _leave_tidy(self) -> None:
        """No draft stays locked, no message stays up, no poll stays open."""
        await self.speakers.leave()
        with suppress(TurnedDown, Away):
            [message] = (await self._desk()).forms("/host/message")
            await self.host.send(message, message="")
        with suppress(TurnedDown, Away):
            if self._poll:
                await self._close_poll()

    def _tell_figures(self) -> None:
        readers = self.audience
        asked = {"asked": readers.asked, "let_in": self.let_in, "votes": readers.votes, "marks": readers.marks}
        self.tell("ended", answers=self.speakers.answers, heard=readers.heard, **asked)

    async def _desk(self, narrowed: str = "") -> Page:
        """The host's."""
        return await self.host.read(f"{self.base}/host{narrowed}")


def _next(page: Page) -> Form | None:
    found = [form for form in page.forms("/host/turn") if 'value="stage"' in form.text]
    return next((form for form in found if 'data-key="n"' in form.text), found[0] if found else None)
