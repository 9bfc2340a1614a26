"""Promises of presence: the sum over all processes, rounded and never about a few; what is lost is told again, the killed fade."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.broker import RedisBroker
from live.presence import AGAIN, EVERY, FEWEST, FORGOTTEN, Presence, rounded
from tests.live.kit import FaultyBroker, Listener, Store, eventually, follow, hub_on

pytestmark = pytest.mark.anyio


class Process:
    """One of several: how many follow which channel in it, and what its viewers were told last."""

    def __init__(self, broker: Any, clock: "Clock") -> None:
        self.sizes: dict[str, int] = {}
        self.told: dict[str, int] = {}
        self.times = 0
        self.broker = broker
        self.presence = Presence(lambda: self.sizes, broker, self._pass_on, lambda channel: channel != "desk", clock)

    def _pass_on(self, channel: str, type: str, data: Mapping[str, Any]) -> None:
        assert type == "presence"
        self.times += 1
        self.told[channel] = data["room"]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fake() -> Clock:
    return Clock()


def together(clock: Clock, many: int, loses: float = 0, seed: int = 1) -> list[Process]:
    brokers = [FaultyBroker(seed + at, loses, 0, 0) for at in range(many)]
    for broker in brokers:
        broker.others = [other for other in brokers if other is not broker]
    return [Process(broker, clock) for broker in brokers]


async def pass_time(clock: Clock, seconds: float, *processes: Process) -> None:
    for _ in range(int(seconds / EVERY)):
        clock.now += EVERY
        for process in processes:
            await process.presence.tick()


async def test_every_process_tells_its_viewers_how_many_there_are_in_all(fake: Clock) -> None:
    one, other = together(fake, 2)
    one.sizes, other.sizes = {"room": 9}, {"room": 6, "elsewhere": 7}
    await pass_time(fake, 2 * EVERY, one, other)
    assert one.told == {"room": 15}
    assert other.told == {"room": 15, "elsewhere": 7}


async def test_who_leaves_is_missing_within_two_looks_and_the_last_one_too(fake: Clock) -> None:
    one, other = together(fake, 2)
    one.sizes, other.sizes = {"room": 9}, {"room": 6}
    await pass_time(fake, 2 * EVERY, one, other)
    other.sizes = {}
    await pass_time(fake, 2 * EVERY, other, one)
    assert one.told == {"room": 9}


async def test_a_process_that_was_killed_fades(fake: Clock) -> None:
    one, killed = together(fake, 2)
    one.sizes, killed.sizes = {"room": 9}, {"room": 11}
    await pass_time(fake, 2 * EVERY, one, killed)
    await pass_time(fake, FORGOTTEN - 2 * EVERY, one)
    assert one.told == {"room": 20}
    await pass_time(fake, 3 * EVERY, one)
    assert one.told == {"room": 9}


async def test_what_is_lost_on_the_way_is_told_again(fake: Clock) -> None:
    processes = together(fake, 3, loses=0.6)
    for process in processes:
        process.sizes = {"room": 6}
    await pass_time(fake, 60 * AGAIN, *processes)
    seen = set[int]()
    for _ in range(20):
        await pass_time(fake, AGAIN, *processes)
        seen |= {process.told["room"] for process in processes}
    assert 18 in seen
    assert seen <= {6, 12, 18}  # never somebody twice


async def test_a_number_that_stays_is_passed_on_once_and_told_to_the_others_now_and_then(fake: Clock) -> None:
    one, other = together(fake, 2)
    heard = list[float]()
    keep = other.presence.hear
    one.broker.others[0].on_present = lambda present: (heard.append(fake.now), keep(present))[0]
    one.sizes = other.sizes = {"room": 30}
    await pass_time(fake, 10 * AGAIN, one, other)
    assert other.times <= 2
    assert 9 <= len(heard) <= 12


async def test_nothing_is_said_of_a_few_nor_of_desks_and_what_shrinks_to_a_few_says_so(fake: Clock) -> None:
    (one,) = together(fake, 1)
    one.sizes = {"room": FEWEST - 1, "desk": 50}
    await pass_time(fake, EVERY, one)
    assert one.told == {}
    one.sizes["room"] = FEWEST
    await pass_time(fake, EVERY, one)
    assert one.told == {"room": FEWEST}
    one.sizes["room"] = FEWEST - 1
    await pass_time(fake, EVERY, one)
    assert one.told == {"room": 0}


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000))
def test_rounding_keeps_the_order_is_near_and_hides_a_few(one: int, other: int) -> None:
    assert (rounded(one) <= rounded(other)) or one > other
    assert rounded(one) == 0 if one < FEWEST else abs(rounded(one) - one) <= max(one * 0.2, 1)
    if one > 20:
        assert rounded(one) % 10 == 0


async def test_a_newcomer_is_told_at_once_and_everybody_when_it_changes(store: Store) -> None:
    hub = hub_on(store, counted=lambda channel: channel == "a")
    first = Listener(await follow(hub, "a"))
    for _ in range(FEWEST - 1):
        await follow(hub, "a")
    await hub.presence.tick()
    await first.once()
    assert first.messages == [{"k": "pass", "type": "presence", "data": {"room": 5}}]
    late = Listener(await follow(hub, "a"))
    await late.once()
    assert late.hello["k"] == "hello"
    assert late.messages == first.messages
    assert not first.has_mail


async def test_over_redis_processes_hear_of_each_other_until_one_is_gone(redis_url: str, fake: Clock) -> None:
    brokers = [RedisBroker(redis_url, prefix="presence:"), RedisBroker(redis_url, prefix="presence:")]
    one, killed = (Process(broker, fake) for broker in brokers)
    running = [asyncio.create_task(broker.run()) for broker in brokers]
    for broker in brokers:
        await broker.listen("room")
    await eventually(lambda: all(broker.healthy for broker in brokers))
    one.sizes, killed.sizes = {"room": 7}, {"room": 5}
    async with asyncio.timeout(8):
        while one.told != {"room": 12} or killed.told != {"room": 12}:
            await pass_time(fake, EVERY, one, killed)
            await asyncio.sleep(0.01)
    running[1].cancel()
    await brokers[1].close()
    await pass_time(fake, FORGOTTEN + EVERY, one)
    assert one.told == {"room": 7}
    running[0].cancel()
    await brokers[0].close()
