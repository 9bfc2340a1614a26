"""Three ways to follow a room, byte by byte: each brings the messages as they came, until the line ends.

They repair nothing. Two messages are their own: "closed", with the code of a websocket's last frame, and "refused", with a status.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from live.frames import Op
from tests.benchmarks.load import Answer, Gone, Wire
from tests.live.client import RawClient, masked
from tests.processes import HOST

POLL_SECONDS = 0.25
SILENCE = 25.0  # seconds: a line that says nothing for so long is given up
BROKEN = (OSError, asyncio.IncompleteReadError, TimeoutError, Gone)


@dataclass(frozen=True, slots=True)
class Address:
    """A room's door: where, and as whom."""

    port: int
    path: str  # such as /live/questions/0
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, rest: str, **more: str) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in {**self.headers, **more}.items())
        return f"GET {self.path}/{rest} HTTP/1.1\r\nhost: {HOST}:{self.port}\r\n{lines}\r\n".encode()


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a reader stands in a room; nothing for one who begins now."""

    epoch: str
    number: int

    @property
    def query(self) -> str:
        return f"?epoch={self.epoch}&after={self.number}"


async def socket(there: Address, stand: Stand | None) -> AsyncIterator[str]:
    path = f"{there.path}/socket{stand.query if stand else ''}"
    headers = {"origin": f"http://{HOST}:{there.port}", **there.headers}
    client = await RawClient.open(HOST, there.port, path, list(headers.items()))
    try:
        while (frame := await client.frame(SILENCE)) is not None:
            op, payload = frame
            if op == Op.PING:
                await client.send(masked(Op.PONG, payload))
            elif op == Op.CLOSE:
                yield _said("closed", code=int.from_bytes(payload[:2]))
                return
            elif op == Op.TEXT:
                yield payload.decode()
    finally:
        client.close()


async def stream(there: Address, stand: Stand | None) -> AsyncIterator[str]:
    """As a browser's EventSource: it repeats the old address, and only its header knows how far it got."""
    last = {"last-event-id": f"{stand.epoch}:{stand.number}:0"} if stand else {}
    reader, writer = await asyncio.open_connection(HOST, there.port)
    try:
        writer.write(there.request("stream", connection="close", **last))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:13]:
            yield _said("refused", status=int(head[9:12]))
            return
        while line := await _line(reader):
            if line.startswith(b"data: "):
                yield line[6:].decode().rstrip("\n")
    finally:
        writer.close()


async def polls(there: Address, stand: Stand | None) -> AsyncIterator[str]:
    """As whoever cannot keep a connection: an answer becomes the messages that a socket would have brought."""
    epoch, tag = "", ""
    while True:
        answer = await _ask(there, there.request(f"events{stand.query if stand else ''}", **{"if-none-match": tag}))
        if answer.status not in (200, 304):
            yield _said("refused", status=answer.status)
            return
        if answer.status == 200:
            tag, page = answer.header("etag"), json.loads(answer.body)
            if page["epoch"] != epoch:
                epoch = page["epoch"]
                yield _said("hello", epoch=epoch, top=page.get("top", page.get("n")), me=0)
            if page.get("k") == "snap":
                yield answer.body.decode()
            for fact in page.get("facts", ()):
                yield json.dumps(fact, ensure_ascii=False)
            at = page["n"] if "n" in page else page["facts"][-1]["n"] if page["facts"] else stand and stand.number
            stand = Stand(epoch, page["top"] if at is None else at)
        await asyncio.sleep(POLL_SECONDS)


async def _ask(there: Address, request: bytes) -> Answer:
    wire = await Wire.to(there.port)
    try:
        async with asyncio.timeout(SILENCE):  # not wait_for: before Python 3.12 it may swallow a cancellation
            return await wire.ask(request)
    finally:
        wire.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(SILENCE):
        return await reader.readline()


def _said(kind: str, **rest: object) -> str:
    return json.dumps({"k": kind, **rest})
