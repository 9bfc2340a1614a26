"""What has been kept long enough goes, once a night: each kind of row by its days. What a law holds stays."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from anyio import to_thread
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import attachments, audit, dialogues, erasures, follows, forgetting, letters, questions, retention, review
from engage.access import Moderation
from engage.assigned import Answered
from engage.data_requests import DataRequest
from engage.data_requests import State as Wish
from engage.db import Store, now
from engage.dialogues import Dialogue
from engage.errors import Failure
from engage.flags import Flag
from engage.follows import Follow
from engage.forgetting import GONE, Left
from engage.notices import Notice
from engage.people import Person
from engage.questions import SURFACES, Question
from engage.records import AccessRecord
from engage.retention import Kept, Retention
from engage.storage import Storage
from live.log import Event
from moderation.cases import Case, CaseState

MOST_A_NIGHT, MOST_FACTS_A_NIGHT, MOST_COUNTED = 20_000, 200_000, 10_000

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """Which rows are due that were done with `before`, and how they go: so many in one transaction, so many in one night."""

    due: Callable[[datetime], Any]
    erase: Callable[[AsyncSession, Sequence[Any]], Awaitable[Left]]
    at_once: int = 1
    most: int = MOST_A_NIGHT


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind, as an administrator reads it: what would go tonight, what went last."""

    kind: str
    days: int
    least: int
    waiting: int
    ran_at: datetime | None
    erased: int
    next_at: datetime


async def standing(db: AsyncSession) -> list[Standing]:
    """The dry run: counted by what would be asked tonight."""
    return [await _standing(db, row) for row in await retention.every(db) if row.kind in WAYS]


async def _standing(db: AsyncSession, row: Retention) -> Standing:
    night = retention.next_night(now(db))
    some = WAYS[Kept(row.kind)].due(_before(row, night)).limit(MOST_COUNTED).subquery()
    waiting = (await db.exec(select(func.count()).select_from(some))).one()
    return Standing(row.kind, row.days, retention.least(row.kind), waiting, row.ran_at, row.erased, night)


async def drain(store: Store, mails: Path, bytes_of: Storage) -> int:
    """The worker's. A night that was missed is made up for as soon as somebody works again."""
    async with store.reading() as db:
        night = retention.last_night(now(db))
        late = [Kept(one.kind) for one in await retention.every(db) if one.kind in WAYS and _is_late(one, night)]
    for kind in late:
        await _run(store, kind, mails, bytes_of)
    return 0


async def _run(store: Store, kind: Kept, mails: Path, bytes_of: Storage) -> None:
    way, erased = WAYS[kind], 0
    async with store.reading() as db:
        due = way.due(_before(await db.get_one(Retention, kind), now(db)))
        ids = (await db.exec(due.limit(way.most))).all()
    for some in (ids[at : at + way.at_once] for at in range(0, len(ids), way.at_once)):
        try:
            async with store.transaction() as db:
                left = await way.erase(db, some)
                # As with a request: a letter that stayed behind would never be found again.
                await to_thread.run_sync(letters.remove, mails, [f"notice-{one}" for one in left.notice_ids])
        except Failure as failure:
            logger.error("expiry.passed_over", kind=kind.value, ids=list(some), reason=failure.reason)
            continue
        await attachments.erase_bytes(bytes_of, left.file_keys)
        erased += len(some)
    async with store.transaction() as db:
        row = await db.get_one(Retention, kind)
        row.ran_at, row.erased = now(db), erased
        db.add(row)
        await db.flush()
        if erased:
            await audit.note(db, None, "retention.applied", reason=kind.value, erased=erased)


def _is_late(row: Retention, night: datetime) -> bool:
    return row.ran_at is None or row.ran_at < night


def _before(row: Retention, at: datetime) -> datetime:
    """Never sooner than the law allows, whatever a row says."""
    return at - timedelta(days=max(row.days, retention.least(row.kind)))


# Which rows


def _records(before: datetime) -> Any:
    return select(col(AccessRecord.id)).where(col(AccessRecord.at) < before).order_by(col(AccessRecord.id))


def _mails(before: datetime) -> Any:
    return select(col(Notice.id)).where(col(Notice.sent_at) < before).order_by(col(Notice.id))


def _contacts(before: datetime) -> Any:
    out = col(Question.answer).in_((Answered.PUBLISHED, Answered.REVISED))
    reachable = sa.or_(col(Person.email).is_not(None), col(Person.phone).is_not(None))
    found = select(col(Question.id)).join(Person, col(Person.id) == col(Question.author_id))
    return found.where(out, col(Question.published_at) < before, reachable, ~_held()).order_by(col(Question.id))


