"""Promises of the lean connection to SQLite: it behaves as the library's does, and one statement is one visit or none."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from engage.db import Store
from engage.sqlite import Connection, connect

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["in its thread", "at once"])
async def connection(tmp_path: Path, anyio_backend: str, request: pytest.FixtureRequest) -> AsyncIterator[Connection]:
    connection = connect(str(tmp_path / "some.sqlite3"), at_once=request.param)
    await connection
    await connection.cursor().execute("create table thing (id integer primary key, word text not null)")
    yield connection
    await connection.close()


async def test_rows_come_with_their_names_and_only_once(connection: Connection) -> None:
    cursor = await connection.cursor().execute(
        "insert into thing (word) values (?), (?) returning id, word", ("a", "b")
    )
    assert [column[0] for column in cursor.description] == ["id", "word"]
    assert await cursor.fetchall() == [(1, "a"), (2, "b")]
    assert await cursor.fetchall() == []


async def test_a_change_says_how_many_rows_it_met(connection: Connection) -> None:
    inserted = await connection.cursor().executemany("insert into thing (word) values (?)", [("a",), ("b",)])
    assert inserted.rowcount == 2
    cursor = await connection.cursor().execute("update thing set word = 'c' where id = 2")
    assert (cursor.rowcount, cursor.description) == (1, None)
    assert (await connection.cursor().execute("insert into thing (word) values ('d')")).lastrowid == 3


async def test_a_statement_that_fails_says_why_and_leaves_the_connection_usable(connection: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await connection.cursor().execute("insert into thing (word) values (null)")
    cursor = await connection.cursor().execute("select count(*) from thing")
    assert await cursor.fetchall() == [(0,)]


async def test_one_statement_is_one_visit(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    visits = []
    really = connection.visit

    async def counted(run: Callable[[sqlite3.Connection], None]) -> None:
        visits.append(run)
        await really(run)

    monkeypatch.setattr(connection, "visit", counted)
    async with asyncio.timeout(5):
        cursor = connection.cursor()
        await cursor.execute("select 1")
        await cursor.fetchall()
        await cursor.close()
    assert len(visits) == 1


async def test_references_are_kept_again_after_a_migration_looked_away(store: Store) -> None:
    if not store.is_sqlite:
        pytest.skip("PostgreSQL changes columns in place, so it never looks away")
    async with store.engine.execution_options(rebuilds=True).begin() as connection:
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 0
    async with store.transaction() as db:
        assert (await (await db.connection()).exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
