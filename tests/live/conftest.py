"""A log on SQLite, or on the database that ENGAGE_TEST_DATABASE_URL names; a broker of Redis when
ENGAGE_TEST_REDIS_URL names one or a redis-server is on the path."""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from live import log
from tests.live.kit import Store, TestClock, eventually

TABLES = [SQLModel.metadata.tables[name] for name in ("live_channel", "live_event", "live_epoch")]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def store(tmp_path: Path, clock: TestClock, anyio_backend: str) -> AsyncIterator[Store]:
    url = os.environ.get("ENGAGE_TEST_DATABASE_URL")
    if url is None:
        store = Store(f"sqlite+aiosqlite:///{tmp_path}/live.db", clock)
    else:
        store = Store(url, clock, schema=await _new_schema(url))
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: SQLModel.metadata.create_all(sync, TABLES))
    async with store.transaction() as db:
        await log.new_epoch(db)
    yield store
    # A hub may still be reading when its test is over; a connection given back after the disposal would be closed by nobody.
    await eventually(lambda: store.open_readers == 0)
    if store.schema is not None:
        async with store.engine.begin() as connection:
            await connection.execute(sa.text(f"DROP SCHEMA {store.schema} CASCADE"))
    await store.engine.dispose()


async def _new_schema(url: str) -> str:
    """A schema of its own, so that tests neither see each other nor anything else in that database."""
    schema = f"live_{secrets.token_hex(4)}"
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    await engine.dispose()
    return schema


class RedisServer:
    """A real server on a free port, to be killed, restarted and paused."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self._directory)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def answers(self) -> None:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
        raise AssertionError("redis-server did not start")


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs a redis-server on the path, to kill it")
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
async def redis_url(request: pytest.FixtureRequest) -> str:
    if url := os.environ.get("ENGAGE_TEST_REDIS_URL"):
        return url
    server: RedisServer = request.getfixturevalue("redis_server")
    await server.answers()
    return server.url
