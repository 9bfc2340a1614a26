"""Replies: what guests answer in a dialogue. A scribe types it and hands it up; the guest, or their officer, lets it out.

One row a question and guest, so that several guests may answer parts of one question. `text` is what readers see, `draft` what is
being written: also when something that is out is corrected.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, crews, dialogues, markup, notices, people, publication, questions, revisions, turns
from engage.access import Actor, has_part
from engage.assigned import ANSWER_MOVES, Answered
from engage.crews import Part
from engage.db import locked, now, one_of
from engage.dialogues import Dialogue
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from engage.questions import Question
from engage.turn_facts import tell_asker
from live import log

KIND = "reply"
LEASE = timedelta(seconds=60)  # a draft is one writer's for so long after their last breath
LEAST, MOST, LEAST_REASON = 2, markup.LONGEST, 5
MOST_LISTED = 100


class Written(StrEnum):
    DRAFTING = "drafting"
    HANDED_UP = "handed_up"
    RELEASED = "released"


MOVES: Moves = {
    Written.DRAFTING: frozenset({Written.HANDED_UP, Written.RELEASED}),
    Written.HANDED_UP: frozenset({Written.DRAFTING, Written.RELEASED}),
    Written.RELEASED: frozenset({Written.DRAFTING}),
}


class Reply(SQLModel, table=True):
    __tablename__ = KIND
    __table_args__ = (
        one_of("reply_state", "state", Written),
        sa.UniqueConstraint("question_id", "guest_id", name="reply_once"),
        sa.Index("reply_of_dialogue", "dialogue_id", "state", "id"),
        sa.Index("reply_released", "dialogue_id", "released_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id")
    question_id: int = Field(foreign_key="question.id")
    guest_id: int = Field(foreign_key="guest.id")
    state: str = Field(default=Written.DRAFTING, sa_type=sa.String(10))
    version: int = 0  # grows with every save
    draft: str = Field(default="", sa_type=sa.Text)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    held_by: int | None = Field(default=None, foreign_key="person.id")
    held_until: datetime | None = None
    is_spoken: bool = False  # the guest says it aloud, a scribe types it
    note: str = Field(default="", sa_type=sa.String(500))  # why it was handed back
    text: str = Field(default="", sa_type=sa.Text)
    html: str = Field(default="", sa_type=sa.Text)
    revision: int = 0
    reason: str = Field(default="", sa_type=sa.String(500))  # of the last correction, for readers
    released_by: int | None = Field(default=None, foreign_key="person.id")
    released_at: datetime | None = None  # the first time
    corrected_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the reply is not stored yet")
        return self.id


async def begin(db: AsyncSession, actor: Actor, dialogue: Dialogue, question: Question, guest_id: int) -> Reply:
    """The draft of that guest's reply, and the writer's for a while. Whoever holds it is named in the Conflict."""
    writer = await _writer(db, actor, dialogue, guest_id)
    await turns.must_be_shown(db, dialogue, question.key)
    reply = await of_guest(db, question.key, guest_id) or _new(db, dialogue, question.key, guest_id, writer)
    await _must_be_free(db, reply, writer)
    await _hold(db, reply, writer)
    _tell(db, dialogue, reply, "reply.taken")
    return reply


async def speak(db: AsyncSession, actor: Actor, dialogue: Dialogue, question: Question, guest_id: int) -> None:
    """The guest answers by speaking: scribes see that it is theirs to type."""
    writer = await _writer(db, actor, dialogue, guest_id)
    await turns.must_be_shown(db, dialogue, question.key)
    reply = await of_guest(db, question.key, guest_id) or _new(db, dialogue, question.key, guest_id, writer)
    await _must_let_out(db, actor, dialogue, reply)
    reply.is_spoken = True
    if reply.held_by == writer:
        reply.held_by = reply.held_until = None
    db.add(reply)
    await db.flush()
    _tell(db, dialogue, reply, "reply.voiced")


async def take_over(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply) -> None:
    """From whoever holds it: they see who has it now, and what they typed stays on their machine."""
    writer = await _writer(db, actor, dialogue, reply.guest_id)
    await _hold(db, reply, writer)
    _tell(db, dialogue, reply, "reply.taken")
    await audit.note(db, writer, "reply.taken", reply=reply.key)


async def let_go(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply) -> None:
    """The writer is done for now: the next one need not wait."""
    if reply.held_by == actor.person_id:
        reply.held_by = reply.held_until = None
        db.add(reply)
        await db.flush()
        _tell(db, dialogue, reply, "reply.freed")


async def write(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply, text: str, version: int) -> None:
    """Save. `version` is the one the writer saw: somebody else's newer one is a Conflict that names them."""
    writer = await _writer(db, actor, dialogue, reply.guest_id)
    await _must_be_free(db, reply, writer)
    if reply.version != version:
        raise Conflict("reply_changed", by=await _name(db, reply.written_by), at=reply.written_at)
    if reply.state == Written.HANDED_UP:
        raise Conflict("reply_is_handed_up")
    if reply.state == Written.RELEASED:
        await move(db, reply, "state", Written.DRAFTING, MOVES)
    reply.draft, reply.version = text, reply.version + 1
    reply.written_by, reply.written_at = writer, now(db)
    await _hold(db, reply, writer)