def _refused(before: datetime) -> Any:
    """Whose last decision is that old; whoever appeals is decided about anew."""
    lately = sa.exists().where(
        col(Case.surface).in_(SURFACES),
        col(Case.thing_id) == col(Question.id),
        sa.or_(col(Case.decided_at) >= before, col(Case.state) == CaseState.OPEN),
    )
    return _texts(Moderation.REFUSED).where(col(Question.created_at) < before, ~lately)


def _withdrawn(before: datetime) -> Any:
    return _texts(Moderation.WITHDRAWN).where(col(Question.withdrawn_at) < before)


def _texts(moderation: Moderation) -> Any:
    """What is sealed goes by a recorded hand-over only (`seals`)."""
    kept = col(Question.title) != GONE, col(Question.sealed).is_(False), ~_held()
    return select(col(Question.id)).where(Question.moderation == moderation, *kept).order_by(col(Question.id))


def _follows(before: datetime) -> Any:
    """By dialogue and follower: nothing more happens there that they would be told."""
    over = col(Dialogue.stage).in_(dialogues.OVER), col(Dialogue.ended_at) < before
    found = select(col(Follow.thing_id), col(Follow.follower)).join(Dialogue, col(Dialogue.id) == col(Follow.thing_id))
    return found.where(Follow.surface == dialogues.SURFACE, *over).order_by(col(Follow.thing_id), col(Follow.follower))


def _flags(before: datetime) -> Any:
    return select(col(Flag.id)).where(col(Flag.made_at) < before).order_by(col(Flag.made_at), col(Flag.id))


def _facts(before: datetime) -> Any:
    """By channel and number: a channel's newest number stays, so that its facts are never numbered twice."""
    channel, number = col(Event.channel), col(Event.number)
    of_desks = sa.or_(channel == review.CHANNEL, *(channel.startswith(f"{kind}:") for kind in ("agency", "person")))
    return select(channel, number).where(of_desks, col(Event.at) < before).order_by(channel, number)


def _held() -> sa.ColumnElement[bool]:
    """A law keeps it, or its asker's own request is being decided."""
    return sa.exists().where(col(DataRequest.question_id) == col(Question.id), col(DataRequest.state) == Wish.ASKED)


# How they go


async def _drop_records(db: AsyncSession, ids: Sequence[int]) -> Left:
    await db.exec(sa.delete(AccessRecord).where(col(AccessRecord.id).in_(ids)))
    return Left()


async def _drop_mails(db: AsyncSession, ids: Sequence[int]) -> Left:
    await db.exec(sa.delete(Notice).where(col(Notice.id).in_(ids)))
    return Left(tuple(ids))


async def _drop_follows(db: AsyncSession, rows: Sequence[tuple[int, str]]) -> Left:
    await follows.forget(db, dialogues.SURFACE, rows)
    return Left()


async def _drop_flags(db: AsyncSession, ids: Sequence[int]) -> Left:
    await db.exec(sa.delete(Flag).where(col(Flag.id).in_(ids)))
    return Left()


async def _drop_facts(db: AsyncSession, places: Sequence[tuple[str, int]]) -> Left:
    await db.exec(sa.delete(Event).where(sa.tuple_(col(Event.channel), col(Event.number)).in_(places)))
    return Left()


async def _drop_contact(db: AsyncSession, ids: Sequence[int]) -> Left:
    return await forgetting.forget_contact(db, await questions.one(db, ids[0]))


async def _drop_text(db: AsyncSession, ids: Sequence[int]) -> Left:
    return await erasures.forget(db, await questions.one(db, ids[0]), text_too=True)


WAYS: Mapping[Kept, Way] = {
    Kept.ACCESS_RECORD: Way(_records, _drop_records, 500),
    Kept.MAIL: Way(_mails, _drop_mails, 500),
    Kept.CONTACT: Way(_contacts, _drop_contact),
    Kept.REFUSED: Way(_refused, _drop_text),
    Kept.WITHDRAWN: Way(_withdrawn, _drop_text),
    Kept.FOLLOW: Way(_follows, _drop_follows, 500),
    Kept.FLAG: Way(_flags, _drop_flags, 500),
    Kept.LOG: Way(_facts, _drop_facts, 500, MOST_FACTS_A_NIGHT),
}
