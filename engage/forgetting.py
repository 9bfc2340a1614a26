"""Every word of a question, forgotten wherever it rests: its asker's, and what was written about it. Does not know who wishes it.

A new table that holds an asker's words or name gets its line here; the canary tests find the ones that do not.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    answers,
    attachments,
    audit,
    digests,
    flags,
    follows,
    questions,
    remarks,
    replies,
    revising,
    search,
    traces,
    translations,
    voting,
)
from engage.access import Moderation, Share
from engage.answers import Answer
from engage.appeals import Appeal
from engage.assignments import Assignment
from engage.calls import AgencyCall
from engage.chases import Chase, Reminder
from engage.clarifications import Clarification
from engage.data_requests import DataRequest
from engage.db import now
from engage.due_changes import DueChange
from engage.follows import Follow
from engage.lost_codes import WayBack
from engage.minutes import Entry
from engage.moves import move
from engage.notices import Notice
from engage.people import Person, SignIn
from engage.questions import SURFACE, Question
from engage.ratings import Rating
from engage.remarks import Remark
from engage.replies import Reply
from engage.revisions import Revision
from engage.second_looks import SecondLook
from engage.takedowns import Takedown
from engage.translations import Translation
from moderation.cases import Case

GONE = "[đã xóa]"


@dataclass(frozen=True, slots=True)
class Left:
    """What lies outside the database and goes too: mails that rest in a folder, and bytes of files."""

    notice_ids: tuple[int, ...] = ()
    file_keys: tuple[str, ...] = ()


async def forget(db: AsyncSession, question: Question, *, text_too: bool) -> Left:
    """The row stays with its ids, so that counts stay true."""
    notice_ids = await _mails(db, question)
    await _follows(db, question)
    await voting.forget(db, question.author_id)
    await flags.forget(db, question.author_id)
    await flags.forget_words(db, question.surface, question.key)
    await _words(db, question)
    file_keys = await attachments.erase(db, attachments.QUESTION, question.key)
    if text_too:
        file_keys += await _answers(db, question)
        await _replies(db, question)
        await _text(db, question)
    await _person(db, question)
    return Left(tuple(notice_ids), tuple(file_keys))


async def forget_remark(db: AsyncSession, remark: Remark) -> Left:
    """What somebody said in a place: the number stays, so that what was said after it still stands where it stood."""
    if remark.moderation == Moderation.ACCEPTED:
        raise ValueError("what readers see is taken from them first")
    await search.drop(db, remark.key, search.REMARKS)
    await flags.forget_words(db, remark.surface, remark.key)
    of_it = Case.surface == remark.surface, Case.thing_id == remark.key
    await _set(db, Case, *of_it, folded="", findings=[])
    await _set(db, Case, *of_it, col(Case.words).is_not(None), words=GONE)
    await db.exec(sa.delete(Revision).where(col(Revision.kind) == remarks.TABLE, col(Revision.thing_id) == remark.key))
    await _set(db, Remark, Remark.id == remark.key, title="", body=GONE, body_html="", name=GONE, fingerprint="")
    return Left()


async def forget_contact(db: AsyncSession, question: Question) -> Left:
    """Nobody is written to any more. The name, the text and the answer stay, and the code still opens them."""
    notice_ids = await _mails(db, question)
    await _follows(db, question)
    await db.exec(sa.delete(WayBack).where(col(WayBack.person_id) == question.author_id))
    await _set(db, Person, Person.id == question.author_id, email=None, phone=None)
    return Left(tuple(notice_ids))


async def _mails(db: AsyncSession, question: Question) -> list[int]:
    """The rows are its author's; the mails are everybody's, for each of them names the question, and so does a day's digest."""
    told = select(col(Reminder.digest_id)).join(Chase, col(Chase.id) == col(Reminder.chase_id))
    told = told.where(Chase.surface == SURFACE, Chase.thing_id == question.key, col(Reminder.digest_id).is_not(None))
    naming = sa.or_(
        col(Notice.person_id) == question.author_id,
        sa.and_(col(Notice.surface).in_([SURFACE, translations.SURFACE]), col(Notice.thing_id) == question.key),
        sa.and_(col(Notice.surface) == digests.SURFACE, col(Notice.thing_id).in_(told)),
    )
    ids = (await db.exec(select(col(Notice.id)).where(naming))).all()
    await db.exec(sa.delete(Notice).where(col(Notice.person_id) == question.author_id))
    return [int(one) for one in ids if one is not None]


