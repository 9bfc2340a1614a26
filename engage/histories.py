"""Who changed which row of the directory, when, from what to what. Knows no row; values are as a form or a sheet has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import now, one_of
from engage.people import Person

Values = Mapping[str, Any]


class Act(StrEnum):
    """How a row came to be changed."""

    ADDED = "added"
    EDITED = "edited"
    IMPORTED = "imported"
    UNDONE = "undone"
    REMOVED = "removed"
    SUCCEEDED = "succeeded"  # it ended, and another one follows; or a row followed along


class Change(SQLModel, table=True):
    """`before` is empty for a row that was added."""

    __tablename__ = "change"
    __table_args__ = (one_of("change_act", "act", Act), sa.Index("change_of_row", "noun", "slug", "id"))

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(sa_type=sa.String(20))
    slug: str = Field(sa_type=sa.String(80))
    act: str = Field(sa_type=sa.String(12))
    by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    before: dict[str, Any] = Field(sa_type=sa.JSON)
    after: dict[str, Any] = Field(sa_type=sa.JSON)

    @property
    def fields(self) -> list[str]:
        """What differs, in the order of the form."""
        return [name for name, value in self.after.items() if self.before.get(name) != value]


class UndoForm(BaseModel):
    """`version`: the change somebody means to take back."""

    model_config = ConfigDict(extra="forbid")

    version: int = 0


async def keep(db: AsyncSession, noun: str, slug: str, act: Act, by: int | None, before: Values, after: Values) -> None:
    db.add(Change(noun=noun, slug=slug, act=act, by=by, at=now(db), before=dict(before), after=dict(after)))
    await db.flush()


async def of(
    db: AsyncSession, noun: str, slug: str, limit: int, *, before: int | None = None
) -> Sequence[tuple[Change, str]]:
    """The newest first, with the name of who did it. `before`: the last one seen, for the next page."""
    chosen = select(Change, Person.name).join(Person, col(Person.id) == col(Change.by), isouter=True)
    chosen = chosen.where(Change.noun == noun, Change.slug == slug)
    if before is not None:
        chosen = chosen.where(col(Change.id) < before)
    chosen = chosen.order_by(col(Change.id).desc()).limit(limit)
    return [(change, name or "") for change, name in (await db.exec(chosen)).all()]


async def of_noun(
    db: AsyncSession, noun: str, limit: int, *, before: int | None = None
) -> Sequence[tuple[Change, str]]:
    """Whatever row of the kind it was."""
    chosen = select(Change, Person.name).join(Person, col(Person.id) == col(Change.by), isouter=True)
    chosen = chosen.where(Change.noun == noun, *((col(Change.id) < before,) if before is not None else ()))
    found = (await db.exec(chosen.order_by(col(Change.id).desc()).limit(limit))).all()
    return [(change, name or "") for change, name in found]


async def last(db: AsyncSession, noun: str, slug: str) -> tuple[Change, str] | None:
    return next(iter(await of(db, noun, slug, 1)), None)
