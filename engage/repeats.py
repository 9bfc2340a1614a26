"""Repeats: the same words sent again into one dialogue. What is let in once is not read again: the others go on as it does.

Which words are the same is what their fingerprint says. Nothing of a repeat is shown to readers, however it is written.
"""

from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, dialogues, merges
from engage.access import PUBLIC, Moderation, visible
from engage.questions import Question
from moderation.screening import Verdict, Weight

REPEATED = "repeated"


def says_nothing_new(verdict: Verdict) -> bool:
    """Nothing but a repeat holds it."""
    return {one.reason for one in verdict.findings if one.weight != Weight.NOTE} == {REPEATED}


async def entry_of(db: AsyncSession, question: Question) -> str | None:
    """Under which name cases of the same words lie at the desk as one; None where each lies by itself."""
    if question.dialogue_id is None or (await dialogues.known(db, question.dialogue_id)).is_rehearsal:
        return None
    return f"dialogue:{question.dialogue_id}:{question.fingerprint}"


async def join(db: AsyncSession, question: Question, *, by: int | None) -> bool:
    """It goes on as what its dialogue let in before, and stays held, so that nobody reads it. False: nothing was let in yet."""
    first_id = await _first(db, question)
    if first_id is None:
        return False
    if question.moderation == Moderation.RECEIVED:
        await admissions.hold(db, question, sealed=False)
    await merges.merge(db, question.key, first_id, by=by, wait=timedelta())
    await admissions.promise_the_beginning(db, question)
    return True


async def _first(db: AsyncSession, question: Question) -> int | None:
    """As it goes on now, while readers see it."""
    if question.dialogue_id is None or question.sealed:
        return None
    same = select(col(Question.id)).where(
        Question.fingerprint == question.fingerprint,
        Question.dialogue_id == question.dialogue_id,
        Question.id != question.id,
        visible(Question, PUBLIC),
    )
    first_id = (await db.exec(same.order_by(col(Question.id)).limit(1))).one_or_none()
    if first_id is None:
        return None
    last = select(col(Question.id)).where(Question.id == await merges.last_of(db, first_id), visible(Question, PUBLIC))
    return (await db.exec(last)).one_or_none()
