"""One running service as its users meet it: real processes, a real database, addresses, logs and a mail folder."""

import email
import email.policy
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx2
import sqlalchemy as sa

import engage.tables  # noqa: F401  what a test writes may point at any of them
from engage import seed
from engage.db import Store, utc_now
from engage.deadlines import CalendarDay, DayKind, calendar, here
from engage.office_hours import OF_AGENCIES, OfficeHours
from engage.people import DEMONSTRATION_PASSWORD
from tests.processes import HOST, eventually, family, free_port, outside
from tests.visitor import Visitor

Kind = Literal["sqlite", "postgres"]
CHECKOUT = Path(__file__).parents[1]
START_SECONDS = 180
STOP_SECONDS = 30
# Limits stay on. Tests need room: their visitors have addresses of their own, but share the overall count and the staff.
ROOM = "1000000/minute"
T = TypeVar("T")


class Site:
    """Starts and stops the program's own commands; everything else is asked over HTTP or read from the database."""

    def __init__(self, kind: Kind, folder: Path, database_url: str = "", redis_url: str = "", workers: int = 2) -> None:
        self.kind = kind
        self.folder = folder
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.database_url = database_url or f"sqlite+aiosqlite:///{folder / 'engage.sqlite3'}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._commands = {"serve": ["serve"]}
        if kind == "postgres":
            self._commands = {"serve": ["serve", "--workers", str(workers)], "work": ["work"]}
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")} | {
            "ENGAGE_PORT": str(self.port),
            "ENGAGE_DATA_DIR": str(folder),
            "ENGAGE_DATABASE_URL": database_url,
            "ENGAGE_REDIS_URL": redis_url,
            "ENGAGE_TRUSTED_PROXIES": HOST,
            "PYTHONUNBUFFERED": "1",
        }

    # Life

    def prepare(self, *, demonstration: bool = True) -> None:
        """Migrated, and seeded: with the demonstration, or with the directory and the rules alone."""
        self.command("migrate")
        if demonstration:
            self.command("seed")
        else:
            outside(self._seed_directory())
        self.write(
            "update policy set undo_seconds = 0 where surface <> ''"
        )  # what a decision leads to is there at once
        self.write(
            "update limit_rule set per_caller = :room, per_address = :room, overall = :room where door <> ''", room=ROOM
        )
        outside(self._open_at_all_hours())

    async def _seed_directory(self) -> None:
        async with self.database() as store:
            await seed.directory(store)

    async def _open_at_all_hours(self) -> None:
        """Mails to people at their desks go out at whatever hour, on whatever day the tests run."""
        async with self.database() as store, store.transaction() as db:
            hours = await db.get_one(OfficeHours, OF_AGENCIES)
            hours.opens, hours.closes = time.min, time.max
            for day in (here(utc_now()), here(utc_now() + timedelta(days=1))):
                named = {"name_vi": "Ngày chạy kiểm thử", "name_en": "Day of a test run"}
                if not (await calendar(db)).is_working(day):
                    await db.merge(CalendarDay(day=day, kind=DayKind.MAKE_UP_DAY, **named))

    def start(self) -> None:
        for name in self._commands:
            self.start_process(name)
        self.ready()

    def start_process(self, name: str) -> None:
        """`serve`, or on PostgreSQL also `work`."""
        with self.log_file(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                _engage(self._commands[name]),
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def ready(self) -> None:
        eventually(self._is_ready, START_SECONDS, lambda: f"{self.url} is not ready\n{self.log()}")

    def stop(self) -> None:
        """SIGTERM to each, and nobody may need more."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        late = [name for name, process in self.processes.items() if not _ends(process)]
        for name in late:
            self.kill(name)
        assert not late, f"{late} did not end within {STOP_SECONDS} s of SIGTERM\n{self.log()}"

    def kill(self, name: str) -> None:
        """kill -9, with all its children."""
        for pid in family(self.processes[name].pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.processes[name].wait()

    def command(self, *words: str) -> str:
        """Run one `engage` command to its end; what it printed."""
        done = subprocess.run(
            _engage(words), cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, timeout=START_SECONDS
        )
        assert done.returncode == 0, f"engage {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def log_file(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def log(self, name: str = "", lines: int = 60) -> str:
        """The last lines that a process (or each of them) printed; 0 for all."""
        files = [self.log_file(one) for one in ([name] if name else self._commands)]
        texts = [path.read_text(errors="replace").splitlines() for path in files if path.exists()]
        return "\n".join("\n".join(text[-lines:]) for text in texts)

    # People

    def visitor(self, language: str = "vi") -> Visitor:
        """Somebody new: own cookies, own address."""
        return Visitor(self.url, language)

    def staff(self, email: str, language: str = "vi") -> Visitor:
        """One of the demonstration's staff, signed in."""
        visitor = self.visitor(language)
        form = {"email": email, "password": DEMONSTRATION_PASSWORD}
        answer = visitor.fill("/sign-in", form, action="/sign-in")
        assert answer.is_redirect, f"{email} is not signed in: {answer.status_code}\n{answer.text[:2000]}"
        return visitor

    # What became of it

    def mails(self) -> list[EmailMessage]:
        """Every mail sent so far, the oldest first."""
        files = sorted((self.folder / "mail").glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        policy = email.policy.default
        return [email.message_from_bytes(path.read_bytes(), policy=policy) for path in files]

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Store]:
        """A store of its own on the service's database."""
        store = Store(self.database_url, pool_size=2)
        try:
            yield store
        finally:
            await store.close()

    def rows(self, sql: str, **values: Any) -> list[sa.Row[Any]]:
        async def ask() -> list[sa.Row[Any]]:
            async with self.database() as store, store.reading() as db:
                return list((await (await db.connection()).execute(sa.text(sql), values)).all())

        return outside(ask())

    def write(self, sql: str, **values: Any) -> None:
        """Change the database behind the service's back; for what no user can do, such as making something old."""

        async def change() -> None:
            async with self.database() as store, store.transaction() as db:
                await (await db.connection()).execute(sa.text(sql), values)

        outside(change())

    def wait(self, true: Callable[[], T], seconds: float = 10) -> T:
        """For what the worker brings, and only for that: everything else is there when the answer is."""
        return eventually(true, seconds, lambda: f"did not come true within {seconds} s\n{self.log()}")

    def _is_ready(self) -> bool:
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        assert not ended, f"{ended} ended while starting\n{self.log()}"
        try:
            return all(
                httpx2.get(f"{self.url}{path}", timeout=5, trust_env=False).status_code == 200
                for path in ("/healthz", "/readyz")
            )
        except httpx2.TransportError:
            return False


@contextmanager
def running(site: Site) -> Iterator[Site]:
    """Prepared and started; stopped by SIGTERM, and without a traceback in any log."""
    site.prepare()
    try:
        site.start()
        yield site
    finally:
        site.stop()
    said = site.log(lines=0)
    before, found, after = said.partition("Traceback")
    assert not found, f"a traceback in the log\n{before[-2000:]}{found}{after[:4000]}"


def _engage(words: list[str] | tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "engage", *words]


def _ends(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True
