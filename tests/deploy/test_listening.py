"""Listening through nginx is listening: upgraded, unbuffered, and every broken frame ends in the same code as without it."""

import asyncio
import json
import time
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.sync.client import connect

from live import log, wire
from live.frames import Op
from tests.deploy.behind import Behind
from tests.deploy.front import NAME, trusting
from tests.live.client import CASES, Case, RawClient, closing, masked
from tests.processes import outside

pytestmark = pytest.mark.timeout(400)  # processes start slowly on a busy machine
DELIVERY_SECONDS = 3.0
ROOM = "/live/questions/0"


@contextmanager
def listening(behind: Behind, path: str = f"{ROOM}/socket", **options: Any) -> Any:
    options = {"origin": behind.url, "subprotocols": ["engage.live.1"], "compression": None, "proxy": None} | options
    with connect(behind.url.replace("http", "ws", 1) + path, ssl=trusting(), **options) as line:
        yield line


async def raw_line(behind: Behind) -> RawClient:
    return await RawClient.open(NAME, behind.port, f"{ROOM}/socket", [("Origin", behind.url)], ssl=trusting())


def _fact(behind: Behind) -> int:
    """The number of a fact that readers of the list hear of."""

    async def record() -> int:
        async with behind.database() as store, store.transaction() as db:
            log.record(db, "questions", "question.accepted", question=1)
            return (await log.tops(db, ["questions"]))["questions"] + 1

    return outside(record())


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_websocket_is_upgraded_and_facts_arrive(behind: Behind, prefix: str) -> None:
    with listening(behind, f"{prefix}{ROOM}/socket") as line:
        assert json.loads(line.recv(timeout=10))["k"] == "hello"
        number, began = _fact(behind), time.monotonic()
        while True:
            told = json.loads(line.recv(timeout=10))
            if number in {one.get("n") for one in (told if isinstance(told, list) else [told])}:
                break
        assert time.monotonic() - began < DELIVERY_SECONDS


def test_no_line_is_compressed(behind: Behind) -> None:
    with listening(behind, extensions=[ClientPerMessageDeflateFactory()]) as line:
        assert "sec-websocket-extensions" not in line.response.headers


def test_a_page_of_somebody_else_is_turned_away(behind: Behind) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(behind, origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_who_opens_the_socket_as_a_page_is_told_to_upgrade(behind: Behind) -> None:
    assert behind.visitor().get(f"{ROOM}/socket").status_code == 426


def test_server_sent_events_are_not_held_back(behind: Behind) -> None:
    with behind.visitor().stream("GET", f"{ROOM}/stream", headers={"accept-encoding": "gzip"}, timeout=10) as answer:
        assert "content-encoding" not in answer.headers
        lines = answer.iter_lines()
        assert any('"hello"' in line for line in lines)
        number, began = _fact(behind), time.monotonic()
        assert any(f'"n":{number},' in line for line in lines)
        assert time.monotonic() - began < DELIVERY_SECONDS


def test_whatever_a_client_sends_ends_in_the_right_code(behind: Behind) -> None:
    """All at the same time, each on its own line. None differs from the list: after the handshake nginx only passes bytes on."""

    async def all_of_them() -> list[int | None]:
        return await asyncio.gather(*(_code(behind, case) for case in CASES))

    ended = dict(zip([case.name for case in CASES], asyncio.run(all_of_them()), strict=True))
    assert ended == {case.name: _expected(case) for case in CASES}


def _expected(case: Case) -> int:
    """What says nothing wrong is closed by ourselves; what are no words of ours is malformed."""
    if case.code is not None:
        return case.code
    if "binary" in case.name:
        return 1003
    return wire.MALFORMED if case.texts else 1000


async def _code(behind: Behind, case: Case) -> int | None:
    client = await raw_line(behind)
    assert await client.frame() is not None  # the greeting
    await client.send(case.sent)
    if case.code is None and not case.texts and "binary" not in case.name:
        await client.send(closing(1000))
    code, seen = await client.until_closed()
    assert sum(op == Op.PONG for op, _ in seen) == case.pongs, case.name
    client.close()
    return code


def test_who_talks_too_much_is_let_go(behind: Behind) -> None:
    async def talk() -> int | None:
        client = await raw_line(behind)
        ask = json.dumps({"k": "after", "of": "room", "epoch": "x", "n": 0}).encode()
        await client.send(masked(Op.TEXT, ask) * 21)
        code, _ = await client.until_closed()
        client.close()
        return code

    assert asyncio.run(talk()) == wire.TOO_MANY
