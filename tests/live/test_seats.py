"""Promises of seats: one person keeps so many lines open and no more, and nobody else pays for it."""

import asyncio

import pytest

from live import hub as hubs
from live import seats, wire
from live.hub import Hub
from live.seats import MOST_HELD
from live.viewers import Place, Queued
from tests.live.kit import Store, hub_on

pytestmark = pytest.mark.anyio


async def join(hub: Hub, holder: str, address: str = "14.1.1.1") -> Queued:
    viewer = Queued("vi")
    viewer.holder, viewer.address = holder, address
    await hub.join(viewer, Place("a"))
    return viewer


async def test_one_line_too_many_closes_the_oldest_and_leaves_others_at_the_same_address_alone(store: Store) -> None:
    hub = hub_on(store)
    neighbour, unknown = await join(hub, "v:2"), [await join(hub, "") for _ in range(MOST_HELD + 5)]
    mine = [await join(hub, "v:1") for _ in range(MOST_HELD)]
    assert {viewer.code for viewer in mine} == {None}
    newest = await join(hub, "v:1")
    assert [viewer.code for viewer in mine] == [wire.REPLACED, *[None] * (MOST_HELD - 1)]
    assert {viewer.code for viewer in (neighbour, newest, *unknown)} == {None}
    told = [frame.message for frame in await mine[0].take()]
    assert told[-1] == wire.bye(wire.REPLACED) == {"k": "bye", "code": 4409}
    assert hub.viewers == 1 + MOST_HELD + 5 + MOST_HELD


async def test_a_line_that_was_closed_makes_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST_FROM_ADDRESS", MOST_HELD + 1)
    hub = hub_on(store)
    mine = [await join(hub, "v:1") for _ in range(MOST_HELD)]
    hub.leave(mine[7])
    hub.leave(mine[7])
    await join(hub, "v:1")
    assert {viewer.code for viewer in mine} == {None}
    for viewer in mine:
        hub.leave(viewer)
    assert hub.viewers == 1
    assert [(await join(hub, "")).code for _ in range(MOST_HELD + 1)] == [*[None] * MOST_HELD, wire.TOO_MANY]


@pytest.mark.parametrize("cap", ["MOST_FROM_ADDRESS", "MOST_HERE"])
async def test_who_comes_at_the_same_moment_counts_before_they_sit(
    store: Store, monkeypatch: pytest.MonkeyPatch, cap: str
) -> None:
    monkeypatch.setattr(seats, cap, 3)
    hub = hub_on(store)
    came = await asyncio.gather(*(join(hub, "") for _ in range(10)))
    assert sorted(viewer.code or 0 for viewer in came) == [0] * 3 + [wire.TOO_MANY] * 7
    assert hub.viewers == 3


async def test_a_room_that_is_full_refuses_and_the_next_one_does_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST_IN_ROOM", 3)
    hub = hub_on(store)
    came = await asyncio.gather(*(join(hub, "") for _ in range(10)))
    assert sum(viewer.code is None for viewer in came) == 3
    other = Queued("vi")
    await hub.join(other, Place("b"))
    assert other.code is None
