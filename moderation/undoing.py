"""Taking a decision back while it waits, and carrying it out after. Does not know what follows from a decision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation.cases import Case, CaseState, returned

_DECIDED = ("decided_by", "decided_at", "decision", "reason", "words", "undo_until")


async def undo(db: AsyncSession, case_id: int, person_id: int, now: datetime, lease: timedelta) -> Case | None:
    """One's own decision, while it waits: open again, in the same hands. None when it cannot be taken back any more."""
    mine = sa.update(Case).where(col(Case.id) == case_id, col(Case.decided_by) == person_id, col(Case.undo_until) > now)
    mine = mine.where(_no_other_is_open())
    return await returned(db, mine.values(**_opened(person_id, now + lease)))


async def reopen(db: AsyncSession, case_id: int) -> Case | None:
    """A decision that could not be carried out, or whose effect was taken back: on the queue again, in nobody's hands.

    None when another case of the same text is open: one is enough.
    """
    decided = sa.update(Case).where(col(Case.id) == case_id, col(Case.state) == CaseState.DECIDED, _no_other_is_open())
    return await returned(db, decided.values(**_opened(None, None)))


async def call_off(db: AsyncSession, surface: str, thing_id: int) -> Case | None:
    """The text is no longer what was decided about: what waits to be carried out is open again, in nobody's hands."""
    of_it = col(Case.surface) == surface, col(Case.thing_id) == thing_id, col(Case.undo_until).is_not(None)
    return await returned(db, sa.update(Case).where(*of_it, _no_other_is_open()).values(**_opened(None, None)))


async def put_off(db: AsyncSession, case_id: int, now: datetime, by: timedelta) -> None:
    """It could not be carried out this time, and does not stand in the way of the others until the next."""
    ripe = sa.update(Case).where(col(Case.id) == case_id, col(Case.undo_until) <= now)
    await returned(db, ripe.values(undo_until=now + by))


async def last_of(db: AsyncSession, person_id: int, now: datetime) -> Case | None:
    """The person's newest decision that can still be taken back."""
    mine = select(Case).where(col(Case.undo_until) > now, col(Case.decided_by) == person_id)
    return (await db.exec(mine.order_by(col(Case.decided_at).desc(), col(Case.id).desc()).limit(1))).one_or_none()


async def ripe_ids(db: AsyncSession, now: datetime, most: int) -> Sequence[int]:
    """Decisions that nobody can take back any more, and that were not carried out."""
    ripe = select(col(Case.id)).where(col(Case.undo_until) <= now).order_by(col(Case.undo_until), col(Case.id))
    return [case_id for case_id in (await db.exec(ripe.limit(most))).all() if case_id is not None]


async def take_ripe(db: AsyncSession, case_id: int, now: datetime) -> Case | None:
    """From now on it counts as carried out. None: another process has it, or it was taken back."""
    ripe = sa.update(Case).where(col(Case.id) == case_id, col(Case.undo_until) <= now)
    return await returned(db, ripe.values(undo_until=None, folded=""))


def _no_other_is_open() -> sa.ColumnElement[bool]:
    other = sa.orm.aliased(Case)
    of_it = col(other.surface) == col(Case.surface), col(other.thing_id) == col(Case.thing_id)
    return ~sa.exists().where(*of_it, col(other.state) == CaseState.OPEN)


def _opened(person_id: int | None, until: datetime | None) -> dict[str, Any]:
    nothing = dict.fromkeys(_DECIDED)
    state = {"state": CaseState.OPEN.value, "version": col(Case.version) + 1, "choices": {}}
    return {**nothing, **state, "claimed_by": person_id, "claimed_until": until}
