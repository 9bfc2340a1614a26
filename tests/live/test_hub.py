import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from live import log, wire
from live.broker import Hint, MemoryBroker
from live.hub import SWEEP, WINDOW
from live.slim import HIGH_WATER
from live.viewers import Batch, Place, Queued
from tests.live.kit import FaultyBroker, Listener, Show, Store, TestClock, eventually, follow, hub_on, settle

pytestmark = pytest.mark.anyio


async def test_what_is_committed_reaches_a_viewer_in_order_and_once(store: Store) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))
    for _ in range(5):
        await store.write("a", "other", "a", hub=hub)
    await listener.until(10)
    assert listener.numbers == list(range(1, 11))
    assert listener.messages[0]["c"] == "a"


async def test_a_gap_is_read_once_for_all_its_listeners(store: Store) -> None:
    show = Show()
    hub = hub_on(store, show=show)
    listeners = [Listener(await follow(hub, "a", language)) for language in ("vi", "en") * 20]
    facts = await store.write(*["a"] * 5)
    reads = store.reads
    for _ in range(10):
        await hub.tell(facts)
    await asyncio.gather(*(listener.until(5) for listener in listeners))
    assert store.reads == reads + 1
    assert show.times == {("a", number, language): 1 for number in range(1, 6) for language in ("vi", "en")}


async def test_old_and_doubled_hints_are_dropped(store: Store) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))
    facts = await store.write("a", "a", hub=hub)
    await listener.until(2)
    reads = store.reads
    await hub.tell(facts)
    await hub.tell(facts[:1])
    await settle()
    assert store.reads == reads
    assert listener.numbers == [1, 2]


async def test_a_hint_ahead_of_the_log_does_no_harm(store: Store) -> None:
    broker = MemoryBroker()
    hub = hub_on(store, broker)
    listener = Listener(await follow(hub, "a", "vi"))
    await broker.tell([Hint("a", 99)])
    await settle()
    await store.write("a", hub=hub)
    await listener.until(1)
    assert listener.numbers == [1]


async def test_a_late_hint_of_another_life_of_the_log_is_no_number_of_this_one(store: Store) -> None:
    broker = MemoryBroker()
    hub = hub_on(store, broker)
    await follow(hub, "a")
    top = await hub.position("a")
    await broker.tell([Hint("a", top + 99, "of-before-the-restore")])
    assert hub.known("a") == top
    await broker.tell([Hint("a", top + 1, await hub.epoch())])
    assert hub.known("a") == top + 1


async def test_a_burst_of_long_facts_makes_nobody_too_slow(store: Store) -> None:
    show = Long()
    hub = hub_on(store, show=show)
    viewer = Sizes("vi")
    await hub.join(viewer, Place("a"))
    await store.write(*["a"] * 60, hub=hub)
    await eventually(lambda: sum(many for many, _ in viewer.batches) == 60)
    assert max(size for _, size in viewer.batches) < HIGH_WATER / 2


class Long(Show):
    async def __call__(self, db: AsyncSession, events: list[log.Event], language: str) -> list[dict[str, Any]]:
        return [said | {"html": "x" * 4_000} for said in await super().__call__(db, events, language)]


