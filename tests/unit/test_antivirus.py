from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import ByteStream
from anyio.streams.buffered import BufferedByteReceiveStream

from engage.antivirus import CHUNK, Scan, scan

pytestmark = pytest.mark.anyio
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"


class Clamd:
    """Speaks the one command; finds EICAR. `mood`: what is wrong with it."""

    def __init__(self, mood: str = "") -> None:
        self.mood = mood
        self.got = b""

    async def talk(self, stream: ByteStream) -> None:
        async with stream:
            reader = BufferedByteReceiveStream(stream)
            assert await reader.receive_exactly(10) == b"zINSTREAM\0"
            while size := int.from_bytes(await reader.receive_exactly(4), "big"):
                assert size <= CHUNK
                self.got += await reader.receive_exactly(size)
            if self.mood == "slow":
                await anyio.sleep(30)
            if self.mood == "hangs up":
                return
            said = {"full": "INSTREAM size limit exceeded. ERROR"}.get(self.mood)
            await stream.send(f"{said or ('stream: ' + self.found)}\0".encode())

    @property
    def found(self) -> str:
        return "Eicar-Test FOUND" if EICAR in self.got else "OK"


@asynccontextmanager
async def listening(clamd: Clamd, folder: Path | None = None) -> AsyncIterator[str]:
    if folder:
        address = str(folder / "clamd.sock")
        listener = await anyio.create_unix_listener(address)
    else:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        address = f"127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}"
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, clamd.talk)
        yield address
        tasks.cancel_scope.cancel()


async def test_a_clean_file_passes_whole() -> None:
    clamd, content = Clamd(), bytes(range(256)) * 1_000
    async with listening(clamd) as address:
        assert await scan(address, content) is Scan.CLEAN
    assert clamd.got == content


async def test_a_virus_is_found() -> None:
    async with listening(Clamd()) as address:
        assert await scan(address, b"xx" + EICAR) is Scan.INFECTED


async def test_a_socket_of_this_machine_will_do(tmp_path: Path) -> None:
    async with listening(Clamd(), tmp_path) as address:
        assert await scan(address, EICAR) is Scan.INFECTED


@pytest.mark.parametrize("mood", ["slow", "hangs up", "full"])
async def test_without_a_clear_answer_the_file_waits(mood: str) -> None:
    async with listening(Clamd(mood)) as address:
        assert await scan(address, b"x", patience=0.2) is Scan.WAITING


async def test_when_nobody_listens_the_file_waits(tmp_path: Path) -> None:
    assert await scan("127.0.0.1:1", b"x") is Scan.WAITING
    assert await scan(str(tmp_path / "none"), b"x") is Scan.WAITING


async def test_without_a_scanner_there_is_nobody_to_ask() -> None:
    assert await scan("", b"x") is Scan.CLEAN
