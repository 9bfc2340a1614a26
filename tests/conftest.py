"""What every test may ask for: a running service, an empty store with a clock of its own; on SQLite, or on PostgreSQL and Redis."""

import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import settings

from engage import seed
from engage.db import Store
from tests import services
from tests.site import Kind, Site, running

# Chance is the same every time, and no example is a matter of time: for every test that is collected after this.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

NEEDS_A_DATABASE = {"site", "store", "directory", "database_url", "redis_url", "database_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on", choices=("sqlite", "postgres"), default="sqlite", help="what the service runs on")
    parser.addoption(
        "--accidents", action="store_true", help="hurt a running service under a crowd, see tests.chaos.verdicts"
    )
    parser.addoption("--seeds", type=int, default=1, help="how many chances each accident of tests/chaos has")
    parser.addoption("--pictures", action="store_true", help="keep a picture of every page in tests/artefacts/")


def pytest_report_header(config: pytest.Config) -> str:
    on = config.getoption("--on")
    return "on: SQLite, one process" if on == "sqlite" else "on: PostgreSQL and Redis, two server processes, a worker"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Accidents under a crowd are for when they are asked for: they want a machine of their own.

    On PostgreSQL only what meets a database runs again; the browser's journeys are the same on both."""
    if not config.getoption("--accidents"):
        kept = [item for item in items if not {"seed", "scene"} <= set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
    if config.getoption("--on") == "sqlite":
        return
    again = [item for item in items if _meets_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


def _meets_a_database(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if folder in {"browser", "house"}:
        return False
    return folder == "chaos" or bool(NEEDS_A_DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    """Time as a test wants it. Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, 09:00 in Hà Nội

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float = 0, *, days: float = 0) -> None:
        self.now += timedelta(days=days, seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def kind(pytestconfig: pytest.Config) -> Kind:
    return cast(Kind, pytestconfig.getoption("--on"))


# Servers


@pytest.fixture(scope="session", autouse=True)
def lent_to_live(pytestconfig: pytest.Config) -> Iterator[None]:
    """The tests of `live` know nothing of Engage: they take their servers from two variables."""
    if pytestconfig.getoption("--on") == "sqlite":
        yield
        return
    with (
        services.database_server() as database,
        services.redis_server() as redis,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("ENGAGE_TEST_DATABASE_URL", database)
        patch.setenv("ENGAGE_TEST_REDIS_URL", redis)
        yield


@pytest.fixture(scope="session")
def database_server(kind: Kind, lent_to_live: None) -> str:
    """Where new databases can be made; empty on SQLite."""
    return os.environ["ENGAGE_TEST_DATABASE_URL"] if kind == "postgres" else ""


# An empty database for each test


@pytest.fixture(scope="session")
def template(kind: Kind, database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that nobody opens, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    url = services.fresh_database(database_server) if kind == "postgres" else ""
    site = Site(kind, folder, url)
    site.command("migrate")
    yield site.database_url
    if kind == "postgres":
        services.drop_database(url)


@pytest.fixture
def database_url(kind: Kind, template: str, database_server: str, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database for this test alone."""
    if kind == "sqlite":
        copy = tmp_path / "engage.sqlite3"
        shutil.copyfile(template.removeprefix("sqlite+aiosqlite:///"), copy)
        yield f"sqlite+aiosqlite:///{copy}"
        return
    url = services.fresh_database(database_server, template)
    yield url
    services.drop_database(url)


@pytest.fixture
async def store(database_url: str, clock: Clock, anyio_backend: str) -> AsyncIterator[Store]:
    """A migrated, empty store for this test alone, at the time of `clock`."""
    store = Store(database_url, pool_size=5, clock=clock)
    yield store
    await store.close()


@pytest.fixture
async def directory(store: Store) -> Store:
    """The same store, with agencies, topics, provinces, calendar and rules in it, but nobody and no question."""
    await seed.directory(store)
    return store


# The service


@pytest.fixture(scope="session")
def site(kind: Kind, database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service with its demonstration, running. All tests share it: look for your own rows, not for counts."""
    folder = tmp_path_factory.mktemp("site")
    if kind == "sqlite":
        with running(Site(kind, folder)) as site:
            yield site
        return
    url = services.fresh_database(database_server)
    with running(Site(kind, folder, url, os.environ["ENGAGE_TEST_REDIS_URL"])) as site:
        yield site
    services.drop_database(url)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the service said last."""
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if report.failed and isinstance(site, Site):
        report.sections.append(("the service's log", site.log()))
    return report
