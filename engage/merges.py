"""One question put into another that asks the same, and taken out again. Nothing is copied: who follows the one follows the
other for as long as the merge stands, and votes count so too; taking it back needs no memory but the row that says so.

Chains are kept as they were made (A into B, B into C): a question goes on as the last of its chain.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, audit, follows, notices, questions, ranks, tallies, turns, votes
from engage.access import Moderation, is_public
from engage.assigned import MOVES, Answered, Assigned
from engage.assignments import Assignment, Outcome
from engage.db import locked, now
from engage.errors import Conflict, NotFound, Refused
from engage.moves import move
from engage.people import Person
from engage.questions import SURFACE, Question, note_mention, notify
from live import log

_ID: Any = col(Question.id)
_INTO: Any = col(Question.merged_into_id)


class Merge(SQLModel, table=True):
    """Who put which question into which, and who took it out."""

    __tablename__ = "merge"
    __table_args__ = (sa.Index("merge_of_question", "question_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    into_id: int = Field(foreign_key="question.id")
    by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    undone_by: int | None = Field(default=None, foreign_key="person.id")
    undone_at: datetime | None = None


async def target_of(db: AsyncSession, question_id: int, typed: str) -> Question:
    """The public question that somebody means by a number or an address; at the end of its chain. Raises Refused."""
    number = typed.strip().rstrip("/").rpartition("/")[2]
    if not number.isdecimal() or len(number) > 9:
        raise Refused("merge_target_missing", field="target")
    target: Question | None = await db.get(Question, await last_of(db, int(number)))
    question: Question | None = await db.get(Question, question_id)
    if question is None:
        raise NotFound()
    return _fitting(target, question)


async def merge(db: AsyncSession, question_id: int, into_id: int, *, by: int | None, wait: timedelta) -> Question:
    """Both rows are locked, the smaller number first: of two who merge crosswise, the second finds the first one's merge."""
    into_id = await last_of(db, into_id)
    rows = await _both(db, question_id, into_id)
    question, target = rows.get(question_id), rows.get(into_id)
    if question is None:
        raise NotFound()
    target = _fitting(target, question)
    if question.sealed or question.merged_into_id is not None or target.merged_into_id is not None:
        raise Conflict("moved_on")
    if question.moderation not in {Moderation.HELD, Moderation.ACCEPTED}:
        raise Conflict("moved_on")
    if question.answer == Answered.IN_APPROVAL:
        raise Refused("answer_is_on_its_way", field="target")
    agency_id = question.agency_id
    await tallies.leaves(db, question)
    await _take_off_desk(db, question)
    await turns.take_back(db, question)
    question.merged_into_id = into_id
    db.add_all([question, Merge(question_id=question_id, into_id=into_id, by=by, at=now(db))])
    await db.flush()
    author = await db.get(Person, question.author_id)
    if author is not None:
        await follows.join(db, SURFACE, question_id, author)
        await votes.join(db, SURFACE, question_id, author.id or 0)
    await ranks.keep(db, [into_id])
    await notify(db, question, notices.Kind.MERGED, wait=wait)
    await _tell(db, question, "question.merged", into_id, agency_id)
    await audit.note(db, by, "question.merged", question=question_id, target=into_id)
    return question


async def take_out(db: AsyncSession, question_id: int, *, by: int | None) -> Question:
    """Its own question again: on the desk it was on, with the followers it had."""
    question = (await _both(db, question_id)).get(question_id)
    if question is None:
        raise NotFound()
    made = await standing(db, question_id)
    if question.merged_into_id is None or made is None:
        raise Conflict("moved_on")
    into_id, question.merged_into_id = question.merged_into_id, None
    made.undone_by, made.undone_at = by, now(db)
    db.add_all([question, made])
    await tallies.enters(db, question)
    await follows.part(db, SURFACE, question_id)
    await votes.part(db, SURFACE, question_id, question.author_id)
    await ranks.keep(db, [question_id, await last_of(db, into_id)])
    await notices.cancel(db, SURFACE, question_id, notices.Kind.MERGED)
    await _put_back_on_desk(db, question)
    await _tell(db, question, "question.parted", into_id, question.agency_id)
    await audit.note(db, by, "question.parted", question=question_id, target=into_id)
    return question


async def last_of(db: AsyncSession, question_id: int) -> int:
    """Where a chain of merges ends: what a merged question goes on as."""
    row = sa.select(_ID, _INTO)
    chain = row.where(question_id == _ID).cte("chain", recursive=True)
    chain = chain.union(row.where(chain.c.merged_into_id == _ID))
    ends = sa.select(chain.c.id).where(chain.c.merged_into_id.is_(None))
    found: int | None = (await (await db.connection()).execute(ends)).scalar_one_or_none()
    return question_id if found is None else found


