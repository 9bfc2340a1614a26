"""Sifting: the questions of a dialogue narrowed, put in order and counted, a page of twenty thousand at a time. Changes nothing.

Shows what the room shows. What moderators still look at is told as a number: its words are theirs alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clusters, search, voting
from engage.access import Moderation
from engage.boards import Line
from engage.db import now
from engage.desks import bounded
from engage.dialogues import Dialogue
from engage.people import Person
from engage.questions import Question
from engage.turns import Floor, Turn, not_asked, shows

NONE = 0  # no group, no guest
MOST_COUNTED = 1_000
LIMIT = 50
WAITS = frozenset({Moderation.RECEIVED, Moderation.HELD})
Place = tuple[int, ...]


class Order(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"
    CLUSTER = "cluster"  # what most of them ask in much the same words first


class State(StrEnum):
    """Where a question stands. One that was merged is asked elsewhere."""

    OPEN = "open"
    WAITING = "waiting"
    QUEUED = "queued"
    ASIDE = "aside"
    ANSWERED = "answered"
    CARRIED = "carried"
    MERGED = "merged"


class Age(StrEnum):
    DAY = "day"
    WEEK = "week"
    OLDER = "older"


class Twins(StrEnum):
    SOME = "some"
    NONE = "none"


FLOORS: Mapping[State, tuple[Floor, ...]] = {
    State.WAITING: (Floor.WAITING,),
    State.QUEUED: (Floor.QUEUED, Floor.ON_STAGE),
    State.ASIDE: (Floor.ASIDE,),
    State.ANSWERED: (Floor.ANSWERED,),
    State.CARRIED: (Floor.CARRIED,),
}
DONE = (Floor.ANSWERED, Floor.CARRIED)
AGES: Mapping[Age, timedelta] = {Age.DAY: timedelta(days=1), Age.WEEK: timedelta(days=7), Age.OLDER: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Row(Line):
    """`people`: how many ask it, everybody once: who sent it or what goes on as it, and who voted on any of them."""

    people: int


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which of them; None and empty narrow nothing."""

    state: State = State.OPEN
    group_id: int | None = None
    guest_id: int | None = None
    cluster_id: int | None = None
    twins: Twins | None = None
    age: Age | None = None
    typed: str = ""


async def listed(
    db: AsyncSession, dialogue: Dialogue, sieve: Sieve, order: Order, limit: int = LIMIT, after: Place | None = None
) -> Sequence[Row]:
    """`votes` of a line are all who ask it, its asker among them. `after`: the place of the last one seen."""
    sizes = clusters.sizes(dialogue)
    keys = _keys(order, sizes)
    found = select(col(Turn.id)).select_from(_from(sieve, order, sizes)).where(*_wheres(db, dialogue, sieve, sizes))
    if after is not None:
        found = found.where(_beyond(keys, after))
    found = found.order_by(*(key.desc() if descends else key for key, descends in keys))
    turn_ids = (await db.exec(found.limit(limit))).all()  # alone: to sort whole rows costs many times as much
    rows = await _rows(db, col(Turn.id).in_(turn_ids))
    by_id = {line.turn.id: line for line in rows}
    return [by_id[turn_id] for turn_id in turn_ids]


async def of(db: AsyncSession, dialogue: Dialogue, question_ids: Sequence[int]) -> Sequence[Row]:
    """These, in this order."""
    rows = await _rows(db, col(Turn.question_id).in_(question_ids), col(Turn.dialogue_id) == dialogue.key)
    by_id = {line.question.key: line for line in rows}
    return [by_id[question_id] for question_id in dict.fromkeys(question_ids) if question_id in by_id]


async def _rows(db: AsyncSession, *which: sa.ColumnElement[bool]) -> Sequence[Row]:
    found = (
        select(Turn, Question, col(Person.name))
        .join(Question, col(Question.id) == col(Turn.question_id))
        .join(Person, col(Person.id) == col(Question.author_id))
    )
    rows = (await db.exec(found.where(*which))).all()
    asking = await voting.people(db, [question.key for _, question, _ in rows])
    return [
        Row(turn, question, "" if question.anonymous else name, asking[question.key]) for turn, question, name in rows
    ]


async def ids(db: AsyncSession, dialogue: Dialogue, sieve: Sieve, limit: int) -> Sequence[int]:
    """Of their questions, the earliest first."""
    sizes = clusters.sizes(dialogue)
    found = select(col(Turn.question_id)).select_from(_from(sieve, Order.OLDEST, sizes))
    found = found.where(*_wheres(db, dialogue, sieve, sizes)).order_by(col(Turn.id))
    return (await db.exec(found.limit(limit))).all()


async def count(db: AsyncSession, dialogue: Dialogue, sieve: Sieve) -> int:
    """`MOST_COUNTED` is as far as it counts."""
    sizes = clusters.sizes(dialogue)
    some = bounded(_from(sieve, Order.OLDEST, sizes), *_wheres(db, dialogue, sieve, sizes), most=MOST_COUNTED)
    return int((await (await db.connection()).execute(sa.select(some))).scalar_one())


