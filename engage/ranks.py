"""Ranks: how many ask a dialogue's question too, kept on its turn, so that no desk and no room counts votes to order by them.

Each verb that changes whose votes count, or where, says so here in the same transaction.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import locked
from engage.questions import SURFACE, Question
from engage.turns import Turn
from engage.votes import Standing, Vote

_ID, _INTO, _OF = col(Question.id), col(Question.merged_into_id), col(Turn.question_id)
_IDS: Any = sa.bindparam("ids", expanding=True)


async def keep(db: AsyncSession, question_ids: Collection[int]) -> None:
    """Counts them anew, for questions that go on as themselves. Their turns are locked before their votes are read: of two
    processes that vote at once, the second counts what the first one wrote."""
    if not question_ids:
        return
    await db.flush()
    theirs = select(_OF).where(_OF.in_(question_ids)).order_by(_OF)
    if ids := list((await db.exec(locked(db, theirs))).all()):
        await (await db.connection()).execute(_KEEP, {"ids": ids})


def counted(turns: sa.ColumnElement[bool]) -> sa.Select[int, int]:
    """Of these turns' questions, the same from the votes themselves: what the ranks must equal. Each voter counts once, also who
    voted on what goes on as the question."""
    root: Any = sa.select(_ID.label("root"), _ID.label("id")).join(Turn, _OF == _ID).where(turns)
    family = root.cte("family", recursive=True)
    family = family.union(sa.select(family.c.root, _ID).where(family.c.id == _INTO))
    counts = sa.and_(
        col(Vote.surface) == SURFACE,
        col(Vote.thing_id) == family.c.id,
        col(Vote.standing) == Standing.COUNTED,
    )
    voters = func.count(sa.distinct(col(Vote.voter))).label("people")
    every = family.outerjoin(Vote, counts)
    return sa.select(family.c.root, voters).select_from(every).group_by(family.c.root)


def _keep() -> sa.Update:
    found = counted(_OF.in_(_IDS)).subquery()
    theirs = sa.select(found.c.people).where(found.c.root == _OF).scalar_subquery()
    return sa.update(Turn).where(_OF.in_(_IDS)).values(people=theirs)


_KEEP = _keep()  # built once: every handful of votes asks it
