"""For tests of verbs: a town that has a directory and staff, and no question yet. Chance is the same every time."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import engage.tables  # noqa: F401  every table, whichever tests run
from engage import seed
from engage.db import Store
from tests import services
from tests.conftest import Clock
from tests.processes import outside
from tests.site import Kind
from tests.unit.town import Town, settled

SQLITE = "sqlite+aiosqlite:///"


@pytest.fixture(scope="session")
def model_town(
    kind: Kind, database_server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Town]]:
    """Built once: seeding takes longer than most tests."""
    if kind == "sqlite":
        url = copied(template, tmp_path_factory.mktemp("town"))
        yield url, outside(build(url))
        return
    url = services.fresh_database(database_server, template)
    town = outside(build(url))
    services.ask_postgres(url, remembering())
    yield url, town
    services.drop_database(url)


@pytest.fixture
async def town(model_town: tuple[str, Town], kind: Kind, tmp_path: Path, clock: Clock) -> AsyncIterator[Town]:
    """As it was built, for this test alone: a copy of a file, or the same rows once more."""
    url, built = model_town
    if kind == "sqlite":
        url = copied(url, tmp_path)
    else:
        services.ask_postgres(url, restoring())  # a new database would take ten times as long
    store = Store(url, pool_size=5, clock=clock)
    yield replace(built, store=store, clock=clock)
    await store.close()


async def build(url: str) -> Town:
    store, clock = Store(url), Clock()
    await seed.directory(store)
    town = await settled(store, clock)
    await store.close()
    return town


def copied(url: str, folder: Path) -> str:
    return SQLITE + str(shutil.copyfile(url.removeprefix(SQLITE), folder / "town.sqlite3"))


def tables() -> list[str]:
    """Whatever is referred to comes before what refers to it."""
    return [f'"{table.name}"' for table in SQLModel.metadata.sorted_tables] + ["search_entry", "search_entry_remark"]


def remembering() -> str:
    kept = (f"create table model.{table} as table public.{table};" for table in tables())
    return f"do $$ begin create schema model; {' '.join(kept)} end $$"


def restoring() -> str:
    emptied = (f"delete from public.{table};" for table in reversed(tables()))
    filled = (f"insert into public.{table} select * from model.{table};" for table in tables())
    counted = (
        f"perform setval(pg_get_serial_sequence('{table.name}', 'id'), "
        f'coalesce((select max(id) from "{table.name}"), 0) + 1, false);'
        for table in SQLModel.metadata.sorted_tables
        if "id" in table.c
    )
    return f"do $$ begin {' '.join((*emptied, *filled, *counted))} end $$"