async def below(db: AsyncSession, question_id: int) -> list[int]:
    """Everything that goes on as this question."""
    tree = sa.select(_ID).where(question_id == _INTO).cte("tree", recursive=True)
    tree = tree.union(sa.select(_ID).where(tree.c.id == _INTO))
    return list((await (await db.connection()).execute(sa.select(tree.c.id))).scalars())


async def families(db: AsyncSession, question_ids: Collection[int]) -> dict[int, list[int]]:
    """Of these, each into which others were merged, with all that go on as it: one statement for a whole list."""
    found: dict[int, list[int]] = {}
    for into_id, question_id in (await (await db.connection()).execute(_FAMILIES, {"ids": list(question_ids)})).all():
        found.setdefault(into_id, []).append(question_id)
    return found


async def standing(db: AsyncSession, question_id: int) -> Merge | None:
    made = select(Merge).where(Merge.question_id == question_id, col(Merge.undone_at).is_(None))
    return (await db.exec(made.order_by(col(Merge.id).desc()).limit(1))).one_or_none()


async def of(db: AsyncSession, question_id: int) -> Sequence[Merge]:
    made = select(Merge).where(Merge.question_id == question_id)
    return (await db.exec(made.order_by(col(Merge.id)))).all()


def _fitting(target: Question | None, question: Question) -> Question:
    if target is None or not is_public(target):
        raise Refused("merge_target_missing", field="target")
    if target.id == question.id:
        raise Refused("merge_into_itself", field="target")
    if question.restricted:  # what readers may not know of counts on no page of theirs
        raise Refused("merge_restricted", field="target")
    if target.surface != question.surface:
        raise Refused("merge_of_another_kind", field="target")
    return target


async def _both(db: AsyncSession, *ids: int) -> dict[int, Question]:
    chosen = select(Question).where(col(Question.id).in_(ids)).order_by(col(Question.id))
    rows = await db.exec(locked(db, chosen).execution_options(populate_existing=True))
    return {question.key: question for question in rows.all()}


async def _take_off_desk(db: AsyncSession, question: Question) -> None:
    """An answer that is out stays its agency's; a draft stays where it is and waits."""
    if question.assignment == Assigned.UNASSIGNED or question.answer in {Answered.PUBLISHED, Answered.REVISED}:
        return
    turn = await assignments.current(db, question)
    turn.outcome, turn.ended_at = Outcome.MERGED, now(db)
    db.add(turn)
    await move(db, question, "assignment", Assigned.UNASSIGNED, MOVES, agency_id=None)


async def _put_back_on_desk(db: AsyncSession, question: Question) -> None:
    turns = await assignments.of(db, question)
    turn: Assignment | None = turns[-1] if turns else None
    if turn is None or turn.outcome != Outcome.MERGED or question.assignment != Assigned.UNASSIGNED:
        return
    if question.moderation == Moderation.WITHDRAWN:
        return
    turn.outcome, turn.ended_at = None, None
    db.add(turn)
    await move(db, question, "assignment", Assigned.OFFERED, MOVES, agency_id=turn.agency_id)
    if turn.accepted_at is not None:
        await move(db, question, "assignment", Assigned.ACCEPTED, MOVES)


async def _tell(db: AsyncSession, question: Question, fact: str, into_id: int, agency_id: int | None) -> None:
    channels = [f"question:{question.id}", f"question:{into_id}", "review", f"person:{question.author_id}"]
    channels += questions.lists(question)
    channels += [f"agency:{agency_id}"] if agency_id else []
    channels += [f"dialogue:{question.dialogue_id}"] if question.dialogue_id else []
    for channel in channels:
        log.record(db, channel, fact, question=question.key)
    for earlier in await below(db, question.key):  # these name the end of their chain, which is another one now
        note_mention(db, earlier)


def _families() -> sa.Select[int, int]:
    ids: Any = sa.bindparam("ids", expanding=True)
    root = sa.select(_INTO.label("root"), _ID.label("id")).where(_INTO.in_(ids)).cte("family", recursive=True)
    root = root.union(sa.select(root.c.root, _ID).where(root.c.id == _INTO))
    return sa.select(root.c.root, root.c.id)


_FAMILIES = _families()  # built once: for a list of twenty, building it would cost as much as running it
