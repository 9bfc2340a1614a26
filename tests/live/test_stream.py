import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from live import wire
from live.hub import Hub
from live.passages import FAR
from live.stream import Room, _retry, events, stream, turned_away
from live.viewers import Queued
from tests.live.kit import Show, Store, eventually, hub_on
from tests.live.served import Server

pytestmark = pytest.mark.anyio

ROOM = Room("question:1", "vi", "/vi/questions/1")


def app_of(hub: Hub, every: float = 20.0, backlog: int = 256) -> Starlette:
    async def events_door(request: Request) -> Response:
        return await events(request, hub, ROOM)

    async def stream_door(request: Request) -> Response:
        return await stream(request, hub, ROOM, every=every, stalled=0.5, backlog=backlog)

    return Starlette(routes=[Route("/events", events_door), Route("/stream", stream_door)])


@asynccontextmanager
async def served(hub: Hub, every: float = 20.0, backlog: int = 256) -> AsyncIterator[httpx2.AsyncClient]:
    config = uvicorn.Config(app_of(hub, every, backlog), port=0, log_config=None, timeout_graceful_shutdown=5)
    server = Server(config)
    async with server as url, httpx2.AsyncClient(base_url=url) as client:
        yield client
        hub.drain()


async def read_events(response: httpx2.Response, enough: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """Server-sent events as a browser would cut them, until one is enough or the stream ends."""
    seen: list[dict[str, str]] = []
    one: dict[str, str] = {}
    async with asyncio.timeout(8):
        async for line in response.aiter_lines():
            if line:
                name, _, value = line.partition(":")
                one[name] = value.strip()
                continue
            seen.append(one)
            if enough(one):
                break
            one = {}
    return seen


def reaches(number: int) -> Callable[[dict[str, str]], bool]:
    return lambda one: json.loads(one.get("data", "{}")).get("n") == number


def said(seen: list[dict[str, str]]) -> list[tuple[str, Any]]:
    messages = [json.loads(one["data"]) for one in seen]
    return [(message["k"], message.get("n")) for message in messages]


@pytest.fixture
def client_of() -> Callable[[Hub], httpx2.AsyncClient]:
    """For the JSON door no server is needed."""

    def client(hub: Hub) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app_of(hub)), base_url="http://test")

    return client


ClientOf = Callable[[Hub], httpx2.AsyncClient]


async def test_json_without_a_position_says_where_the_channel_stands(store: Store, client_of: ClientOf) -> None:
    await store.write(*["question:1"] * 3)
    hub = hub_on(store)
    async with client_of(hub) as client:
        answer = await client.get("/events")
    assert answer.json() == {"epoch": await hub.epoch(), "top": 3, "facts": []}
    assert answer.headers["content-type"] == "application/json"


async def test_json_gives_what_follows_a_position_page_by_page(store: Store, client_of: ClientOf) -> None:
    await store.write(*["question:1"] * 5)
    hub = hub_on(store)
    epoch = await hub.epoch()
    after, got = 1, []
    async with client_of(hub) as client:
        while after < 5:
            page = (await client.get(f"/events?epoch={epoch}&after={after}&limit=2")).json()
            assert page["top"] == 5
            got += [fact["n"] for fact in page["facts"]]
            after = got[-1]
    assert got == [2, 3, 4, 5]


async def test_an_unchanged_page_is_a_304_that_must_be_asked_for_each_time(store: Store, client_of: ClientOf) -> None:
    await store.write("question:1")
    show = Show()
    hub = hub_on(store, show=show)
    async with client_of(hub) as client:
        first = await client.get("/events?after=0")
        tag = first.headers["etag"]
        again = await client.get("/events?after=0", headers={"if-none-match": f'"x", W/{tag}'})
        show.removed.add(1)
        taken_down = await client.get("/events?after=0", headers={"if-none-match": tag})
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (taken_down.status_code, taken_down.json()["facts"][0]["type"]) == (200, "removed")


