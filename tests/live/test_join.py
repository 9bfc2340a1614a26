import asyncio
import random

import pytest
import sqlalchemy as sa
from sqlmodel import col

from live import log
from live.broker import Hint, MemoryBroker
from live.hub import Hub
from live.passages import FAR
from tests.live.kit import Listener, Show, Store, eventually, follow, hub_on, settle

pytestmark = pytest.mark.anyio


async def test_a_viewer_continues_exactly_after_its_position(store: Store) -> None:
    await store.write(*["a"] * 6)
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi", after=4, epoch=await hub.epoch()))
    await store.write("a", hub=hub)
    await listener.until(7)
    assert listener.numbers == [5, 6, 7]


async def test_without_a_position_one_listens_from_now_on(store: Store) -> None:
    await store.write(*["a"] * 6)
    hub = hub_on(store)
    viewer = await follow(hub, "a", "vi")
    (place,) = viewer.places
    assert (place.start, place.top, place.is_far_behind) == (6, 6, False)


@pytest.mark.parametrize(
    ("after", "epoch"), [(0, "another"), (7, None), (6, "another")], ids=["epoch", "ahead", "both"]
)
async def test_a_position_of_another_life_of_the_log_starts_anew(store: Store, after: int, epoch: str | None) -> None:
    await store.write(*["a"] * 6)
    hub = hub_on(store)
    viewer = await follow(hub, "a", "vi", after=after, epoch=epoch)
    assert viewer.places[0].is_far_behind
    listener = Listener(viewer)
    await store.write("a", hub=hub)
    await listener.until(7)
    assert listener.numbers == [7]


async def test_who_is_too_far_behind_starts_anew(store: Store) -> None:
    await store.write(*["a"] * (FAR + 1))
    hub = hub_on(store)
    assert (await follow(hub, "a", "vi", after=0)).places[0].is_far_behind
    assert not (await follow(hub, "a", "vi", after=1)).places[0].is_far_behind


async def test_a_position_below_what_was_trimmed_starts_anew(store: Store) -> None:
    await store.write(*["a"] * 6)
    async with store.transaction() as db:
        await db.exec(sa.delete(log.Event).where(col(log.Event.number) <= 3))
    hub = hub_on(store)
    assert (await follow(hub, "a", "vi", after=2)).places[0].is_far_behind
    assert not (await follow(hub, "a", "vi", after=3)).places[0].is_far_behind


async def test_a_position_ahead_of_the_hub_but_not_of_the_log_is_continued(store: Store) -> None:
    hub = hub_on(store)
    behind = Listener(await follow(hub, "a", "vi"))
    await store.write(*["a"] * 3)
    ahead = Listener(await follow(hub, "a", "vi", after=3))
    assert not ahead.viewer.places[0].is_far_behind
    await behind.until(3)
    await store.write("a", hub=hub)
    await asyncio.gather(behind.until(4), ahead.until(4))
    assert (behind.numbers, ahead.numbers) == ([1, 2, 3, 4], [4])


async def test_a_herd_that_comes_back_to_the_newest_position_reads_the_log_once(store: Store) -> None:
    await store.write(*["a"] * 6)
    hub = hub_on(store)
    epoch = await hub.epoch()
    reads = store.reads
    await asyncio.gather(*(follow(hub, "a", "vi", after=6, epoch=epoch) for _ in range(50)))
    await follow(hub, "a", "vi", after=6, epoch=epoch)
    assert store.reads == reads + 1


async def test_a_herd_that_missed_the_same_facts_has_them_rendered_once(store: Store) -> None:
    await store.write(*["a"] * 6)
    show = Show()
    hub = hub_on(store, show=show)
    viewers = await asyncio.gather(*(follow(hub, "a", "vi", after=2) for _ in range(50)))
    listeners = [Listener(viewer) for viewer in viewers]
    await asyncio.gather(*(listener.until(6) for listener in listeners))
    assert all(listener.numbers == [3, 4, 5, 6] for listener in listeners)
    assert set(show.times.values()) == {1}


@pytest.mark.parametrize("seed", range(3))
async def test_who_joins_in_the_middle_of_the_writing_misses_and_doubles_nothing(store: Store, seed: int) -> None:
    chance = random.Random(seed)

    async def dawdle() -> None:
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(0)

    store.on_read = dawdle
    hub = hub_on(store)
    await follow(hub, "a", "en")
    positions: list[int] = []

    async def write() -> None:
        for _ in range(30):
            facts = await store.write("a", "a", hub=hub)
            positions.append(facts[-1].number)

    async def join() -> Listener:
        started = chance.randrange(1, 25)
        await eventually(lambda: len(positions) >= started)
        after = chance.choice([0, positions[started - 1], positions[-1]])
        return Listener(await follow(hub, "a", chance.choice(["vi", "en"]), after=after))

    writing = asyncio.create_task(write())
    listeners = await asyncio.gather(*(join() for _ in range(15)))
    await writing
    for listener in listeners:
        await listener.until(60)
        assert listener.numbers == list(range(listener.viewer.places[0].start + 1, 61))


async def test_a_language_that_joins_while_a_fact_is_rendered_gets_it_too(store: Store) -> None:
    hub: Hub
    late: list[Listener] = []

    class JoinsMeanwhile(Show):
        async def __call__(self, db, events, language):  # type: ignore[no-untyped-def]  # a stand-in
            if not late:
                late.append(Listener(await follow(hub, "a", "en")))
            return await super().__call__(db, events, language)

    hub = hub_on(store, show=JoinsMeanwhile())
    first = Listener(await follow(hub, "a", "vi"))
    await store.write("a", hub=hub)
    await first.until(1)
    await late[0].until(1)
    assert late[0].messages[0]["html"] == "<p lang=en>"


async def test_what_was_missed_does_not_count_as_being_slow(store: Store) -> None:
    await store.write(*["a"] * 50)
    hub = hub_on(store)
    listener = Listener(await follow(hub, "a", "vi", after=0, backlog=4))
    await store.write("a", hub=hub)
    await listener.until(51)
    assert listener.numbers == list(range(1, 52))


async def test_who_has_left_is_given_nothing_and_its_channel_is_closed(store: Store) -> None:
    broker = MemoryBroker()
    hub = hub_on(store, broker)
    viewer = await follow(hub, "a", "vi")
    hub.leave(viewer)
    await hub.tick()
    heard: list[Hint] = []
    broker.on_hint = heard.append
    await broker.tell([Hint("a", 0)])
    assert heard == []
    await store.write("a", hub=hub)
    await hub.tick()
    await settle()
    assert [frame.message["k"] for frame in await viewer.take()] == ["hello"]


async def test_a_channel_that_is_joined_while_another_is_closed_stays_subscribed(store: Store) -> None:
    broker = MemoryBroker()
    hub = hub_on(store, broker)
    unlisten = broker.unlisten

    async def joins_meanwhile(channel: str) -> None:
        broker.unlisten = unlisten  # type: ignore[method-assign]  # the test watches this call
        await follow(hub, "b", "vi")
        await unlisten(channel)

    for channel in "ab":
        hub.leave(await follow(hub, channel, "vi"))
    broker.unlisten = joins_meanwhile  # type: ignore[method-assign]  # the test watches this call
    await hub.tick()
    assert broker._wanted == {"b"}
