"""What becomes of an asker's data when a request is decided: erased from every row that holds it, or only kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, data_requests, forgetting, mentions, notices, partings, questions, seals, withdrawals
from engage.access import Actor
from engage.data_requests import REQUEST_MOVES, DataRequest, RequestDecision, State
from engage.db import now
from engage.errors import Refused
from engage.forgetting import Left
from engage.moves import move
from engage.notices import Notice
from engage.people import Person
from engage.questions import Question, notify
from engage.withdrawals import OUT
from live import log

STATES = {"erase": State.ERASED, "restrict": State.RESTRICTED, "refuse": State.REFUSED}


async def decide(db: AsyncSession, actor: Actor, request: DataRequest, decision: RequestDecision) -> Left:
    data_requests.must_be_decidable(actor, request, decision)
    question = await questions.one(db, request.question_id)
    await audit.note(db, actor.person_id, "request.decided", reason=decision.decision, request=request.id)
    if decision.decision == "erase" and question.sealed and not await seals.is_handed_over(db, question):
        raise Refused("hand_over_first", field="decision")
    done = {"decided_by": actor.person_id, "decided_at": now(db), "reply": decision.reply}
    await move(db, request, "state", STATES[decision.decision], REQUEST_MOVES, **done)
    log.record(db, data_requests.CHANNEL, "request.decided", question=question.key)
    if decision.decision == "erase":
        return await erase(db, question, text_too=decision.everything or question.answer not in OUT)
    if decision.decision == "restrict":
        await _restrict(db, question)
    await notify(db, question, notices.Kind.REQUEST_DECIDED)
    return Left()


async def erase(db: AsyncSession, question: Question, *, text_too: bool) -> Left:
    """The person goes; the text goes unless readers know it as answered. The row stays with its ids, so that counts stay true."""
    channels = questions.reader_channels(question)
    if withdrawals.may_withdraw(question):
        await withdrawals.withdraw(db, question)
    return await forget(db, question, text_too=text_too, channels=channels)


async def forget(
    db: AsyncSession, question: Question, *, text_too: bool, channels: Sequence[str] | None = None
) -> Left:
    """Told to whoever has it on a page: on the channels it has now, or had before it was withdrawn."""
    channels = questions.reader_channels(question) if channels is None else channels
    left = await forgetting.forget(db, question, text_too=text_too)
    if text_too:
        await partings.part_all(db, question, by=None)
    for channel in channels:
        log.record(db, channel, "question.erased", question=question.key)
    await mentions.tell(db, question)
    return left


async def _restrict(db: AsyncSession, question: Question) -> None:
    """Kept, and used for nothing: readers see no name, nobody is written to."""
    await withdrawals.hide_name(db, question)
    await db.exec(sa.update(Person).where(col(Person.id) == question.author_id).values(restricted_at=now(db)))
    unsent = sa.delete(Notice).where(col(Notice.person_id) == question.author_id, col(Notice.sent_at).is_(None))
    await db.exec(unsent)
