import asyncio
import time
from collections.abc import Callable

import pytest

from engage import receipts
from engage.web import guards
from live import log
from tests.benchmarks.load import Wire, track
from tests.chaos.scene import People, Scene, during, happening, nothing_is_lost_or_doubled
from tests.processes import outside
from tests.services import Redis
from tests.site import Site

BEFORE, MEANWHILE, AFTER = 2.2, 2.0, 1.5
DELIVERY_SECONDS = 3.0
TRIES = 14
Fault = tuple[Callable[[], object], Callable[[], object]]


@pytest.fixture(params=["killed", "paused", "flushed"])
def fault(request: pytest.FixtureRequest, hurt: Scene) -> Fault:
    """What is done to Redis, and how it comes back."""
    redis = _redis(hurt)
    return {
        "killed": (redis.kill, redis.start),
        "paused": (redis.pause, redis.resume),
        "flushed": (redis.flush, redis.ready),
    }[str(request.param)]


def test_a_failing_redis_costs_no_error_no_limit_and_no_fact(fault: Fault, scene: Scene) -> None:
    site = scene.site
    _allow(site, "3/minute")
    fail, recover = fault
    seen: list[float] = []
    refused: list[int] = []

    async def failing(_people: People) -> None:
        await asyncio.sleep(BEFORE)
        await happening(fail)
        try:
            seen.append(await asyncio.to_thread(_delivery, site))
            refused.extend(await _tracked_too_often(site.port))
            await asyncio.sleep(MEANWHILE)
        finally:
            await happening(recover)
        await asyncio.sleep(AFTER)

    try:
        people = during(site, failing)
    finally:
        _allow(site, "1000000/minute")
    assert set(people.statuses) <= {200, 303}, people.statuses
    assert 429 in refused, refused
    assert not [status for status in refused if status >= 500], refused
    assert seen[0] < DELIVERY_SECONDS, f"the fact came after {seen[0]:.1f} s"
    nothing_is_lost_or_doubled(site, people)


def _redis(scene: Scene) -> Redis:
    if scene.redis is None:
        pytest.skip("one process needs no Redis")
    return scene.redis


def _allow(site: Site, spec: str) -> None:
    """Both processes read the row again within two seconds; the first part of the scene lasts about as long."""
    site.write("update limit_rule set per_caller = :spec where door = 'track'", spec=spec)


def _delivery(site: Site) -> float:
    """Seconds until a fact that nobody hinted at reaches a reader."""
    accepted = site.rows("select max(id) from question where moderation = 'accepted'")[0][0]
    with site.visitor().stream("GET", "/live/questions/0/stream", timeout=10) as stream:
        lines = stream.iter_lines()
        next(lines)
        number = outside(_fact(site, accepted))
        began = time.monotonic()
        for line in lines:
            if f'"n":{number},' in line.replace(" ", ""):
                return time.monotonic() - began
    raise AssertionError(f"the stream ended without fact {number}")


async def _fact(site: Site, question_id: int) -> int:
    async with site.database() as store, store.transaction() as db:
        log.record(db, "questions", "question.accepted", question=question_id)
        return (await log.tops(db, ["questions"]))["questions"] + 1


async def _tracked_too_often(port: int) -> list[int]:
    """One visitor who guesses codes."""
    visitor, statuses = guards.new_visitor(), []
    for number in range(TRIES):
        wire = await Wire.to(port)  # a connection each, so that both processes are met
        statuses.append(
            (await wire.ask(track(port, receipts.code_for("guessed", visitor, str(number)), visitor))).status
        )
        wire.close()
    return statuses
