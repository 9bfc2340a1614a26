import asyncio
from collections.abc import Sequence

import pytest

from live.ballots import TOO_MANY, Ballots
from tests.live.kit import settle

pytestmark = pytest.mark.anyio
NEVER = 3600.0  # nothing in these tests waits for the clock: a full ballot is counted at once


class Box:
    """Keeps what was written together; may be slow, or fail."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def __call__(self, votes: Sequence[int]) -> list[str | None]:
        await self.gate.wait()
        if self.fails:
            raise OSError("the database is away")
        self.written.append(list(votes))
        return ["twice" if vote < 0 else None for vote in votes]


async def test_votes_of_one_moment_are_written_together_and_each_is_answered() -> None:
    box = Box()
    ballots = Ballots(box, within=NEVER, most=4)
    answers = await asyncio.gather(*(ballots.cast(vote) for vote in (1, -2, 3, 4)))
    assert answers == [None, "twice", None, None]
    assert box.written == [[1, -2, 3, 4]]


async def test_a_vote_alone_does_not_wait_for_others_for_ever() -> None:
    box = Box()
    assert await Ballots(box, within=0).cast(7) is None
    assert box.written == [[7]]


async def test_no_more_than_the_most_is_written_at_once_and_none_is_forgotten() -> None:
    box = Box()
    ballots = Ballots(box, within=0, most=10)
    await asyncio.gather(*(ballots.cast(vote) for vote in range(1, 36)))
    assert [len(batch) for batch in box.written] == [10, 10, 10, 5]
    assert sorted(vote for batch in box.written for vote in batch) == list(range(1, 36))


async def test_nobody_is_answered_before_the_writing_is_done() -> None:
    box = Box()
    box.gate.clear()
    ballots = Ballots(box, within=0)
    voting = asyncio.create_task(ballots.cast(1))
    await settle()
    assert not voting.done()
    box.gate.set()
    assert await voting is None


async def test_a_writing_that_fails_fails_every_vote_in_it_and_the_next_may_hold() -> None:
    box = Box()
    box.fails = True
    ballots = Ballots(box, within=NEVER, most=2)
    answers = await asyncio.gather(ballots.cast(1), ballots.cast(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    box.fails = False
    assert await asyncio.gather(*(ballots.cast(vote) for vote in (3, 4))) == [None, None]


async def test_a_voter_who_goes_away_is_counted_all_the_same() -> None:
    box = Box()
    box.gate.clear()
    ballots = Ballots(box, within=0, most=2)
    leaving, staying = asyncio.create_task(ballots.cast(1)), asyncio.create_task(ballots.cast(2))
    await settle()
    leaving.cancel()
    box.gate.set()
    assert await staying is None
    assert box.written == [[1, 2]]


async def test_when_far_too_many_wait_whoever_comes_is_told_so_at_once() -> None:
    box = Box()
    box.gate.clear()
    ballots = Ballots(box, within=0, most=2, most_waiting=3)
    first = [asyncio.create_task(ballots.cast(vote)) for vote in (1, 2)]
    await settle()
    waiting = [asyncio.create_task(ballots.cast(vote)) for vote in (3, 4, 5)]
    await settle()
    assert await ballots.cast(6) == TOO_MANY
    box.gate.set()
    assert await asyncio.gather(*first, *waiting) == [None] * 5


async def test_it_is_told_how_many_are_written_together() -> None:
    together = list[int]()
    ballots = Ballots(Box(), within=NEVER, most=3, wrote=together.append)
    await asyncio.gather(*(ballots.cast(vote) for vote in (1, 2, 3)))
    assert together == [3]
