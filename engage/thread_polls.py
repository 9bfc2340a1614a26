"""Polls in threads: one question of a moderator to whoever reads a thread, until a day. One vote a person, who is signed in.

Its words are the portal's own: what citizens write is screened and can be covered, and a poll's choices could be neither once
somebody has chosen.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, forum, marking, polls
from engage.access import Actor
from engage.db import Store, now
from engage.deadlines import HERE
from engage.errors import Failure, NotAllowed, Refused
from engage.forum import TABLE, Thread
from engage.moves import move
from engage.polls import MOVES, Poll, State
from engage.votes import Standing
from live import log

LONGEST = timedelta(days=92)
LEAST_REASON = 5
DAY_ENDS = time(23, 59, 59)


async def make(
    db: AsyncSession,
    actor: Actor,
    thread: Thread,
    words: str,
    choices: Sequence[str],
    *,
    several: bool,
    until: date | None,
) -> Poll:
    """Open at once; it closes by itself when that day is over."""
    by = _moderator(actor)
    forum.must_be_open(thread)
    if await standing(db, thread.key) is not None:
        raise Refused("thread_has_poll")
    closes_at = datetime.combine(until, DAY_ENDS, HERE).astimezone(UTC) if until else None
    if closes_at is None or not now(db) < closes_at < now(db) + LONGEST:
        raise Refused("poll_until_wrong", field="until", days=LONGEST.days)
    poll = await polls.make(db, TABLE, thread.key, words, choices, several=several, by=by)
    await move(db, poll, "state", State.OPEN, MOVES, opened_at=now(db), closes_at=closes_at)
    await _moved(db, actor.person_id, poll, "poll.opened")
    return poll


async def close(db: AsyncSession, actor: Actor, poll: Poll) -> None:
    """Before its day. From here on everybody sees its figures."""
    _moderator(actor)
    await move(db, poll, "state", State.CLOSED, MOVES, closed_at=now(db))
    await _moved(db, actor.person_id, poll, "poll.closed")


async def withdraw(db: AsyncSession, actor: Actor, poll: Poll, reason: str) -> None:
    """It was wrong: no figures, now or later."""
    _moderator(actor)
    if len(reason) < LEAST_REASON:
        raise Refused("poll_reason_missing", field="poll_why", least=LEAST_REASON)
    await move(db, poll, "state", State.WITHDRAWN, MOVES, reason=reason)
    await _moved(db, actor.person_id, poll, "poll.withdrawn")


async def judge(db: AsyncSession, actor: Actor, poll: Poll, standing: Standing) -> None:
    """Of marks that came in a burst from one address: they count, or they stay out."""
    _moderator(actor)
    judged = await marking.judge(db, poll.key, standing)
    if not judged:
        return
    fact = "votes.counted" if standing is Standing.COUNTED else "votes.kept_out"
    await audit.note(db, actor.person_id, fact, poll=poll.key, votes=judged)
    log.record(db, f"thread:{poll.thing_id}", "poll.judged", poll=poll.key)


async def drain(store: Store) -> int:
    """The worker's call: what is over is closed, one transaction each."""
    async with store.reading() as db:
        over = select(Poll).where(Poll.state == State.OPEN, col(Poll.closes_at) <= now(db))
        found = [(poll.thing_id, poll.key) for poll in await db.exec(over.where(Poll.surface == TABLE).limit(100))]
    for thread_id, poll_id in found:
        try:
            async with store.transaction() as db:
                poll = await polls.one(db, TABLE, thread_id, poll_id)
                await move(db, poll, "state", State.CLOSED, MOVES, closed_at=now(db))
                await _moved(db, None, poll, "poll.closed")
        except Failure:  # a moderator was faster
            continue
    return len(found)


async def of(db: AsyncSession, thread_id: int) -> Sequence[Poll]:
    return await polls.of(db, TABLE, thread_id)


async def standing(db: AsyncSession, thread_id: int) -> Poll | None:
    """A thread has one, besides those that were withdrawn."""
    return next((poll for poll in await of(db, thread_id) if poll.state != State.WITHDRAWN), None)


async def one(db: AsyncSession, thread_id: int, poll_id: int) -> Poll:
    return await polls.one(db, TABLE, thread_id, poll_id)


def _moderator(actor: Actor) -> int:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()
    return actor.person_id


async def _moved(db: AsyncSession, by: int | None, poll: Poll, fact: str) -> None:
    log.record(db, f"thread:{poll.thing_id}", fact, poll=poll.key)
    await audit.note(db, by, fact, thread=poll.thing_id, poll=poll.key)
