"""Parts of an answer that the lead agency asks of other agencies: asked, given or declined. Knows no noun."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, deadlines, notices
from engage.access import OPEN_SHARES, Actor, Share, Shared, can_contribute, can_write
from engage.agencies import Agency, Post
from engage.assigned import IN_HAND, Assigned, AssignedText, address
from engage.db import locked, now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from live import log

MOST_OPEN = 8
DAYS_WHEN_LATE = 2  # the least that an asked agency gets, however late the lead is
LEAST_NOTE, LEAST_PART, MOST_PART = 10, 20, 9_000
MOVES: Moves = {
    Shared.ASKED: frozenset({Shared.GIVEN, Shared.DECLINED, Shared.WITHDRAWN}),
    Shared.GIVEN: frozenset({Shared.GIVEN}),  # written anew while the lead still drafts
    Shared.DECLINED: frozenset(),
    Shared.WITHDRAWN: frozenset(),
}


async def ask(
    db: AsyncSession, actor: Actor, text: AssignedText, agency_ids: Collection[int], note: str, days: int
) -> None:
    """The lead asks others for their part, due in so many working days, and not after the lead's own date."""
    if not can_write(actor, text) or actor.person_id is None or text.agency_id is None:
        raise NotAllowed()
    if text.assignment != Assigned.ACCEPTED:
        raise Refused("accept_first")
    _must_be_in_hand(text)
    if len(note) < LEAST_NOTE:
        raise Refused("share_note_missing", field="note", least=LEAST_NOTE)
    due = (await deadlines.calendar(db)).after(deadlines.here(now(db)), days)
    await _must_come_in_time(db, text, due)
    await _must_be_askable(db, text, agency_ids)
    surface, thing_id = address(text)
    for agency_id in sorted(agency_ids):
        share = Share(
            surface=surface,
            thing_id=thing_id,
            agency_id=agency_id,
            lead_id=text.agency_id,
            note=note,
            asked_by=actor.person_id,
            asked_at=now(db),
            due_at=deadlines.close_of(due),
        )
        db.add(share)
        await db.flush()
        _tell(db, share, "share.asked")
        await audit.note(db, actor.person_id, "share.asked", share=share.id, agency=agency_id)
        for coordinator in await agencies.who(db, agency_id, Post.COORDINATOR):
            await notices.write(db, coordinator, notices.Kind.SHARE_ASKED, surface, thing_id)


async def give(db: AsyncSession, actor: Actor, text: AssignedText, share: Share, part: str) -> None:
    """No approval of its own: it goes to the lead, whose answer is approved."""
    if not can_contribute(actor, share):
        raise NotAllowed()
    _must_be_in_hand(text)
    if len(part) < LEAST_PART:
        raise Refused("share_part_missing", field="part", least=LEAST_PART)
    await move(db, share, "state", Shared.GIVEN, MOVES, part=part, by=actor.person_id, at=now(db))
    _tell(db, share, "share.given")
    await audit.note(db, actor.person_id, "share.given", share=share.id)
    await _notify_lead(db, text, share)


async def decline(db: AsyncSession, actor: Actor, text: AssignedText, share: Share, reason: str) -> None:
    if not can_contribute(actor, share):
        raise NotAllowed()
    _must_be_in_hand(text)
    if len(reason) < LEAST_NOTE:
        raise Refused("share_reason_missing", field="reason", least=LEAST_NOTE)
    await move(db, share, "state", Shared.DECLINED, MOVES, reason=reason, by=actor.person_id, at=now(db))
    _tell(db, share, "share.declined")
    await audit.note(db, actor.person_id, "share.declined", share=share.id)
    await _notify_lead(db, text, share)


async def withdraw(db: AsyncSession, actor: Actor, text: AssignedText, share: Share) -> None:
    """The lead needs it no longer."""
    if not can_write(actor, text):
        raise NotAllowed()
    await move(db, share, "state", Shared.WITHDRAWN, MOVES, by=actor.person_id, at=now(db))
    _tell(db, share, "share.withdrawn")
    await audit.note(db, actor.person_id, "share.withdrawn", share=share.id)


async def withdraw_open(db: AsyncSession, text: AssignedText) -> None:
    """The text leaves its lead: nobody waits for the parts any more. Parts that were given stay readable."""
    for share in await of(db, text):
        if share.state == Shared.ASKED:
            await move(db, share, "state", Shared.WITHDRAWN, MOVES, at=now(db))
            _tell(db, share, "share.withdrawn")


