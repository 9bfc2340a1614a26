"""The worker: loops that drain queues. Work waits in rows, so a crash loses nothing; it may run inside the server or alone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import anyio
import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import beats, intake, kept, mails, notices, people, questions, review
from engage.db import Store, now
from engage.errors import Failure
from engage.settings import Settings
from engage.web.templates import Templates, folder
from moderation import undoing

PAUSE, LONGEST_PAUSE = 0.5, 1.0
TEXTS_AT_ONCE, MAILS_AT_ONCE = 200, 20
TIDY_EVERY = timedelta(minutes=10)

logger = structlog.get_logger(__name__)


async def run(settings: Settings, store: Store) -> None:
    """Until cancelled. The queues do not wait for each other."""
    templates = Templates(folder())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_again_and_again, "received", lambda: settle_received(store))
        tasks.start_soon(_again_and_again, "decisions", lambda: carry_out_decisions(store))
        tasks.start_soon(_again_and_again, "notices", lambda: send_notices(store, settings, templates))
        tasks.start_soon(_again_and_again, "beat", lambda: beat(store))
        tasks.start_soon(_again_and_again, "tidy", lambda: tidy(store), TIDY_EVERY.total_seconds())


async def settle_received(store: Store) -> int:
    """Look at every text that is still `received`, one transaction each. One that fails is logged and waits for the next round."""
    async with store.reading() as db:
        waiting = await intake.received_ids(db, TEXTS_AT_ONCE)
    settled = 0
    for question_id in waiting:
        try:
            async with store.transaction() as db:
                if question := await intake.take_received(db, question_id):
                    await review.settle(db, questions.SURFACE, question)
                    settled += 1
        except Failure as failure:
            logger.error("settle.failed", question=question_id, reason=failure.reason)
    return settled


async def carry_out_decisions(store: Store) -> int:
    """What moderators decided and can no longer take back. What cannot be done any more is on their queue again."""
    async with store.reading() as db:
        ripe = await undoing.ripe_ids(db, now(db), TEXTS_AT_ONCE)
    for case_id in ripe:
        try:
            async with store.transaction() as db:
                await review.carry_out_ripe(db, case_id)
        except Failure as failure:
            logger.warning("decision.brought_back", case=case_id, reason=failure.reason)
            async with store.transaction() as db:
                await review.bring_back(db, case_id)
    return len(ripe)


async def send_notices(store: Store, settings: Settings, templates: Templates) -> int:
    """Claim under a lease, send outside any transaction, note it. A mail server that is away delays, it loses nothing."""
    async with store.transaction() as db:
        claimed = await notices.claim(db, MAILS_AT_ONCE)
    for notice in claimed:
        try:
            await _send(store, settings, templates, notice)
        except Exception as failure:
            logger.warning("mail.put_off", notice=notice.id, tries=notice.tries, cause=type(failure).__name__)
            await _note(store, notices.put_off, notice)
        else:
            await _note(store, notices.note_sent, notice)
    return len(claimed)


async def _send(store: Store, settings: Settings, templates: Templates, notice: notices.Notice) -> None:
    async with store.reading() as db:
        message = await mails.compose(db, notice, templates, settings)
    if message is not None:
        await mails.send(settings, notice, message)


async def beat(store: Store) -> int:
    async with store.transaction() as db:
        await beats.note(db, "worker", now(db))
    return 0


async def tidy(store: Store) -> int:
    async with store.transaction() as db:
        await kept.forget_old(db)
        await people.forget_ended_sessions(db)
    return 0


async def _note(
    store: Store, verb: Callable[[AsyncSession, notices.Notice], Awaitable[None]], notice: notices.Notice
) -> None:
    async with store.transaction() as db:
        await verb(db, notice)


async def _again_and_again(name: str, drain: Callable[[], Awaitable[int]], pause: float = PAUSE) -> None:
    """At once while there is work, else after a pause that grows to a few seconds."""
    wait = pause
    while True:
        try:
            done = await drain()
        except Exception as failure:
            done = 0
            logger.warning("drain.failed", drain=name, cause=repr(failure))
        wait = pause if done else min(wait * 1.5, max(LONGEST_PAUSE, pause))
        if not done:
            await anyio.sleep(wait)
