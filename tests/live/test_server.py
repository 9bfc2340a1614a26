"""What the HTTP door refuses before a request is whole, and the internals of uvicorn we lean on."""

import asyncio

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from live import server, wire
from live.server import HANDOVER, HEAD_BYTES, HEAD_FIELDS
from live.socket import goodbye
from tests.live.kit import Store, eventually, hub_on
from tests.live.served import PROTOCOLS, Server, served

pytestmark = pytest.mark.anyio
UPGRADE = (
    ("Host", "test"),
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Version", "13"),
)


def head(*fields: tuple[str, str], line: str = "GET /socket HTTP/1.1") -> bytes:
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in fields), "", ""]).encode()


async def answer(port: int, *pieces: bytes) -> str:
    """The first line that comes back; empty when the line ends without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(5):
            return (await reader.readline()).decode().strip()
    except ConnectionError:
        return ""
    finally:
        writer.close()


REFUSED = {
    "a head over 16 KB": (head(("Host", "x"), ("Long", "y" * HEAD_BYTES)), "431"),
    "an upgrade with a head over 16 KB": (head(*UPGRADE, ("Long", "y" * HEAD_BYTES)), "431"),
    "an upgrade with a line over 8 KB": (head(*UPGRADE, ("Long", "y" * 9000)), "431"),
    "more than 64 fields": (head(*((f"X-{at}", "y") for at in range(HEAD_FIELDS + 1))), "431"),
    "a head that never ends": (b"GET / HTTP/1.1\r\nX: " + b"y" * (HEAD_BYTES + 1), "431"),
    "a path that never ends": (b"GET /" + b"y" * (HEAD_BYTES + 1), "431"),
    "something else than HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "400"),
    "an upgrade by POST": (head(*UPGRADE, line="POST /socket HTTP/1.1"), "400"),
    "an upgrade by HTTP/1.0": (head(*UPGRADE, line="GET /socket HTTP/1.0"), "400"),
    "an upgrade with a body": (head(*UPGRADE, ("Content-Length", "3")) + b"abc", "400"),
    "an upgrade in chunks": (head(*UPGRADE, ("Transfer-Encoding", "chunked")), "400"),
    "bytes after the upgrade": (head(*UPGRADE) + b"\x81\x80\x00\x00\x00\x00", "400"),
    "two hosts": (head(*UPGRADE, ("Host", "other")), "400"),
    "two origins": (head(*UPGRADE, ("Origin", "http://a"), ("Origin", "http://b")), "400"),
    "two keys": (head(*UPGRADE, ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")), "400"),
    "two versions": (head(*UPGRADE, ("Sec-WebSocket-Version", "13")), "400"),
    "a key that is none": (head(*UPGRADE[:3], ("Sec-WebSocket-Key", "short"), UPGRADE[4]), "400"),
    "an old version": (head(*UPGRADE[:4], ("Sec-WebSocket-Version", "8")), "400"),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("pieces", [1, 7])
async def test_a_broken_handshake_is_refused(
    store: Store, what: str, pieces: int, caplog: pytest.LogCaptureFixture
) -> None:
    sent, status = REFUSED[what]
    step = -(-len(sent) // pieces)
    async with served(hub_on(store)) as there:
        line = await answer(there.port, *(sent[at : at + step] for at in range(0, len(sent), step)))
        assert line.startswith(f"HTTP/1.1 {status} ") or (pieces > 1 and not line)
        await eventually(lambda: not there.server.server_state.connections)
    assert "Traceback" not in caplog.text


async def test_a_whole_handshake_passes_the_same_door(store: Store) -> None:
    async with served(hub_on(store)) as there:
        assert await answer(there.port, head(*UPGRADE)) == "HTTP/1.1 101 Switching Protocols"


async def test_a_head_that_comes_too_slowly_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.05)
    async with served(hub_on(store)) as there:
        assert await answer(there.port, b"GET /socket HT") == "HTTP/1.1 408 Request Timeout"
        assert await answer(there.port) == "HTTP/1.1 408 Request Timeout"


async def test_a_second_request_on_the_same_line_is_answered(store: Store) -> None:
    async with served(hub_on(store)) as there:
        reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
        for _ in range(3):
            writer.write(head(("Host", "x"), line="GET /nothing HTTP/1.1"))
            got = await reader.readuntil(b"\r\n\r\n")
            assert got.startswith(b"HTTP/1.1 404")
            await reader.readexactly(len(b"Not Found"))
        writer.close()


async def test_who_goes_before_the_door_is_open_is_no_mistake_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    is_over = asyncio.Event()

    async def door(socket: WebSocket) -> None:
        socket.scope["extensions"][HANDOVER].__self__.transport.abort()
        try:
            await socket.accept()
            await goodbye(socket, wire.RESTART)
        finally:
            is_over.set()

    app = Starlette(routes=[WebSocketRoute("/socket", door)])
    async with Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", **PROTOCOLS["ours"])) as url:
        assert await answer(int(url.rpartition(":")[2]), head(*UPGRADE)) == ""
        await asyncio.wait_for(is_over.wait(), 5)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_uvicorn_is_the_one_whose_internals_we_know() -> None:
    assert uvicorn.__version__ == "0.54.0", "read its protocols again, then change this line"
    for name in ("handle_connect", "run_asgi", "stop_keepalive", "data_received", "connection_lost"):
        assert callable(getattr(WebSocketsSansIOProtocol, name))
    for name in ("on_message_begin", "on_headers_complete", "handle_websocket_upgrade", "_should_upgrade"):
        assert callable(getattr(HttpToolsProtocol, name))
