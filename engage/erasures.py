"""What becomes of an asker's data when a request is decided: erased from every row that holds it, or only kept.

A new table that holds an asker's words or name gets its line in `_forget_words`; the canary test finds the ones that do not.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import data_requests, follows, notices, questions, search, withdrawals
from engage.access import Actor, Moderation
from engage.appeals import Appeal
from engage.clarifications import Clarification
from engage.data_requests import REQUEST_MOVES, DataRequest, RequestDecision, State
from engage.db import now
from engage.follows import Follow
from engage.lost_codes import WayBack
from engage.moves import move
from engage.notices import Notice
from engage.people import Person, SignIn
from engage.questions import SURFACE, Question, notify
from engage.ratings import Rating
from engage.revisions import Revision
from engage.second_looks import SecondLook
from engage.withdrawals import OUT
from live import log
from moderation.cases import Case

GONE = "[đã xóa theo yêu cầu]"
STATES = {"erase": State.ERASED, "restrict": State.RESTRICTED, "refuse": State.REFUSED}


@dataclass(frozen=True, slots=True)
class Erased:
    """Mails that were sent about it: their files go too, where mails rest in a folder."""

    notice_ids: tuple[int, ...] = ()


async def decide(db: AsyncSession, actor: Actor, request: DataRequest, decision: RequestDecision) -> Erased:
    data_requests.must_be_decidable(actor, request, decision)
    done = {"decided_by": actor.person_id, "decided_at": now(db), "reply": decision.reply}
    await move(db, request, "state", STATES[decision.decision], REQUEST_MOVES, **done)
    question = await questions.one(db, request.question_id)
    log.record(db, data_requests.CHANNEL, "request.decided", question=question.key)
    if decision.decision == "erase":
        return await erase(db, question, text_too=decision.everything or question.answer not in OUT)
    if decision.decision == "restrict":
        await _restrict(db, question)
    await notify(db, question, notices.Kind.REQUEST_DECIDED)
    return Erased()


async def erase(db: AsyncSession, question: Question, *, text_too: bool) -> Erased:
    """The person goes; the text goes unless readers know it as answered. The row stays with its ids, so that counts stay true."""
    if withdrawals.may_withdraw(question):
        await withdrawals.withdraw(db, question)
    notice_ids = await _forget_mails(db, question)
    await _forget_follows(db, question)
    await _forget_words(db, question)
    if text_too:
        await _forget_text(db, question)
    await _forget_person(db, question)
    for channel in (f"question:{question.id}", "questions"):
        log.record(db, channel, "question.erased", question=question.key)
    return Erased(tuple(notice_ids))


async def _restrict(db: AsyncSession, question: Question) -> None:
    """Kept, and used for nothing: readers see no name, nobody is written to."""
    await withdrawals.hide_name(db, question)
    await _set(db, Person, Person.id, question.author_id, restricted_at=now(db))
    unsent = sa.delete(Notice).where(col(Notice.person_id) == question.author_id, col(Notice.sent_at).is_(None))
    await db.exec(unsent)


async def _forget_mails(db: AsyncSession, question: Question) -> list[int]:
    ids = (await db.exec(select(col(Notice.id)).where(Notice.person_id == question.author_id))).all()
    await db.exec(sa.delete(Notice).where(col(Notice.person_id) == question.author_id))
    return [int(one) for one in ids if one is not None]


async def _forget_follows(db: AsyncSession, question: Question) -> None:
    """Whatever the same address follows: the wish is about the person."""
    author = await db.get(Person, question.author_id)
    if author is None or not author.email:
        return
    following = (
        select(col(Follow.person_id))
        .join(Person, col(Person.id) == col(Follow.person_id))
        .where(Person.email == author.email)
    )
    for person_id in (await db.exec(following)).all():
        if person_id is not None:
            await db.exec(sa.delete(Notice).where(col(Notice.person_id) == person_id))
            await follows.end(db, person_id)


async def _forget_words(db: AsyncSession, question: Question) -> None:
    """What the asker wrote besides the question, and what was written to them."""
    key = question.key
    await _set(db, Clarification, Clarification.question_id, key, words=GONE, answer="", returned_words="")
    await _set(db, Rating, Rating.question_id, key, words="")
    await _set(db, SecondLook, SecondLook.question_id, key, words=GONE, reply="")
    await _set(db, Appeal, Appeal.question_id, key, words=GONE)
    await _set(db, DataRequest, DataRequest.question_id, key, words="")
    await _set(db, Question, Question.id, key, withdrawn_why="")
    await db.exec(
        sa.update(Case)
        .where(col(Case.surface) == SURFACE, col(Case.thing_id) == key, col(Case.words).is_not(None))
        .values(words=GONE)
    )
    await db.exec(sa.delete(Revision).where(col(Revision.kind) == SURFACE, col(Revision.thing_id) == key))


async def _forget_text(db: AsyncSession, question: Question) -> None:
    """An answered question whose text goes too is taken down: an answer to nothing helps nobody."""
    gone: dict[str, Any] = {"title": GONE, "body": GONE, "body_html": "", "fingerprint": "", "country": None}
    await _set(db, Question, Question.id, question.key, **gone)
    await search.drop(db, question.key)
    if question.moderation == Moderation.ACCEPTED:
        await db.refresh(question)
        await move(db, question, "moderation", Moderation.HIDDEN, questions.MODERATION_MOVES)


async def _forget_person(db: AsyncSession, question: Question) -> None:
    """The code opens nothing any more: there is nobody it could belong to."""
    await _set(db, Question, Question.id, question.key, anonymous=True, code=secrets.token_hex(32))
    await db.exec(sa.delete(SignIn).where(col(SignIn.person_id) == question.author_id))
    await db.exec(sa.delete(WayBack).where(col(WayBack.person_id) == question.author_id))
    await _set(db, Person, Person.id, question.author_id, name="", email=None, phone=None, ended_at=now(db))


async def _set(db: AsyncSession, table: type[SQLModel], column: Any, key: int, **values: Any) -> None:
    changed = sa.update(table).where(col(column) == key).values(**values)
    await db.exec(changed.execution_options(synchronize_session=False))
