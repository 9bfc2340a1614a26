"""Finding what is on an agency's desk: by step, by who has it, by due date, by words; and how much there is. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import absences, search
from engage.access import OPEN_SHARES, Actor, Moderation, Share, Shared, shared, workable
from engage.assigned import IN_HAND, Answered, Assigned
from engage.db import now
from engage.deadlines import HERE
from engage.questions import SURFACE, Question, only

MOST_COUNTED = 300  # beyond that a number says nothing, and counting costs
_AGAIN = col(Question.again_due_at).is_not(None)
DUE_AT = func.coalesce(col(Question.again_due_at), col(Question.answer_due_at))
# Somebody has to write: for the first time, or again.
TO_WRITE = sa.or_(col(Question.answer).in_(IN_HAND), sa.and_(_AGAIN, col(Question.approve_due_at).is_(None)))
TABS: Mapping[str, tuple[sa.ColumnElement[bool], ...]] = {
    "offered": (col(Question.assignment) == Assigned.OFFERED,),
    "working": (col(Question.assignment) == Assigned.ACCEPTED, TO_WRITE),
    "approval": (
        col(Question.assignment) == Assigned.ACCEPTED,
        sa.or_(
            col(Question.answer) == Answered.IN_APPROVAL, sa.and_(_AGAIN, col(Question.approve_due_at).is_not(None))
        ),
    ),
    "answered": (
        col(Question.assignment) == Assigned.ACCEPTED,
        col(Question.answer).in_([Answered.PUBLISHED, Answered.REVISED]),
        ~_AGAIN,
    ),
}
DUES = ("late", "week", "later")
NOBODY = 0
Place = tuple[datetime, int]
_OF_QUESTION = sa.and_(col(Share.thing_id) == col(Question.id), col(Share.surface) == SURFACE)
_ASKED = sa.join(Share, Question, _OF_QUESTION)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a desk's list is narrowed by. `officials`: whose texts, None for all, NOBODY among them for those nobody has."""

    tab: str
    officials: frozenset[int] | None = None
    due: str = ""
    topic_id: int | None = None
    kind: str = ""
    typed: str = ""


async def listed(
    db: AsyncSession, actor: Actor, agency_id: int, wanted: Wanted, limit: int, after: Place | None = None
) -> Sequence[Question]:
    """Most urgent first; answered ones newest first. `after`: the last one seen."""
    rows = select(Question).where(*here(actor, agency_id), *TABS[wanted.tab], *narrowed(db, wanted))
    at, key = _order_of(wanted.tab), col(Question.id)
    if wanted.tab == "answered":
        rows = rows.where(at.is_not(None)).order_by(at.desc(), key.desc())
        beyond = (at < after[0], at == after[0], key < after[1]) if after else None
    else:
        rows = rows.where(at.is_not(None)).order_by(at, key)
        beyond = (at > after[0], at == after[0], key > after[1]) if after else None
    if beyond:
        rows = rows.where(sa.or_(beyond[0], sa.and_(*beyond[1:])))
    return (await db.exec(rows.limit(limit))).all()


def place_of(question: Question, tab: str) -> Place:
    """Where a list that ends with this question goes on."""
    at = question.published_at if tab == "answered" else question.again_due_at or question.answer_due_at
    return at or question.created_at, question.id or 0


async def counts(db: AsyncSession, actor: Actor, agency_id: int, tab: str, mine: frozenset[int]) -> Mapping[str, int]:
    """How much there is in each tab, and how much of an open one is theirs or nobody's; none counted beyond some hundreds."""
    lying = here(actor, agency_id)
    asked = {tab: bounded(Question, *lying, *wheres) for tab, wheres in TABS.items()}
    if tab in {"offered", "working"}:
        asked["mine"] = bounded(Question, *lying, *TABS[tab], col(Question.official_id).in_(mine))
        asked["nobody"] = bounded(Question, *lying, *TABS[tab], col(Question.official_id).is_(None))
    asked["shares"] = bounded(_ASKED, *_shares_on(agency_id), col(Share.state) == Shared.ASKED)
    row = (await (await db.connection()).execute(sa.select(*(one.label(name) for name, one in asked.items())))).one()
    return dict(row._mapping)


