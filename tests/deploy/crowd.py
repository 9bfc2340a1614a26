"""People before nginx while something happens behind it: they read, ask and listen, and write down all that they are told."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from tests.benchmarks.load import Answer, Asking, crowd
from tests.chaos.scene import People, happening
from tests.deploy.behind import Behind
from tests.deploy.front import trusting
from tests.live.history import Connection, History, Logged, judged
from tests.processes import eventually

CHANNEL = "questions"
PATHS = ("/", "/questions", "/en/questions", "/agencies", "/questions/ask", "/feed.xml", "/rules")
PAUSE = 0.05
QUIET_SECONDS = 90
FACTS = "select number, type from live_event where channel = :channel order by number"


@dataclass
class Listener:
    """Comes back with its position, as live.js does; repairs nothing."""

    epoch: str | None = None
    at: int = -1
    connections: list[Connection] = field(default_factory=list)

    async def follow(self, site: Behind) -> None:
        while True:
            try:
                await self._stay(site)
            except (OSError, InvalidHandshake, ConnectionClosed):
                await asyncio.sleep(random.uniform(0.1, 0.5))

    async def _stay(self, site: Behind) -> None:
        query = f"?epoch={self.epoch}&after={self.at}" if self.epoch else ""
        url = f"{site.url.replace('http', 'ws', 1)}/live/questions/0/socket{query}"
        messages = list[dict[str, Any]]()
        options: Any = {"subprotocols": ["engage.live.1"], "compression": None, "proxy": None}
        async with connect(url, ssl=trusting(), origin=site.url, **options) as line:
            self.connections.append(Connection(self.epoch, {CHANNEL: self.at}, messages))
            async for text in line:
                told = json.loads(text)
                for one in told if isinstance(told, list) else [told]:
                    messages.append(one)
                    self._note(one)

    def _note(self, one: dict[str, Any]) -> None:
        if one["k"] == "hello":
            self.epoch, self.at = one["epoch"], one["top"] if self.at < 0 else self.at
        elif one["k"] in {"fact", "snap"}:
            self.at = one["n"]


@dataclass
class Crowd(People):
    """Everybody who is there; the same as on the scene of an accident, but they come through nginx, and some listen."""

    url: str = ""
    listeners: list[Listener] = field(default_factory=list)
    broken: int = 0  # answers that never came
    quiet_at: int = 0  # the number of the last fact when everybody had heard everything

    async def send(self, asking: Asking) -> None:
        cookie = {f"__Host-{guards.VISITOR}": guards.visitor_cookie(DEMONSTRATION_SECRET, asking.visitor)}
        headers = {"origin": self.url, "sec-fetch-site": "same-origin"}
        answer = await self._came("POST", "/questions", data=asking.pairs, cookies=cookie, headers=headers)
        if answer is not None:
            asking.answers.append(answer)
        await asyncio.sleep(10 * PAUSE)  # the worker lets every one of them out before the end

    async def read_on(self) -> None:
        turn = next(self._turns)
        cookies = {"some": "cookie"} if turn % 2 else {}
        answer = await self._came("GET", PATHS[turn % len(PATHS)], cookies=cookies)
        if answer is None:
            self.broken += 1
        else:
            self.pages.append(answer)
        await asyncio.sleep(PAUSE)

    async def _came(self, method: str, path: str, *, cookies: dict[str, str], **rest: Any) -> Answer | None:
        try:
            async with httpx2.AsyncClient(verify=trusting(), trust_env=False, timeout=30, cookies=cookies) as client:
                came = await client.request(method, f"{self.url}{path}", **rest)
        except httpx2.TransportError:
            return None
        head = "\r\n".join(
            [f"HTTP/1.1 {came.status_code}", *(f"{name}: {value}" for name, value in came.headers.items())]
        )
        return Answer(came.status_code, head.encode(), came.content)


Accident = Callable[[Crowd], Awaitable[None]]


def during(site: Behind, accident: Accident, *, askers: int = 3, readers: int = 3, listeners: int = 12) -> Crowd:
    people = Crowd(site.port, url=site.url, listeners=[Listener() for _ in range(listeners)])

    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(one.follow(site)) for one in people.listeners]
            group.create_task(crowd(askers, people.ask_on, lambda: people.is_over))
            group.create_task(crowd(readers, people.read_on, lambda: people.is_over))
            await accident(people)
            people.is_over = True
            # Until the worker has let out what was asked, and everybody has heard of it.
            await happening(
                eventually, lambda: _is_quiet(site, people), QUIET_SECONDS, lambda: "it does not become quiet"
            )
            for task in listening:
                task.cancel()

    asyncio.run(live())
    return people


def nobody_missed_a_fact(site: Behind, people: Crowd) -> None:
    """What each listener was told, over all its lines, is what the log holds: in order, nothing skipped, nothing twice."""
    assert people.listeners[0].epoch
    rows = [Logged(CHANNEL, *row) for row in site.rows(FACTS, channel=CHANNEL) if row.number <= people.quiet_at]
    clients = {
        str(number): [*one.connections[:-1], _until(people.quiet_at, one.connections[-1])]
        for number, one in enumerate(people.listeners)
    }
    faults = judged(History(rows, [people.listeners[0].epoch], clients, [CHANNEL]))
    assert not faults, faults


def statuses_of_pages(people: Crowd) -> Counter[int]:
    return Counter(answer.status for answer in people.pages)


def _until(quiet: int, one: Connection) -> Connection:
    """What came after everybody had heard everything (a worker never rests) is no part of this history."""
    told = [message for message in one.messages if message["k"] != "fact" or message["n"] <= quiet]
    return Connection(one.epoch, one.after, told, stayed=True)


def _is_quiet(site: Behind, people: Crowd) -> bool:
    waiting = site.rows("select count(*) from question where moderation = 'received'")[0][0]
    top = max((row.number for row in site.rows(FACTS, channel=CHANNEL)), default=0)
    if waiting or any(one.at != top for one in people.listeners):
        return False
    people.quiet_at = top
    return True
