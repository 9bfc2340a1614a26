"""Entries: cases that say the same lie in the queue as one, and what is decided about the one is decided about all.

Only the earliest is shown, also while what was decided about it can be taken back. A sealed case is nobody's entry but its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation.cases import Case, CaseState, is_free_for, is_open


def stands_first() -> sa.ColumnElement[bool]:
    """The case that stands for its entry; one without an entry stands for itself."""
    other = sa.orm.aliased(Case)
    waits = sa.or_(col(other.state) == CaseState.OPEN.value, col(other.undo_until).is_not(None))
    before = sa.exists().where(col(other.entry) == col(Case.entry), col(other.id) < col(Case.id), waits)
    return sa.or_(col(Case.entry).is_(None), ~before)


async def others(db: AsyncSession, cases: Iterable[Case]) -> Mapping[int, int]:
    """How many open cases wait with each of these."""
    entries = {case.entry for case in cases if case.entry}
    if not entries:
        return {}
    counted = select(col(Case.entry), func.count()).where(col(Case.entry).in_(entries), is_open())
    sizes = dict((await db.exec(counted.group_by(col(Case.entry)))).all())
    return {case.id or 0: sizes.get(case.entry, 0) - (case.state == CaseState.OPEN) for case in cases if case.entry}


async def decide_along(db: AsyncSession, case: Case, now: datetime, decision: str, **choices: Any) -> int:
    """What waits with a decided case goes the same way, ripe at once; how many that are. What a colleague has open stays theirs."""
    if case.entry is None or case.decided_by is None:
        return 0
    along = sa.update(Case).where(col(Case.entry) == case.entry, is_open(), is_free_for(case.decided_by, now))
    decided = along.values(
        state=CaseState.DECIDED.value,
        version=col(Case.version) + 1,
        decided_by=case.decided_by,
        decided_at=now,
        decision=decision,
        reason=case.reason,
        words=case.words,
        choices=choices,
        undo_until=now,
        claimed_by=None,
        claimed_until=None,
    )
    return (await db.exec(decided.execution_options(synchronize_session=False))).rowcount
