"""What a dialogue's room shows of its questions: the one on stage, the answered, the waiting, all of them; a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import search
from engage.dialogues import Dialogue
from engage.errors import NotFound
from engage.questions import Question
from engage.replies import Reply
from engage.turns import Floor, Turn, shows

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


@dataclass(frozen=True, slots=True)
class Listing:
    """Which of all questions: holding all these words; those first that most people ask, or the newest. `after`: how many
    ask the last one of the page before, and its turn."""

    narrowed: Narrowed = ALL
    typed: str = ""
    is_newest_first: bool = False
    after: tuple[int, int] | None = None

    def rank(self, turn: Turn) -> tuple[int, int]:
        return (0, -turn.key) if self.is_newest_first else (-turn.people, turn.key)


async def on_stage(db: AsyncSession, dialogue: Dialogue) -> Heard | None:
    return next(iter(await _read(db, _seen(dialogue).where(Turn.floor == Floor.ON_STAGE))), None)


async def answered(
    db: AsyncSession,
    dialogue: Dialogue,
    limit: int,
    *,
    narrowed: Narrowed = ALL,
    oldest_first: bool = False,
    after: Place | None = None,
) -> Sequence[Heard]:
    """Newest first, or in their order. The one on stage is among them as soon as somebody has answered it."""
    chosen, key = _answered(dialogue, narrowed), (col(Turn.answered_at), col(Turn.id))
    if after is not None:
        here, there = sa.tuple_(*key), sa.tuple_(*(sa.literal(one) for one in after))
        chosen = chosen.where(here > there if oldest_first else here < there)
    order = key if oldest_first else (key[0].desc(), key[1].desc())
    return await _read(db, chosen.order_by(*order).limit(limit))


async def count_answered(db: AsyncSession, dialogue: Dialogue, narrowed: Narrowed = ALL) -> int:
    found = _answered(dialogue, narrowed).with_only_columns(func.count())
    return int((await db.exec(found)).one()[0])


async def most_asked(db: AsyncSession, dialogue: Dialogue, limit: int) -> Sequence[Heard]:
    """Waiting ones, those first that most people ask; of as many the oldest."""
    return await _along(db, dialogue, (Floor.WAITING, Floor.QUEUED), Listing(), limit)


async def count_waiting(db: AsyncSession, dialogue: Dialogue, most: int) -> int:
    """No more than so many: nobody reads on, and each fact of the room counts anew."""
    waits = _seen(dialogue).where(col(Turn.floor).in_([Floor.WAITING, Floor.QUEUED]))
    some = waits.with_only_columns(col(Turn.id)).limit(most).subquery()
    return int((await db.exec(select(func.count()).select_from(some))).one())


async def listed(db: AsyncSession, dialogue: Dialogue, listing: Listing, limit: int) -> Sequence[Heard]:
    """Whatever became of them."""
    if not listing.typed:
        return await _along(db, dialogue, tuple(Floor), listing, limit)
    found = search.matches(db, listing.typed)
    if found is None:
        return []
    holding = _listed(dialogue, listing).where(col(Turn.question_id).in_(sa.select(found.c.id)))
    return await _read(db, holding.order_by(*_ordered(listing)).limit(limit))


async def _along(
    db: AsyncSession, dialogue: Dialogue, stands: Sequence[Floor], listing: Listing, limit: int
) -> Sequence[Heard]:
    """One place to stand after the other: so each is read along its index."""
    found: list[Heard] = []
    for floor in stands:
        chosen = _listed(dialogue, listing).where(Turn.floor == floor)
        found += await _read(db, chosen.order_by(*_ordered(listing)).limit(limit))
    return sorted(found, key=lambda one: listing.rank(one.turn))[:limit]


async def of(db: AsyncSession, dialogue: Dialogue, question_ids: Sequence[int]) -> Sequence[Heard]:
    """Of these, those that readers see."""
    return await _read(db, _seen(dialogue).where(col(Turn.question_id).in_(question_ids)))


async def one(db: AsyncSession, dialogue: Dialogue, question_id: int) -> Heard:
    found = await of(db, dialogue, [question_id])
    if not found:
        raise NotFound()
    return found[0]


def _answered(dialogue: Dialogue, narrowed: Narrowed) -> Any:
    chosen = _of_group(_seen(dialogue).where(col(Turn.answered_at).is_not(None)), narrowed)
    if narrowed.guest_id is not None:
        chosen = chosen.where(_answered_by(narrowed.guest_id))
    return chosen


def _listed(dialogue: Dialogue, listing: Listing) -> Any:
    """Of a guest are those that were handed to them too."""
    chosen, guest_id = _of_group(_seen(dialogue), listing.narrowed), listing.narrowed.guest_id
    if guest_id is not None:
        chosen = chosen.where(sa.or_(col(Turn.guest_id) == guest_id, _answered_by(guest_id)))
    if listing.after is None:
        return chosen
    (asking, last), people = listing.after, col(Turn.people)
    if listing.is_newest_first:
        return chosen.where(col(Turn.id) < last)
    return chosen.where(people <= asking, sa.or_(people < asking, col(Turn.id) > last))


def _ordered(listing: Listing) -> Sequence[Any]:
    return [col(Turn.id).desc()] if listing.is_newest_first else [col(Turn.people).desc(), col(Turn.id)]


def _of_group(chosen: Any, narrowed: Narrowed) -> Any:
    return chosen if narrowed.group_id is None else chosen.where(Turn.group_id == narrowed.group_id)


def _answered_by(guest_id: int) -> sa.ColumnElement[bool]:
    by = select(col(Reply.question_id)).where(Reply.guest_id == guest_id, col(Reply.released_at).is_not(None))
    return col(Turn.question_id).in_(by)


def _seen(dialogue: Dialogue) -> Any:
    return (
        select(Turn, Question)
        .join(Question, col(Question.id) == col(Turn.question_id))
        .where(Turn.dialogue_id == dialogue.key, shows(dialogue), col(Question.merged_into_id).is_(None))
    )


async def _read(db: AsyncSession, chosen: Any) -> Sequence[Heard]:
    return [Heard(turn, question) for turn, question in (await db.exec(chosen)).all()]