class Sizes(Queued):
    """How many facts came in each batch, and how many bytes they were on a socket."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.batches: list[tuple[int, int]] = []

    def offer(self, batch: Batch) -> None:
        self.batches.append((len(batch.frames), len(batch.socket)))


async def test_a_lost_hint_changes_nothing_but_latency(store: Store) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))
    await store.write("a", "a")
    await hub.tick()
    await listener.until(2)
    assert listener.numbers == [1, 2]


async def test_what_the_tick_of_seconds_missed_the_sweep_of_half_a_minute_finds(store: Store, clock: TestClock) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))
    position = await hub.position("b")
    await hub.tick()
    await store.write("a", "b")
    clock.move(15)
    await hub.tick()
    await settle()
    await listener.once()
    assert (listener.numbers, hub.known("b")) == ([], position)
    clock.move(16)
    await hub.tick()
    await listener.until(1)
    assert hub.known("b") == position + 1


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_lost_doubled_and_delayed_hints_lose_double_and_swap_nothing(store: Store, seed: int) -> None:
    brokers = [FaultyBroker(seed * 10 + process) for process in range(2)]
    for broker, other in zip(brokers, reversed(brokers), strict=True):
        broker.others = [other]
    hubs = [hub_on(store, broker) for broker in brokers]
    listeners = [Listener(await follow(hub, channel, "vi")) for hub in hubs for channel in ("a", "b")]
    chance = random.Random(seed)

    async def write(turn: int) -> None:
        await store.write(*chance.choices("ab", k=3), "a", "b", hub=hubs[turn % 2])
        if turn % 10 == 0:
            await hubs[turn % 20 // 10].tick()

    readers = [asyncio.create_task(_read_for_ever(listener)) for listener in listeners]
    await asyncio.gather(*(write(turn) for turn in range(40)))
    async with store.reader() as db:
        tops = await log.tops(db, "ab")
    for hub in hubs:
        await hub.tick()
    await eventually(lambda: all(one.numbers[-1:] == [tops[one.channel]] for one in listeners))
    for reader in readers:
        reader.cancel()
    for listener in listeners:
        assert listener.numbers == list(range(1, tops[listener.channel] + 1))


async def _read_for_ever(listener: Listener) -> None:
    while True:
        await listener.once()


async def test_one_slow_viewer_is_let_go_and_slows_nobody(store: Store) -> None:
    hub = hub_on(store)
    slow, quick = Listener(await follow(hub, "a", "vi", backlog=4)), Listener(await follow(hub, "a", "vi"))
    for number in range(1, 8):
        await store.write("a", hub=hub)
        await quick.until(number)
    assert quick.numbers == list(range(1, 8))
    await slow.once()
    assert slow.messages == [wire.bye(wire.TOO_SLOW)]
    assert await slow.viewer.take() == []
    back = Listener(await follow(hub, "a", "vi", after=0))
    await back.until(7)
    assert back.numbers == list(range(1, 8))


async def test_a_removed_thing_goes_out_under_its_number_without_its_words(store: Store) -> None:
    show = Show()
    hub = hub_on(store, show=show)
    await store.write("a", "a")
    show.removed.add(1)
    listener = Listener(await follow(hub, "a", "vi", after=0))
    await listener.until(2)
    assert [(one["n"], one["type"]) for one in listener.messages] == [(1, "removed"), (2, "answer.given")]


async def test_a_database_that_fails_costs_time_and_no_fact(store: Store) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))

    async def fail() -> None:
        raise OSError("the database is away")

    store.on_read = fail
    await store.write("a", hub=hub)
    await settle()
    with pytest.raises(OSError):
        await hub.tick()
    assert hub.failures == 1
    store.on_read = None
    await hub.tick()
    await listener.until(1)
    assert listener.numbers == [1]


async def test_the_loop_survives_a_database_that_fails(store: Store) -> None:
    hub = hub_on(store, every=0.01)
    listener = Listener(await follow(hub, "a", "vi"))
    failures = 2

    async def fail_twice() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise OSError("the database is away")

    store.on_read = fail_twice
    running = asyncio.create_task(hub.run())
    await store.write("a")
    await listener.until(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert hub.failures == 2


async def test_another_epoch_sends_everyone_back_and_forgets_every_number(store: Store, clock: TestClock) -> None:
    hub = hub_on(store)
    await store.write("a", "a")
    listener = Listener(await follow(hub, "a", "vi"))
    assert await hub.position("a") == 2
    await hub.tick()
    async with store.transaction() as db:
        epoch = await log.new_epoch(db)
    clock.move(1)
    await hub.tick()
    await listener.once()
    assert listener.messages == [wire.bye(wire.RESTART)]
    assert hub.known("a") is None
    assert (await follow(hub, "a", "vi")).epoch == epoch


async def test_at_the_end_everyone_is_told_when_to_come_back(store: Store) -> None:
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi"))
    hub.drain()
    late = Listener(await follow(hub, "a", "vi"))
    for one in (listener, late):
        await one.once()
        assert one.messages == [{"k": "bye", "code": 1012, "retry_ms": [2000, 9000]}]
        assert await one.viewer.take() == []


async def test_the_window_of_the_tick_is_longer_than_any_commit_should_take() -> None:
    assert timedelta(seconds=5) < WINDOW < SWEEP


async def test_a_fact_of_another_life_of_the_log_is_never_given_to_readers_of_the_old_one(store: Store) -> None:
    hub = hub_on(store)
    await store.write("a")
    listener = Listener(await follow(hub, "a", "vi"))
    async with store.transaction() as db:
        await log.new_epoch(db)
    await store.write("a", hub=hub)
    await eventually(lambda: listener.viewer.code is not None)
    await listener.once()
    assert listener.messages == [wire.bye(wire.RESTART)]
