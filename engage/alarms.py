"""What an administrator must see at once: how much waits, and what does not run as it should. Changes nothing."""

from asyncio import to_thread
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import archive, beats, heads, queues
from engage.access import Moderation
from engage.antivirus import Scan
from engage.attachments import Attachment
from engage.chases import UNANSWERED
from engage.data_requests import DataRequest
from engage.data_requests import State as Request
from engage.db import now
from engage.notices import Notice
from engage.questions import Question
from engage.queues import Queue
from engage.second_looks import SecondLook
from engage.second_looks import State as Look
from engage.settings import Settings

MOST = 1_000
STUCK_TRIES = 5  # about a quarter of an hour of a mail server that says no
SCAN_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Alarms:
    """Only what is wrong: numbers are of things that are stuck."""

    is_worker_silent: bool
    stuck_mails: int
    unscanned: int
    chain_broken: bool
    lost: int  # accepted questions on nobody's desk
    headless: list[int]  # agencies with open questions and no coordinator

    @property
    def any(self) -> bool:
        return bool(
            self.is_worker_silent
            or self.stuck_mails
            or self.unscanned
            or self.chain_broken
            or self.lost
            or self.headless
        )


async def of(db: AsyncSession, settings: Settings) -> Alarms:
    at, lag = now(db), await beats.lag(db, now(db))
    stuck = col(Notice.sent_at).is_(None), col(Notice.tries) >= STUCK_TRIES
    held_back = col(Attachment.scan) == Scan.WAITING, col(Attachment.created_at) < at - SCAN_PATIENCE
    head = await to_thread(heads.last, settings)
    return Alarms(
        is_worker_silent=lag is None or lag > beats.SILENT,
        stuck_mails=await _counted(db, Notice, *stuck),
        unscanned=await _counted(db, Attachment, *held_back),
        chain_broken=head is not None and not await heads.fits(db, settings, head),
        lost=len(await archive.unrouted(db, MOST)),
        headless=list(await archive.agencies_without(db)),
    )


async def waiting(db: AsyncSession) -> list[Queue]:
    """Every desk's work, in the order of a question's way; `oldest` where somebody waits for it."""
    by_name = {one.name: one for one in await queues.every(db)}
    late = (
        col(Question.moderation) == Moderation.ACCEPTED,
        col(Question.sealed).is_(False),
        col(Question.merged_into_id).is_(None),
        col(Question.published_at).is_(None),
        col(Question.answer).in_(UNANSWERED),
        col(Question.paused_at).is_(None),
        col(Question.answer_due_at) < now(db),
    )
    return [
        by_name["received"],
        by_name["cases"],
        await _queue(db, "overdue", Question, col(Question.answer_due_at), *late),
        await _queue(db, "looks", SecondLook, col(SecondLook.asked_at), col(SecondLook.state) == Look.ASKED),
        await _queue(db, "requests", DataRequest, col(DataRequest.asked_at), col(DataRequest.state) == Request.ASKED),
        by_name["notices"],
    ]


async def _queue(db: AsyncSession, name: str, table: Any, since: Any, *waits: sa.ColumnElement[bool]) -> Queue:
    some = select(since.label("since")).select_from(table).where(*waits).limit(MOST).subquery()
    counted: tuple[int, datetime | None] = (await db.exec(select(func.count(), func.min(some.c.since)))).one()
    return Queue(name, *counted)


async def _counted(db: AsyncSession, table: Any, *waits: sa.ColumnElement[bool]) -> int:
    some = select(table.id).where(*waits).limit(MOST).subquery()
    return (await db.exec(select(func.count()).select_from(some))).one()