async def test_polling_at_the_newest_position_asks_the_database_nothing(store: Store, client_of: ClientOf) -> None:
    await store.write("question:1")
    hub = hub_on(store)
    async with client_of(hub) as client:
        first = await client.get("/events?after=1")
        reads = store.reads
        again = await client.get("/events?after=1", headers={"if-none-match": first.headers["etag"]})
        await store.write("question:1", hub=hub)
        fresh = await client.get("/events?after=1")
    assert again.status_code == 304
    assert [fact["n"] for fact in fresh.json()["facts"]] == [2]
    assert store.reads == reads + 1


async def test_json_sends_who_is_too_far_behind_or_of_another_epoch_to_the_snapshot(
    store: Store, client_of: ClientOf
) -> None:
    await store.write(*["question:1"] * (FAR + 1))
    hub = hub_on(store)
    snap = {"k": "snap", "epoch": await hub.epoch(), "n": FAR + 1, "url": "/vi/questions/1"}
    async with client_of(hub) as client:
        for query in ("after=0", f"after={FAR + 1}&epoch=another", f"after={FAR + 2}"):
            assert (await client.get(f"/events?{query}")).json() == snap


NONSENSE = ["after=-1", "after=x", "after=1.0", "after=%D9%A1", "after=1%00", f"after={'9' * 19}"]
NONSENSE += ["epoch=%0A", f"epoch={'e' * 41}"]


@pytest.mark.parametrize(
    ("door", "query"),
    [(door, query) for door in ("events", "stream") for query in NONSENSE] + [("events", "limit=x")],
)
async def test_nonsense_is_refused_in_words(store: Store, client_of: ClientOf, door: str, query: str) -> None:
    async with client_of(hub_on(store)) as client:
        answer = await client.get(f"/{door}?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"] == "malformed"
    assert "không đúng" in answer.json()["words"]


@pytest.mark.parametrize("limit", ["0", "1", "999999999", ""])
async def test_any_number_is_a_limit_within_bounds(store: Store, client_of: ClientOf, limit: str) -> None:
    await store.write(*["question:1"] * 3)
    async with client_of(hub_on(store)) as client:
        facts = (await client.get(f"/events?after=0&limit={limit}")).json()["facts"]
    assert len(facts) == (1 if limit == "1" else 3)


async def test_a_stream_says_hello_then_what_was_missed_then_what_happens(store: Store) -> None:
    await store.write(*["question:1"] * 3)
    hub = hub_on(store)
    epoch = await hub.epoch()
    async with served(hub) as client, client.stream("GET", f"/stream?epoch={epoch}&after=1") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        writing = asyncio.create_task(store.write("question:1", hub=hub))
        seen = await read_events(response, reaches(4))
        await writing
    assert said(seen) == [("hello", None), ("fact", 2), ("fact", 3), ("fact", 4)]
    hello = json.loads(seen[0]["data"])
    assert (hello["epoch"], hello["top"], hello["me"], hello["every"]) == (epoch, 3, 0, 20.0)
    # The hello carries where the reader stands: losing the line right after it loses nothing.
    assert [one["id"] for one in seen] == [f"{epoch}:{number}:0" for number in (1, 2, 3, 4)]
    assert 2000 <= int(seen[0]["retry"]) < 9000


async def test_a_browser_that_reconnects_by_itself_continues_where_it_was(store: Store) -> None:
    await store.write(*["question:1"] * 5)
    hub = hub_on(store)
    headers = {"last-event-id": f"{await hub.epoch()}:3:0"}
    async with served(hub) as client, client.stream("GET", "/stream?after=0", headers=headers) as response:
        seen = await read_events(response, reaches(5))
    assert said(seen) == [("hello", None), ("fact", 4), ("fact", 5)]