async def hand_up(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply) -> None:
    """To the guest, or to their officer."""
    await _writer(db, actor, dialogue, reply.guest_id)
    _must_have_words(reply)
    await move(db, reply, "state", Written.HANDED_UP, MOVES, note="", held_by=None, held_until=None)
    _tell(db, dialogue, reply, "reply.handed_up")


async def hand_back(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply, note: str) -> None:
    await _must_let_out(db, actor, dialogue, reply)
    await move(db, reply, "state", Written.DRAFTING, MOVES, note=note)
    _tell(db, dialogue, reply, "reply.handed_back")


async def release(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply, version: int, *, reason: str = ""
) -> None:
    """Out to the readers, under the guest's name. A correction of what is out says why."""
    await _must_let_out(db, actor, dialogue, reply)
    _must_have_words(reply)
    if reply.version != version:
        raise Conflict("reply_changed", by=await _name(db, reply.written_by), at=reply.written_at)
    is_correction = reply.released_at is not None
    if is_correction and len(reason) < LEAST_REASON:
        raise Refused("correction_reason_missing", field="reason", least=LEAST_REASON)
    question = await questions.one(db, reply.question_id)
    await turns.must_be_shown(db, dialogue, question.key)
    reply.text, reply.html, reply.reason = reply.draft, str(markup.plain(reply.draft)), reason
    reply.released_by, reply.released_at = actor.person_id, reply.released_at or now(db)
    reply.corrected_at = now(db) if is_correction else None
    reply.held_by = reply.held_until = None
    reply.revision = await revisions.keep(db, KIND, reply.key, actor.person_id, _content(reply))
    await move(db, reply, "state", Written.RELEASED, MOVES)
    db.add(reply)
    await db.flush()
    await _answers(db, dialogue, question)
    if is_correction:
        await _let_out(db, actor, dialogue, reply, "reply.corrected")
    else:
        await _let_out(db, actor, dialogue, reply, "reply.released")


# Finding


async def of_guest(db: AsyncSession, question_id: int, guest_id: int) -> Reply | None:
    found = select(Reply).where(Reply.question_id == question_id, Reply.guest_id == guest_id)
    reply: Reply | None = (await db.exec(locked(db, found))).one_or_none()
    return reply


async def one(db: AsyncSession, dialogue_id: int, reply_id: int) -> Reply:
    found = select(Reply).where(Reply.id == reply_id, Reply.dialogue_id == dialogue_id)
    reply: Reply | None = (await db.exec(locked(db, found))).one_or_none()
    if reply is None:
        raise NotFound()
    return reply


async def of_questions(db: AsyncSession, question_ids: Sequence[int]) -> Sequence[Reply]:
    found = select(Reply).where(col(Reply.question_id).in_(question_ids))
    return (await db.exec(found.order_by(col(Reply.released_at), col(Reply.id)))).all()


async def waiting_for(db: AsyncSession, dialogue_id: int, guest_ids: Sequence[int]) -> Sequence[Reply]:
    """Handed up to these guests, the longest first."""
    found = select(Reply).where(
        Reply.dialogue_id == dialogue_id, col(Reply.guest_id).in_(guest_ids), Reply.state == Written.HANDED_UP
    )
    return (await db.exec(found.order_by(col(Reply.written_at), col(Reply.id)))).all()


