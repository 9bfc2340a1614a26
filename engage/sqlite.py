"""SQLite for the event loop, one visit to the connection's thread for each statement instead of four. Knows no table.

The library visits the thread to make a cursor, to execute, to fetch and to close; here a statement does it all in one go, which
is most of what a small query costs. Every row is fetched at once, as the store does anyway.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self, cast

import aiosqlite


class Cursor:
    """One statement at a time, and what it brought."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        return await self._visit("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        return await self._visit("executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """The thread has closed the real one already."""

    async def _visit(self, verb: str, sql: str, parameters: Iterable[Any]) -> Self:
        await self._connection.visit(partial(self._run, verb, sql, parameters))
        return self

    def _run(self, verb: str, sql: str, parameters: Iterable[Any], connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        try:
            getattr(cursor, verb)(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    at_once = False

    def cursor(self) -> Cursor:  # type: ignore[override]  # made here, without a visit
        return Cursor(self)

    async def visit(self, run: Callable[[sqlite3.Connection], None]) -> None:
        """Run something in the thread; or here, where nobody waits for the event loop meanwhile."""
        if self.at_once:
            run(self._conn)
            return
        await cast(Any, self)._execute(run, self._conn)


def connect(path: str, *, at_once: bool = False) -> Connection:
    """Awaiting it opens the connection. `at_once`: for a command that does one thing after another, statements do not visit the
    thread at all."""
    opened = partial(sqlite3.connect, path, check_same_thread=False)
    connection = Connection(opened, iter_chunk_size=64)
    connection.at_once = at_once
    # An abandoned connection must not keep the process from ending.
    cast(Any, connection)._thread.daemon = True
    return connection
