"""What happens on the scene of an accident: people who ask on, readers who read on, and the count of what is left."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from engage import receipts
from engage.web import guards
from tests.benchmarks.load import CLEAN, HELD, Answer, Asking, Gone, Wire, crowd, get, track
from tests.chaos.between import Between
from tests.processes import family
from tests.services import Postgres, Redis
from tests.site import Site

PATHS = ("/", "/questions", "/agencies", "/questions/ask", "/feed.xml")
PAUSE = 0.05
SAMPLE = 8


@dataclass(frozen=True)
class Scene:
    site: Site
    database: Postgres | None = None
    redis: Redis | None = None
    line: Between | None = None  # through which the service meets that Redis


@dataclass
class People:
    """Everybody who is there, and everything they were told."""

    port: int
    askings: list[Asking] = field(default_factory=list)
    pages: list[Answer] = field(default_factory=list)
    is_over: bool = False
    _turns: Iterator[int] = field(default_factory=count)

    async def ask_on(self) -> None:
        """One question, sent again and again under the same key until somebody says that it has arrived."""
        asking = Asking(HELD if next(self._turns) % 3 == 0 else CLEAN)
        self.askings.append(asking)
        while not asking.is_acknowledged and not self.is_over:
            await self.send(asking)

    async def ask_once(self) -> None:
        asking = Asking()
        self.askings.append(asking)
        await self.send(asking)

    async def send(self, asking: Asking) -> None:
        if answer := await self._told(asking.request(self.port)):
            asking.answers.append(answer)

    async def read_on(self) -> None:
        if answer := await self._told(get(self.port, PATHS[next(self._turns) % len(PATHS)])):
            self.pages.append(answer)
        await asyncio.sleep(PAUSE)

    async def _told(self, request: bytes) -> Answer | None:
        """Nothing when the connection broke before an answer came."""
        try:
            wire = await Wire.to(self.port)
        except Gone:
            await asyncio.sleep(PAUSE)
            return None
        try:
            return await wire.ask(request)
        except Gone:
            return None
        finally:
            wire.close()

    @property
    def acknowledged(self) -> Sequence[Asking]:
        return [asking for asking in self.askings if asking.is_acknowledged]

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    @property
    def answers(self) -> Sequence[Answer]:
        return [*self.pages, *(answer for asking in self.askings for answer in asking.answers)]


Accident = Callable[[People], Awaitable[None]]


def during(site: Site, accident: Accident, *, askers: int = 8, readers: int = 2, once: bool = False) -> People:
    """What people lived through while it happened."""
    people = People(site.port)

    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd(askers, people.ask_once if once else people.ask_on, lambda: people.is_over))
            group.create_task(crowd(readers, people.read_on, lambda: people.is_over))
            await accident(people)
            people.is_over = True

    asyncio.run(live())
    return people


async def happening(act: Callable[..., object], *arguments: object) -> None:
    """Something that takes its time, while everybody else goes on."""
    await asyncio.to_thread(act, *arguments)


def kill_one(scene: Scene, seed: int) -> None:
    """One of the processes that serve, without a word; what watches over it brings another."""
    if scene.site.kind == "sqlite":
        scene.site.kill("serve")
        scene.site.start_process("serve")
    else:
        os.kill(workers(scene)[seed % 2], signal.SIGKILL)


def workers(scene: Scene) -> list[int]:
    """The server's own processes: the supervisor's children that serve."""
    _, *children = family(scene.site.processes["serve"].pid)
    return [pid for pid in children if "spawn_main" in _command(pid)]


def _command(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except OSError:
        return ""


def nothing_is_lost_or_doubled(site: Site, people: People) -> None:
    """Every acknowledged question is there once, under the code its asker holds; none is there twice."""
    assert people.acknowledged, f"nobody was served: {people.statuses}\n{site.log()}"
    stored = Counter(row.code for row in site.rows("select code from question"))
    lost = [asking for asking in people.acknowledged if stored[receipts.hashed(asking.code)] != 1]
    assert not lost, f"{len(lost)} of {len(people.acknowledged)} acknowledged questions are lost"
    times = Counter(
        (row.title, row.name)
        for row in site.rows(
            "select question.title, person.name from question join person on person.id = question.author_id"
        )
    )
    doubled = [asking for asking in people.askings if times[asking.title, f"Nguyễn {asking.name}"] > 1]
    assert not doubled, f"{len(doubled)} questions are there twice"


def the_same_form_leads_to_the_same_place(people: People) -> None:
    """Whoever sends it again after all this is answered as before."""
    sample = people.acknowledged[:SAMPLE]
    first = [_place(asking.receipt) for asking in sample]

    async def again() -> None:
        for asking in sample:
            await people.send(asking)

    asyncio.run(again())
    assert [_place(asking.answers[-1]) for asking in sample] == first


def the_codes_open(people: People) -> None:
    sample = people.acknowledged[-SAMPLE:]

    async def open_all() -> list[Answer]:
        wire = await Wire.to(people.port)
        answers = [await wire.ask(track(people.port, asking.code, guards.new_visitor())) for asking in sample]
        wire.close()
        return answers

    assert [_place(answer) for answer in asyncio.run(open_all())] == [(303, "/track/question")] * len(sample)


def seconds_until(true: Callable[[], object], patience: float) -> float:
    """How long it took, at most a little more than the patience."""
    began = time.monotonic()
    while not true() and time.monotonic() - began < patience:
        time.sleep(PAUSE)
    return time.monotonic() - began


def _place(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.header("location")
