import asyncio
import signal
import subprocess
import sys
import threading
import urllib.request

import pytest

from live import wire
from live.shutdown import draining
from tests.live.kit import Store, eventually, hub_on
from tests.live.served import served

PROGRAM = """
import asyncio, socket, sys
from contextlib import asynccontextmanager
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from live.shutdown import draining

ended = asyncio.Event()

@asynccontextmanager
async def lifespan(app):
    with draining(ended.set):
        yield

async def stream(request):
    async def lines():
        yield "hello\\n"
        await ended.wait()
        yield "bye\\n"
    return StreamingResponse(lines())

sock = socket.socket()
sock.bind(("127.0.0.1", 0))
sock.listen()
print(sock.getsockname()[1], flush=True)
config = uvicorn.Config(Starlette(routes=[Route("/", stream)], lifespan=lifespan), log_level="critical")
uvicorn.Server(config).run(sockets=[sock])
"""


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_does_not_wait_for_its_streams(number: signal.Signals) -> None:
    program = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            url = f"http://127.0.0.1:{int(server.stdout.readline())}/"
            with urllib.request.urlopen(url, timeout=10) as response:
                assert response.readline() == b"hello\n"
                server.send_signal(number)
                assert response.readline() == b"bye\n"
            # Anything but patience running out: how it ends by itself is the server's business.
            assert server.wait(10) is not None
        finally:
            server.kill()


def test_the_handler_that_was_there_is_called_and_comes_back() -> None:
    called: list[str] = []

    async def live() -> None:
        with draining(lambda: called.append("drain")):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)

    before = signal.signal(signal.SIGTERM, lambda *_: called.append("server"))
    try:
        asyncio.run(live())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert called == ["server", "drain", "server"]


def test_outside_the_main_thread_it_does_nothing() -> None:
    async def live() -> None:
        with draining(lambda: None):
            pass

    before = signal.getsignal(signal.SIGTERM)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failures == []
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.anyio
async def test_one_that_has_just_gone_keeps_nobody_from_the_goodbye(store: Store) -> None:
    hub = hub_on(store)
    async with served(hub) as there:
        gone, stays = await there.client(), await there.client()
        await eventually(lambda: hub.viewers == 2)
        gone.writer.transport.abort()
        await asyncio.sleep(0)  # closed, and the server has not seen it yet
        hub.drain()
        assert (await stays.until_closed())[0] == wire.RESTART
