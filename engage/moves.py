"""The only way a state changes: a compare-and-set along a table of legal moves. Does not know what a state means."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.errors import Conflict

Moves = Mapping[Any, frozenset[Any]]


def may(moves: Moves, old: StrEnum | str, new: StrEnum | str) -> bool:
    return new in moves.get(old, frozenset())


async def move(db: AsyncSession, row: SQLModel, axis: str, to: StrEnum | str, moves: Moves, **also: Any) -> None:
    """Set `row.<axis>` to `to` if the table allows it and nobody moved it meanwhile; else Conflict. `also`: columns set along.

    The row in hand is brought up to date, so what follows in the verb reads the new state.
    """
    old = getattr(row, axis)
    if not may(moves, old, to):
        raise Conflict("moved_on", state=str(old))
    table = type(row)
    key, column = table.id, getattr(table, axis)  # type: ignore[attr-defined]  # every table here has an id
    changed = await db.exec(
        sa.update(table)
        .where(key == row.id, column == old)  # type: ignore[attr-defined]  # as above
        .values({axis: to, **also})
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Conflict("moved_on", state=str(old))
    for name, value in {axis: to, **also}.items():
        sa.orm.attributes.set_committed_value(row, name, value)
