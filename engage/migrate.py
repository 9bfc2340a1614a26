"""Bring the database to the newest migration. Two processes at once are harmless."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engage.beats import migrations
from engage.db import Store

LOCK = 7_203_451


async def up(store: Store, to: str = "head") -> None:
    await _run(store, lambda config: command.upgrade(config, to))


async def down(store: Store, to: str = "base") -> None:
    await _run(store, lambda config: command.downgrade(config, to))


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """As `up`, inside a transaction of the caller's."""
    _change(connection, lambda config: command.upgrade(config, to))


def is_known(migration: str) -> bool:
    """Whether this release can start from there."""
    return migration in {one.revision for one in ScriptDirectory.from_config(migrations()).walk_revisions()}


def current(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _run(store: Store, change: Callable[[Config], None]) -> None:
    """SQLite changes a column by building its table anew: meanwhile what refers to the old one refers to nothing."""
    async with store.engine.execution_options(rebuilds=True).begin() as connection:
        await connection.run_sync(_change, change)


def _change(connection: sa.Connection, change: Callable[[Config], None]) -> None:
    config = migrations()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    change(config)
    if connection.dialect.name == "sqlite" and (
        dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    ):
        raise RuntimeError(f"rows that refer to nothing: {dangling[:5]}")
