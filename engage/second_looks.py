"""An asker finds that the answer does not answer: somebody at the portal desk looks who had no part in it so far."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, answers, audit, deadlines, notices, officials, questions, revising
from engage.access import Actor, visible
from engage.agencies import Post
from engage.answers import Answer
from engage.ask import Lines
from engage.db import Place, beyond, locked, now, one_of
from engage.deadlines import Step
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from engage.questions import SURFACE, Question, Stage, notify, stage
from engage.transcripts import Transcript
from live import log
from moderation import cases

LEAST_WORDS = 10
# What readers of the new version read; what the desk wrote is for the asker and the agency.
WHY_REVISED = "Xem xét lại theo ý kiến của người hỏi."


class State(StrEnum):
    ASKED = "asked"
    SENT_BACK = "sent_back"
    CLOSED = "closed"


LOOK_MOVES: Moves = {State.ASKED: frozenset({State.SENT_BACK, State.CLOSED})}


class SecondLook(SQLModel, table=True):
    """One per answer. Whoever approved the first version does not approve the next (`not_by`)."""

    __tablename__ = "second_look"
    __table_args__ = (
        one_of("second_look_state", "state", State),
        sa.Index("second_look_waiting", "state", "asked_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    answer_id: int = Field(foreign_key="answer.id", unique=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    state: str = Field(default=State.ASKED, sa_type=sa.String(10))
    words: str = Field(sa_type=sa.String(1000))
    asked_at: datetime
    not_by: int | None = Field(default=None, foreign_key="person.id")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    reply: str = Field(default="", sa_type=sa.String(1000))
    due_at: datetime | None = None  # of the agency, when it was sent back


class LookForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Lines = Input(default="", max_length=1000)


class LookDecision(LookForm):
    decision: Literal["send_back", "close"]


def may_ask(question: Question, looks: Sequence[SecondLook]) -> bool:
    return stage(question) is Stage.ANSWERED and not looks


async def ask(db: AsyncSession, question: Question, words: str) -> None:
    answer = await answers.published(db, question.key)
    if answer is None or not may_ask(question, await of(db, question)):
        raise Conflict("looked_once" if answer else "moved_on")
    if len(words) < LEAST_WORDS:
        raise Refused("look_words_missing", field="words", least=LEAST_WORDS)
    row = SecondLook(
        question_id=question.key,
        answer_id=answer.id or 0,
        agency_id=answer.agency_id,
        words=words,
        asked_at=now(db),
        not_by=answer.approved_by,
    )
    db.add(row)
    await db.flush()
    _tell(db, question, "look.asked", "review")


def may_decide(actor: Actor, deciders: frozenset[int]) -> bool:
    return actor.is_moderator and actor.person_id not in deciders


async def decide(db: AsyncSession, actor: Actor, look: SecondLook, decision: LookDecision) -> None:
    """Back to the agency with a due date, or closed with words to the asker."""
    if not actor.is_moderator:
        raise NotAllowed()
    question = await questions.seen_by(db, actor, look.question_id)
    if not may_decide(actor, await deciders(db, question)):
        raise Refused("look_for_another")
    if len(decision.words) < LEAST_WORDS:
        raise Refused("look_words_missing", field="words", least=LEAST_WORDS)
    is_sent_back = decision.decision == "send_back"
    await audit.note(db, actor.person_id, "look.decided", reason=decision.decision, question=question.key)
    await move(
        db,
        look,
        "state",
        State.SENT_BACK if is_sent_back else State.CLOSED,
        LOOK_MOVES,
        decided_by=actor.person_id,
        decided_at=now(db),
        reply=decision.words,
        due_at=await deadlines.due_at(db, question.surface, Step.SECOND_LOOK) if is_sent_back else None,
    )
    await notify(db, question, notices.Kind.LOOKED_AGAIN)
    if not is_sent_back:
        _tell(db, question, "look.closed", "review")
        return
    await revising.reopen(db, question, by=actor.person_id or 0, reason=WHY_REVISED, not_by=look.not_by)
    await _put_on_desk(db, question, look)
    for person_id in await agencies.who(db, look.agency_id or 0, Post.COORDINATOR):
        await notices.write(db, person_id, notices.Kind.SENT_BACK, SURFACE, question.key)
    _tell(db, question, "look.sent_back", "review", f"agency:{look.agency_id}")


async def _put_on_desk(db: AsyncSession, question: Question, look: SecondLook) -> None:
    """Among what the agency has to do, with a date that is chased; with whoever answered first, if they still work there."""
    question.again_due_at, question.approve_due_at, question.chase_at = look.due_at, None, now(db)
    if question.official_id not in {one.id for one in await officials.of_agency(db, look.agency_id or 0)}:
        question.official_id, question.handed_by, question.handed_at = None, None, None
    db.add(question)
    await db.flush()
    log.record(db, f"question:{question.id}", "answer.reopened", question=question.key)


async def deciders(db: AsyncSession, question: Question) -> frozenset[int]:
    """Everybody who had a part in it: who decided about the question, wrote a version of its answer, typed or approved one."""
    versions = select(Answer, Transcript).join(Transcript, col(Transcript.answer_id) == Answer.id, isouter=True)
    rows = (await db.exec(versions.where(Answer.question_id == question.key))).all()
    took_part = {case.decided_by for case in await cases.of(db, question.surface, question.key)}
    for answer, letter in rows:
        took_part |= {*answer.writers, answer.approved_by, letter.typed_by if letter else None}
    return frozenset(person_id for person_id in took_part if person_id)


async def of(db: AsyncSession, question: Question) -> Sequence[SecondLook]:
    looks = select(SecondLook).where(SecondLook.question_id == question.key)
    return (await db.exec(looks.order_by(col(SecondLook.id)))).all()


async def one(db: AsyncSession, look_id: int) -> SecondLook:
    found = select(SecondLook).where(SecondLook.id == look_id)
    look: SecondLook | None = (await db.exec(locked(db, found))).one_or_none()
    if look is None:
        raise NotFound()
    return look


async def waiting(db: AsyncSession, actor: Actor, most: int, *, after: Place | None = None) -> Sequence[SecondLook]:
    """The oldest first. `after`: where the page before ended."""
    asked = select(SecondLook).join(Question).where(SecondLook.state == State.ASKED, visible(Question, actor))
    if after is not None:
        asked = asked.where(beyond(col(SecondLook.asked_at), col(SecondLook.id), after))
    return (await db.exec(asked.order_by(col(SecondLook.asked_at), col(SecondLook.id)).limit(most))).all()


def _tell(db: AsyncSession, question: Question, fact: str, *desks: str) -> None:
    for channel in (f"person:{question.author_id}", *desks):
        log.record(db, channel, fact, question=question.key)
