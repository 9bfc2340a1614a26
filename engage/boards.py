"""The floor of a dialogue as its desks list it: the questions that its room shows, where each stands, how many ask it too."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.dialogues import Dialogue
from engage.people import Person
from engage.questions import Question
from engage.turns import Floor, Turn, shows

LIMIT = 50
NONE = 0  # in no group, handed to no guest


class Order(StrEnum):
    CALLED = "called"  # as the host calls them up
    VOTES = "votes"
    OLDEST = "oldest"
    NEWEST = "newest"
    GROUP = "group"  # one announced group after the other, in each by votes
    GUEST = "guest"  # the same by whom they were handed to


SECTIONS: Mapping[Order, Callable[[Turn], int | None]] = {
    Order.GROUP: lambda turn: turn.group_id,
    Order.GUEST: lambda turn: turn.guest_id,
}


@dataclass(frozen=True, slots=True)
class Line:
    """`asker` is empty where the asker hides their name."""

    turn: Turn
    question: Question
    asker: str

    @property
    def votes(self) -> int:
        return self.turn.people


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of them; `NONE` is a group and a guest too. `after` is the last line of the page before: its votes and its turn."""

    floors: Collection[Floor]
    order: Order = Order.VOTES
    group_id: int | None = None
    guest_ids: Collection[int] | None = None
    after: tuple[int, int] | None = None
    limit: int = LIMIT


async def listed(db: AsyncSession, dialogue: Dialogue, narrowed: Narrowed) -> Sequence[Line]:
    """What was merged is not among them: it is asked where it went, and so its votes count there."""
    found = (
        select(Turn, Question, col(Person.name))
        .join(Question, col(Question.id) == col(Turn.question_id))
        .join(Person, col(Person.id) == col(Question.author_id))
        .where(Turn.dialogue_id == dialogue.key, col(Turn.floor).in_(narrowed.floors))
        .where(shows(dialogue), col(Question.merged_into_id).is_(None))
        .where(*_wheres(narrowed))
        .order_by(*_ordered(narrowed.order))
        .limit(narrowed.limit)
    )
    rows = (await db.exec(found)).all()
    return [Line(turn, question, "" if question.anonymous else name) for turn, question, name in rows]


async def in_sections(
    db: AsyncSession, dialogue: Dialogue, narrowed: Narrowed, sections: Sequence[int], begin: int | None = None
) -> Sequence[Line]:
    """Section after section, as the order says, in each by votes. `begin`: the one that `narrowed.after` lies in."""
    after = {begin: narrowed.after}
    if begin in sections:
        sections = sections[sections.index(begin) :]
    found: list[Line] = []
    for section in sections:
        left = replace(narrowed, order=Order.VOTES, after=after.get(section), limit=narrowed.limit - len(found))
        is_group = narrowed.order is Order.GROUP
        of_it = replace(left, group_id=section) if is_group else replace(left, guest_ids={section})
        found += await listed(db, dialogue, of_it)
        if len(found) == narrowed.limit:
            break
    return found


def section_of(line: Line, order: Order) -> int:
    """Orders without sections have one."""
    return SECTIONS[order](line.turn) or NONE if order in SECTIONS else NONE


async def line(db: AsyncSession, dialogue: Dialogue, question_id: int) -> Line | None:
    """One of them, wherever it stands; None when readers do not see it any more."""
    found = (
        select(Turn, Question, col(Person.name))
        .join(Question, col(Question.id) == col(Turn.question_id))
        .join(Person, col(Person.id) == col(Question.author_id))
        .where(Turn.dialogue_id == dialogue.key, Turn.question_id == question_id, shows(dialogue))
    )
    row = (await db.exec(found)).one_or_none()
    if row is None:
        return None
    turn, question, name = row
    return Line(turn, question, "" if question.anonymous else name)


async def titles(db: AsyncSession, dialogue: Dialogue, question_ids: Collection[int]) -> dict[int, str]:
    """Of those that readers see."""
    found = select(Question).where(col(Question.id).in_(question_ids), shows(dialogue))
    rows = (await db.exec(found.where(Question.dialogue_id == dialogue.key))).all()
    return {question.key: question.title for question in rows}


def _wheres(narrowed: Narrowed) -> list[sa.ColumnElement[bool]]:
    wheres: list[sa.ColumnElement[bool]] = []
    if narrowed.group_id is not None:
        wheres.append(_is(col(Turn.group_id), narrowed.group_id))
    if narrowed.guest_ids is not None:
        wheres.append(sa.or_(sa.false(), *(_is(col(Turn.guest_id), one) for one in narrowed.guest_ids)))
    if narrowed.after is not None:
        wheres.append(_beyond(narrowed.order, *narrowed.after))
    return wheres


def _is(column: Any, wanted: int) -> sa.ColumnElement[bool]:
    is_so: sa.ColumnElement[bool] = column.is_(None) if wanted == NONE else column == wanted
    return is_so


def _beyond(order: Order, last_votes: int, last: int) -> sa.ColumnElement[bool]:
    if order is Order.NEWEST:
        return col(Turn.id) < last
    if order is Order.VOTES:
        people = col(Turn.people)
        return sa.and_(people <= last_votes, sa.or_(people < last_votes, col(Turn.id) > last))
    return col(Turn.id) > last


def _ordered(order: Order) -> list[Any]:
    if order is Order.CALLED:
        return [col(Turn.queued_at), col(Turn.id)]
    if order is Order.VOTES:
        return [col(Turn.people).desc(), col(Turn.id)]
    return [col(Turn.id).desc() if order is Order.NEWEST else col(Turn.id)]
