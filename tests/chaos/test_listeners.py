"""What readers of live rooms saw while the service was hurt, as the history checker judges it."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from live import wire
from tests.benchmarks.load import crowd as askers
from tests.chaos.crowd import Stage, facts_flow
from tests.chaos.scene import (
    PATHS,
    People,
    Scene,
    happening,
    kill_one,
    nothing_is_lost_or_doubled,
    workers,
)
from tests.chaos.stage import at_the_door, followed, without_private
from tests.processes import family
from tests.services import Postgres, Redis

pytestmark = pytest.mark.timeout(300)  # a busy machine takes its time to start a process
DOWN = 1.2


@pytest.fixture
def redis(hurt: Scene) -> Redis:
    if hurt.redis is None:
        pytest.skip("one process needs no Redis")
    return hurt.redis


@pytest.fixture
def database(hurt: Scene) -> Postgres:
    if hurt.database is None:
        pytest.skip("SQLite does not restart")
    return hurt.database


def test_what_people_do_at_the_doors_reaches_everybody(scene: Scene, stage: Stage, seed: int) -> None:
    """Nobody writes behind the service's back: people ask, and what is let out is heard of."""
    people = People(scene.site.port)

    async def live() -> None:
        async with followed(scene, stage, seed, "none; all through the doors") as crowd, asyncio.TaskGroup() as group:
            group.create_task(askers(4, people.ask_once, lambda: people.is_over))
            await asyncio.sleep(2)
            people.is_over = True
        heard = [one["type"] for one in crowd.heard]
        assert "question.accepted" in heard

    asyncio.run(live())
    assert set(people.statuses) == {303}, people.statuses
    nothing_is_lost_or_doubled(scene.site, people)


def test_hints_that_are_lost_doubled_or_late_change_nothing(
    redis: Redis, scene: Scene, stage: Stage, seed: int
) -> None:
    async def live() -> None:
        assert scene.line is not None
        with scene.line.misbehaving(seed):
            async with followed(scene, stage, seed, "hints lost, doubled, late (30 % each)") as crowd:
                await facts_flow(crowd, asyncio.sleep(2.5))
            assert scene.line.touched > 20, "no hint was lost"
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())


@pytest.mark.parametrize("how", ["killed and empty when it is back", "stopped and started", "paused", "flushed"])
def test_a_failing_redis_costs_nobody_a_fact(redis: Redis, scene: Scene, stage: Stage, how: str, seed: int) -> None:
    acts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "killed and empty when it is back": (redis.kill, redis.start),
        "stopped and started": (redis.stop, redis.start),
        "paused": (redis.pause, redis.resume),
        "flushed": (redis.flush, redis.ready),
    }
    fail, recover = acts[how]
    statuses = Counter[int]()

    async def failing() -> None:
        await asyncio.sleep(0.4)
        await happening(fail)
        over = time.monotonic() + DOWN
        while time.monotonic() < over:
            for path in PATHS:
                statuses[await at_the_door(scene.site, path)] += 1
        await happening(recover)
        await asyncio.sleep(0.4)

    async def live() -> None:
        async with followed(scene, stage, seed, f"Redis {how}") as crowd:
            await facts_flow(crowd, failing())
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())
    assert set(statuses) == {200}, statuses


def test_a_restarted_postgres_costs_nobody_a_fact(database: Postgres, scene: Scene, stage: Stage, seed: int) -> None:
    async def restarted() -> None:
        await asyncio.sleep(0.5)
        await happening(database.kill if seed % 2 else database.stop)
        await asyncio.sleep(DOWN)
        await happening(database.start)
        await asyncio.sleep(0.5)

    async def live() -> None:
        async with followed(scene, stage, seed, "PostgreSQL restarted") as crowd:
            await facts_flow(crowd, restarted())
        assert set(crowd.told.statuses) <= {503}, crowd.told.statuses

    asyncio.run(live())


def test_a_worker_killed_while_facts_flow_costs_nobody_a_fact(scene: Scene, stage: Stage, seed: int) -> None:
    site, people = scene.site, People(scene.site.port)

    async def killed() -> None:
        asking = asyncio.create_task(askers(2, people.ask_on, lambda: people.is_over))
        await asyncio.sleep(0.5)
        await happening(kill_one, scene, seed)
        await asyncio.sleep(0.2)
        await happening(site.ready)
        await asyncio.sleep(0.5)
        people.is_over = True
        await asking

    async def live() -> None:
        async with followed(scene, stage, seed, "a server process killed") as crowd:
            await facts_flow(crowd, killed())
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())
    nothing_is_lost_or_doubled(site, people)


def test_in_a_rolling_restart_everybody_is_told_when_to_come_back(scene: Scene, stage: Stage, seed: int) -> None:
    site = scene.site

    async def rolling() -> None:
        await asyncio.sleep(0.5)
        if site.kind == "sqlite":
            await happening(_ended, scene)
            site.start_process("serve")
        else:
            before = set(workers(scene))
            site.processes["serve"].send_signal(signal.SIGHUP)
            await happening(site.wait, lambda: not before & set(workers(scene)) and len(workers(scene)) == 2, 60)
        await happening(site.ready)
        await asyncio.sleep(0.5)

    async def live() -> None:
        async with followed(scene, stage, seed, "rolling restart", comes_and_goes=False) as crowd:
            await facts_flow(crowd, rolling())
        followers = sum(not one.polls for one in crowd.listeners)
        assert crowd.told.codes[wire.RESTART] >= followers, crowd.told.codes
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())


def test_a_thousand_who_come_within_a_second_all_hear_everything(scene: Scene, stage: Stage, seed: int) -> None:
    before = _files(scene)

    async def live() -> None:
        rooms = without_private(stage)
        async with followed(scene, rooms, seed, "1,000 come at once", size=1000, sockets=True) as crowd:
            await facts_flow(crowd, crowd.all_here(), 20, pause=0.1)
            await facts_flow(crowd, asyncio.sleep(0.3), pause=0.1)

    asyncio.run(live())
    scene.site.wait(lambda: _files(scene) < before + 60)


def _files(scene: Scene) -> int:
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in family(scene.site.processes["serve"].pid))


def _ended(scene: Scene) -> None:
    serve = scene.site.processes["serve"]
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(15) in {0, -signal.SIGTERM}
