import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from live.broker import Hint, MemoryBroker
from live.hub import Hub
from tests.live.kit import Show, Store, hub_on

pytestmark = pytest.mark.anyio


async def test_a_position_is_asked_once_and_then_kept_by_hints(store: Store) -> None:
    broker = MemoryBroker()
    hub = hub_on(store, broker)
    await store.write("a")
    assert hub.known("a") is None
    assert list(await asyncio.gather(hub.position("a"), hub.position("a"))) == [1, 1]
    reads = store.reads
    await broker.tell([Hint("a", 5)])
    await broker.tell([Hint("a", 4)])
    assert hub.known("a") == await hub.position("a") == 5
    assert store.reads == reads


async def test_the_own_process_never_serves_stale_after_its_own_commit(store: Store) -> None:
    hub = hub_on(store)
    assert await hub.position("a") == 0
    await store.write("a", hub=hub)
    assert hub.known("a") == 1


async def test_a_commit_while_a_position_is_asked_for_is_not_overwritten_by_the_older_answer(store: Store) -> None:
    hub: Hub

    @asynccontextmanager
    async def answers_late() -> AsyncIterator[AsyncSession]:
        async with store.reader() as db:
            yield db
        await store.write("a", hub=hub)

    hub = Hub(answers_late, MemoryBroker(), Show(), store.clock)
    assert await hub.position("a") == 1


async def test_a_position_whose_hint_was_lost_is_found_by_the_tick(store: Store) -> None:
    hub = hub_on(store)
    await hub.position("a")
    await store.write("a")
    assert hub.known("a") == 0
    await hub.tick()
    assert hub.known("a") == 1


async def test_no_more_positions_are_kept_than_allowed_and_the_least_used_go_first(store: Store) -> None:
    hub = hub_on(store, watched=2)
    for channel in ("a", "b"):
        await hub.position(channel)
    assert hub.known("a") == 0
    await hub.position("c")
    assert [hub.known(channel) for channel in "abc"] == [0, None, 0]
