"""One open case per text that waits for a person: opened, claimed under a lease, decided once.

Does not know what a surface or a person is, who may see a sealed case, or what follows from a decision.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation import kinds
from moderation.verdicts import Verdict

FOLDED = 600
_IN_ENTRY = sa.text("entry is not null")


class CaseState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"


class Case(SQLModel, table=True):
    __tablename__ = "moderation_case"
    __table_args__ = (
        sa.CheckConstraint("state in ('open', 'decided')", name="moderation_case_state"),
        sa.CheckConstraint(
            "state = 'open' or (decided_by is not null and decided_at is not null and decision is not null)",
            name="moderation_case_decided",
        ),
        sa.CheckConstraint(
            "decided_by is null or barred is null or decided_by <> barred", name="moderation_case_barred"
        ),
        sa.CheckConstraint("(claimed_by is null) = (claimed_until is null)", name="moderation_case_claim_has_an_end"),
        sa.Index(
            "moderation_case_one_open",
            "surface",
            "thing_id",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        ),
        sa.Index("moderation_case_history", "surface", "thing_id", "id"),
        sa.Index("moderation_case_entry", "entry", "id", postgresql_where=_IN_ENTRY, sqlite_where=_IN_ENTRY),
        sa.Index("moderation_case_queue", "state", "sealed", "opened_at", "id"),
        # Who may open sealed cases reads both kinds in one order; the index above cannot give that.
        sa.Index("moderation_case_whole_queue", "state", "opened_at", "id"),
        sa.Index(
            "moderation_case_undoable",
            "undo_until",
            postgresql_where=sa.text("undo_until is not null"),
            sqlite_where=sa.text("undo_until is not null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    surface: str = Field(sa_type=sa.String(20))
    thing_id: int = Field(sa_type=sa.BigInteger)
    state: str = Field(default=CaseState.OPEN.value, sa_type=sa.String(10))
    version: int = 1
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    weight: int = 0
    kinds: int = 0  # what a queue is narrowed by: one bit a kind of finding
    folded: str = Field(default="", sa_type=sa.String(FOLDED))  # of an open, unsealed case: what a desk's search reads
    sealed: bool = False
    entry: str | None = Field(default=None, sa_type=sa.String(60))  # cases of one entry say the same: see `entries`
    opened_at: datetime
    due_at: datetime | None = None
    claimed_by: int | None = Field(default=None, sa_type=sa.BigInteger)
    claimed_until: datetime | None = None
    barred: int | None = Field(default=None, sa_type=sa.BigInteger)  # decided before, so may not decide this one
    decided_by: int | None = Field(default=None, sa_type=sa.BigInteger)
    decided_at: datetime | None = None
    decision: str | None = Field(default=None, sa_type=sa.String(20))
    reason: str | None = Field(default=None, sa_type=sa.String(40))
    words: str | None = Field(default=None, sa_type=sa.String(2000))
    choices: dict[str, Any] = Field(
        default_factory=dict, sa_type=sa.JSON
    )  # what else was chosen, for whoever carries it out
    undo_until: datetime | None = None  # while it stands, the decision is not carried out and can be taken back

    @property
    def verdict(self) -> Verdict:
        return Verdict.from_json(self.findings)

    def holder(self, now: datetime) -> tuple[int, datetime] | None:
        """Who holds the case and until when, while the lease lives."""
        if self.claimed_by is None or self.claimed_until is None or self.claimed_until < now:
            return None
        return self.claimed_by, self.claimed_until


class Missing(LookupError):
    """There is no such case (or not for this reader)."""


class Taken(Exception):
    """A colleague holds a live lease."""

    def __init__(self, by: int, until: datetime) -> None:
        super().__init__(f"held by {by} until {until:%FT%T%z}")
        self.by = by
        self.until = until


class Decided(Exception):
    """A colleague was first. Carries what was decided, so that the page can say it."""

    def __init__(self, by: int, at: datetime, decision: str, reason: str | None) -> None:
        super().__init__(f"{decision} by {by} at {at:%FT%T%z}")
        self.by = by
        self.at = at
        self.decision = decision
        self.reason = reason


class Changed(Exception):
    """The case moved on after the page was read; `version` is the one to read now."""

    def __init__(self, version: int) -> None:
        super().__init__(f"now at version {version}")
        self.version = version


async def open_case(
    db: AsyncSession,
    surface: str,
    thing_id: int,
    verdict: Verdict,
    now: datetime,
    due_at: datetime | None = None,
    sealed: bool = False,
    folded: str = "",
    entry: str | None = None,
) -> Case:
    """Open a case, or renew the open one: new findings, next version; its place, lease and seal are kept."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(Case).values(
        surface=surface,
        thing_id=thing_id,
        state=CaseState.OPEN.value,
        version=1,
        findings=verdict.to_json(),
        weight=verdict.gravity,
        kinds=kinds.of(verdict),
        folded="" if sealed else folded[:FOLDED],
        choices={},
        sealed=sealed,
        entry=None if sealed else entry,
        opened_at=now,
        due_at=due_at,
    )
    renewed = {
        "version": col(Case.version) + 1,
        "findings": fresh.excluded.findings,
        "weight": fresh.excluded.weight,
        "kinds": fresh.excluded.kinds,
        "folded": sa.case((col(Case.sealed), ""), else_=fresh.excluded.folded),
        "sealed": sa.or_(col(Case.sealed), fresh.excluded.sealed),
        "entry": sa.case((col(Case.sealed), None), else_=fresh.excluded.entry),
    }
    upsert = fresh.on_conflict_do_update(
        index_elements=["surface", "thing_id"], index_where=sa.text("state = 'open'"), set_=renewed
    )
    case = await returned(db, upsert)
    if case is None:
        raise RuntimeError("an upsert returned no row")
    return case


