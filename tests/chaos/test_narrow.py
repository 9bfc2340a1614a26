"""Too little of something: readers who do not read, a disk that takes nothing more, a database older than its readers."""

import asyncio
import resource
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engage.db import Store
from live import log
from tests.chaos.crowd import Crowd, Stage, facts_flow, rewound
from tests.chaos.scene import People, Scene, happening, nothing_is_lost_or_doubled
from tests.chaos.stage import QUESTIONS, followed
from tests.processes import HOST, family
from tests.services import ask_postgres
from tests.site import Site

pytestmark = pytest.mark.timeout(300)  # a busy machine takes its time to start a process
FULL_BYTES = 384 * 1024  # of each file: more than its log takes meanwhile, less than what is written
FULL_SECONDS = 1.5
FLOOD, AT_ONCE = 6_000, 100  # facts: more than the kernel and the server keep for one reader
GROWTH_BYTES = 40 * 1024 * 1024
FULL = (
    "create function full_disk() returns trigger language plpgsql as "
    "$$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$",
    "create trigger full_disk before insert on live_event execute function full_disk()",
)
ROOM_AGAIN = ("drop trigger full_disk on live_event", "drop function full_disk")


def test_a_viewer_that_never_reads_is_let_go_and_slows_nobody(scene: Scene, stage: Stage, seed: int) -> None:
    rooms = replace(stage, public=[QUESTIONS], private=(), fleeting=())
    before = _memory(scene.site)

    async def live() -> None:
        async with followed(scene, rooms, seed, "viewers that never read", size=12) as crowd:
            await facts_flow(crowd, asyncio.sleep(0), FLOOD, at_once=AT_ONCE, pause=0.05)

    # What waits for a stream is the kernel's, some megabytes; only a websocket's is kept small enough to be noticed here.
    with _never_reading(scene.site, "socket") as stuck, _never_reading(scene.site, "stream"):
        asyncio.run(live())
        scene.site.wait(lambda: _is_cut(stuck), 15)
    assert _memory(scene.site) - before < GROWTH_BYTES


def test_a_full_disk_loses_nothing_that_was_acknowledged(
    short_log: None, scene: Scene, stage: Stage, seed: int
) -> None:
    people = People(scene.site.port)

    async def full() -> None:
        await asyncio.sleep(0.5)
        with ExitStack() as disk:
            # Never in this loop: on PostgreSQL the trigger waits for transactions that are open here.
            await happening(disk.enter_context, _full(scene.site))
            await asyncio.sleep(FULL_SECONDS)
            await happening(disk.close)
        await asyncio.sleep(0.5)
        people.is_over = True

    async def ask() -> None:
        while not people.is_over:
            await people.ask_once()

    async def live() -> None:
        async with followed(scene, stage, seed, "disk full") as crowd:
            await facts_flow(crowd, asyncio.gather(full(), ask(), ask()))
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())
    assert set(people.statuses) == {303, 503}, people.statuses
    nothing_is_lost_or_doubled(scene.site, people)


def test_a_restored_backup_sends_connected_readers_to_a_fresh_start(scene: Scene, stage: Stage, seed: int) -> None:
    site, rooms = scene.site, replace(stage, fleeting=())

    async def live() -> None:
        async with followed(scene, rooms, seed, "a backup restored") as crowd:
            await facts_flow(crowd, asyncio.sleep(0.3), 40)
            tops = await crowd.tops()
            if site.kind == "sqlite":
                await happening(_copied, _file(site), site.folder / "backup")
            await facts_flow(crowd, asyncio.sleep(0.3), 80)
            if site.kind == "sqlite":
                await _put_back(crowd, site)
            else:
                crowd.epochs.append(await rewound(crowd.store, tops))
            await facts_flow(crowd, asyncio.sleep(0.7), 140)
        assert crowd.snaps, "nobody was sent to the snapshot"

    asyncio.run(live())


@pytest.fixture
def short_log(hurt: Scene) -> None:
    """What a process may write counts for its log too."""
    for name in hurt.site.processes:
        with hurt.site.log_file(name).open("r+b") as file:
            file.truncate(0)


@contextmanager
def _full(site: Site) -> Iterator[None]:
    """On SQLite no file of the server may grow beyond a size; on PostgreSQL the log's table says what a full disk says."""
    if site.kind == "postgres":
        url = site.database_url
        for sql in FULL:
            ask_postgres(url, sql)
        try:
            yield
        finally:
            for sql in ROOM_AGAIN:
                ask_postgres(url, sql)
        return
    pids = family(site.processes["serve"].pid)
    limits = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, limits, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, hard))
    try:
        yield
    finally:
        for pid, limit in zip(pids, limits, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def _copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)


async def _put_back(crowd: Crowd, site: Site) -> None:
    """The server ends, finds the older file, and another life of the log begins."""
    file = _file(site)
    await happening(site.kill, "serve")
    await crowd.store.engine.dispose()
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    (site.folder / "backup").replace(file)
    store = Store(site.database_url, pool_size=1)
    async with store.transaction() as db:
        crowd.epochs.append(await log.new_epoch(db))
    await store.close()
    site.start_process("serve")
    await happening(site.ready)


def _file(site: Site) -> Path:
    return Path(site.database_url.removeprefix("sqlite+aiosqlite:///"))


@contextmanager
def _never_reading(site: Site, door: str) -> Iterator[socket.socket]:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect((HOST, site.port))
        upgrade = (
            "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"sec-websocket-version: 13\r\norigin: {site.url}\r\n"
        )
        head = f"GET /live/questions/0/{door} HTTP/1.1\r\nhost: {HOST}:{site.port}\r\n"
        line.sendall(f"{head}{upgrade if door == 'socket' else ''}\r\n".encode())
        yield line


def _is_cut(line: socket.socket) -> bool:
    """Read at last: what waited comes, and then the end of the line."""
    line.settimeout(1)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True


def _memory(site: Site) -> int:
    """Bytes that the server's processes hold."""
    pages = [Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in family(site.processes["serve"].pid)]
    return sum(map(int, pages)) * resource.getpagesize()
