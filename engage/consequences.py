"""What follows from a decision about a text: let in, covered, refused, returned, or put into another one."""

from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import decisions, merges
from engage.db import now
from engage.decisions import DENUNCIATION
from engage.errors import Conflict
from engage.surfaces import SURFACES, Surface
from moderation import cases, entries


async def carry_out(db: AsyncSession, case: cases.Case) -> None:
    """What follows from a decision, in one transaction with the note that it was carried out. What waits with it goes along."""
    if case.decision in {"refuse", "return"}:
        await entries.decide_along(db, case, now(db), case.decision)
    else:  # as a moderator merges: so nobody reads what nobody looked at
        await entries.decide_along(db, case, now(db), "merge", target=case.thing_id)
    await _carry_out(db, case)


async def _carry_out(db: AsyncSession, case: cases.Case) -> None:
    kind, by = SURFACES[case.surface], case.decided_by
    thing = await kind.one(db, case.thing_id)
    if thing.corrected_at and case.decided_at and thing.corrected_at > case.decided_at:
        raise Conflict("case_changed")  # nobody has read these words
    if case.decision == "merge":
        await merges.merge(db, case.thing_id, case.choices["target"], by=by, wait=timedelta())
        return
    match case.decision:
        case "refuse":
            await _refuse(db, kind, thing, case)
        case "return" if kind.return_ is not None:
            await kind.return_(db, thing)
        case _ if case.entry and await kind.join(db, thing, by=by):
            return  # another one with the same words was let in meanwhile
        case _:
            if spans := decisions.spans_kept(case.choices):
                await kind.redact(db, thing, spans, by=by)
            await kind.accept(
                db, thing, by=by, agency_id=case.choices.get("agency"), complexity=case.choices.get("complexity", "")
            )


async def _refuse(db: AsyncSession, kind: Surface, thing: Any, case: cases.Case) -> None:
    """What is refused as a denunciation is sealed with it: never mailed, never shown to who is not cleared (PRODUCT rule 6)."""
    is_sealed = case.sealed or case.reason == DENUNCIATION
    if is_sealed:
        await cases.seal(db, case.id or 0)
    await kind.refuse(db, thing, sealed=is_sealed)
