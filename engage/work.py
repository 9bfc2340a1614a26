"""The worker: loops that drain queues. Work waits in rows, so a crash loses nothing; it may run inside the server or alone."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from datetime import timedelta

import anyio
import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    antivirus,
    attachments,
    audit,
    batches,
    beats,
    calendars,
    carrying,
    chasing,
    citizens,
    clarifications,
    clusters,
    countdowns,
    digests,
    embeds,
    expiry,
    flags,
    heads,
    kept,
    lost_codes,
    mails,
    notices,
    office_hours,
    people,
    presence,
    recounts,
    rehearsals,
    review,
    storage,
    thread_polls,
    tries,
    votes,
)
from engage.antivirus import Scan
from engage.db import Store, now
from engage.errors import Failure, NotFound, Unavailable
from engage.settings import Settings
from engage.storage import Storage
from engage.surfaces import SURFACES, Surface
from engage.web.templates import Templates, folder
from live import log
from moderation import undoing

PAUSE, LONGEST_PAUSE = 0.5, 1.0
SELDOM = 5.0  # what comes by the day is not asked for twice a second
TEXTS_AT_ONCE, MAILS_AT_ONCE, FILES_AT_ONCE, KEYS_AT_ONCE = 200, 20, 20, 500
SCAN_EVERY = 15.0
TIDY_EVERY = timedelta(minutes=10)
HEAD_EVERY = timedelta(minutes=1)
LAPSE_EVERY = timedelta(minutes=1)
TRY_AGAIN = timedelta(minutes=1)

logger = structlog.get_logger(__name__)


async def run(settings: Settings, store: Store) -> None:
    """Until cancelled. The queues do not wait for each other."""
    templates, bytes_of = Templates(folder()), storage.of(settings)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_again_and_again, "received", lambda: settle_received(store))
        tasks.start_soon(_again_and_again, "decisions", lambda: carry_out_decisions(store))
        tasks.start_soon(_again_and_again, "notices", lambda: send_notices(store, settings, templates))
        tasks.start_soon(_again_and_again, "files", lambda: scan_files(store, bytes_of, settings.clamd), SCAN_EVERY)
        tasks.start_soon(_again_and_again, "sweep", lambda: sweep_files(store, bytes_of), TIDY_EVERY.total_seconds())
        tasks.start_soon(_again_and_again, "recounts", lambda: recounts.drain(store), SELDOM)
        tasks.start_soon(_again_and_again, "chase", lambda: chasing.chase(store), SELDOM)
        tasks.start_soon(_again_and_again, "digests", lambda: digests.gather(store), SELDOM)
        tasks.start_soon(_again_and_again, "carry", lambda: carrying.drain(store), SELDOM)
        tasks.start_soon(_again_and_again, "countdowns", lambda: countdowns.drain(store), SELDOM)
        tasks.start_soon(_again_and_again, "polls", lambda: thread_polls.drain(store), SELDOM)
        tasks.start_soon(_again_and_again, "clusters", clusters.Gatherer(store).drain, SELDOM)
        tasks.start_soon(_again_and_again, "beat", lambda: beat(store))
        tasks.start_soon(_again_and_again, "audit", lambda: chain_audit(store))
        tasks.start_soon(_again_and_again, "head", lambda: keep_head(store, settings), HEAD_EVERY.total_seconds())
        tasks.start_soon(_again_and_again, "lapse", lambda: lapse_clarifications(store), LAPSE_EVERY.total_seconds())
        tasks.start_soon(
            _again_and_again,
            "expiry",
            lambda: expiry.drain(store, settings.mail_folder, bytes_of),
            TIDY_EVERY.total_seconds(),
        )
        tasks.start_soon(_again_and_again, "tidy", lambda: tidy(store), TIDY_EVERY.total_seconds())


async def settle_received(store: Store) -> int:
    """Look at every text that is still `received`, one transaction each. One that fails is logged and waits for the next round."""
    return sum([await _settle(store, surface, kind) for surface, kind in SURFACES.items()])


async def _settle(store: Store, surface: str, kind: Surface) -> int:
    async with store.reading() as db:
        waiting = await kind.received_ids(db, TEXTS_AT_ONCE)
    settled = 0
    for thing_id in waiting:
        try:
            async with store.transaction() as db:
                if thing := await kind.take_received(db, thing_id):
                    await review.settle(db, thing.surface, thing)
                    settled += 1
        except Failure as failure:
            logger.error("settle.failed", surface=surface, thing=thing_id, reason=failure.reason)
    return settled


async def carry_out_decisions(store: Store) -> int:
    """What moderators decided and can no longer take back. One that fails for whatever reason waits a while; the others go on."""
    async with store.reading() as db:
        ripe = await undoing.ripe_ids(db, now(db), TEXTS_AT_ONCE)
    for case_id in ripe:
        try:
            await _carry_out(store, case_id)
        except Exception as failure:
            logger.error("decision.put_off", case=case_id, cause=repr(failure))
            async with store.transaction() as db:
                await undoing.put_off(db, case_id, now(db), TRY_AGAIN)
    return len(ripe)


async def _carry_out(store: Store, case_id: int) -> None:
    """What cannot be done any more is on the moderators' queue again."""
    try:
        async with store.transaction() as db:
            await review.carry_out_ripe(db, case_id)
    except Unavailable:  # the store is away, which says nothing about the decision
        raise
    except Failure as failure:
        logger.warning("decision.brought_back", case=case_id, reason=failure.reason)
        async with store.transaction() as db:
            await review.bring_back(db, case_id)