async def totals(db: AsyncSession, agency_id: int) -> Mapping[str, int]:
    """How much there is in each tab, as whoever works there sees it."""
    anybody = Actor(posts={agency_id: frozenset()})
    return await counts(db, anybody, agency_id, "", frozenset())


async def mine(db: AsyncSession, actor: Actor, agency_id: int) -> frozenset[int]:
    """The actor, and those for whom the actor stands in today."""
    absent = await absences.away(db, agency_id)
    me = actor.person_id or NOBODY
    return frozenset({me} | {person for person in absent if absences.standing_in(absent, person) == me})


async def on_desk(db: AsyncSession, actor: Actor, ids: Sequence[int]) -> Sequence[int]:
    """Those of the ids that lie on a desk of the actor's."""
    if not ids:
        return ()
    return (await db.exec(select(col(Question.id)).where(workable(Question, actor), col(Question.id).in_(ids)))).all()  # type: ignore[return-value]  # stored rows have ids


async def parts(db: AsyncSession, agency_id: int, limit: int) -> Sequence[tuple[Share, Question]]:
    """What other agencies ask this one for: not given yet first, the most urgent first."""
    rows = (
        select(Share, Question)
        .join(Question, _OF_QUESTION)
        .where(*_shares_on(agency_id), col(Share.state).in_(OPEN_SHARES))
        .order_by(col(Share.state), col(Share.due_at), col(Share.id))
    )
    return (await db.exec(rows.limit(limit))).all()


async def shared_one(db: AsyncSession, actor: Actor, share: Share) -> Question:
    """The question of a share, for the agency that was asked."""
    return await only(db, select(Question).where(Question.id == share.thing_id, shared(Question, actor)))


async def has_part(db: AsyncSession, actor: Actor, share_id: int) -> bool:
    """Whether a part, in whatever state, is asked by an agency of the actor's or of it."""
    mine = list(actor.posts)
    either = sa.or_(col(Share.agency_id).in_(mine), col(Share.lead_id).in_(mine))
    return (await db.exec(select(col(Share.id)).where(Share.id == share_id, either))).first() is not None


def here(actor: Actor, agency_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """On the desk of this agency, which is one of the actor's."""
    return workable(Question, actor), col(Question.agency_id) == agency_id


def _shares_on(agency_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """What the lead still drafts, and everybody may read."""
    return (
        col(Share.agency_id) == agency_id,
        col(Question.answer).in_(IN_HAND),
        col(Question.moderation) == Moderation.ACCEPTED,
        col(Question.sealed).is_(False),
    )


def _order_of(tab: str) -> Any:
    return col(Question.published_at) if tab == "answered" else DUE_AT


def narrowed(db: AsyncSession, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    wheres = [_due(wanted.due, now(db))] if wanted.due in DUES else []
    if wanted.officials is not None:
        has = col(Question.official_id)
        wheres.append(has.is_(None) if NOBODY in wanted.officials else has.in_(wanted.officials))
    if wanted.topic_id is not None:
        wheres.append(col(Question.topic_id) == wanted.topic_id)
    if wanted.kind:
        wheres.append(col(Question.kind) == wanted.kind)
    if wanted.typed:
        wheres.append(_holds(db, wanted))
    return wheres


def _holds(db: AsyncSession, wanted: Wanted) -> sa.ColumnElement[bool]:
    """What is open is little, and asked one by one; what was answered is an archive, where the newest thousand are found."""
    if wanted.tab == "answered":
        found = search.matches(db, wanted.typed)
        return sa.false() if found is None else col(Question.id).in_(sa.select(found.c.id))
    return search.holds(db, wanted.typed, col(Question.id))


def _due(due: str, at: datetime) -> sa.ColumnElement[bool]:
    """Overdue; until the end of this week; after it."""
    today = at.astimezone(HERE).date()
    monday = datetime.combine(today + timedelta(days=7 - today.weekday()), time(), HERE)
    column = DUE_AT
    return {"late": column < at, "week": sa.and_(column >= at, column < monday), "later": column >= monday}[due]


def bounded(table: Any, *wheres: Any, most: int | None = None) -> sa.ScalarSelect[int]:
    """`>= most` is as far as it counts; without it `MOST_COUNTED`."""
    first = (
        sa.select(sa.literal(1).label("one")).select_from(table).where(*wheres).limit(most or MOST_COUNTED).subquery()
    )
    return sa.select(func.count()).select_from(first).scalar_subquery()
