"""Who inside an agency has a text: handed by the coordinator, taken by an official, and what happens when somebody leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import absences, agencies, assignments, audit, notices, people
from engage.absences import WRITING
from engage.access import Actor, can_assign, can_write
from engage.agencies import Membership, Post
from engage.assigned import Answered, Assigned, AssignedText, address, is_in_hand
from engage.db import locked, now
from engage.errors import Conflict, NotAllowed, Refused
from engage.people import Person
from live import log

# Not out yet: also what waits for approval comes back to its writer.
UNFINISHED = frozenset({Answered.NONE, Answered.DRAFTING, Answered.IN_APPROVAL})
AGENCY = "agency"  # the surface of notices about an agency rather than a text of its


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who may write for an agency."""

    id: int
    name: str


async def of_agency(db: AsyncSession, agency_id: int) -> Sequence[Official]:
    """Everybody who may have a text there, by name."""
    rows = (
        select(col(Person.id), col(Person.name))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.agency_id == agency_id, col(Membership.post).in_(WRITING), col(Person.ended_at).is_(None))
        .distinct()
    )
    found = [Official(person_id, name) for person_id, name in (await db.exec(rows)).all() if person_id]
    return sorted(found, key=lambda one: (one.name.rpartition(" ")[2], one.name))


async def hand(db: AsyncSession, actor: Actor, text: AssignedText, person_id: int, *, seen_at: datetime) -> int:
    """The coordinator gives a text to somebody, which also takes it up for the agency. Returns who has it: the person, or
    whoever stands in today. `seen_at`: when the coordinator saw who had it; a colleague's later choice is not overruled."""
    if not can_assign(actor, text) or text.agency_id is None:
        raise NotAllowed()
    await _must_stand_as_seen(db, text, seen_at)
    if person_id not in {one.id for one in await of_agency(db, text.agency_id)}:
        raise Refused("person_missing", field="official")
    person_id = absences.standing_in(await absences.away(db, text.agency_id), person_id)
    await _give(db, actor, text, person_id)
    await audit.note(db, actor.person_id, "assignment.handed", thing=address(text)[1])
    if person_id != actor.person_id:
        await notices.write(db, person_id, notices.Kind.HANDED, *address(text))
    return person_id


async def take(db: AsyncSession, actor: Actor, text: AssignedText) -> None:
    """Whoever may write takes what nobody has."""
    if not can_write(actor, text) or actor.person_id is None:
        raise NotAllowed()
    if text.official_id is not None:
        raise Conflict("official_has_it", by=await _name(db, text.official_id))
    await _give(db, actor, text, actor.person_id)


async def take_back(db: AsyncSession, actor: Actor, text: AssignedText, *, seen_at: datetime) -> None:
    """Nobody has it again: by the coordinator, or by the one who had it."""
    if not (can_assign(actor, text) or (text.official_id is not None and text.official_id == actor.person_id)):
        raise NotAllowed()
    await _must_stand_as_seen(db, text, seen_at)
    await _set(db, text, None, actor.person_id)
    _tell(db, text, "assignment.taken_back")


async def put_back(db: AsyncSession, actor: Actor, text: AssignedText, person_id: int | None) -> None:
    """Whoever had it before a handing that is taken back has it again; who it was handed to has not heard of it yet."""
    if not (can_assign(actor, text) or text.official_id == actor.person_id):
        raise NotAllowed()
    if person_id is not None and person_id not in {one.id for one in await of_agency(db, text.agency_id or 0)}:
        raise Conflict("moved_on")
    await _set(db, text, person_id, actor.person_id)
    _tell(db, text, "assignment.taken_back")


async def in_hand_of(
    db: AsyncSession, table: type[AssignedText], person_id: int, agency_id: int
) -> Sequence[AssignedText]:
    """What somebody still has to do for an agency; the most urgent first."""
    is_open = sa.or_(col(table.answer).in_(UNFINISHED), col(table.again_due_at).is_not(None))
    found = select(table).where(col(table.official_id) == person_id, col(table.agency_id) == agency_id, is_open)
    found = found.order_by(col(table.answer_due_at), col(table.id))
    rows: Sequence[AssignedText] = (await db.exec(locked(db, found))).all()
    return rows


async def leave(
    db: AsyncSession, table: type[AssignedText], person_id: int, agency_id: int, *, successor: int | None = None
) -> int:
    """Somebody's work for an agency ends. What they had open is their successor's, or the coordinator's to hand on; their drafts
    stay. Returns how much that was."""
    left = await in_hand_of(db, table, person_id, agency_id)
    if successor is not None:
        successor = await _successor(db, agency_id, person_id, successor)
    gone = sa.delete(Membership).where(col(Membership.person_id) == person_id, col(Membership.agency_id) == agency_id)
    if (await db.exec(gone)).rowcount == 0:
        return 0
    for text in left:
        await _set(db, text, successor, None)
        _tell(db, text, "assignment.handed" if successor else "assignment.taken_back")
        if successor:
            await notices.write(db, successor, notices.Kind.HANDED, *address(text))
    log.record(db, f"agency:{agency_id}", "official.left", agency=agency_id, person=person_id)
    for coordinator in await agencies.who(db, agency_id, Post.COORDINATOR) if left and not successor else ():
        await notices.write(db, coordinator, notices.Kind.OFFICIAL_LEFT, AGENCY, agency_id)
    return len(left)


async def _successor(db: AsyncSession, agency_id: int, person_id: int, successor: int) -> int:
    """Who goes on, or stands in for them today; never the one who leaves."""
    if successor == person_id or successor not in {one.id for one in await of_agency(db, agency_id)}:
        raise Refused("person_missing", field="successor")
    going_on = absences.standing_in(await absences.away(db, agency_id), successor)
    return successor if going_on == person_id else going_on


async def _give(db: AsyncSession, actor: Actor, text: AssignedText, person_id: int) -> None:
    if not is_in_hand(text):
        raise Refused("answer_is_on_its_way")
    if text.assignment == Assigned.OFFERED:
        await assignments.accept(db, actor, text)
    await _set(db, text, person_id, actor.person_id)
    _tell(db, text, "assignment.handed")


async def _must_stand_as_seen(db: AsyncSession, text: AssignedText, seen_at: datetime) -> None:
    if text.handed_at is None or text.handed_at <= seen_at:
        return
    if text.official_id is None:
        raise Conflict("moved_on")
    raise Conflict("official_has_it", by=await _name(db, text.official_id))


async def _set(db: AsyncSession, text: AssignedText, person_id: int | None, by: int | None) -> None:
    text.official_id, text.handed_by, text.handed_at = person_id, by, now(db)
    db.add(text)
    await db.flush()


async def _name(db: AsyncSession, person_id: int) -> str:
    return (await people.names(db, [person_id])).get(person_id, "")


def _tell(db: AsyncSession, text: AssignedText, fact: str) -> None:
    """Only the agency hears of it: who does the work inside is nobody else's business."""
    surface, thing_id = address(text)
    log.record(db, f"agency:{text.agency_id}", fact, **{surface: thing_id})