async def claim(db: AsyncSession, case_id: int, person_id: int, now: datetime, lease: timedelta) -> Case:
    """Take a free case, or prolong one's own lease. Raises Missing, Decided or Taken."""
    case = await returned(
        db,
        sa.update(Case)
        .where(col(Case.id) == case_id, is_open(), is_free_for(person_id, now))
        .values(claimed_by=person_id, claimed_until=now + lease),
    )
    return case or await _refuse(db, case_id, person_id, now)


async def release(db: AsyncSession, case_id: int, person_id: int) -> None:
    """Give a lease back. Releasing what one does not hold changes nothing."""
    await db.exec(
        sa.update(Case)
        .where(col(Case.id) == case_id, is_open(), col(Case.claimed_by) == person_id)
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


async def decide(
    db: AsyncSession,
    case_id: int,
    person_id: int,
    version: int,
    decision: str,
    reason: str | None,
    words: str | None,
    now: datetime,
    *,
    choices: Mapping[str, Any] | None = None,
    undo_until: datetime | None = None,
) -> Case:
    """Decide once, on the version that was read; Missing, Decided, Taken or Changed changes nothing."""
    decided = await returned(
        db,
        sa.update(Case)
        .where(
            col(Case.id) == case_id,
            col(Case.version) == version,
            is_open(),
            is_free_for(person_id, now),
        )
        .values(
            state=CaseState.DECIDED.value,
            version=version + 1,
            decided_by=person_id,
            decided_at=now,
            decision=decision,
            reason=reason,
            words=words,
            folded="" if undo_until is None else col(Case.folded),
            choices=dict(choices or {}),
            undo_until=undo_until,
            claimed_by=None,
            claimed_until=None,
        ),
    )
    return decided or await _refuse(db, case_id, person_id, now)


async def seal(db: AsyncSession, case_id: int) -> Case:
    """From now on only cleared readers find the case. A seal is never lifted."""
    case = await returned(db, sa.update(Case).where(col(Case.id) == case_id).values(sealed=True, folded="", entry=None))
    if case is None:
        raise Missing(case_id)
    return case


async def one(db: AsyncSession, case_id: int, cleared: bool) -> Case:
    """The case as this reader may see it: sealed and not cleared is Missing, as if it were not there."""
    case = (await db.exec(select(Case).where(col(Case.id) == case_id))).one_or_none()
    if case is None or (case.sealed and not cleared):
        raise Missing(case_id)
    return case


async def of(db: AsyncSession, surface: str, thing_id: int) -> Sequence[Case]:
    """Every case of one text, oldest first."""
    history = select(Case).where(col(Case.surface) == surface, col(Case.thing_id) == thing_id)
    return (await db.exec(history.order_by(col(Case.id)))).all()


def is_open() -> sa.ColumnElement[bool]:
    return col(Case.state) == CaseState.OPEN.value


def is_free_for(person_id: int, now: datetime) -> sa.ColumnElement[bool]:
    is_free = sa.or_(col(Case.claimed_by).is_(None), col(Case.claimed_until) < now, col(Case.claimed_by) == person_id)
    return sa.and_(is_free, sa.or_(col(Case.barred).is_(None), col(Case.barred) != person_id))


async def returned(db: AsyncSession, changed: Any) -> Case | None:
    fresh = changed.returning(Case).execution_options(populate_existing=True, synchronize_session=False)
    case: Case | None = (await db.exec(fresh)).scalars().one_or_none()
    return case


async def _refuse(db: AsyncSession, case_id: int, person_id: int, now: datetime) -> Case:
    """Say why a compare-and-set found nothing to change."""
    found = select(Case).where(col(Case.id) == case_id).execution_options(populate_existing=True)
    case = (await db.exec(found)).one_or_none()
    if case is None:
        raise Missing(case_id)
    if case.decided_by is not None and case.decided_at is not None and case.decision is not None:
        raise Decided(case.decided_by, case.decided_at, case.decision, case.reason)
    holder = case.holder(now)
    if holder is not None and holder[0] != person_id:
        raise Taken(*holder)
    raise Changed(case.version)
