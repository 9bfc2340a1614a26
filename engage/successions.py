"""What follows when an agency or a topic ends: whoever takes its place gets what is open; what was answered keeps the old name."""

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import answers, assignments, directory, publication, questions
from engage.access import Actor
from engage.agencies import Agency, Membership, Topic
from engage.answers import Answer
from engage.assigned import ANSWER_MOVES, Answered, Assigned, address, lists
from engage.assignments import Assignment, Outcome
from engage.db import locked, now
from engage.errors import NotAllowed, Refused
from engage.histories import Act
from engage.moves import move
from engage.nouns import NOUNS, Line, Noun
from engage.questions import Question
from live import log

LEAST_REASON = 5


class SuccessionForm(BaseModel):
    """`reason`: for an agency's open questions; their askers read it."""

    model_config = ConfigDict(extra="forbid")

    successor: Line = Input(default="", max_length=80)
    reason: Line = Input(default="", max_length=500)


async def merge_agency(db: AsyncSession, actor: Actor, slug: str, form: SuccessionForm) -> int:
    """One agency became part of another, or goes by another's name: people, topics and open questions move along; how many."""
    noun = NOUNS["agencies"]
    old, new = await _pair(db, actor, noun, slug, form.successor)
    if not new.may_answer:
        raise Refused("agency_does_not_answer", field="successor")
    if len(form.reason) < LEAST_REASON:
        raise Refused("reason_words_missing", field="reason")
    open_ones = select(Question).where(Question.agency_id == old.id, col(Question.published_at).is_(None))
    moving = (await db.exec(locked(db, open_ones.order_by(col(Question.id))))).all()
    for question in moving:
        await _hand_on(db, actor, question, new, form.reason)
    await _follow_along(db, actor, old, new)
    names = list(dict.fromkeys(name for name in [*new.aliases, old.name_vi, *old.aliases] if name != new.name_vi))
    await directory.change(
        db, actor, noun, new.slug, {**await directory.values_of(db, noun, new), "aliases": names}, Act.SUCCEEDED
    )
    await _end(db, actor, noun, old, new.id)
    return len(moving)


async def retire_topic(db: AsyncSession, actor: Actor, slug: str, form: SuccessionForm) -> int:
    """Open questions go on under the successor, and how many; answered ones keep the topic they were answered under."""
    noun = NOUNS["topics"]
    old, new = await _pair(db, actor, noun, slug, form.successor)
    open_ones = col(Question.topic_id) == old.id, col(Question.published_at).is_(None)
    moving = (await db.exec(locked(db, select(Question).where(*open_ones).order_by(col(Question.id))))).all()
    await db.exec(sa.update(Question).where(*open_ones).values(topic_id=new.id))
    for question in moving:
        for channel in questions.reader_channels(question):
            log.record(db, channel, "question.sorted", question=question.key)
    await _end(db, actor, noun, old, new.id)
    return len(moving)


async def _pair(db: AsyncSession, actor: Actor, noun: Noun, slug: str, successor: str) -> tuple[Agency, Agency]:
    if not actor.is_administrator:
        raise NotAllowed()
    old = await directory.one(db, noun, slug)
    if old.successor_id is not None:
        raise Refused("row_has_ended")
    new = (await db.exec(select(noun.table).where(noun.table.slug == successor))).one_or_none()
    if new is None or new.id == old.id or not new.active:
        raise Refused("successor_missing", field="successor")
    return old, new


async def _end(db: AsyncSession, actor: Actor, noun: Noun, row: Agency, successor_id: int | None) -> None:
    before = await directory.values_of(db, noun, row)
    row.active, row.successor_id = False, successor_id
    db.add(row)
    await db.flush()
    await directory.keep(db, actor, noun, row.slug, Act.SUCCEEDED, before, {**before, "active": False})


async def _hand_on(db: AsyncSession, actor: Actor, question: Question, new: Agency, reason: str) -> None:
    """A turn of its own for the successor, as far as the old one had come: nobody has to accept what they already hold."""
    draft = await answers.draft_of(db, question)
    question_id, old_id = question.key, question.agency_id
    if draft is not None and not await _is_kept(db, draft, question_id, new.id or 0):
        for step in (Answered.DRAFTING, Answered.NONE):  # the successor began one earlier, and goes on from that
            if question.answer != step and question.answer != Answered.NONE:
                await move(db, question, "answer", step, ANSWER_MOVES)
    if question.assignment != Assigned.UNASSIGNED:
        await _next_turn(db, actor, await assignments.current(db, question), new.id or 0, reason)
    question.agency_id = new.id
    db.add(question)
    await db.flush()
    surface, _ = address(question)
    desks = f"agency:{old_id}", f"agency:{new.id}", f"person:{question.author_id}"
    for channel in (*desks, f"question:{question_id}", *lists(question)):
        log.record(db, channel, "assignment.transferred", **{surface: question_id})
    await publication.note_transfer(db, question)


async def _is_kept(db: AsyncSession, draft: Answer, question_id: int, agency_id: int) -> bool:
    """The draft becomes the successor's, unless that one has a draft of its own for this question."""
    own = select(Answer).where(Answer.question_id == question_id, Answer.agency_id == agency_id)
    if (await db.exec(own)).one_or_none() is not None:
        return False
    draft.agency_id = agency_id
    db.add(draft)
    await db.flush()
    return True


async def _next_turn(db: AsyncSession, actor: Actor, turn: Assignment, agency_id: int, reason: str) -> None:
    turn.outcome, turn.ended_at, turn.ended_reason = Outcome.TRANSFERRED, now(db), reason
    following = Assignment(
        surface=turn.surface,
        thing_id=turn.thing_id,
        agency_id=agency_id,
        from_agency_id=turn.agency_id,
        hop=turn.hop,  # a merger is no hop: nobody sent it away
        reason=reason,
        offered_by=actor.person_id,
        offered_at=now(db),
        acknowledge_due_at=turn.acknowledge_due_at,
        accepted_by=turn.accepted_by,
        accepted_at=turn.accepted_at,
    )
    db.add_all([turn, following])
    await db.flush()


async def _follow_along(db: AsyncSession, actor: Actor, old: Agency, new: Agency) -> None:
    """Who works there, what is led by it, what is below it, and who wished to ask it."""
    theirs, twin = Membership.__table__, Membership.__table__.alias("twin")  # type: ignore[attr-defined]  # SQLModel gives every table one
    there = sa.exists().where(
        twin.c.person_id == theirs.c.person_id, twin.c.post == theirs.c.post, twin.c.agency_id == new.id
    )
    await db.exec(sa.update(theirs).where(theirs.c.agency_id == old.id, ~there).values(agency_id=new.id))
    await db.exec(sa.delete(theirs).where(theirs.c.agency_id == old.id))
    wished = sa.update(Question).where(col(Question.wished_agency_id) == old.id, col(Question.published_at).is_(None))
    await db.exec(wished.values(wished_agency_id=new.id))
    for row in (await db.exec(select(Topic).where(Topic.agency_id == old.id))).all():
        values = await directory.values_of(db, NOUNS["topics"], row)
        if row.successor_id is None:
            await directory.change(db, actor, NOUNS["topics"], row.slug, {**values, "agency": new.slug}, Act.SUCCEEDED)
    for below in (await db.exec(select(Agency).where(Agency.parent_slug == old.slug))).all():
        values = await directory.values_of(db, NOUNS["agencies"], below)
        if below.successor_id is None and below.id != new.id:
            await directory.change(
                db, actor, NOUNS["agencies"], below.slug, {**values, "parent": new.slug}, Act.SUCCEEDED
            )