async def send_notices(store: Store, settings: Settings, templates: Templates) -> int:
    """Claim under a lease, send outside any transaction, note it. A mail server that is away delays, it loses nothing."""
    async with store.transaction() as db:
        waiting = frozenset() if await office_hours.are_open(db) else notices.TO_STAFF
        claimed = await notices.claim(db, MAILS_AT_ONCE, but=waiting)
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


async def scan_files(store: Store, bytes_of: Storage, clamd: str) -> int:
    """Ask again about what the virus scanner has not passed. While it is away, those files stay where they are."""
    async with store.reading() as db:
        waiting = await attachments.unscanned(db, FILES_AT_ONCE)
    done = 0
    for row in waiting:
        try:
            content = await bytes_of.get(row.key)
        except NotFound:  # lost with a disk: what cannot be scanned is never shown
            continue
        result = await antivirus.scan(clamd, content, patience=antivirus.LONG_PATIENCE)
        if result is Scan.WAITING:
            return 0  # the same answer is likely for the others
        async with store.transaction() as db:
            await attachments.note_scan(db, row.id or 0, result)
        done += 1
    return done


async def sweep_files(store: Store, bytes_of: Storage) -> int:
    """Forms that were never sent, then bytes that no row names."""
    async with store.transaction() as db:
        await attachments.drop_unsent(db)
    keys = await bytes_of.before(store.clock() - attachments.ORPHANS_AFTER)
    for some in (keys[at : at + KEYS_AT_ONCE] for at in range(0, len(keys), KEYS_AT_ONCE)):
        async with store.reading() as db:
            orphans = await attachments.orphans(db, some)
        for key in orphans:
            await bytes_of.delete(key)
    return 0


async def lapse_clarifications(store: Store) -> int:
    """What an asker did not answer in time: the agency's clock goes on. One transaction each; a reply in between wins."""
    async with store.reading() as db:
        late = await clarifications.lapsed_ids(db, TEXTS_AT_ONCE)
    for clarification_id in late:
        try:
            async with store.transaction() as db:
                await clarifications.lapse(db, clarification_id)
        except Failure as failure:
            logger.info("lapse.passed_over", clarification=clarification_id, reason=failure.reason)
    return len(late)


async def beat(store: Store) -> int:
    async with store.transaction() as db:
        store.note_epoch(await log.epoch(db))
        await beats.note(db, "worker", now(db))
    return 0


async def chain_audit(store: Store) -> int:
    async with store.reading() as db:
        if not await audit.is_waiting(db):
            return 0
    async with store.transaction() as db:
        return await audit.settle_tallies(db) + await audit.chain_waiting(db)


async def keep_head(store: Store, settings: Settings) -> int:
    async with store.reading() as db:
        head = await audit.head(db)
    if head is not None:
        await to_thread(heads.keep, settings, head)
    return 0


async def tidy(store: Store) -> int:
    async with store.transaction() as db:
        await kept.forget_old(db)
        await votes.forget_old(db)
        await flags.forget_old(db)
        await people.forget_ended_sessions(db)
        await tries.forget_old(db)
        await lost_codes.forget_old(db)
        await citizens.forget_old(db)
        await embeds.forget_old(db)
        await presence.forget_old(db)
        await batches.forget_old(db)
        await rehearsals.wipe_forgotten(db)
    await chasing.adopt(store)
    await calendars.remind(store)
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
