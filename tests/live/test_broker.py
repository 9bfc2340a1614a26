import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from live.broker import Hint, MemoryBroker, RedisBroker
from tests.live.conftest import RedisServer
from tests.live.kit import Listener, Store, eventually, follow, hub_on

pytestmark = pytest.mark.anyio

Hints = list[Hint]


@asynccontextmanager
async def running(url: str, **options: float) -> AsyncIterator[tuple[RedisBroker, Hints]]:
    heard: Hints = []
    broker = RedisBroker(url, prefix="test:", **options)  # type: ignore[arg-type]  # options of any kind, for brevity
    broker.on_hint = heard.append
    task = asyncio.create_task(broker.run())
    try:
        yield broker, heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await broker.close()


async def listens(broker: RedisBroker, heard: Hints, channel: str) -> None:
    """Redis knows of the subscription once a hint comes back."""
    await broker.listen(channel)
    async with asyncio.timeout(8):
        while Hint(channel, 0) not in heard:
            await broker.tell([Hint(channel, 0)])
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.05)
    heard.clear()


async def test_in_one_process_only_what_is_listened_to_is_heard() -> None:
    broker = MemoryBroker()
    heard: Hints = []
    await broker.tell([Hint("a", 1)])
    broker.on_hint = heard.append
    await broker.listen("a")
    await broker.tell([Hint("a", 2), Hint("b", 1)])
    await broker.unlisten("a")
    await broker.tell([Hint("a", 3)])
    assert heard == [Hint("a", 2)]


async def test_hints_cross_from_one_process_to_another(redis_url: str) -> None:
    async with running(redis_url) as (one, heard_one), running(redis_url) as (other, heard_other):
        await listens(one, heard_one, "a")
        await listens(other, heard_other, "b")
        heard_one.clear()
        await one.tell([Hint("b", 3), Hint("nobody", 1), Hint("b", 4)])
        await eventually(lambda: len(heard_other) == 2)
        assert (heard_one, heard_other) == ([], [Hint("b", 3), Hint("b", 4)])
        assert one.healthy
        assert other.healthy


async def test_what_is_no_longer_listened_to_is_no_longer_heard(redis_url: str) -> None:
    async with running(redis_url) as (broker, heard):
        await listens(broker, heard, "a")
        await listens(broker, heard, "b")
        await broker.unlisten("a")
        await listens(broker, heard, "c")
        await broker.tell([Hint("a", 1), Hint("b", 1)])
        await eventually(lambda: bool(heard))
        assert heard == [Hint("b", 1)]


async def test_telling_without_redis_never_raises_and_is_counted() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{free.getsockname()[1]}/0"
    broker = RedisBroker(url)
    await broker.tell([Hint("a", 1), Hint("b", 1)])
    await broker.tell([Hint("a", 2)])
    await broker.close()
    assert broker.lost == 3
    assert not broker.healthy


async def test_after_a_failure_redis_is_left_alone_for_some_seconds(redis_url: str) -> None:
    now = 100.0
    broker = RedisBroker(redis_url, rest=2.0, clock=lambda: now)
    broker._fail(1, OSError("away"))
    await broker.tell([Hint("a", 1)])
    assert broker.lost == 2
    now += 2.0
    await broker.tell([Hint("a", 2)])
    await broker.close()
    assert broker.lost == 2


async def test_a_redis_that_hangs_holds_a_writer_for_a_quarter_of_a_second_and_only_once(
    redis_server: RedisServer,
) -> None:
    await redis_server.answers()
    async with running(redis_server.url, silence=0.3) as (broker, heard):
        await listens(broker, heard, "a")
        os.kill(redis_server.process.pid, signal.SIGSTOP)
        started = time.monotonic()
        await broker.tell([Hint("a", 1)])
        held = time.monotonic() - started
        started = time.monotonic()
        for number in range(100):
            await broker.tell([Hint("a", number)])
        skipped = time.monotonic() - started
        await eventually(lambda: not broker._subscribed)
        assert not broker.healthy
        os.kill(redis_server.process.pid, signal.SIGCONT)
        assert held < 0.6
        assert skipped < 0.2
        await eventually(lambda: broker.healthy)
        await listens(broker, heard, "a")


async def test_after_a_restart_of_redis_everything_is_subscribed_again(redis_server: RedisServer) -> None:
    await redis_server.answers()
    async with running(redis_server.url) as (broker, heard):
        await listens(broker, heard, "a")
        redis_server.kill()
        await eventually(lambda: not broker.healthy)
        await broker.tell([Hint("a", 1)])
        await broker.listen("b")
        redis_server.start()
        await redis_server.answers()
        await eventually(lambda: broker.healthy)
        await listens(broker, heard, "a")
        await listens(broker, heard, "b")


async def test_without_redis_facts_are_delivered_by_the_tick_and_with_it_again_by_hints(
    store: Store, redis_server: RedisServer
) -> None:
    await redis_server.answers()
    async with running(redis_server.url) as (here, _), running(redis_server.url) as (there, _):
        writer, reader = hub_on(store, here), hub_on(store, there)
        listener = Listener(await follow(reader, "a", "vi"))
        await eventually(lambda: here.healthy and there.healthy)
        redis_server.kill()
        await store.write("a", hub=writer)
        await reader.tick()
        await listener.until(1)
        redis_server.start()
        await redis_server.answers()
        await eventually(lambda: here.healthy and there.healthy)
        async with asyncio.timeout(8):
            while listener.numbers[-1] < 4:
                await store.write("a", hub=writer)
                await asyncio.sleep(0.05)
                if listener.has_mail:
                    await listener.once()
        assert listener.numbers == list(range(1, listener.numbers[-1] + 1))
