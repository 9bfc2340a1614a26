"""Public questions, or feedback, as readers list them: what is listable, narrowed by filters, page by page. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import search
from engage.access import PUBLIC, visible
from engage.assigned import Assigned
from engage.db import now
from engage.questions import FEEDBACK, SURFACE, Question

NOTHING: Mapping[str, Any] = {}
COUNTED = 1_000  # beyond that a reader is told "more than"
Place = tuple[datetime, int]


class Which(StrEnum):
    """How far the questions of a list have come."""

    ALL = "all"
    ANSWERED = "answered"
    OPEN = "open"
    OVERDUE = "overdue"


class Order(StrEnum):
    """What is found comes in this order."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the list by; ids, or None for all. Months are named by their first moments."""

    surface: str = SURFACE
    topic_id: int | None = None
    agency_id: int | None = None
    province_id: int | None = None
    kind: str | None = None  # of feedback
    campaign_id: int | None = None
    which: Which = Which.ANSWERED
    since: datetime | None = None
    until: datetime | None = None

    @property
    def values(self) -> dict[str, Any]:
        """By name, without those that narrow nothing."""
        names = ("topic_id", "agency_id", "province_id", "kind", "campaign_id", "since", "until")
        return {name: wanted for name in names if (wanted := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a question: columns only, because twenty whole rows cost more than the page around them."""

    id: int
    kind: str
    title: str
    body: str
    moderation: str
    assignment: str
    answer: str
    agency_id: int | None
    topic_id: int | None
    province_id: int | None
    created_at: datetime
    accepted_at: datetime | None
    published_at: datetime | None
    paused_at: datetime | None
    merged_into_id: int | None


_IS_FEEDBACK: Any = col(Question.kind) != sa.literal_column("'question'")  # as its index has it
_LISTED = tuple(getattr(Question, one.name) for one in fields(Listed))


def listable(surface: str = SURFACE) -> sa.ColumnElement[bool]:
    """What lists, counts, feeds and searches may show: public, and not merged into another question, which stands for it.

    Questions and feedback are each in lists of their own. A dialogue shows its own; what it did not reach is listed from the day
    an agency has it.
    """
    elsewhere = sa.and_(col(Question.dialogue_id).is_not(None), col(Question.assignment) == Assigned.UNASSIGNED)
    of_its_own = _IS_FEEDBACK if surface == FEEDBACK else sa.not_(_IS_FEEDBACK)
    return sa.and_(visible(Question, PUBLIC), of_its_own, col(Question.merged_into_id).is_(None), sa.not_(elsewhere))


def place_of(question: Listed, filters: Filters) -> Place:
    """Where a question stands in a list: when it was answered, or let in."""
    at = question.published_at if filters.which is Which.ANSWERED else question.accepted_at
    return at or question.created_at, question.id


async def listed(
    db: AsyncSession, filters: Filters, limit: int, after: Place | None = None, before: Place | None = None
) -> Sequence[Listed]:
    """Newest first: those after a place, or the ones right before it."""
    place = after or before
    values = {**filters.values, "most": limit, **(dict(zip(("at", "last_id"), place, strict=True)) if place else {})}
    if filters.which is Which.OVERDUE:
        values["now"] = now(db)
    direction = "after" if after else "before" if before else ""
    found = await rows(db, _listing(filters.surface, filters.which, tuple(filters.values), direction), values)
    return found[::-1] if direction == "before" else found


async def count(db: AsyncSession, filters: Filters) -> int:
    """At most one more than `COUNTED`."""
    values = {**filters.values, **({"now": now(db)} if filters.which is Which.OVERDUE else {})}
    some = (
        sa.select(sa.literal(1))
        .where(*_wheres(filters.surface, filters.which, tuple(filters.values)))
        .limit(COUNTED + 1)
    )
    return int(
        (
            await (await db.connection()).execute(sa.select(func.count()).select_from(some.subquery()), values)
        ).scalar_one()
    )


@cache
def _listing(surface: str, which: Which, narrowed: tuple[str, ...], direction: str) -> sa.Select[Any]:
    """Built once for each kind of list; building it anew would cost as much as running it."""
    newest, key = _newest(which), col(Question.id)
    chosen = sa.select(*_LISTED).where(*_wheres(surface, which, narrowed)).limit(sa.bindparam("most"))
    if direction:
        at: sa.BindParameter[Any] = sa.bindparam("at")
        last: sa.BindParameter[Any] = sa.bindparam("last_id")
        place = sa.or_(newest < at, sa.and_(newest == at, key < last))
        back = sa.or_(newest > at, sa.and_(newest == at, key > last))
        chosen = chosen.where(place if direction == "after" else back)
    if direction == "before":
        return chosen.order_by(newest.asc(), key.asc())
    return chosen.order_by(newest.desc(), key.desc())


def _newest(which: Which) -> Any:
    return col(Question.published_at if which is Which.ANSWERED else Question.accepted_at)


def _wheres(surface: str, which: Which, narrowed: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    newest = _newest(which)
    wheres = [listable(surface), newest.is_not(None)]
    if which in {Which.OPEN, Which.OVERDUE}:
        wheres.append(col(Question.published_at).is_(None))
    if which is Which.OVERDUE:  # a clock that stands still is never late
        wheres += [col(Question.answer_due_at) < sa.bindparam("now"), col(Question.paused_at).is_(None)]
    for name in narrowed:
        wanted: sa.BindParameter[Any] = sa.bindparam(name)
        if name == "since":
            wheres.append(newest >= wanted)
        elif name == "until":
            wheres.append(newest < wanted)
        else:
            wheres.append(getattr(Question, name) == wanted)
    return wheres


async def searched(
    db: AsyncSession, typed: str, filters: Filters, order: Order, limit: int, page: int
) -> tuple[Sequence[Listed], int]:
    """One page of what holds every word, and how many there are; of a common word the newest thousand."""
    found = search.matches(db, typed)
    if found is None:
        return [], 0
    values = {**filters.values, **({"now": now(db)} if filters.which is Which.OVERDUE else {})}
    newest = _newest(filters.which).desc(), col(Question.id).desc()
    best = found.c.far, found.c.id.desc()
    chosen: sa.Select[Any] = (
        sa.select(col(Question.id))
        .join(found, found.c.id == col(Question.id))
        .where(*_wheres(filters.surface, filters.which, tuple(filters.values)))
        .order_by(*(best if order is Order.BEST else newest))
    )
    ids = (await (await db.connection()).execute(chosen, values)).scalars().all()
    return await in_order(db, ids[(page - 1) * limit : page * limit], filters.surface), len(ids)


async def in_order(db: AsyncSession, ids: Sequence[int], surface: str = SURFACE) -> Sequence[Listed]:
    """Those of these that are listable, in this order."""
    if not ids:
        return ()
    found = await rows(db, sa.select(*_LISTED).where(col(Question.id).in_(ids), listable(surface)))
    place = {question_id: number for number, question_id in enumerate(ids)}
    return sorted(found, key=lambda row: place[row.id])


async def rows(db: AsyncSession, chosen: sa.Select[Any], values: Mapping[str, Any] = NOTHING) -> Sequence[Listed]:
    return [Listed(*row) for row in (await (await db.connection()).execute(chosen, values)).all()]
