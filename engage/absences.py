"""Who is away from an agency, until when, and who stands in. Does not know what an agency works on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor, holds
from engage.agencies import Membership, Post
from engage.ask import Day
from engage.db import locked, now
from engage.deadlines import here
from engage.errors import NotAllowed, NotFound, Refused
from live import log

LONGEST = timedelta(days=366)
WRITING = (Post.OFFICIAL, Post.COORDINATOR)


class Absence(SQLModel, table=True):
    """Both days belong to it. One that was called off, or ended early, has `ended_at`."""

    __tablename__ = "absence"
    __table_args__ = (sa.Index("absence_of_agency", "agency_id", "ends_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    agency_id: int = Field(foreign_key="agency.id")
    stand_in_id: int = Field(foreign_key="person.id")
    starts_on: date
    ends_on: date
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime
    ended_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the absence is not stored yet")
        return self.id


class AbsenceForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agency: str = Input(default="", max_length=80)
    person: str = Input(default="", max_length=10)
    stand_in: str = Input(default="", max_length=10)
    starts: Day = None
    ends: Day = None


async def begin(
    db: AsyncSession, actor: Actor, agency_id: int, person_id: int, stand_in_id: int, days: tuple[date, date]
) -> Absence:
    """The coordinator says it of anybody who writes there, and everybody of themselves."""
    if actor.person_id is None or not _may_set(actor, agency_id, person_id):
        raise NotAllowed()
    _must_be_sound(days, here(now(db)))
    if stand_in_id == person_id:
        raise Refused("stand_in_is_the_same", field="stand_in")
    await _must_work_there(db, agency_id, {"person": person_id, "stand_in": stand_in_id})
    if clash := await _during(db, agency_id, person_id, days):
        raise Refused("already_away", field="starts", until=f"{clash.ends_on:%d/%m/%Y}")
    if await _during(db, agency_id, stand_in_id, days):
        raise Refused("stand_in_is_away", field="stand_in")
    absence = Absence(
        person_id=person_id,
        agency_id=agency_id,
        stand_in_id=stand_in_id,
        starts_on=days[0],
        ends_on=days[1],
        set_by=actor.person_id,
        set_at=now(db),
    )
    db.add(absence)
    await db.flush()
    log.record(db, f"agency:{agency_id}", "absence.begun", absence=absence.key)
    await audit.note(db, actor.person_id, "absence.begun", absence=absence.id, person=person_id)
    return absence


async def end(db: AsyncSession, actor: Actor, absence_id: int) -> Absence:
    """Back earlier, or never gone. What went to the stand-in meanwhile stays there."""
    found = await db.exec(locked(db, select(Absence).where(Absence.id == absence_id)))
    absence: Absence | None = found.one_or_none()
    if absence is None or absence.agency_id not in actor.posts:
        raise NotFound()
    if not _may_set(actor, absence.agency_id, absence.person_id):
        raise NotAllowed()
    if absence.ended_at is None:
        absence.ended_at = now(db)
        db.add(absence)
        await db.flush()
        log.record(db, f"agency:{absence.agency_id}", "absence.ended", absence=absence.key)
        await audit.note(db, actor.person_id, "absence.ended", absence=absence.id, person=absence.person_id)
    return absence


async def coming(db: AsyncSession, agency_id: int) -> Sequence[Absence]:
    """Those that run, and those to come."""
    rows = select(Absence).where(
        Absence.agency_id == agency_id, col(Absence.ended_at).is_(None), Absence.ends_on >= here(now(db))
    )
    return (await db.exec(rows.order_by(col(Absence.starts_on), col(Absence.id)))).all()


async def away(db: AsyncSession, agency_id: int) -> Mapping[int, Absence]:
    """Who is away today, by person."""
    today = here(now(db))
    return {one.person_id: one for one in await coming(db, agency_id) if one.starts_on <= today}


def standing_in(absent: Mapping[int, Absence], person_id: int) -> int:
    """Who does the person's work today: stand-ins fall ill too, and two who stand in for each other end with the first."""
    seen: set[int] = set()
    while person_id in absent and person_id not in seen:
        seen.add(person_id)
        person_id = absent[person_id].stand_in_id
    return person_id


def _may_set(actor: Actor, agency_id: int, person_id: int) -> bool:
    return holds(actor, agency_id, Post.COORDINATOR) or (
        actor.person_id == person_id and holds(actor, agency_id, *WRITING)
    )


def _must_be_sound(days: tuple[date, date], today: date) -> None:
    starts_on, ends_on = days
    if ends_on < starts_on:
        raise Refused("ends_before_it_starts", field="ends")
    if ends_on < today:
        raise Refused("absence_is_over", field="ends")
    if ends_on - starts_on > LONGEST:
        raise Refused("absence_too_long", field="ends")


async def _must_work_there(db: AsyncSession, agency_id: int, wanted: Mapping[str, int]) -> None:
    """Locks them, lest two colleagues write down the same days at once."""
    rows = select(Membership).where(
        Membership.agency_id == agency_id,
        col(Membership.person_id).in_(wanted.values()),
        col(Membership.post).in_(WRITING),
    )
    there = {row.person_id for row in (await db.exec(locked(db, rows))).all()}
    for field, person_id in wanted.items():
        if person_id not in there:
            raise Refused("person_missing", field=field)


async def _during(db: AsyncSession, agency_id: int, person_id: int, days: tuple[date, date]) -> Absence | None:
    rows = select(Absence).where(
        Absence.agency_id == agency_id,
        Absence.person_id == person_id,
        col(Absence.ended_at).is_(None),
        Absence.starts_on <= days[1],
        Absence.ends_on >= days[0],
    )
    return (await db.exec(rows.limit(1))).first()
