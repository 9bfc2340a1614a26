"""The database copied as it was at one moment, while others write; and put back in one step. Knows tables, no noun.

SQLite is copied page by page, PostgreSQL by COPY inside one snapshot: no tool of the server's release is needed on the machine.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from engage import migrate
from engage.db import Store

WHOLE = "engage.sqlite3"
PATIENCE = 30  # seconds for a lock that somebody holds
A_WAIT = 500  # milliseconds
IN_USE = {"55P03", "40P01"}  # waited long enough; a deadlock
_TABLES = sa.text("""
    select columns.table_name, array_agg(columns.column_name::text order by columns.ordinal_position)
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name <> 'alembic_version'
    group by columns.table_name order by columns.table_name
""")
_FOREIGN_KEYS = sa.text("""
    select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace
""")
_SEQUENCES = sa.text("""
    select pg_get_serial_sequence(quote_ident(table_name), column_name), quote_ident(table_name), quote_ident(column_name)
    from information_schema.columns
    where table_schema = current_schema() and pg_get_serial_sequence(quote_ident(table_name), column_name) is not null
""")


class Unfit(Exception):
    """What was copied cannot be put here; the words say why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """`tables` says of each its rows and, on PostgreSQL, its columns in the order of the copy."""

    database: str
    migration: str
    tables: Mapping[str, Mapping[str, Any]]


# SQLite


def path_of(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


def copy_pages(url: str, folder: Path) -> Copied:
    """All pages in one step under one read lock: with a write-ahead log that hinders no writer."""
    if not path_of(url).exists():
        raise Unfit(f"there is no database at {path_of(url)}")
    with _opened(path_of(url)) as live, _opened(folder / WHOLE) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if (said := copy.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            raise Unfit(f"the database is damaged: {said[0][0]}")
        [(migration,)] = copy.execute("select version_num from alembic_version").fetchall()
        names = [name for (name,) in copy.execute("select name from sqlite_master where type = 'table' order by name")]
        return Copied("sqlite", migration, {name: {"rows": _count(copy, name)} for name in names})


def put_pages(copy: Path, url: str) -> None:
    """In one transaction: whoever reads meanwhile goes on with what was there, and then finds the other database."""
    path_of(url).parent.mkdir(parents=True, exist_ok=True)
    with _opened(copy) as whole, _opened(path_of(url)) as live:
        whole.backup(live)


def _opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, timeout=PATIENCE))


def _count(copy: sqlite3.Connection, table: str) -> int:
    return int(copy.execute(f'select count(*) from "{table}"').fetchone()[0])


# PostgreSQL


async def copy_rows(store: Store, folder: Path) -> Copied:
    """One file a table, all of the same moment."""
    snapshot = store.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    async with snapshot.connect() as connection:
        await connection.execute(sa.text("set local datestyle = 'ISO'"))
        tables: dict[str, dict[str, Any]] = {}
        for name, columns in (await connection.execute(_TABLES)).all():
            with (folder / name).open("wb") as written:
                taken = _Taken(written)
                rows = await _copy(connection, "copy_from_table", name, columns=columns, output=taken.take)
                taken.check()
            tables[name] = {"rows": rows, "columns": columns}
        migration = await connection.run_sync(migrate.current)
    return Copied("postgresql", migration or "", tables)


class _Taken:
    """What a COPY sends. A full disk must not break into it: asyncpg would wait for its end for ever. So the rest is let go by."""

    def __init__(self, written: IO[bytes]) -> None:
        self._written = written
        self._failed: OSError | None = None

    async def take(self, some: bytes) -> None:
        if self._failed is None:
            try:
                self._written.write(some)
            except OSError as failed:
                self._failed = failed

    def check(self) -> None:
        if self._failed is not None:
            raise self._failed


async def put_rows(connection: AsyncConnection, folder: Path, copied: Copied) -> None:
    """Within the caller's transaction: the schema as it was then, and in it these rows and no others."""
    await _take_all(connection)
    await connection.run_sync(_bring_to, copied.migration)
    keys = (await connection.execute(_FOREIGN_KEYS)).all()
    await _run(connection, *(f"alter table {table} drop constraint {name}" for table, name, _ in keys))
    names = [name for name, _ in (await connection.execute(_TABLES)).all()]
    if set(names) != set(copied.tables):
        raise Unfit(f"other tables than the backup's: {', '.join(sorted(set(names) ^ set(copied.tables)))}")
    await _run(connection, f"truncate {_listed(names)}")
    for name, table in copied.tables.items():
        rows = await _copy(connection, "copy_to_table", name, columns=table["columns"], source=folder / name)
        if rows != table["rows"]:
            raise Unfit(f"{name}: {rows} rows came, {table['rows']} were copied")
    # Added again after the load: each is checked once for all rows, in whatever order the tables came.
    await _run(connection, *(f"alter table {table} add constraint {name} {rule}" for table, name, rule in keys))
    await _count_on(connection)


async def _take_all(connection: AsyncConnection) -> None:
    """Every table, or none for a moment: a service that runs meanwhile holds some and wants others, and must not be the one that
    a deadlock ends. So the wait is shorter than PostgreSQL's look for deadlocks, and there are many of them."""
    names = [name for name, _ in (await connection.execute(_TABLES)).all()]
    if not names:
        return
    await connection.execute(sa.text(f"set local lock_timeout = '{A_WAIT}ms'"))
    for _ in range(PATIENCE * 1000 // A_WAIT):
        try:
            async with connection.begin_nested():
                await connection.execute(sa.text(f"lock table {_listed(names)} in access exclusive mode"))
            return
        except DBAPIError as busy:
            if getattr(busy.orig, "sqlstate", "") not in IN_USE:
                raise
    raise Unfit("the database is in use: stop serve and work first")


def _bring_to(connection: sa.Connection, migration: str) -> None:
    """Emptied and built anew, unless it stands there already: then who is connected keeps tables that it knows."""
    if migrate.current(connection) == migration:
        return
    for name in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f'drop table "{name}" cascade')
    migrate.upgrade(connection, migration)


async def _count_on(connection: AsyncConnection) -> None:
    """The next row of each table gets a number that no row has."""
    for sequence, table, column in (await connection.execute(_SEQUENCES)).all():
        most = f"select coalesce(max({column}), 0) + 1 from {table}"
        await _run(connection, f"select setval('{sequence}', ({most}), false)")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


async def _run(connection: AsyncConnection, *statements: str) -> None:
    for statement in statements:
        await connection.execute(sa.text(statement))


async def _copy(connection: AsyncConnection, verb: str, table: str, **how: Any) -> int:
    """How many rows. By asyncpg's own connection, in the transaction that has begun: SQLAlchemy does not know COPY."""
    import asyncpg  # type: ignore[import-untyped]  # it ships no types

    driver = (await connection.get_raw_connection()).driver_connection
    try:
        told = await getattr(driver, verb)(table, **how)
    except asyncpg.PostgresError as failed:
        raise Unfit(f"{table}: {failed}") from failed
    return int(told.split()[1])
