"""Which attachments a person may open, decided once: for the page that lists them and for the door that hands them out."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import approvals, attachments, standing
from engage.access import Actor, insiders, visible, workable
from engage.answers import Answer
from engage.antivirus import Scan
from engage.attachments import Attachment, State
from engage.db import locked
from engage.errors import NotFound
from engage.questions import Question


async def opened(db: AsyncSession, actor: Actor, key: str) -> Attachment:
    """For its bytes. What the actor may not see is missing, and what the virus scanner has not passed is nobody's."""
    row = await one(db, actor, key)
    if not row.is_open or (row.state == State.REFUSED and not actor.is_moderator):
        raise NotFound()
    return row


async def one(db: AsyncSession, actor: Actor, key: str) -> Attachment:
    found = select(Attachment).where(Attachment.key == key, sa.or_(_of_questions(actor), _of_answers(actor)))
    row: Attachment | None = (await db.exec(locked(db, found))).one_or_none()
    if row is None:
        row = next(iter(await _judged(db, actor, Attachment.key == key)), None)
    if row is None:
        raise NotFound()
    return row


async def seen(db: AsyncSession, actor: Actor, surface: str, thing_id: int) -> Sequence[Attachment]:
    """What a page lists for the actor: insiders also read what waits, what was refused, and why."""
    found = select(Attachment).where(
        Attachment.surface == surface,
        Attachment.thing_id == thing_id,
        sa.or_(_of_questions(actor), _of_answers(actor)),
    )
    judged = await _judged(db, actor, Attachment.surface == surface, Attachment.thing_id == thing_id)
    return judged or (await db.exec(found.order_by(col(Attachment.id)))).all()


async def undecided(db: AsyncSession, actor: Actor, most: int) -> Sequence[tuple[Attachment, Question]]:
    """Files of askers that no moderator has looked at, the oldest first."""
    found = (
        select(Attachment, Question)
        .join(Question, col(Question.id) == col(Attachment.thing_id))
        .where(
            Attachment.surface == attachments.QUESTION,
            Attachment.state == State.PRIVATE,
            col(Attachment.decided_at).is_(None),
            visible(Question, actor),
        )
    )
    return (await db.exec(found.order_by(col(Attachment.id)).limit(most))).all()


def _of_questions(actor: Actor) -> sa.ColumnElement[bool]:
    mine = sa.or_(insiders(Question, actor), workable(Question, actor))
    return sa.and_(
        col(Attachment.surface) == attachments.QUESTION,
        sa.or_(
            col(Attachment.thing_id).in_(select(Question.id).where(mine)),
            sa.and_(_is_public(), col(Attachment.thing_id).in_(select(Question.id).where(visible(Question, actor)))),
        ),
    )


def _of_answers(actor: Actor) -> sa.ColumnElement[bool]:
    """A draft's are the agency's own, or of the portal desk in its place; what is published goes with the question."""
    asked = select(Answer.id).join(Question, col(Question.id) == col(Answer.question_id))
    ours = asked.where(workable(Question, actor), col(Answer.agency_id).in_(list(actor.posts)))
    return sa.and_(
        col(Attachment.surface) == attachments.ANSWER,
        sa.or_(
            col(Attachment.thing_id).in_(ours),
            col(Attachment.thing_id).in_(asked.where(visible(Question, actor), _in_place(actor))),
            sa.and_(_is_public(), col(Attachment.thing_id).in_(asked.where(visible(Question, actor)))),
        ),
    )


def _in_place(actor: Actor) -> sa.ColumnElement[bool]:
    """Answers that the portal desk types because nobody there writes."""
    if not actor.is_moderator:
        return sa.false()
    nobody_writes = col(Answer.agency_id).not_in(standing.agencies_with(standing.WRITING))
    return sa.and_(col(Question.sealed).is_(False), nobody_writes)


async def _judged(db: AsyncSession, actor: Actor, *which: Any) -> list[Attachment]:
    """Files of drafts that the portal desk judges, because nobody approves there, or nobody but who wrote it."""
    if not actor.is_moderator:
        return []
    sent = (
        select(Attachment, Answer, Question)
        .join(Answer, sa.and_(col(Attachment.surface) == attachments.ANSWER, col(Attachment.thing_id) == Answer.id))
        .join(Question, col(Question.id) == col(Answer.question_id))
        .where(Question.agency_id == Answer.agency_id, visible(Question, actor), *which)
    )
    return [
        row
        for row, answer, question in (await db.exec(sent.order_by(col(Attachment.id)))).all()
        if approvals.is_waiting(question, answer) and await standing.may_approve(db, actor, question, answer.writers)
    ]


def _is_public() -> sa.ColumnElement[bool]:
    return sa.and_(col(Attachment.state) == State.PUBLISHED, col(Attachment.scan) == Scan.CLEAN)
