"""Alembic runs inside the program, on the connection it is given. See `engage migrate`."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import engage.tables  # noqa: F401  every table must be known before the metadata is read


def render_item(kind: str, item: object, _context: Any) -> str | Literal[False]:
    """SQLModel's own types, in words a migration can import."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """The search index differs by database and is no SQLModel table."""
    return not (kind == "table" and name is not None and name.startswith(("fts_search", "search_entry")))


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_item=render_item,
    include_name=include_name,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
