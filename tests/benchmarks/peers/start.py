"""Starting the peers, each as it is served at its best: one process, websockets without compression, nothing logged."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from tests import services
from tests.benchmarks import cpu
from tests.benchmarks.crowd import Crowd, Manner
from tests.benchmarks.peers import engine, installed
from tests.live.client import masked
from tests.processes import HOST, eventually, free_port
from tests.site import CHECKOUT, Site

FOLDER = Path(__file__).parent
TEXT = json.dumps({"k": "fact", "words": "x" * 274}, separators=(",", ":")).encode()
MARK = b'"k":"fact"'
KEPT_SECONDS = 2.0  # servers end a connection that rests
HELLO = b'"k":"hello"'
UVICORN = ("--no-access-log", "--no-server-header", "--log-level", "warning", "--ws-per-message-deflate", "false")
Act = Callable[[], None]


class Trigger:
    """One connection to a server's own door, on which events are ordered."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: socket.socket | None = None
        self._used = 0.0

    def post(self, path: str, body: bytes) -> None:
        if self._line is None or time.monotonic() - self._used > KEPT_SECONDS:
            self._line = socket.create_connection((HOST, self._port), timeout=120)
        head = (
            f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._line.sendall(head.encode() + body)
        answer = self._line.recv(65_536)
        assert answer[9:10] == b"2", answer
        self._used = time.monotonic()


@dataclass(slots=True)
class Peer:
    """A server under measurement, and the crowd that follows it. `publish` makes one event happen."""

    name: str
    about: str
    port: int
    pid: int
    manner: Manner
    publish: Act
    collect: Act | None = None  # its garbage, where it can be told to
    site: Site | None = None  # where it is the whole program
    most: int = 20_000  # viewers that it lets in
    crowd: Crowd = field(default_factory=Crowd)
    viewers: int = 0
    events: int = 0
    heard: int = 0  # by all of them together

    def grow(self, viewers: int) -> None:
        if viewers > self.viewers:
            self.crowd.join(self.port, viewers - self.viewers, self.manner)
            self.viewers = viewers

    @property
    def spent(self) -> float:
        return cpu.spent(self.pid)


class Log:
    """The engine's log, written from outside: a few lines of SQL, so that the writer costs next to nothing."""

    def __init__(self, path: Path) -> None:
        tables = [SQLModel.metadata.tables[name] for name in ("live_channel", "live_event", "live_epoch")]
        SQLModel.metadata.create_all(sa.create_engine(f"sqlite:///{path}"), tables=tables)
        self._base = sqlite3.connect(path, isolation_level=None)
        for line in ("pragma journal_mode=wal", "pragma synchronous=off", "insert into live_epoch values (1, 'e1')"):
            self._base.execute(line)
        self._base.execute("insert into live_channel values (?, 0)", (engine.CHANNEL,))
        self._number = 0

    def add(self) -> int:
        self._number += 1
        at, ids = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), json.dumps({"sent": time.monotonic_ns() // 1_000})
        self._base.execute("begin immediate")
        self._base.execute("update live_channel set top = ?", (self._number,))
        row = (engine.CHANNEL, self._number, "answer.given", ids, at)
        self._base.execute("insert into live_event (channel, number, type, ids, at) values (?, ?, ?, ?, ?)", row)
        self._base.execute("commit")
        return self._number


@contextmanager
def our_engine(folder: Path, *, alone: bool) -> Iterator[Peer]:
    """`alone`: each event leaves in a frame of its own, as it does everywhere else."""
    path = folder / f"engine-{alone}.sqlite3"
    log, port = Log(path), free_port()
    command = [sys.executable, "-m", "tests.benchmarks.peers.engine", str(port), str(path)] + ["alone"] * alone
    with _process(command, port) as pid:
        trigger = Trigger(port)

        def publish() -> None:
            trigger.post("/publish", b"%d" % log.add())

        manner, collect = Manner("/room", MARK, HELLO), partial(trigger.post, "/collect", b"")
        yield Peer("engine", "live/ on SQLite", port, pid, manner, publish, collect)


@contextmanager
def starlette_loop(_folder: Path) -> Iterator[Peer]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.peers.loop:app", "--port", str(port), *UVICORN]
    with _process(command, port) as pid:
        yield Peer("starlette", "a loop", port, pid, Manner("/room", MARK, HELLO), _posting(port))


@contextmanager
def socket_io(folder: Path) -> Iterator[Peer]:
    about, port = installed.socket_io(folder / "node"), free_port()
    manner = Manner("/socket.io/?EIO=4&transport=websocket", MARK, b"40{", first=masked(1, b"40"))
    with _process(["node", str(FOLDER / "room.mjs"), str(port), str(folder / "node")], port) as pid:
        # Its own envelope, 42["fact",…], is part of the 300 bytes.
        yield Peer("socket.io", about, port, pid, manner, _posting(port, TEXT.replace(b"x" * 11, b"", 1)))


@contextmanager
def channels(folder: Path) -> Iterator[Peer]:
    about, port = installed.channels(folder / "channels"), free_port()
    command = [str(folder / "channels" / "bin" / "python"), "-m", "uvicorn", "groups:app", "--app-dir", str(FOLDER)]
    with services.redis() as redis:
        environment = {"REDIS_URL": redis.url}
        with _process([*command, "--port", str(port), "--lifespan", "off", *UVICORN], port, environment) as pid:
            yield Peer("channels", about, port, pid, Manner("/room", MARK, HELLO), _posting(port))


NGINX = """
load_module {module};
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
worker_rlimit_nofile 20000;
events {{ worker_connections 20000; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; client_body_in_single_buffer on; keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = /publish {{ nchan_publisher; nchan_channel_id room; nchan_message_buffer_length 10; }}
    location = /room {{ nchan_subscriber websocket; nchan_channel_id room; nchan_subscriber_first_message newest; }}
  }}
}}
"""


@contextmanager
def nchan(folder: Path) -> Iterator[Peer]:
    (module, about), port = installed.nchan(), free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(module=module, folder=folder, port=port))
    with _process(["nginx", "-c", str(configuration), "-e", str(folder / "start.log")], port) as pid:
        yield Peer("nchan", about, port, pid, Manner("/room", MARK), _posting(port))


def _posting(port: int, text: bytes = TEXT) -> Act:
    trigger = Trigger(port)
    return lambda: trigger.post("/publish", text)


@contextmanager
def _process(command: list[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **(environment or {})}, process_group=0)

    def answers() -> bool:
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
        try:
            socket.create_connection((HOST, port), timeout=5).close()
        except OSError:
            return False
        return True

    try:
        eventually(answers, 30, lambda: f"{command} does not listen")
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
