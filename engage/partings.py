"""Taking a question out of the one it was merged into: by a moderator, or because that one is gone for readers. Nobody is lost:
each goes on as what it was, and its asker and followers are told.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clocks, follows, merges, notices, questions, review
from engage.access import Actor, Moderation
from engage.assigned import Assigned
from engage.db import locked
from engage.errors import NotFound
from engage.questions import SURFACE, Question, notify
from moderation import cases
from moderation.cases import Case

LIVING = frozenset({Moderation.HELD, Moderation.ACCEPTED})


async def part(db: AsyncSession, actor: Actor, question_id: int) -> Question:
    """By a moderator. What nobody had let in yet is in front of a moderator again."""
    question = await questions.seen_by(db, actor, question_id)
    case = await _waiting_case(db, question)
    if actor.person_id is None:
        raise NotFound()
    if case is not None:
        review.must_be_another(case, actor)  # to merge was what a colleague decided about an appeal
    return await _take_out(db, question, case, actor.person_id)


async def part_all(db: AsyncSession, gone: Question, *, by: int | None, wait: timedelta = notices.AT_ONCE) -> None:
    """Readers find `gone` no more: whatever went on as it goes on by itself. `wait`: while that may still be taken back.

    What is gone in the middle of a chain takes nothing along: the chain still ends where it ended.
    """
    if gone.merged_into_id is not None:
        return
    for question in await _merged_into(db, gone):
        if question.moderation in LIVING and not question.sealed:
            question = await _take_out(db, question, await _waiting_case(db, question), by)
            if question.assignment != Assigned.UNASSIGNED:
                await clocks.hand_over(db, question, None)  # the date may have passed meanwhile, by nobody's fault
            await notify(db, question, notices.Kind.PARTED, wait=wait)
            below = await merges.below(db, question.key)
            await follows.tell(db, SURFACE, question.key, notices.Kind.FOLLOWED_PARTED, below, wait=wait)
        else:  # gone itself, in the middle of the chain: what it led on goes on too
            await _take_out(db, question, None, by)
            await part_all(db, question, by=by, wait=wait)


async def _take_out(db: AsyncSession, question: Question, case: Case | None, by: int | None) -> Question:
    question = await merges.take_out(db, question.key, by=by)
    if case is not None:
        await review.bring_back(db, case.id or 0)
    elif question.moderation == Moderation.HELD:
        await review.show(db, SURFACE, question)
    return question


async def _waiting_case(db: AsyncSession, question: Question) -> Case | None:
    """Of what was merged before anybody let it in: the case that was decided so. A repeat has none."""
    if question.moderation != Moderation.HELD:
        return None
    decided = await cases.of(db, question.surface, question.key)
    return decided[-1] if decided else None


async def _merged_into(db: AsyncSession, target: Question) -> Sequence[Question]:
    merged = select(Question).where(Question.merged_into_id == target.id).order_by(col(Question.id))
    return list((await db.exec(locked(db, merged))).all())
