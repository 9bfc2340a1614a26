"""Finding questions: what resembles one, public counts, and what waits for the desks. Changes nothing."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists, search
from engage.access import PUBLIC, Actor, Moderation, visible, workable
from engage.agencies import Membership, Post
from engage.assigned import Assigned
from engage.lists import Filters, Listed
from engage.questions import SURFACE, Question, only
from engage.turns import Floor, Turn
from moderation import similarity

_CARRIED = sa.select(col(Turn.id)).where(col(Turn.question_id) == col(Question.id), col(Turn.floor) == Floor.CARRIED)
# Accepted, but on nobody's desk: given back, or no agency was found. What a dialogue has not passed on yet is its host's.
_LOST = (
    sa.or_(col(Question.dialogue_id).is_(None), _CARRIED.exists()),
    col(Question.moderation) == Moderation.ACCEPTED,
    col(Question.assignment) == Assigned.UNASSIGNED,
    col(Question.merged_into_id).is_(None),
    col(Question.sealed).is_(False),
)


async def near(db: AsyncSession, title: str, limit: int, least: float, surface: str = SURFACE) -> Sequence[Listed]:
    """Public ones of a surface whose titles say much the same, the nearest first; `least` from 0 to 1."""
    others = await titles(db, await search.resembling(db, title))
    told = [(similarity.near(title, other), question_id) for question_id, other in others.items()]
    nearest = [question_id for score, question_id in sorted(told, key=lambda pair: -pair[0]) if score >= least]
    return (await lists.in_order(db, nearest, surface))[:limit]


async def count_open(db: AsyncSession, agency_id: int) -> int:
    """Public ones that wait for the agency's answer; how many have it is kept by `tallies`."""
    waiting = lists.listable(), col(Question.published_at).is_(None), Question.agency_id == agency_id
    return (await db.exec(select(func.count()).where(*waiting))).one()


async def related(db: AsyncSession, question: Question, limit: int) -> Sequence[Listed]:
    """Other answered ones of the topic, newest first."""
    if question.topic_id is None:
        return ()
    near = await lists.listed(db, Filters(surface=question.surface, topic_id=question.topic_id), limit + 1)
    return [other for other in near if other.id != question.id][:limit]


async def titles(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    rows = await db.exec(select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids)))
    return {int(question_id): title for question_id, title in rows.all() if question_id is not None}


async def kinds(db: AsyncSession, ids: Sequence[int]) -> dict[int, Any]:
    """By id what each is, and whether readers are kept from it."""
    chosen = sa.select(col(Question.id), col(Question.kind), col(Question.restricted)).where(col(Question.id).in_(ids))
    return {row.id: row for row in (await db.exec(chosen)).all()}  # type: ignore[call-overload]  # columns


async def public_titles(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    chosen = select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids), visible(Question, PUBLIC))
    return {int(question_id): title for question_id, title in (await db.exec(chosen)).all() if question_id is not None}


async def unrouted(db: AsyncSession, limit: int) -> Sequence[Question]:
    return (await db.exec(select(Question).where(*_LOST).order_by(col(Question.id)).limit(limit))).all()


async def count_unrouted(db: AsyncSession) -> int:
    return (await db.exec(select(func.count()).select_from(Question).where(*_LOST))).one()


async def agencies_without(db: AsyncSession, post: Post = Post.COORDINATOR) -> Sequence[int]:
    """Agencies that have open questions and nobody who holds a post."""
    held = select(col(Membership.agency_id)).where(Membership.post == post)
    waiting = select(col(Question.agency_id)).where(
        Question.moderation == Moderation.ACCEPTED,
        col(Question.published_at).is_(None),
        col(Question.agency_id).is_not(None),
        col(Question.agency_id).not_in(held),
    )
    return [agency_id for agency_id in (await db.exec(waiting.distinct())).all() if agency_id is not None]


async def workable_one(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """A question on a desk of the actor's; another agency's is missing."""
    return await only(db, select(Question).where(Question.id == question_id, workable(Question, actor)))