async def counts(db: AsyncSession, dialogue: Dialogue) -> Mapping[State, int]:
    """Of everything that stands in each state, in one statement."""
    sizes = clusters.sizes(dialogue)
    each = [
        bounded(Turn, *_wheres(db, dialogue, Sieve(state), sizes), most=MOST_COUNTED).label(state) for state in State
    ]
    row = (await (await db.connection()).execute(sa.select(*each))).one()
    return dict(zip(State, map(int, row), strict=True))


async def unread(db: AsyncSession, dialogue: Dialogue) -> int:
    """How many moderators still look at."""
    waits = col(Question.dialogue_id) == dialogue.key, col(Question.moderation).in_(WAITS), ~shows(dialogue)
    some = bounded(Question, *waits, most=MOST_COUNTED)
    return int((await (await db.connection()).execute(sa.select(some))).scalar_one())


async def sizes(db: AsyncSession, dialogue: Dialogue, cluster_ids: Sequence[int | None]) -> Mapping[int, int]:
    """How many questions of each cluster are asked for themselves."""
    known = [one for one in cluster_ids if one is not None]
    if not known:
        return {}
    counted = clusters.sizes(dialogue, col(Turn.cluster_id).in_(known))
    rows = (await (await db.connection()).execute(sa.select(counted.c.cluster_id, counted.c.size))).all()
    return {int(key): int(size) for key, size in rows}


def place_of(line: Row, order: Order, size: int) -> Place:
    """Where a list that ends with this line goes on."""
    if order is Order.CLUSTER:
        return size, line.turn.cluster_id or line.question.key, line.turn.key
    return (line.turn.key,)


def _keys(order: Order, sizes: sa.Subquery) -> Sequence[tuple[Any, bool]]:
    """What each order is sorted by, and whether that descends."""
    turn_id: Any = col(Turn.id)
    together: Any = func.coalesce(col(Turn.cluster_id), col(Turn.question_id))
    return {
        Order.OLDEST: ((turn_id, False),),
        Order.NEWEST: ((turn_id, True),),
        Order.CLUSTER: ((func.coalesce(sizes.c.size, 1), True), (together, False), (turn_id, False)),
    }[order]


def _beyond(keys: Sequence[tuple[Any, bool]], after: Place) -> sa.ColumnElement[bool]:
    """Behind a place in an order of several columns: equal in the first ones, farther in the next."""
    ways = []
    for nth, (key, descends) in enumerate(keys):
        same = [key == at for (key, _), at in zip(keys[:nth], after, strict=False)]
        ways.append(sa.and_(*same, key < after[nth] if descends else key > after[nth]))
    return sa.or_(*ways)


def _from(sieve: Sieve, order: Order, sizes: sa.Subquery) -> Any:
    """With the sizes of clusters only where they are asked for."""
    if order is Order.CLUSTER or sieve.twins:
        return sa.outerjoin(Turn, sizes, sa.and_(sizes.c.cluster_id == col(Turn.cluster_id), ~col(Turn.is_apart)))
    return Turn


def _wheres(db: AsyncSession, dialogue: Dialogue, sieve: Sieve, sizes: sa.Subquery) -> Sequence[sa.ColumnElement[bool]]:
    wheres = [col(Turn.dialogue_id) == dialogue.key, *_stands(dialogue, sieve.state)]
    if sieve.group_id is not None:
        wheres.append(_is(col(Turn.group_id), sieve.group_id))
    if sieve.guest_id is not None:
        wheres.append(_is(col(Turn.guest_id), sieve.guest_id))
    if sieve.cluster_id is not None:
        wheres += [col(Turn.cluster_id) == sieve.cluster_id, col(Turn.is_apart).is_(False)]
    if sieve.twins:
        has = func.coalesce(sizes.c.size, 1) > 1
        wheres.append(has if sieve.twins is Twins.SOME else ~has)
    if sieve.age:
        since = now(db) - AGES[sieve.age]
        wheres.append(col(Turn.entered_at) < since if sieve.age is Age.OLDER else col(Turn.entered_at) >= since)
    if sieve.typed:
        wheres.append(search.holds(db, sieve.typed, col(Turn.question_id)))
    return wheres


def _stands(dialogue: Dialogue, state: State) -> Sequence[sa.ColumnElement[bool]]:
    if state is State.MERGED:
        merged = not_asked(dialogue).where(shows(dialogue), col(Question.merged_into_id).is_not(None))
        return (col(Turn.question_id).in_(merged),)
    if state is State.OPEN:  # nearly all of them: the index of the order finds them, not that of the floor
        return col(Turn.floor).not_in(DONE), clusters.are_asked(dialogue)
    return col(Turn.floor).in_(FLOORS[state]), clusters.are_asked(dialogue)


def _is(column: Any, wanted: int) -> sa.ColumnElement[bool]:
    if wanted == NONE:  # mostly all or few of them: the index of the order finds them as well
        return sa.type_coerce(func.coalesce(column, NONE) == NONE, sa.Boolean)
    return sa.type_coerce(column == wanted, sa.Boolean)
