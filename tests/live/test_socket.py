"""The websocket door, on our server and on a stock one: the same promises, and what a client may break."""

import asyncio
import json
from typing import Any

import pytest

from live import wire
from live.frames import Op
from live.slim import MOST_SAID, SILENCE
from live.stream import Room
from live.viewers import Viewer
from tests.live.client import CASES, Case, RawClient, masked
from tests.live.kit import Show, Store, eventually, hub_on
from tests.live.served import Kind, Served, served

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("kind", ["ours", "stock"])


async def said(client: RawClient) -> list[dict[str, Any]]:
    """The messages of the next frame with words in it."""
    while (frame := await client.frame()) is not None:
        if frame[0] == Op.TEXT:
            told = json.loads(frame[1])
            return told if isinstance(told, list) else [told]
    raise AssertionError("the line ended")


async def until(client: RawClient, number: int) -> list[int]:
    """The numbers of the facts that come, up to that one."""
    numbers = list[int]()
    while not numbers or numbers[-1] < number:
        numbers += [one["n"] for one in await said(client) if one["k"] == "fact"]
    return numbers


async def joined(there: Served, count: int) -> None:
    await eventually(lambda: there.hub.viewers == count)


@both
async def test_a_reader_is_greeted_given_what_it_missed_and_then_what_happens(store: Store, kind: Kind) -> None:
    await store.write(*["a"] * 4)
    hub = hub_on(store)
    async with served(hub, kind) as there:
        client = await there.client(f"?epoch={await hub.epoch()}&after=1")
        (hello, *missed) = await said(client)
        assert (hello["k"], hello["top"], hello["role"], hello["every"]) == ("hello", 4, "reader", 20)
        assert [one["n"] for one in missed] == [2, 3, 4]
        await joined(there, 1)
        await store.write("a", hub=hub)
        assert await until(client, 5) == [5]
        client.close()
        await joined(there, 0)


@both
async def test_who_is_too_far_behind_is_told_where_to_start_anew(store: Store, kind: Kind) -> None:
    await store.write("a")
    async with served(hub_on(store), kind) as there:
        hello, snap = await said(await there.client("?epoch=another&after=0"))
        assert snap == {"k": "snap", "epoch": hello["epoch"], "n": 1, "url": "/snapshot.json"}


@both
async def test_what_is_missing_is_asked_for_without_reconnecting(store: Store, kind: Kind) -> None:
    await store.write(*["a"] * 5)
    hub = hub_on(store)
    async with served(hub, kind) as there:
        client = await there.client()
        (hello,) = await said(client)
        ask = {"k": "after", "of": "room", "epoch": hello["epoch"], "n": 2}
        await client.send(masked(Op.TEXT, json.dumps(ask).encode()))
        assert await until(client, 5) == [3, 4, 5]


@both
async def test_a_reader_follows_its_own_channel_beside_the_room(store: Store, kind: Kind) -> None:
    await store.write("me:7", "a", "me:7")
    hub = hub_on(store)
    async with served(hub, kind, Room("a", "vi", me="me:7", role="asker")) as there:
        client = await there.client(f"?epoch={await hub.epoch()}&after=1&me=1")
        hello, missed = await said(client)
        assert (hello["top"], hello["me"], hello["role"]) == (1, 2, "asker")
        assert (missed["c"], missed["n"]) == ("me:7", 2)
        await joined(there, 1)
        await store.write("a", "me:7", hub=hub)
        seen = {(one["c"], one["n"]) for _ in range(2) for one in await said(client)}
        assert seen == {("a", 2), ("me:7", 3)}


@both
@pytest.mark.parametrize("query", ["?after=x", "?epoch=%20&after=1", "?after=-1"])
async def test_a_position_that_no_client_sends_is_malformed(store: Store, kind: Kind, query: str) -> None:
    async with served(hub_on(store), kind) as there:
        code, seen = await (await there.client(query)).until_closed()
        assert code == wire.MALFORMED
        assert json.loads(seen[0][1]) == wire.bye(wire.MALFORMED)


@both
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"k":"join2"}',
        '{"k":"after","of":"them","epoch":"e","n":1}',
        '{"k":"after","n":"1"}',
        "[" * 4000,
    ],
)
async def test_words_that_mean_nothing_end_the_connection_with_a_reason(store: Store, kind: Kind, text: str) -> None:
    async with served(hub_on(store), kind) as there:
        client = await there.client()
        await joined(there, 1)
        await client.send(masked(Op.TEXT, text.encode()))
        code, _ = await client.until_closed()
        assert code == wire.MALFORMED
        await joined(there, 0)


@both
async def test_who_talks_too_much_is_let_go(store: Store, kind: Kind) -> None:
    async with served(hub_on(store), kind) as there:
        client = await there.client()
        (hello,) = await said(client)
        ask = json.dumps({"k": "after", "of": "room", "epoch": hello["epoch"], "n": 0}).encode()
        await client.send(masked(Op.TEXT, ask) * (MOST_SAID + 1))
        code, _ = await client.until_closed()
        assert code == wire.TOO_MANY