async def _follows(db: AsyncSession, question: Question) -> None:
    """The author's own. Whoever else typed the same address has proved nothing about it, and neither has the author."""
    by_author = col(Follow.follower) == f"{follows.ASKER}{question.author_id}"
    await db.exec(sa.delete(Follow).where(sa.or_(col(Follow.person_id) == question.author_id, by_author)))


async def _words(db: AsyncSession, question: Question) -> None:
    """What was written besides the question and its answer."""
    key = question.key
    await _set(db, Clarification, Clarification.question_id == key, words=GONE, answer="", returned_words="")
    await _set(db, Rating, Rating.question_id == key, words="")
    await _set(db, SecondLook, SecondLook.question_id == key, words=GONE, reply="")
    await _set(db, Appeal, Appeal.question_id == key, words=GONE)
    await _set(db, AgencyCall, AgencyCall.question_id == key, words=GONE)
    await _set(db, DataRequest, DataRequest.question_id == key, words="", reply="")
    await _set(db, Takedown, Takedown.question_id == key, words="")
    await _set(db, Answer, Answer.question_id == key, returned_note="")
    await _set(db, Assignment, Assignment.surface == SURFACE, Assignment.thing_id == key, reason="", ended_reason="")
    await _set(db, DueChange, DueChange.surface == SURFACE, DueChange.thing_id == key, reason="")
    await _set(db, Question, Question.id == key, withdrawn_why="")
    await _set(db, Share, Share.surface == SURFACE, Share.thing_id == key, note=GONE, part="", reason="")
    of_it = Case.surface == question.surface, Case.thing_id == key
    await _set(db, Case, *of_it, folded="", findings=[])
    await _set(db, Case, *of_it, col(Case.words).is_not(None), words=GONE)
    await db.exec(sa.delete(Revision).where(col(Revision.kind) == SURFACE, col(Revision.thing_id) == key))


async def _answers(db: AsyncSession, question: Question) -> list[str]:
    """An answer to nothing helps nobody, and quotes what was asked."""
    ids = [one for one in (await db.exec(select(Answer.id).where(Answer.question_id == question.key))).all() if one]
    empty = {"short": "", "full": "", "full_html": ""}
    await _set(db, Answer, col(Answer.id).in_(ids), **empty, reason="", outdated_reason="")
    await _set(db, Translation, col(Translation.answer_id).in_(ids), **empty)
    kept = col(Revision.kind).in_([answers.KIND, revising.MARK]), col(Revision.thing_id).in_(ids)
    await db.exec(sa.delete(Revision).where(*kept))
    return [key for answer_id in ids for key in await attachments.erase(db, attachments.ANSWER, answer_id)]


async def _replies(db: AsyncSession, question: Question) -> None:
    """What guests said to it in a dialogue, and the editor's own words for it in the minutes."""
    ids = [one for one in (await db.exec(select(Reply.id).where(Reply.question_id == question.key))).all() if one]
    await _set(db, Reply, col(Reply.id).in_(ids), draft="", text="", html="", note="", reason="")
    await _set(db, Entry, Entry.question_id == question.key, title="", left_out=True)
    await db.exec(sa.delete(Revision).where(col(Revision.kind) == replies.KIND, col(Revision.thing_id).in_(ids)))


async def _text(db: AsyncSession, question: Question) -> None:
    """A public question is taken down with it."""
    gone: dict[str, Any] = {"title": GONE, "body": GONE, "body_html": "", "fingerprint": "", "country": None}
    await _set(db, Question, Question.id == question.key, **gone)
    await _set(db, Assignment, Assignment.surface == SURFACE, Assignment.thing_id == question.key, why=[])
    await search.drop(db, question.key)
    await traces.drop(db, question.key)
    if question.moderation == Moderation.ACCEPTED:
        await db.refresh(question)
        await move(db, question, "moderation", Moderation.HIDDEN, questions.MODERATION_MOVES)


async def _person(db: AsyncSession, question: Question) -> None:
    """The code opens nothing any more: there is nobody it could belong to. No line of the audit leads to them either."""
    await audit.forget(db, question.author_id)
    await _set(db, Question, Question.id == question.key, anonymous=True, code=secrets.token_hex(32))
    await db.exec(sa.delete(SignIn).where(col(SignIn.person_id) == question.author_id))
    await db.exec(sa.delete(WayBack).where(col(WayBack.person_id) == question.author_id))
    await _set(db, Person, Person.id == question.author_id, name="", email=None, phone=None, ended_at=now(db))


async def _set(db: AsyncSession, table: type[SQLModel], *wheres: Any, **values: Any) -> None:
    changed = sa.update(table).where(*wheres).values(**values)
    await db.exec(changed.execution_options(synchronize_session=False))
