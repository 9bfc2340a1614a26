"""What readers see of a dialogue's questions: the one on stage, the answered, the waiting; a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import PUBLIC, visible
from engage.errors import NotFound
from engage.questions import Question
from engage.replies import Reply
from engage.turns import Floor, Turn

Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Heard:
    """A question where it stands in its dialogue."""

    turn: Turn
    question: Question

    @property
    def place(self) -> Place:
        """Among the answered ones."""
        return self.turn.answered_at or self.turn.entered_at, self.turn.key


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To a group of topics, to a guest who has answered; None: to none."""

    group_id: int | None = None
    guest_id: int | None = None


ALL = Narrowed()


async def on_stage(db: AsyncSession, dialogue_id: int) -> Heard | None:
    return next(iter(await _read(db, _seen(dialogue_id).where(Turn.floor == Floor.ON_STAGE))), None)


async def answered(
    db: AsyncSession,
    dialogue_id: int,
    limit: int,
    *,
    narrowed: Narrowed = ALL,
    oldest_first: bool = False,
    after: Place | None = None,
) -> Sequence[Heard]:
    """Newest first, or in their order. The one on stage is among them as soon as somebody has answered it."""
    chosen, key = _answered(dialogue_id, narrowed), (col(Turn.answered_at), col(Turn.id))
    if after is not None:
        here, there = sa.tuple_(*key), sa.tuple_(*(sa.literal(one) for one in after))
        chosen = chosen.where(here > there if oldest_first else here < there)
    order = key if oldest_first else (key[0].desc(), key[1].desc())
    return await _read(db, chosen.order_by(*order).limit(limit))


async def count_answered(db: AsyncSession, dialogue_id: int, narrowed: Narrowed = ALL) -> int:
    found = _answered(dialogue_id, narrowed).with_only_columns(func.count())
    return int((await db.exec(found)).one()[0])


async def most_asked(db: AsyncSession, dialogue_id: int, limit: int) -> Sequence[Heard]:
    """Waiting ones, those first that most people ask; of as many the oldest."""
    found: list[Heard] = []
    for floor in (Floor.WAITING, Floor.QUEUED):  # one after the other: so each is read along its index
        waits = _seen(dialogue_id).where(Turn.floor == floor)
        found += await _read(db, waits.order_by(col(Turn.people).desc(), col(Turn.id)).limit(limit))
    return sorted(found, key=lambda one: (-one.turn.people, one.turn.key))[:limit]


async def of(db: AsyncSession, dialogue_id: int, question_ids: Sequence[int]) -> Sequence[Heard]:
    """Of these, those that readers see."""
    return await _read(db, _seen(dialogue_id).where(col(Turn.question_id).in_(question_ids)))


async def one(db: AsyncSession, dialogue_id: int, question_id: int) -> Heard:
    found = await of(db, dialogue_id, [question_id])
    if not found:
        raise NotFound()
    return found[0]


def _answered(dialogue_id: int, narrowed: Narrowed) -> Any:
    chosen = _seen(dialogue_id).where(col(Turn.answered_at).is_not(None))
    if narrowed.group_id is not None:
        chosen = chosen.where(Turn.group_id == narrowed.group_id)
    if narrowed.guest_id is not None:
        by = select(col(Reply.question_id)).where(
            Reply.guest_id == narrowed.guest_id, col(Reply.released_at).is_not(None)
        )
        chosen = chosen.where(col(Turn.question_id).in_(by))
    return chosen


def _seen(dialogue_id: int) -> Any:
    return (
        select(Turn, Question)
        .join(Question, col(Question.id) == col(Turn.question_id))
        .where(Turn.dialogue_id == dialogue_id, visible(Question, PUBLIC), col(Question.merged_into_id).is_(None))
    )


async def _read(db: AsyncSession, chosen: Any) -> Sequence[Heard]:
    return [Heard(turn, question) for turn, question in (await db.exec(chosen)).all()]
