import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from live import log
from tests.live.kit import Store, TestClock

pytestmark = pytest.mark.anyio


async def _numbers(store: Store, channel: str) -> list[int]:
    async with store.reader() as db:
        return [one.number for one in await log.since(db, channel, 0)]


async def test_the_facts_of_a_channel_are_numbered_from_one_without_a_gap(store: Store) -> None:
    first = await store.write("question:1", "questions", "question:1")
    second = await store.write("question:1")
    assert [(fact.channel, fact.number) for fact in first] == [
        ("question:1", 1),
        ("questions", 1),
        ("question:1", 2),
    ]
    assert [fact.number for fact in second] == [3]
    assert await _numbers(store, "question:1") == [1, 2, 3]


async def test_concurrent_writers_of_the_same_channels_leave_no_gap_and_never_deadlock(store: Store) -> None:
    pairs = [("a", "b"), ("b", "a"), ("b", "c", "a"), ("c",)] * 8
    await asyncio.gather(*(store.write(*channels) for channels in pairs))
    for channel, times in (("a", 24), ("b", 24), ("c", 16)):
        assert await _numbers(store, channel) == list(range(1, times + 1))


async def test_what_is_rolled_back_takes_no_number(store: Store) -> None:
    await store.write("a")
    async with store.transaction() as db:
        log.record(db, "a", "answer.given", answer=1)
        await log.number(db, store.clock())
        await db.rollback()
    assert [fact.number for fact in await store.write("a")] == [2]
    assert await _numbers(store, "a") == [1, 2]


async def test_a_fact_keeps_its_ids_its_revision_and_its_time(store: Store, clock: TestClock) -> None:
    async with store.transaction() as db:
        log.record(db, "question:17", "answer.corrected", revision=3, question=17, answer=40)
    async with store.reader() as db:
        [kept] = await log.since(db, "question:17", 0)
    assert (kept.type, kept.ids, kept.revision) == ("answer.corrected", {"question": 17, "answer": 40}, 3)
    assert kept.at == clock.now


async def test_a_commit_costs_two_statements_whatever_it_says_and_none_when_it_says_nothing(
    store: Store,
) -> None:
    await store.write("a")
    sent: list[str] = []

    @event.listens_for(store.engine.sync_engine, "before_cursor_execute")
    def _(_c: object, _u: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    await store.write(*(f"agency:{number}" for number in range(30)), "a", "a")
    assert [statement.split()[:3] for statement in sent] == [
        ["INSERT", "INTO", "live_channel"],
        ["INSERT", "INTO", "live_event"],
    ]
    sent.clear()
    assert await store.write() == []
    assert sent == []


async def test_since_gives_a_page_after_a_number(store: Store) -> None:
    await store.write(*["a"] * 7)
    async with store.reader() as db:
        page = await log.since(db, "a", 2, limit=3)
    assert [one.number for one in page] == [3, 4, 5]


async def test_tops_know_the_newest_number_and_say_zero_where_nothing_happened(store: Store) -> None:
    await store.write("a", "a", "b")
    async with store.reader() as db:
        assert await log.tops(db, ["a", "b", "nothing"]) == {"a": 2, "b": 1, "nothing": 0}


async def test_recent_sees_only_what_is_younger(store: Store, clock: TestClock) -> None:
    await store.write("old", "both")
    clock.move(20)
    await store.write("both", "both", "new")
    async with store.reader() as db:
        clock.move(-10)
        assert await log.recent(db, clock.now) == {"both": 3, "new": 1}


async def test_another_epoch_replaces_the_first(store: Store) -> None:
    async with store.reader() as db:
        before = await log.epoch(db)
    async with store.transaction() as db:
        given = await log.new_epoch(db)
    async with store.reader() as db:
        assert await log.epoch(db) == given != before


async def test_a_log_without_an_epoch_says_so(store: Store) -> None:
    async with store.transaction() as db:
        await (await db.connection()).execute(sa.text("DELETE FROM live_epoch"))
    async with store.reader() as db:
        with pytest.raises(LookupError):
            await log.epoch(db)
