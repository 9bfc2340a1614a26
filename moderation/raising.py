"""Cases about texts that readers have already: opened by what they report, closed when somebody has acted elsewhere."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation import cases, kinds
from moderation.cases import Case, CaseState
from moderation.verdicts import Verdict

REFUSED = "refuse"


async def has_open(db: AsyncSession, surface: str, thing_id: int) -> bool:
    return (await db.exec(select(col(Case.id)).where(*_open(surface, thing_id)))).first() is not None


async def raise_case(
    db: AsyncSession, surface: str, thing_id: int, verdict: Verdict, now: datetime, due_at: datetime, folded: str
) -> bool:
    """True when it is opened by this. What is reported while it is open shows in it, and whoever has it open can still decide:
    the text is the one they read."""
    found = {"findings": verdict.to_json(), "weight": verdict.gravity, "kinds": kinds.of(verdict)}
    known = sa.update(Case).where(*_open(surface, thing_id)).values(**found)
    if (await db.exec(known.execution_options(synchronize_session=False))).rowcount:
        return False
    await cases.open_case(db, surface, thing_id, verdict, now, due_at, folded=folded)
    return True


async def reword(db: AsyncSession, surface: str, thing_id: int) -> None:
    """Its author wrote other words: nobody decides on the ones that were read."""
    read = sa.update(Case).where(*_open(surface, thing_id)).values(version=col(Case.version) + 1)
    await db.exec(read.execution_options(synchronize_session=False))


async def close(db: AsyncSession, surface: str, thing_id: int, by: int, reason: str, now: datetime) -> None:
    decided = sa.update(Case).where(*_open(surface, thing_id))
    closed = decided.values(
        state=CaseState.DECIDED.value,
        version=col(Case.version) + 1,
        decided_by=by,
        decided_at=now,
        decision=REFUSED,
        reason=reason,
        folded="",
        claimed_by=None,
        claimed_until=None,
    )
    await db.exec(closed.execution_options(synchronize_session=False))


def _open(surface: str, thing_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Case.surface) == surface, col(Case.thing_id) == thing_id, cases.is_open()
