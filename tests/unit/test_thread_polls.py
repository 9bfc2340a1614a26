"""Polls of threads: a moderator's, open until a day, closed by itself, and never shown in figures before."""

from datetime import timedelta

import pytest

from engage import forum, marking, thread_polls
from engage.deadlines import here
from engage.errors import NotAllowed, Refused
from engage.marking import LEAST_VOTERS, Mark
from engage.polls import Poll, State
from tests.unit.test_forum import Talk
from tests.unit.test_forum import talk as talk  # the fixture

pytestmark = pytest.mark.anyio
WORDS, CHOICES = "Bạn nộp hồ sơ ở đâu?", ["Qua mạng", "Ở xã"]
MOST = 60


async def made(talk: Talk, thread_id: int, who: str = "moderator", days: int = 2, choices: list[str] = CHOICES) -> Poll:
    async with talk.town.store.transaction() as db:
        thread, until = await forum.one(db, thread_id), here(talk.town.clock()) + timedelta(days=days)
        return await thread_polls.make(db, talk.town[who], thread, WORDS, choices, several=False, until=until)


async def marked(talk: Talk, poll: Poll, voter: str) -> str | None:
    async with talk.town.store.transaction() as db:
        offered = (await marking.results(db, [poll]))[0].choices
        [reason] = await marking.mark(db, [Mark(poll.key, voter, frozenset({offered[0].key}))], MOST)
    return reason


async def result(talk: Talk, poll: Poll) -> marking.Result:
    async with talk.town.store.reading() as db:
        again = await thread_polls.one(db, poll.thing_id, poll.key)
        return (await marking.results(db, [again]))[0]


async def test_only_a_moderator_asks_with_two_choices_and_a_last_day(talk: Talk) -> None:
    thread_id = await talk.thread()
    with pytest.raises(NotAllowed):
        await made(talk, thread_id, who="official")
    for wrong in ({"days": -1}, {"days": 400}, {"choices": ["Qua mạng"]}):
        with pytest.raises(Refused):
            await made(talk, thread_id, **wrong)  # type: ignore[arg-type]  # a wrong value is the point
    await made(talk, thread_id)
    with pytest.raises(Refused, match="thread_has_poll"):
        await made(talk, thread_id)


async def test_it_closes_when_its_last_day_is_over_and_says_nothing_before(talk: Talk) -> None:
    thread_id = await talk.thread()
    poll = await made(talk, thread_id, days=0)
    for number in range(LEAST_VOTERS):
        assert await marked(talk, poll, f"voter-{number}") is None
    assert await marked(talk, poll, "voter-0") is None  # thinks again: still one vote
    assert (await result(talk, poll)).voters is None
    assert await thread_polls.drain(talk.town.store) == 0
    talk.town.clock.move(days=1)
    assert await marked(talk, poll, "late") == "poll_is_closed"  # also before the worker comes
    assert await thread_polls.drain(talk.town.store) == 1
    assert ((await result(talk, poll)).voters, (await result(talk, poll)).poll.state) == (LEAST_VOTERS, State.CLOSED)
    assert (await talk.town.facts(f"thread:{thread_id}"))[-1] == "poll.closed"


async def test_one_that_was_withdrawn_has_no_figures_and_makes_room_for_another(talk: Talk) -> None:
    thread_id = await talk.thread()
    poll = await made(talk, thread_id)
    async with talk.town.store.transaction() as db:
        row = await thread_polls.one(db, thread_id, poll.key)
        with pytest.raises(Refused, match="poll_reason_missing"):
            await thread_polls.withdraw(db, talk.town["moderator"], row, "sai")
        await thread_polls.withdraw(db, talk.town["moderator"], row, "Câu hỏi chưa rõ.")
    assert await marked(talk, poll, "voter") == "poll_is_closed"
    await made(talk, thread_id)