async def unreleased(db: AsyncSession, dialogue_id: int) -> Sequence[Reply]:
    """What is being written or waits for its guest, the longest first."""
    found = select(Reply).where(Reply.dialogue_id == dialogue_id, Reply.state != Written.RELEASED)
    return (await db.exec(found.order_by(col(Reply.id)).limit(MOST_LISTED))).all()


async def lately(db: AsyncSession, dialogue_id: int, limit: int) -> Sequence[Reply]:
    """Released last, the newest first."""
    found = select(Reply).where(Reply.dialogue_id == dialogue_id, col(Reply.released_at).is_not(None))
    return (await db.exec(found.order_by(col(Reply.released_at).desc(), col(Reply.id).desc()).limit(limit))).all()


# Inside


async def _writer(db: AsyncSession, actor: Actor, dialogue: Dialogue, guest_id: int) -> int:
    """Scribes write for everybody, a guest and their officer for that guest."""
    if actor.person_id is None or dialogue.stage in dialogues.BEFORE - {dialogues.Stage.LOBBY}:
        raise NotAllowed()
    if has_part(actor, dialogue.key, Part.SCRIBE, Part.EDITOR):
        return actor.person_id
    if guest_id in await crews.guests_of(db, dialogue.key, actor.person_id):
        return actor.person_id
    raise NotAllowed()


async def _must_let_out(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply) -> None:
    if actor.person_id is None:
        raise NotAllowed()
    if reply.guest_id not in await crews.guests_of(db, dialogue.key, actor.person_id):
        raise NotAllowed("reply_is_the_guests")


def _new(db: AsyncSession, dialogue: Dialogue, question_id: int, guest_id: int, writer: int) -> Reply:
    at, in_ = now(db), dialogue.key
    return Reply(dialogue_id=in_, question_id=question_id, guest_id=guest_id, written_by=writer, written_at=at)


async def _must_be_free(db: AsyncSession, reply: Reply, writer: int) -> None:
    if reply.held_by in {None, writer} or reply.held_until is None or reply.held_until <= now(db):
        return
    raise Conflict("reply_is_held", by=await _name(db, reply.held_by), at=reply.written_at)


async def _hold(db: AsyncSession, reply: Reply, writer: int) -> None:
    reply.held_by, reply.held_until = writer, now(db) + LEASE
    db.add(reply)
    await db.flush()


def _must_have_words(reply: Reply) -> None:
    if len(reply.draft.strip()) < LEAST:
        raise Refused("reply_missing", field="text")


async def _answers(db: AsyncSession, dialogue: Dialogue, question: Question) -> None:
    """The first reply answers the question: its asker and its followers hear of it."""
    turn = await turns.one(db, dialogue.key, question.key)
    await turns.answered(db, turn)
    if question.answer != Answered.NONE:
        return
    await move(db, question, "answer", Answered.PUBLISHED, ANSWER_MOVES, published_at=now(db))
    if not dialogue.is_rehearsal:
        await publication.tell(db, question, notices.Kind.ANSWERED, notices.Kind.FOLLOWED)


async def _let_out(db: AsyncSession, actor: Actor, dialogue: Dialogue, reply: Reply, fact: str) -> None:
    """Told in the room, on the question's own page, and to the log of acts."""
    dialogues.tell(db, dialogue, fact, question=reply.question_id, reply=reply.key)
    if not dialogue.is_rehearsal:
        log.record(db, f"question:{reply.question_id}", fact, question=reply.question_id, reply=reply.key)
    await tell_asker(db, reply.question_id, fact)
    await audit.note(db, actor.person_id, fact, reply=reply.key)


def _content(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, "guest_id": reply.guest_id, "reason": reply.reason}


async def _name(db: AsyncSession, person_id: int | None) -> str:
    return (await people.names(db, [person_id])).get(person_id, "") if person_id else ""


def _tell(db: AsyncSession, dialogue: Dialogue, reply: Reply, fact: str) -> None:
    """Drafts are the crew's: readers hear of what is released only."""
    dialogues.tell_crew(db, dialogue, fact, question=reply.question_id, reply=reply.key)
