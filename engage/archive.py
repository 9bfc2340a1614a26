"""Finding questions: public lists and counts, and what waits for the portal desk. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import search
from engage.access import PUBLIC, Actor, Moderation, visible, workable
from engage.assigned import Answered, Assigned
from engage.questions import Question, only
from moderation import similarity

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the list by; ids, or None for all."""

    topic_id: int | None = None
    agency_id: int | None = None
    province_id: int | None = None
    is_answered: bool = True

    @property
    def narrowed(self) -> dict[str, int]:
        """By column, without those that are not narrowed."""
        pairs = (("topic_id", self.topic_id), ("agency_id", self.agency_id), ("province_id", self.province_id))
        return {name: wanted for name, wanted in pairs if wanted is not None}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a question: columns only, because twenty whole rows cost more than the page around them."""

    id: int
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


# A merged question is read under the one it went into; its own page says so, no list does.
IN_LISTS = visible(Question, PUBLIC), col(Question.merged_into_id).is_(None)
_LISTED = tuple(getattr(Question, one.name) for one in fields(Listed))


async def listed(
    db: AsyncSession, filters: Filters, limit: int, after: tuple[datetime, int] | None = None
) -> Sequence[Listed]:
    """Public questions, newest first by what the list is about: the answer, or the acceptance. `after`: last one seen."""
    narrowed = filters.narrowed
    values = {**narrowed, "most": limit, **(dict(zip(("at", "last_id"), after, strict=True)) if after else {})}
    return await _rows(db, _listing(filters.is_answered, tuple(narrowed), bool(after)), values)


@cache
def _listing(is_answered: bool, narrowed: tuple[str, ...], goes_on: bool) -> sa.Select[Any]:
    """Built once for each kind of list; building it anew would cost as much as running it."""
    newest, key = col(Question.published_at if is_answered else Question.accepted_at), col(Question.id)
    chosen = sa.select(*_LISTED).where(*IN_LISTS, newest.is_not(None))
    chosen = chosen.where(*(getattr(Question, name) == sa.bindparam(name) for name in narrowed))
    if not is_answered:
        chosen = chosen.where(col(Question.published_at).is_(None))
    if goes_on:
        at: sa.BindParameter[Any] = sa.bindparam("at")
        chosen = chosen.where(sa.or_(newest < at, sa.and_(newest == at, key < sa.bindparam("last_id"))))
    return chosen.order_by(newest.desc(), key.desc()).limit(sa.bindparam("most"))


async def searched(
    db: AsyncSession, typed: str, filters: Filters, limit: int, page: int
) -> tuple[Sequence[Listed], bool]:
    """One page of what holds every word, the best first, answered or not; and whether there is more."""
    ranked = await search.find(db, typed)
    chosen = select(col(Question.id)).where(
        col(Question.id).in_(ranked),
        *IN_LISTS,
        *(getattr(Question, name) == wanted for name, wanted in filters.narrowed.items()),
    )
    kept = set((await db.exec(chosen)).all())
    ids = [question_id for question_id in ranked if question_id in kept]
    shown = ids[(page - 1) * limit : page * limit]
    return await _in_order(db, shown), len(ids) > page * limit


async def near(db: AsyncSession, title: str, limit: int, least: float) -> Sequence[Listed]:
    """Public questions whose titles ask much the same, the nearest first; `least` from 0 to 1."""
    others = await titles(db, await search.resembling(db, title))
    told = [(similarity.near(title, other), question_id) for question_id, other in others.items()]
    nearest = [question_id for score, question_id in sorted(told, key=lambda pair: -pair[0]) if score >= least]
    return await _in_order(db, nearest[:limit])


async def _in_order(db: AsyncSession, ids: Sequence[int]) -> Sequence[Listed]:
    if not ids:
        return ()
    rows = await _rows(db, sa.select(*_LISTED).where(col(Question.id).in_(ids), *IN_LISTS))
    place = {question_id: number for number, question_id in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row.id])


async def _rows(db: AsyncSession, chosen: sa.Select[Any], values: Mapping[str, Any] = NOTHING) -> Sequence[Listed]:
    return [Listed(*row) for row in (await (await db.connection()).execute(chosen, values)).all()]


async def count_public(db: AsyncSession, *, is_answered: bool, agency_id: int | None = None) -> int:
    published = col(Question.published_at)
    counted = select(func.count()).where(*IN_LISTS, published.is_not(None) if is_answered else published.is_(None))
    if agency_id is not None:
        counted = counted.where(Question.agency_id == agency_id)
    return (await db.exec(counted)).one()


async def answered_by_agency(db: AsyncSession) -> dict[int, int]:
    return await _counted_by(db, col(Question.agency_id))


async def answered_by_topic(db: AsyncSession) -> dict[int, int]:
    return await _counted_by(db, col(Question.topic_id))


async def related(db: AsyncSession, question: Question, limit: int) -> Sequence[Listed]:
    """Other answered ones of the topic, newest first."""
    if question.topic_id is None:
        return ()
    near = await listed(db, Filters(topic_id=question.topic_id), limit + 1)
    return [other for other in near if other.id != question.id][:limit]


async def titles(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    rows = await db.exec(select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids)))
    return {int(question_id): title for question_id, title in rows.all() if question_id is not None}


async def unrouted(db: AsyncSession, limit: int) -> Sequence[Question]:
    """Accepted, but on nobody's desk: given back, or no agency was found."""
    lost = select(Question).where(
        Question.moderation == Moderation.ACCEPTED,
        Question.assignment == Assigned.UNASSIGNED,
        col(Question.merged_into_id).is_(None),
        col(Question.sealed).is_(False),
    )
    return (await db.exec(lost.order_by(col(Question.id)).limit(limit))).all()


async def on_desk(db: AsyncSession, actor: Actor, agency_id: int, tab: str, limit: int) -> Sequence[Question]:
    """An agency's questions at one step, most urgent first; answered ones newest first."""
    order = [col(Question.published_at).desc()] if tab == "answered" else [col(Question.answer_due_at)]
    rows = select(Question).where(workable(Question, actor), Question.agency_id == agency_id, *_TABS[tab])
    return (await db.exec(rows.order_by(*order, col(Question.id)).limit(limit))).all()


async def count_on_desk(db: AsyncSession, actor: Actor, agency_id: int) -> dict[str, int]:
    counts = {}
    for tab, wheres in _TABS.items():
        counted = select(func.count()).where(workable(Question, actor), Question.agency_id == agency_id, *wheres)
        counts[tab] = (await db.exec(counted)).one()
    return counts


async def workable_one(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """A question on a desk of the actor's; another agency's is missing."""
    return await only(db, select(Question).where(Question.id == question_id, workable(Question, actor)))


_TABS: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
    "offered": (col(Question.assignment) == Assigned.OFFERED,),
    "working": (
        col(Question.assignment) == Assigned.ACCEPTED,
        col(Question.answer).in_([Answered.NONE, Answered.DRAFTING]),
    ),
    "approval": (col(Question.answer) == Answered.IN_APPROVAL,),
    "answered": (col(Question.answer).in_([Answered.PUBLISHED, Answered.REVISED]),),
}


async def _counted_by(db: AsyncSession, column: Any) -> dict[int, int]:
    counted = (
        select(column, func.count())
        .where(*IN_LISTS, col(Question.published_at).is_not(None), column.is_not(None))
        .group_by(column)
    )
    return {int(key): int(times) for key, times in (await db.exec(counted)).all()}
