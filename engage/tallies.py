"""How many questions there are to read, answered and open: kept by the verbs, so that no page counts an archive.

Each verb that changes what `lists.listable` says of a question, whether it is answered, or what an answered one is about, tells it
here in the same transaction: `leaves` before the change, `enters` after it. Whether it counts at that moment is asked of its row.
Answered ones are kept by agency and topic. Open ones only all together: they go from agency to agency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists
from engage.db import upsert
from engage.questions import Question

NONE = 0  # about no topic of the list; or whatever an open one is about


class Tally(SQLModel, table=True):
    __tablename__ = "tally"

    answered: bool = Field(primary_key=True)
    agency_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    topic_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    times: int


_IS_ANSWERED = col(Question.published_at).is_not(None)


def _if_answered(column: Any) -> sa.ColumnElement[int]:
    nothing: sa.ColumnElement[int] = sa.literal_column(str(NONE))
    return sa.case((_IS_ANSWERED, func.coalesce(column, nothing)), else_=nothing)


_PLACE = _IS_ANSWERED, _if_answered(col(Question.agency_id)), _if_answered(col(Question.topic_id))
_KEYS = "answered", "agency_id", "topic_id"


@dataclass(frozen=True, slots=True)
class Tallies:
    """Of answered questions by agency and by topic, and of open ones."""

    by_agency: Mapping[int, int]
    by_topic: Mapping[int, int]
    open: int

    @property
    def answered(self) -> int:
        return sum(self.by_agency.values())


async def enters(db: AsyncSession, question: Question) -> None:
    """Readers may find it from now on, or find it so."""
    await _step(db, question, 1)


async def leaves(db: AsyncSession, question: Question) -> None:
    """Readers may have found it until now, or found it so."""
    await _step(db, question, -1)


async def read(db: AsyncSession) -> Tallies:
    rows = (await db.exec(select(Tally).where(Tally.times > 0))).all()
    answered = [row for row in rows if row.answered]
    return Tallies(
        _summed((row.agency_id, row.times) for row in answered),
        _summed((row.topic_id, row.times) for row in answered if row.topic_id != NONE),
        sum(row.times for row in rows if not row.answered),
    )


async def answered_by(db: AsyncSession, agency_id: int) -> int:
    theirs = select(func.coalesce(func.sum(Tally.times), 0)).where(col(Tally.answered), Tally.agency_id == agency_id)
    return int((await db.exec(theirs)).one())


def counted() -> sa.Select[bool, int, int, int]:
    """The same from the questions themselves: what the tallies must equal."""
    return sa.select(*_PLACE, func.count()).where(lists.listable()).group_by(*_PLACE)


async def _step(db: AsyncSession, question: Question, step: int) -> None:
    await db.flush()
    this = sa.select(*_PLACE, sa.literal(step)).where(col(Question.id) == question.key, lists.listable())
    row = upsert(db, Tally).from_select([*_KEYS, "times"], this)
    more = {"times": Tally.times + row.excluded.times}
    await db.exec(row.on_conflict_do_update(index_elements=_KEYS, set_=more))


def _summed(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for key, times in pairs:
        sums[key] = sums.get(key, 0) + times
    return sums
