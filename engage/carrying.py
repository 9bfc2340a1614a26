"""What time did not reach: a question that was let in to a dialogue and not answered becomes one for an agency, with a due date.

The worker's queue is the WHERE clause of `left_over`: a crash in the middle loses nothing, and nothing is carried twice.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, dialogues, questions, routing, tallies
from engage.access import Moderation
from engage.assigned import Answered, Assigned
from engage.dialogues import Dialogue
from engage.guests import Group, Guest
from engage.moves import move
from engage.questions import Question, place_of
from engage.turns import MOVES, OPEN, Floor, Turn


def left_over() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Dialogue.stage).in_(dialogues.OVER),
        col(Dialogue.rehearsal_of_id).is_(None),
        col(Turn.floor).in_(OPEN),
        col(Question.moderation) == Moderation.ACCEPTED,
        col(Question.answer) == Answered.NONE,
        col(Question.assignment) == Assigned.UNASSIGNED,
        col(Question.sealed).is_(False),
        col(Question.merged_into_id).is_(None),
    )


async def waiting(db: AsyncSession, limit: int) -> Sequence[int]:
    """Ids of questions to be carried, the oldest first."""
    found = (
        select(col(Turn.question_id))
        .join(Question, col(Question.id) == col(Turn.question_id))
        .join(Dialogue, col(Dialogue.id) == col(Turn.dialogue_id))
        .where(*left_over())
    )
    return (await db.exec(found.order_by(col(Turn.id)).limit(limit))).all()


async def carry(db: AsyncSession, question_id: int) -> bool:
    """To the agency of the guest who had it, else of its group, else where routing sends it, else the dialogue's. False: there
    was nothing to carry any more, or nobody to carry it to; the portal desk sees it among what has no agency."""
    question = await questions.one(db, question_id)
    turn = (await db.exec(select(Turn).where(Turn.question_id == question_id))).one()
    dialogue = await dialogues.one(db, turn.dialogue_id)
    if question.assignment != Assigned.UNASSIGNED or turn.floor not in OPEN:
        return False
    agency_id, why = await _agency_for(db, question, turn, dialogue)
    await move(db, turn, "floor", Floor.CARRIED, MOVES, queued_at=None)
    if agency_id is not None:
        await assignments.offer(db, question, agency_id, by=None, why=why)
    await tallies.enters(db, question)
    dialogues.tell(db, dialogue, "turn.carried", question=question_id)
    return agency_id is not None


async def _agency_for(
    db: AsyncSession, question: Question, turn: Turn, dialogue: Dialogue
) -> tuple[int | None, Sequence[Any]]:
    guest = await db.get(Guest, turn.guest_id) if turn.guest_id else None
    if guest is not None and guest.agency_id is not None:
        return guest.agency_id, (("route_by_guest", {}),)
    group = await db.get(Group, turn.group_id) if turn.group_id else None
    if group is not None and group.agency_id is not None:
        return group.agency_id, (("route_by_group", {}),)
    routes = await routing.routes(db, f"{question.title}\n{question.body}", await place_of(db, question))
    if routes:
        return routes[0].agency_id, routes[0].reasons
    return dialogue.agency_id, (("route_by_dialogue", {}),)
