"""Put on stage: `python -m tests.benchmarks.stage [--viewers 2000] [--presses 40]`.

Two server processes on PostgreSQL and Redis. From the host's press, through the door of their desk, to the frame at each reader
of the dialogue; a quarter of them keep when it came, and of all is known when the last one had it.
"""

import argparse
import asyncio
import time
from argparse import Namespace

from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from tests.benchmarks.crowd import Crowd, Manner
from tests.benchmarks.hall import WHO, furnished
from tests.benchmarks.lines import tell, two_processes
from tests.benchmarks.peers.start import HELLO
from tests.benchmarks.room import gathered, told
from tests.site import Site
from tests.visitor import Visitor

QUESTIONS, SAMPLE = 500, 4
STAGED = "turn.staged"
BETWEEN = 0.5  # seconds from one press to the next


def readers(dialogue_id: int, many: int, mark: str) -> Manner:
    """Each with a cookie of their own."""
    visitors = [guards.new_visitor() for _ in range(many)]
    cookies = [f"{guards.VISITOR}={guards.visitor_cookie(DEMONSTRATION_SECRET, one)}" for one in visitors]
    return Manner(f"/dialogues/{dialogue_id}/socket", mark.encode(), HELLO, cookies=cookies, sample=SAMPLE)


async def furnish(site: Site, questions: int) -> int:
    async with site.database() as store:
        return await furnished(store, questions)


class Host:
    """Presses one question of the queue after the other."""

    def __init__(self, visitor: Visitor, desk: str) -> None:
        self._visitor, self._desk = visitor, desk
        self._proof = dict(visitor.form(desk, action="/sign-out").pairs)
        self._there, self._key = "", 0

    def press(self, question: int) -> tuple[float, float]:
        """When it was pressed, and when the answer was there."""
        self._key += 1
        form = self._proof | {"question": str(question), "instead_of": self._there, "act": "stage"}
        began = time.monotonic()
        answer = self._visitor.post(f"{self._desk}/turn", data=form | {"key": f"{self._key:032}"})
        assert answer.is_redirect, answer.text
        self._there = str(question)
        return began, time.monotonic()


def measure(site: Site, crowd: Crowd, asked: Namespace) -> None:
    dialogue_id = asyncio.run(furnish(site, QUESTIONS))
    queued = "select question_id from turn where dialogue_id = :id and floor = 'queued' order by queued_at, id"
    found = site.rows(queued, id=dialogue_id)
    site.start()
    crowd.join(site.port, asked.viewers, readers(dialogue_id, asked.viewers, STAGED))
    host = Host(site.staff(WHO), f"/dialogues/{dialogue_id}/host")
    answered, came, last = [], [], []
    for number, row in enumerate(found[: asked.presses], start=1):
        began, done = host.press(row.question_id)
        answered.append(done - began)
        last.append(crowd.all_heard(number * asked.viewers).at - began)
        for said in crowd.kept():
            came += [at - began for at, text in said for one in told(text) if one.get("type") == STAGED]
        time.sleep(BETWEEN)
    tell("until the host has the answer", answered)
    tell("until a reader has the frame", came)
    tell("until the last reader has it", last)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--viewers", type=int, default=2_000)
    options.add_argument("--presses", type=int, default=40)
    with two_processes() as site, gathered() as crowd:
        measure(site, crowd, options.parse_args())


if __name__ == "__main__":
    main()
