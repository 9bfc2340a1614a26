"""Threads that become questions to agencies: a moderator may suggest it, who opened the thread does it, once.

The question comes in through the door of all questions, sent by its author: that is the consent, and where it goes from there no
moderator decided.
"""

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, forum, notices
from engage.access import PUBLIC, Actor
from engage.db import now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.forum import CHANNEL, TABLE, Thread
from engage.remarks import Remark
from live import log


async def suggest(db: AsyncSession, actor: Actor, thread: Thread, opening: Remark) -> None:
    """To who opened it, by mail and on the thread's page."""
    if not actor.is_moderator:
        raise NotAllowed()
    if thread.suggested_at is not None or thread.question_id is not None:
        raise Conflict("moved_on")
    thread.suggested_at = now(db)
    db.add(thread)
    await db.flush()
    log.record(db, f"person:{opening.author_id}", "thread.suggested", thread=thread.key)
    await audit.note(db, actor.person_id, "thread.suggested", thread=thread.key)
    await notices.tell(db, opening.author_id, notices.Kind.SUGGESTED, TABLE, thread.key)


async def offered(db: AsyncSession, actor: Actor, thread_id: int) -> Remark:
    """What its own author may make a question of. To anybody else there is nothing here."""
    thread, opening = await forum.seen_by(db, PUBLIC, thread_id)
    if opening.author_id != actor.person_id:
        raise NotFound()
    if thread.question_id is not None:
        raise Refused("thread_forwarded")
    return opening


async def forward(db: AsyncSession, actor: Actor, thread_id: int, question_id: int) -> None:
    """The question was stored a moment ago, in the same transaction."""
    await offered(db, actor, thread_id)
    thread = await forum.one(db, thread_id)
    thread.question_id = question_id
    db.add(thread)
    await db.flush()
    for channel in (f"thread:{thread.key}", CHANNEL):
        log.record(db, channel, "thread.forwarded", thread=thread.key)
    await notices.cancel(db, TABLE, thread.key, notices.Kind.SUGGESTED)
    await audit.note(db, actor.person_id, "thread.forwarded", thread=thread.key, question=question_id)