async def name(db: AsyncSession, actor: Actor, text: AssignedText, share: Share, *, named: bool) -> None:
    """Whether the public answer says that this agency had a part in it."""
    if not can_write(actor, text):
        raise NotAllowed()
    _must_be_in_hand(text)
    if share.state != Shared.GIVEN:
        raise Conflict("moved_on")
    share.named = named
    db.add(share)
    await db.flush()
    _tell_readers(db, share)
    await audit.note(db, actor.person_id, "share.named", reason="shown" if named else "not_shown", share=share.id)


async def of(db: AsyncSession, text: AssignedText) -> Sequence[Share]:
    """All that were ever asked, oldest first."""
    surface, thing_id = address(text)
    rows = select(Share).where(Share.surface == surface, Share.thing_id == thing_id)
    return (await db.exec(rows.order_by(col(Share.id)))).all()


async def named(db: AsyncSession, text: AssignedText) -> Sequence[int]:
    """Ids of the agencies whose part the public answer names."""
    return [share.agency_id for share in await of(db, text) if share.named and share.state == Shared.GIVEN]


async def asked_of(db: AsyncSession, actor: Actor, share_id: int) -> Share:
    """An open share of one of the actor's agencies; any other is missing."""
    return await _only(db, Share.id == share_id, col(Share.agency_id).in_(list(actor.posts)))


async def one(db: AsyncSession, share_id: int) -> Share:
    """For the lead, whose right to the text is asked separately."""
    return await _only(db, Share.id == share_id)


async def _only(db: AsyncSession, *wheres: object) -> Share:
    chosen = select(Share).where(*wheres, col(Share.state).in_(OPEN_SHARES))  # type: ignore[arg-type]  # clauses
    share: Share | None = (await db.exec(locked(db, chosen))).one_or_none()
    if share is None:
        raise NotFound()
    return share


def _must_be_in_hand(text: AssignedText) -> None:
    if text.answer not in IN_HAND:
        raise Refused("answer_is_on_its_way")


async def _must_come_in_time(db: AsyncSession, text: AssignedText, due: date) -> None:
    """Not after the lead's own date. Who is late already may still ask, for a few days."""
    soon = (await deadlines.calendar(db)).after(deadlines.here(now(db)), DAYS_WHEN_LATE)
    last = max(deadlines.here(text.answer_due_at), soon) if text.answer_due_at else soon
    if due > last:
        raise Refused("share_due_too_late", field="days", last=f"{last:%d/%m/%Y}")


async def _must_be_askable(db: AsyncSession, text: AssignedText, agency_ids: Collection[int]) -> None:
    if not agency_ids:
        raise Refused("agency_missing", field="agencies")
    already = {share.agency_id for share in await of(db, text) if share.state in OPEN_SHARES}
    if len(already) + len(agency_ids) > MOST_OPEN:
        raise Refused("too_many_shares", field="agencies", most=MOST_OPEN)
    for agency_id in agency_ids:
        agency = await db.get(Agency, agency_id)
        if agency is None or not agency.may_answer:
            raise Refused("agency_does_not_answer", field="agencies")
        if agency_id == text.agency_id:
            raise Refused("same_agency", field="agencies")
        if agency_id in already:
            raise Refused("share_asked_already", field="agencies")


async def _notify_lead(db: AsyncSession, text: AssignedText, share: Share) -> None:
    """Whoever has the text; while nobody has, those who hand it on."""
    lead = [text.official_id] if text.official_id else await agencies.who(db, share.lead_id, Post.COORDINATOR)
    for person_id in lead:
        await notices.write(db, person_id, notices.Kind.SHARE_ANSWERED, share.surface, share.thing_id)


def _tell(db: AsyncSession, share: Share, fact: str) -> None:
    """The two agencies hear what happened, readers that another agency works on it, or no more."""
    for agency_id in {share.agency_id, share.lead_id}:
        log.record(db, f"agency:{agency_id}", fact, share=share.key, **{share.surface: share.thing_id})
    _tell_readers(db, share)


def _tell_readers(db: AsyncSession, share: Share) -> None:
    log.record(db, f"{share.surface}:{share.thing_id}", "assignment.shared", **{share.surface: share.thing_id})