async def test_a_stream_of_another_epoch_begins_with_the_snapshot(store: Store) -> None:
    await store.write(*["question:1"] * 5)
    hub = hub_on(store)
    async with served(hub) as client, client.stream("GET", "/stream?epoch=old&after=2") as response:
        seen = await read_events(response, reaches(5))
    assert said(seen) == [("hello", None), ("snap", 5)]
    assert json.loads(seen[1]["data"])["url"] == "/vi/questions/1"
    assert seen[1]["id"] == f"{await hub.epoch()}:5:0"


@pytest.mark.parametrize("last", ["x", "a:b:0", "a:1", "a:1:0:0"])
async def test_a_forged_last_event_id_is_refused(store: Store, client_of: ClientOf, last: str) -> None:
    async with client_of(hub_on(store)) as client:
        assert (await client.get("/stream", headers={"last-event-id": last})).status_code == 400


async def test_a_silent_stream_beats(store: Store) -> None:
    hub = hub_on(store)
    async with served(hub, every=0.02) as client, client.stream("GET", "/stream") as response:
        seen = await read_events(response, lambda one: "" in one)
    assert seen[-1] == {"": ""}


async def test_who_closes_the_page_leaves_the_hub(store: Store) -> None:
    hub = hub_on(store)
    async with served(hub) as client:
        async with client.stream("GET", "/stream") as response:
            await read_events(response, lambda one: "data" in one)
            assert hub.size("question:1") == 1
        await eventually(lambda: not hub.size("question:1"))


async def test_a_reader_that_stops_reading_is_let_go(store: Store) -> None:
    class Heavy(Show):
        async def __call__(self, db: Any, events: Any, language: str) -> list[dict[str, Any]]:
            return [{"type": one.type, "html": "x" * 400_000} for one in events]

    hub = hub_on(store, show=Heavy())
    async with served(hub, backlog=4) as client, client.stream("GET", "/stream"):
        async with asyncio.timeout(8):
            while hub.size("question:1"):
                await store.write("question:1", hub=hub)


async def test_a_connection_that_takes_nothing_is_not_waited_for(store: Store) -> None:
    hub = hub_on(store)
    scope = {"type": "http", "method": "GET", "path": "/stream", "headers": [], "query_string": b""}

    async def takes_nothing(message: object) -> None:
        await asyncio.Event().wait()

    async def says_nothing() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    async with asyncio.timeout(5):
        await app_of(hub)(scope, says_nothing, takes_nothing)
    assert not hub.size("question:1")


async def test_at_shutdown_a_stream_says_goodbye_and_ends_at_once(store: Store) -> None:
    hub = hub_on(store)
    async with served(hub) as client, client.stream("GET", "/stream") as response:
        asyncio.get_running_loop().call_later(0.1, hub.drain)
        seen = await read_events(response, lambda one: False)
    assert json.loads(seen[-1]["data"]) == wire.bye(wire.RESTART)
    assert "id" not in seen[-1]


async def test_asking_only_for_the_head_of_a_stream_opens_none(store: Store, client_of: ClientOf) -> None:
    hub = hub_on(store)
    async with client_of(hub) as client:
        answer = await client.head("/stream")
    assert answer.status_code == 200
    assert not [*hub._channels]


def _returning(serial: int) -> Queued:
    viewer = Queued("vi")
    viewer.serial = serial
    return viewer


def test_the_readers_of_a_restarted_server_are_spread_over_the_whole_span() -> None:
    moments = sorted(_retry(_returning(serial)) for serial in range(700))
    assert 2000 <= moments[0] < 2100
    assert 8900 < moments[-1] < 9000
    assert max(later - earlier for earlier, later in itertools.pairwise(moments)) < 50


def test_who_finds_no_room_is_told_so_in_the_stream_and_when_to_come_back() -> None:
    answer = turned_away(wire.TOO_MANY)
    assert answer.media_type == "text/event-stream"
    retry, data, *_ = bytes(answer.body).decode().splitlines()
    assert retry == "retry: 9000"
    assert json.loads(data.removeprefix("data: ")) == wire.bye(wire.TOO_MANY)
