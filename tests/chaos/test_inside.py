"""Accidents that only a loop of our own can bring about, judged by the history checker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from engage.db import Store
from live import log, wire
from live.broker import Broker
from tests.chaos.crowd import Crowd, facts_flow, gathered, rewound
from tests.chaos.inside import STAGE, Process, faulty, processes

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.anyio


@pytest.fixture
async def database_with_log(store: Store, database_url: str) -> str:
    async with store.transaction() as db:
        await log.new_epoch(db)
    return database_url


@asynccontextmanager
async def crowd_inside(
    url: str, seed: int, fault: str, brokers: list[Broker]
) -> AsyncIterator[tuple[Crowd, list[Process]]]:
    async with processes(url, brokers) as both:
        stores, ports = [one.store for one in both], [one.port for one in both]
        async with gathered(stores, STAGE, ports, seed=seed, fault=fault, size=24) as crowd:
            yield crowd, both


async def test_hints_that_are_lost_doubled_or_late_change_nothing(database_with_log: str, seed: int) -> None:
    title = "hints lost, doubled, late between two hubs"
    async with crowd_inside(database_with_log, seed, title, [*faulty(seed)]) as (crowd, _):
        await facts_flow(crowd, asyncio.sleep(2))


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_clock_that_jumps_stops_nobody(database_with_log: str, jump: timedelta, seed: int) -> None:
    """And where hints are lost besides, the tick still finds what they should have said."""
    title = f"the clock jumps an hour {'forward' if jump > timedelta() else 'back'}, hints lost"

    async def jumps(both: list[Process]) -> None:
        await asyncio.sleep(0.7)
        for process in both:
            process.clock.ahead += jump
        await asyncio.sleep(1.3)

    async with crowd_inside(database_with_log, seed, title, [*faulty(seed)]) as (crowd, both):
        await facts_flow(crowd, jumps(both))


async def test_one_machine_an_hour_behind_the_other_costs_nobody_a_fact(database_with_log: str, seed: int) -> None:
    title = "one of two clocks is an hour behind"
    async with crowd_inside(database_with_log, seed, title, [*faulty(seed, loses=0, delays=0)]) as (crowd, both):
        both[seed % 2].clock.ahead -= HOUR
        await facts_flow(crowd, asyncio.sleep(1.5))


async def test_a_restored_backup_sends_everybody_to_a_fresh_start(database_with_log: str, seed: int) -> None:
    """The log goes back to where it was, under another epoch, and is written on at once."""
    title = "a backup restored under connected readers"
    async with crowd_inside(database_with_log, seed, title, [*faulty(seed, loses=0)]) as (crowd, _):
        await facts_flow(crowd, asyncio.sleep(0.6), 60)
        tops = await crowd.tops()
        await facts_flow(crowd, asyncio.sleep(0.6), 120)
        crowd.epochs.append(await rewound(crowd.store, tops))
        await facts_flow(crowd, asyncio.sleep(1.5), 200)
    assert crowd.told.codes[wire.RESTART], "nobody was sent away"
