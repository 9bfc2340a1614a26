"""A socket that no cookie speaks for says first who it is: soon, shortly, and once."""

import json

import pytest

from live import wire
from live.frames import Op
from live.stream import Room
from tests.live.client import RawClient, closing, masked
from tests.live.kit import Store, eventually, hub_on
from tests.live.served import Kind, served

pytestmark = pytest.mark.anyio
ROOM = Room("a", "vi", "/snapshot.json", holder="p:17")
KINDS: tuple[Kind, ...] = ("ours", "stock")


async def meet(token: str) -> Room | int:
    return ROOM if token == "right" else wire.SIGN_IN


def said(**message: object) -> bytes:
    return masked(Op.TEXT, json.dumps(message).encode())


JOIN = said(k="join", token="right")


async def heard(client: RawClient) -> tuple[list[str], int]:
    """The kinds of what is said until the line is closed, and its code."""
    kinds: list[str] = []
    while (frame := await client.frame()) is not None:
        op, payload = frame
        if op == Op.CLOSE:
            return kinds, int.from_bytes(payload[:2])
        if op == Op.TEXT:
            told = json.loads(payload)
            kinds += [one["k"] for one in (told if isinstance(told, list) else [told])]
    return kinds, 0


@pytest.mark.parametrize("kind", KINDS)
async def test_who_gives_the_right_token_is_greeted_and_hears_what_happens(store: Store, kind: Kind) -> None:
    hub = hub_on(store)
    async with served(hub, kind, meet=meet) as there:
        client = await there.client()
        await client.send(JOIN)
        hello = await client.frame()
        assert hello is not None
        assert json.loads(hello[1])["k"] == "hello"
        await eventually(lambda: hub.size("a") == 1)
        await store.write("a", hub=hub)
        fact = await client.frame()
        assert fact is not None
        assert json.loads(fact[1])["n"] == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_said_before_a_token_was_given_and_too_late_is_too_late(store: Store, kind: Kind) -> None:
    async with served(hub_on(store), kind, meet=meet, within=0.05) as there:
        assert await heard(await there.client()) == (["bye"], wire.SIGN_IN)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (said(k="join", token="wrong"), wire.SIGN_IN),
        (said(k="join"), wire.MALFORMED),
        (said(k="join", token=17), wire.MALFORMED),
        (said(k="join", token=""), wire.MALFORMED),
        (said(k="join", token="x" * 201), wire.MALFORMED),
        (said(k="vote", id=1, on=True, key="k"), wire.MALFORMED),
        (said(k="after", of="room", epoch="e", n=0), wire.MALFORMED),
        (masked(Op.TEXT, b"[]"), wire.MALFORMED),
        (masked(Op.TEXT, b"{"), wire.MALFORMED),
        (masked(Op.BINARY, b"x"), wire.MALFORMED),
    ],
    ids=["wrong", "none", "number", "empty", "long", "vote", "after", "list", "broken", "bytes"],
)
async def test_whatever_else_comes_first_ends_the_line(store: Store, kind: Kind, sent: bytes, code: int) -> None:
    async with served(hub_on(store), kind, meet=meet) as there:
        client = await there.client()
        await client.send(sent)
        assert await heard(client) == (["bye"], code)


@pytest.mark.parametrize(
    "sent",
    [
        masked(Op.TEXT, b"x" * 9000),
        masked(Op.TEXT, b"\xff"),
        masked(Op.TEXT, b"x", mask=False),
        masked(Op.TEXT, b"{", fin=False) + masked(0, b"}"),
        masked(Op.PING, b"x"),
    ],
    ids=["large", "letters", "unmasked", "pieces", "ping"],
)
async def test_broken_frames_end_it_too(store: Store, sent: bytes) -> None:
    async with served(hub_on(store), meet=meet) as there:
        client = await there.client()
        await client.send(sent)
        assert await heard(client) == (["bye"], wire.MALFORMED)


async def test_what_is_said_with_the_token_is_heard_after_it(store: Store) -> None:
    """A page may not wait for the greeting."""
    hub = hub_on(store)
    epoch = await hub.epoch()
    async with served(hub, meet=meet) as there:
        client = await there.client()
        after = said(k="vote", id=1, on=True, key="v")
        await client.send(JOIN + after + said(k="after", of="room", epoch=epoch, n=0))
        told: list[str] = []
        while "no" not in told:
            frame = await client.frame()
            assert frame is not None
            if frame[0] == Op.TEXT:
                found = json.loads(frame[1])
                told += [one["k"] for one in (found if isinstance(found, list) else [found])]
        assert told[0] == "hello"


async def test_a_token_that_comes_in_pieces_is_one(store: Store) -> None:
    async with served(hub_on(store), meet=meet) as there:
        client = await there.client()
        for at in range(0, len(JOIN), 7):
            await client.send(JOIN[at : at + 7])
        frame = await client.frame()
        assert frame is not None
        assert json.loads(frame[1])["k"] == "hello"


@pytest.mark.parametrize("kind", KINDS)
async def test_who_goes_before_saying_anything_leaves_nothing_behind(store: Store, kind: Kind) -> None:
    hub = hub_on(store)
    async with served(hub, kind, meet=meet) as there:
        first, second = await there.client(), await there.client()
        first.close()
        await second.send(closing(1000))
        last = await there.client()
        await last.send(JOIN)
        await eventually(lambda: hub.viewers == 1)


async def test_in_a_room_one_is_known_for_good(store: Store) -> None:
    """A second `join` is no message of a room."""
    async with served(hub_on(store), meet=meet) as there:
        client = await there.client()
        await client.send(JOIN)
        await client.send(JOIN)
        assert await heard(client) == (["hello", "bye"], wire.MALFORMED)
