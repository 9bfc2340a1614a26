"""Votes into a dialogue while its desks work: `python -m tests.benchmarks.halls_votes [--votes 300] [--seconds 60]`.

Two server processes on PostgreSQL and Redis, 20,000 questions. Readers vote over their sockets, each on one question after the
other; meanwhile the host's, the scribe's and the moderators' desk are each asked once a second.
"""

import argparse
import asyncio
import json
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.crowd import Crowd
from tests.benchmarks.hall import WHO
from tests.benchmarks.lines import tell, two_processes
from tests.benchmarks.room import TEXT, VOTES_EVERY, gathered
from tests.benchmarks.stage import furnish, readers
from tests.live.client import masked
from tests.site import Site
from tests.visitor import Visitor

MODERATOR = "kiem-duyet-1@engage.example"
VOTED_ON = 400  # questions, the first ones
EVERY, IN_PEACE = 1.0, 6.0


def vote(crowd: Crowd, question_ids: Sequence[int], asked: Namespace) -> int:
    """By one reader after another, the next round on the next question; how many votes were cast."""
    began, cast = time.monotonic(), 0
    while (passed := time.monotonic() - began) < asked.seconds:
        frames = []
        while cast < passed * asked.votes:
            rounds, reader = divmod(cast, asked.viewers)
            question_id = question_ids[(reader + rounds) % len(question_ids)]
            said = {"k": "vote", "id": question_id, "on": True, "key": str(cast)}
            frames.append((reader, masked(TEXT, json.dumps(said).encode())))
            cast += 1
        crowd.say(frames)
        time.sleep(VOTES_EVERY)
    return cast


def ask(visitor: Visitor, path: str, seconds: float) -> list[float]:
    """Once a second by the clock; how long each page took to be here."""
    took, until = [], time.monotonic() + seconds
    while (began := time.monotonic()) < until:
        answer = visitor.get(path)
        took.append(time.monotonic() - began)
        assert answer.status_code == 200, answer.text[:500]
        time.sleep(max(0.0, began + EVERY - time.monotonic()))
    return took


def measure(site: Site, crowd: Crowd, asked: Namespace) -> None:
    dialogue_id = asyncio.run(furnish(site, asked.questions))
    first = "select question_id from turn where dialogue_id = :id order by id limit :most"
    found = site.rows(first, id=dialogue_id, most=VOTED_ON)
    before = site.rows("select count(*) from vote")[0][0]
    site.start()
    base = f"/dialogues/{dialogue_id}"
    desks = {f"{base}/host": WHO, f"{base}/scribe": WHO, f"/review?dialogue={dialogue_id}": MODERATOR}
    visitors = {path: site.staff(who) for path, who in desks.items()}
    for path, visitor in visitors.items():
        tell(f"{path}, in peace", ask(visitor, path, IN_PEACE))
    crowd.join(site.port, asked.viewers, readers(dialogue_id, asked.viewers, '"k":"ok"'))
    with ThreadPoolExecutor(len(desks)) as pool:
        asking = {path: pool.submit(ask, visitor, path, asked.seconds) for path, visitor in visitors.items()}
        cast = vote(crowd, [row.question_id for row in found], asked)
        for path, told in asking.items():
            tell(path, told.result())
    count = crowd.until(cast)
    stand = site.rows("select count(*) from vote")[0][0] - before
    print(f"{cast} votes cast, {count.heard} answered with ok, {stand} rows more, {count.gone} readers let go")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("viewers", 2_000), ("votes", 300), ("seconds", 60), ("questions", 20_000)):
        options.add_argument(f"--{name}", type=int, default=usual)
    with two_processes() as site, gathered() as crowd:
        measure(site, crowd, options.parse_args())


if __name__ == "__main__":
    main()
