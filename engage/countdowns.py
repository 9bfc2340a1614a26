"""Who follows a dialogue is told a day before it begins, and an hour before: each once, however often the worker restarts."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, follows, notices
from engage.db import Store, now
from engage.dialogues import Dialogue, Stage
from engage.notices import Kind

AHEAD = (timedelta(days=1), timedelta(hours=1))
WAITING = frozenset({Stage.SCHEDULED, Stage.INTAKE, Stage.LOBBY})


def reached(left: timedelta) -> int:
    """How many of the mails are due with so much time left. Of what has begun nobody is told that it begins soon."""
    return sum(left <= ahead for ahead in AHEAD) if left > timedelta() else 0


async def drain(store: Store) -> int:
    """The worker's, one transaction each."""
    async with store.reading() as db:
        due = await _due(db)
    for dialogue_id in due:
        async with store.transaction() as db:
            await tell(db, await dialogues.one(db, dialogue_id))
    return len(due)


async def tell(db: AsyncSession, dialogue: Dialogue) -> None:
    """What a worker that was away has missed is one mail, not two."""
    come = reached(dialogue.starts_at - now(db))
    if dialogue.stage not in WAITING or come <= dialogue.counted_down:
        return
    dialogue.counted_down = come
    db.add(dialogue)
    await db.flush()
    await _tell(db, dialogue, Kind.STARTS_SOON)


async def start_again(db: AsyncSession, dialogue: Dialogue) -> None:
    """Another time: whoever follows is told of it now, and as it comes near. A mail about the old time is not sent any more."""
    dialogue.counted_down = reached(dialogue.starts_at - now(db))
    db.add(dialogue)
    await notices.cancel(db, dialogues.SURFACE, dialogue.key, Kind.STARTS_SOON, Kind.POSTPONED)
    await _tell(db, dialogue, Kind.POSTPONED)


async def break_off(db: AsyncSession, dialogue: Dialogue) -> None:
    """It does not take place."""
    await notices.cancel(db, dialogues.SURFACE, dialogue.key, Kind.STARTS_SOON, Kind.POSTPONED)
    await _tell(db, dialogue, Kind.CALLED_OFF)


async def _tell(db: AsyncSession, dialogue: Dialogue, kind: Kind) -> None:
    await follows.tell(db, dialogues.SURFACE, dialogue.key, kind, once_an_address=True)


async def _due(db: AsyncSession) -> Sequence[int]:
    at = now(db)
    near = [
        sa.and_(col(Dialogue.starts_at) <= at + ahead, col(Dialogue.counted_down) < mails)
        for mails, ahead in enumerate(AHEAD, start=1)
    ]
    found = select(col(Dialogue.id)).where(
        col(Dialogue.stage).in_(WAITING),
        col(Dialogue.rehearsal_of_id).is_(None),
        col(Dialogue.starts_at) > at,
        sa.or_(*near),
    )
    return [one for one in (await db.exec(found)).all() if one is not None]