@both
async def test_a_vote_is_answered_with_its_key(store: Store, kind: Kind) -> None:
    async def vote(viewer: Viewer, id: int, on: bool) -> str | None:
        return None if (viewer.places[0].channel, id, on) == ("a", 17, True) else "closed"

    async with served(hub_on(store), kind, vote=vote) as there:
        client = await there.client()
        await said(client)
        for id, expected in ((17, {"k": "ok", "key": "x"}), (18, {"k": "no", "key": "x", "reason": "closed"})):
            words = {"k": "vote", "id": id, "on": True, "key": "x"}
            await client.send(masked(Op.TEXT, json.dumps(words).encode()))
            assert await said(client) == [expected]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_whatever_a_client_sends_ends_in_the_right_code(
    store: Store, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    hub = hub_on(store)
    async with served(hub) as there:
        client = await there.client()
        await joined(there, 1)
        await client.send(case.sent)
        if case.code is None and not case.texts and "binary" not in case.name:
            await store.write("a", hub=hub)
            assert await until(client, 1) == [1]
            return
        code, seen = await client.until_closed()
        assert code == (case.code or (1003 if "binary" in case.name else wire.MALFORMED))
        assert sum(op == Op.PONG for op, _ in seen) == case.pongs
        await joined(there, 0)
        assert await client.frame() is None
    assert "Traceback" not in caplog.text


async def test_a_client_that_says_something_before_it_is_let_in_is_heard(store: Store) -> None:
    await store.write("a", "a")
    hub = hub_on(store)

    async def slowly() -> None:
        await asyncio.sleep(0)

    store.on_read = slowly
    async with served(hub) as there:
        client = await there.client()
        ask = {"k": "after", "of": "room", "epoch": await hub.epoch(), "n": 0}
        await client.send(masked(Op.TEXT, json.dumps(ask).encode()) + masked(Op.PING, b"p"))
        frames = [await client.frame() for _ in range(3)]
        assert (Op.PONG, b"p") in frames


async def test_a_reader_that_stops_reading_is_let_go_and_slows_nobody(store: Store) -> None:
    class Heavy(Show):
        async def __call__(self, db: Any, events: Any, language: str) -> list[dict[str, Any]]:
            return [{"type": one.type, "html": "x" * 100_000} for one in events]

    hub = hub_on(store, show=Heavy())
    async with served(hub) as there:
        slow, quick = await there.client(), await there.client()
        await joined(there, 2)
        number = 0
        async with asyncio.timeout(20):
            while there.hub.viewers == 2:
                number += 1
                await store.write("a", hub=hub)
                assert (await until(quick, number))[-1] == number
        assert there.hub.viewers == 1
        slow.close()


async def test_a_connection_that_is_silent_for_too_long_is_cut_and_a_living_one_is_asked(store: Store) -> None:
    async with served(hub_on(store)) as there:
        _silent, living = await there.client(), await there.client()
        await joined(there, 2)
        now = asyncio.get_running_loop().time()
        for _ in range(20):
            there.sockets.fleet.sweep(now + 1)
        assert (await said(living))[0]["k"] == "hello"
        assert await living.frame() == (Op.PING, b"")
        await living.send(masked(Op.PONG))
        heard = [slim for round in there.sockets.fleet._rounds for slim in round]
        await eventually(lambda: len({slim._heard for slim in heard}) == 2)
        for _ in range(20):
            there.sockets.fleet.sweep(min(slim._heard for slim in heard) + SILENCE + 1e-6)
        await joined(there, 1)


@both
async def test_a_server_that_stops_says_goodbye_with_a_moment_to_come_back_at(store: Store, kind: Kind) -> None:
    hub = hub_on(store)
    async with served(hub, kind) as there:
        client = await there.client()
        await joined(there, 1)
        hub.drain()
        code, seen = await client.until_closed()
        assert code == wire.RESTART
        assert json.loads(seen[-1][1]) == wire.bye(wire.RESTART)


async def test_handed_over_viewers_are_told_when_the_server_stops_without_us(store: Store) -> None:
    async with served(hub_on(store)) as there:
        client = await there.client()
        await joined(there, 1)
        there.server.should_exit = True
        assert (await client.until_closed())[0] == wire.RESTART


async def test_a_revoked_seat_stops_listening_at_the_next_tick(store: Store) -> None:
    revoked = dict[Any, int]()

    async def permit(_db: object, seats: Any) -> dict[Any, int]:
        return {seat: code for seat, code in revoked.items() if seat in seats}

    hub = hub_on(store, permit=permit)
    async with served(hub, room=Room("a", "vi", seat="official 3")) as there:
        client = await there.client()
        await joined(there, 1)
        await hub.tick()
        revoked["official 3"] = wire.SIGN_IN
        await hub.tick()
        assert (await client.until_closed())[0] == wire.SIGN_IN
        await joined(there, 0)


async def test_a_viewer_that_leaves_takes_nothing_from_the_others(store: Store) -> None:
    hub = hub_on(store)
    async with served(hub) as there:
        clients = [await there.client() for _ in range(6)]
        await joined(there, 6)
        clients[2].writer.transport.abort()
        clients[4].close()
        for _ in range(3):
            await store.write("a", hub=hub)
        for at in (0, 1, 3, 5):
            assert (await until(clients[at], 3))[-1] == 3
        await joined(there, 4)


@both
async def test_who_comes_while_the_log_cannot_be_read_is_told_to_come_back(store: Store, kind: Kind) -> None:
    async def away() -> None:
        raise ConnectionError("the database is away")

    await store.write("a")
    async with served(hub_on(store), kind) as there:
        store.on_read = away
        code, frames = await (await there.client()).until_closed()
        assert code == wire.RESTART
        assert json.loads(frames[-1][1])["retry_ms"]
        store.on_read = None
        assert (await said(await there.client()))[0]["k"] == "hello"
