"""What time did not reach: a question that was let in to a dialogue and not answered becomes one for an agency, with a due date.

The worker's queue is the WHERE clause of `left_over`: a crash in the middle loses nothing, and nothing is carried twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, dialogues, publication, questions, routing, tallies, turn_facts
from engage.access import PUBLIC, Moderation, visible
from engage.agencies import Agency
from engage.assigned import Answered, Assigned
from engage.db import Store, now
from engage.dialogues import Dialogue
from engage.errors import Failure
from engage.guests import Group, Guest
from engage.moves import move
from engage.notices import Kind
from engage.questions import Question, place_of
from engage.replies import Reply, Written
from engage.turns import MOVES, OPEN, Floor, Turn

AT_ONCE = 50
STILL_TYPED = timedelta(minutes=30)  # after the last save; what waits for its guest, after the end
_DUE = col(Question.answer_due_at)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a dialogue that is over: how many questions went to agencies, and how many are still on the way there."""

    carried: int
    left: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What went to one agency, None while none is found: how many, how many answered, and when the last of the others is due."""

    agency_id: int | None
    times: int
    answered: int
    due_at: datetime | None


async def drain(store: Store) -> int:
    """One transaction a question, so that desks write in between. One that fails is logged and tried in the next round; the
    others go on."""
    carried, after = 0, 0
    while True:
        async with store.reading() as db:
            some = await waiting(db, AT_ONCE, after)
        for question_id in some:
            after = question_id
            try:
                async with store.transaction() as db:
                    carried += await carry(db, question_id)
            except Failure as failure:
                logger.error("carry.failed", question=question_id, reason=failure.reason)
        if len(some) < AT_ONCE:
            return carried


def left_over(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """While its answer is still being typed, or waits for its guest, a question stays: they may let it out after the end."""
    written = sa.select(col(Reply.id)).where(col(Reply.question_id) == col(Question.id), col(Reply.draft) != "")
    is_typed = col(Reply.written_at) > at - STILL_TYPED
    waits = sa.and_(col(Reply.state) == Written.HANDED_UP, col(Dialogue.ended_at) > at - STILL_TYPED)
    return (
        ~written.where(sa.or_(is_typed, waits)).correlate(Question, Dialogue).exists(),
        col(Dialogue.stage).in_(dialogues.OVER),
        col(Dialogue.rehearsal_of_id).is_(None),
        col(Turn.floor).in_(OPEN),
        col(Question.moderation) == Moderation.ACCEPTED,
        col(Question.answer) == Answered.NONE,
        col(Question.assignment) == Assigned.UNASSIGNED,
        col(Question.sealed).is_(False),
        col(Question.merged_into_id).is_(None),
    )


async def waiting(db: AsyncSession, limit: int, after: int = 0, *, only: int | None = None) -> Sequence[int]:
    """Ids of questions to be carried, the oldest first, page after page."""
    found = (
        select(col(Turn.question_id))
        .join(Question, col(Question.id) == col(Turn.question_id))
        .join(Dialogue, col(Dialogue.id) == col(Turn.dialogue_id))
        .where(*left_over(now(db)), col(Turn.question_id) > after)
    )
    if only is not None:
        found = found.where(col(Turn.question_id) == only)
    return (await db.exec(found.order_by(col(Turn.question_id)).limit(limit))).all()


async def progress(db: AsyncSession, dialogue_id: int) -> Progress:
    mine = Turn.dialogue_id == dialogue_id
    carried = select(func.count()).select_from(Turn).where(mine, Turn.floor == Floor.CARRIED)
    left = select(func.count()).select_from(Turn).join(Question, col(Question.id) == col(Turn.question_id))
    left = left.join(Dialogue, col(Dialogue.id) == col(Turn.dialogue_id)).where(mine, *left_over(now(db)))
    return Progress((await db.exec(carried)).one(), (await db.exec(left)).one())


async def by_agency(db: AsyncSession, dialogue_id: int) -> Sequence[Passed]:
    """Of those that readers see, the agency with most of them first."""
    agency, times = col(Question.agency_id), func.count()
    is_open = col(Question.published_at).is_(None)
    found = (
        select(agency, times, func.count(col(Question.published_at)), func.max(sa.case((is_open, _DUE))))
        .join(Turn, col(Turn.question_id) == col(Question.id))
        .where(Turn.dialogue_id == dialogue_id, Turn.floor == Floor.CARRIED, visible(Question, PUBLIC))
        .where(col(Question.merged_into_id).is_(None))
        .group_by(agency)
        .order_by(times.desc(), agency)
    )
    return [Passed(*row) for row in (await db.exec(found)).all()]


async def carry(db: AsyncSession, question_id: int) -> bool:
    """To the agency of the guest who had it, else of its group, else where routing sends it, else the dialogue's. False: there
    was nothing to carry any more, or nobody to carry it to; the portal desk sees it among what has no agency."""
    question = await questions.one(db, question_id)
    turn = (await db.exec(select(Turn).where(Turn.question_id == question_id))).one()
    dialogue = await dialogues.known(db, turn.dialogue_id)
    if not await waiting(db, 1, only=question_id):  # it may have been taken down, merged or begun to be answered since
        return False
    agency_id, why = await _agency_for(db, question, turn, dialogue)
    await move(db, turn, "floor", Floor.CARRIED, MOVES, queued_at=None)
    if agency_id is not None:
        await assignments.offer(db, question, agency_id, by=None, why=why)
        await publication.tell(db, question, Kind.CARRIED, Kind.CARRIED)  # else whoever finds an agency tells them
    await tallies.enters(db, question)
    await turn_facts.tell(db, dialogue, question_id, "turn.carried")
    return agency_id is not None


async def _agency_for(
    db: AsyncSession, question: Question, turn: Turn, dialogue: Dialogue
) -> tuple[int | None, Sequence[Any]]:
    """One that does not answer any more is passed over."""
    guest = await db.get(Guest, turn.guest_id) if turn.guest_id else None
    if guest is not None and await _answers(db, guest.agency_id):
        return guest.agency_id, (("route_by_guest", {}),)
    group = await db.get(Group, turn.group_id) if turn.group_id else None
    if group is not None and await _answers(db, group.agency_id):
        return group.agency_id, (("route_by_group", {}),)
    routes = await routing.routes(db, f"{question.title}\n{question.body}", await place_of(db, question))
    if routes:
        return routes[0].agency_id, routes[0].reasons
    return dialogue.agency_id if await _answers(db, dialogue.agency_id) else None, (("route_by_dialogue", {}),)


async def _answers(db: AsyncSession, agency_id: int | None) -> bool:
    agency = await db.get(Agency, agency_id) if agency_id is not None else None
    return agency is not None and agency.may_answer
