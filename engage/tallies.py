"""How many answered questions there are to read, by agency and by topic: kept by the verbs, so that no page counts an archive.

Each verb that changes what `lists.listable` says of an answered question, or whose it is, tells it here: `leaves` before the
change, `enters` after it, in the same transaction. Whether the question counts at that moment is asked of its row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists
from engage.db import upsert
from engage.questions import Question

NONE = 0  # a question about no topic of the list


class Tally(SQLModel, table=True):
    __tablename__ = "tally"

    agency_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    topic_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    answered: int


_NOTHING: sa.ColumnElement[int] = sa.literal_column(str(NONE))
_PLACE = func.coalesce(col(Question.agency_id), _NOTHING), func.coalesce(col(Question.topic_id), _NOTHING)
_COUNTS = lists.listable(), col(Question.published_at).is_not(None)


@dataclass(frozen=True, slots=True)
class Tallies:
    by_agency: Mapping[int, int]
    by_topic: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_agency.values())


async def enters(db: AsyncSession, question: Question) -> None:
    """It may be one that readers find answered, from now on."""
    await _step(db, question, 1)


async def leaves(db: AsyncSession, question: Question) -> None:
    """It may be one that readers find answered, until now."""
    await _step(db, question, -1)


async def read(db: AsyncSession) -> Tallies:
    rows = (await db.exec(select(Tally.agency_id, Tally.topic_id, Tally.answered).where(Tally.answered > 0))).all()
    return Tallies(
        _summed((agency_id, times) for agency_id, _, times in rows),
        _summed((topic_id, times) for _, topic_id, times in rows if topic_id != NONE),
    )


async def answered_by(db: AsyncSession, agency_id: int) -> int:
    counted = select(func.coalesce(func.sum(Tally.answered), 0)).where(Tally.agency_id == agency_id)
    return int((await db.exec(counted)).one())


def counted() -> sa.Select[int, int, int]:
    """The same from the questions themselves; what the tallies must equal."""
    return sa.select(*_PLACE, func.count()).where(*_COUNTS).group_by(*_PLACE)


_NAMES = ("agency_id", "topic_id", "answered")


async def _step(db: AsyncSession, question: Question, step: int) -> None:
    if question.published_at is None:  # never answered: most of what verbs bring here
        return
    await db.flush()
    this = sa.select(*_PLACE, sa.literal(step)).where(col(Question.id) == question.key, *_COUNTS)
    row = upsert(db, Tally).from_select(_NAMES, this)
    keys = ["agency_id", "topic_id"]
    more = {"answered": Tally.answered + row.excluded.answered}
    await db.exec(row.on_conflict_do_update(index_elements=keys, set_=more))


def _summed(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for key, times in pairs:
        sums[key] = sums.get(key, 0) + times
    return sums
