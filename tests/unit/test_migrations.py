"""Promises of migrations: they lead to the tables the code knows, back to nothing, and there again."""

from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine.reflection import Inspector
from sqlmodel import SQLModel

import engage.tables  # noqa: F401  every table must be known before the metadata is read
from engage import beats, migrate
from engage.db import Store
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
TABLES = sorted(SQLModel.metadata.tables)
SCRIPTS = ScriptDirectory.from_config(beats.migrations())
OLDER = [script.revision for script in SCRIPTS.walk_revisions() if script.revision != SCRIPTS.get_current_head()]


def described(inspector: Inspector) -> dict[str, Any]:
    """Every table of ours, in a form that can be compared."""
    return {table: _table(inspector, table) for table in TABLES}


def _table(inspector: Inspector, table: str) -> dict[str, Any]:
    keys = [(key["constrained_columns"], key["referred_table"]) for key in inspector.get_foreign_keys(table)]
    return {
        "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
        "primary": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign": sorted(keys),
        "unique": sorted(str(unique["column_names"]) for unique in inspector.get_unique_constraints(table)),
        "indexes": sorted(_index(index) for index in inspector.get_indexes(table)),
        "checks": sorted(
            (str(c["name"]), " ".join(c["sqltext"].split())) for c in inspector.get_check_constraints(table)
        ),
    }


def _index(index: Any) -> str:
    where = {name: str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")}
    return f"{index['name']} {index['column_names']} {index['unique']} {where}"


async def schema(store: Store) -> dict[str, Any]:
    async with store.engine.connect() as connection:
        return await connection.run_sync(lambda sync: described(sa.inspect(sync)))


async def counted(store: Store) -> dict[str, int]:
    tables = await names(store) & set(TABLES)
    async with store.reading() as db:
        connection = await db.connection()
        return {
            one: (await connection.execute(sa.text(f'select count(*) from "{one}"'))).scalar_one() for one in tables
        }


async def names(store: Store) -> set[str]:
    async with store.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def test_the_migrated_tables_are_the_tables_the_code_knows(store: Store) -> None:
    migrated = await schema(store)
    await migrate.down(store)
    async with store.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    assert migrated == await schema(store)


async def test_alembic_finds_nothing_left_to_migrate(store: Store) -> None:
    await migrate._run(store, command.check)


async def test_migrations_go_down_to_nothing_and_up_again_with_rows_in_the_way(town: Town) -> None:
    store = town.store
    await town.answered()
    await town.held()
    before = await names(store)
    await migrate.down(store)
    assert await names(store) <= {"alembic_version", "sqlite_sequence"}
    await migrate.up(store)
    assert await names(store) == before
    async with store.reading() as db:
        assert await beats.is_migrated(db)


@pytest.mark.parametrize("revision", OLDER)
async def test_the_rows_of_an_older_release_come_along(town: Town, revision: str) -> None:
    """Down to the release before and up again, as an upgrade finds it: with questions, cases and answers in the way."""
    store = town.store
    await town.answered()
    await town.held()
    await migrate.down(store, revision)
    rows = await counted(store)
    assert rows["question"] == 2
    await migrate.up(store)
    assert (await counted(store)).items() >= rows.items()
    await town.answered()


async def test_migrating_what_is_migrated_changes_nothing_even_twice_at_once(town: Town) -> None:
    before = await schema(town.store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(migrate.up, town.store)
        tasks.start_soon(migrate.up, town.store)
    assert await schema(town.store) == before
