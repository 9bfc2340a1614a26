"""What readers of the demonstration report, and what was decided about some of it, by the verbs themselves at invented times."""

from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import flagging, votes
from engage.decisions import Decision
from engage.flags import FlagForm, Flagger
from engage.questions import SURFACE
from engage.remarks import Remark
from engage.stories import Cast, Past, Row
from moderation import cases

HOUR, APART, READ = timedelta(hours=1), timedelta(minutes=9), timedelta(minutes=40)


async def tell(db: AsyncSession, clock: Past, cast: Cast, rows: list[Row]) -> None:
    for row in rows:
        clock.move_to(clock.present - HOUR * row["hours_ago"])
        surface, thing_id = row["thing"], await _thing(db, cast, row)
        for reader in range(row.get("readers", 1)):
            clock.move_to(clock.at + APART)
            words = row.get("words", "") if reader == 0 else ""
            form = FlagForm(thing=surface, id=thing_id, reason=row["reason"], words=words)
            await flagging.flag(db, Flagger(votes.of_visitor(f"{row['said']} {reader}")), form)
        if "decided" in row:
            clock.move_to(clock.at + READ)
            await _decide(db, cast, surface, thing_id, row)


async def _thing(db: AsyncSession, cast: Cast, row: Row) -> int:
    """A question by its title, anything else by how it begins."""
    if row["thing"] == SURFACE:
        return cast.questions[row["said"]]
    said = select(Remark).where(Remark.surface == row["thing"], col(Remark.body).startswith(row["said"]))
    return (await db.exec(said)).one().key


async def _decide(db: AsyncSession, cast: Cast, surface: str, thing_id: int, row: Row) -> None:
    case = (await cases.of(db, surface, thing_id))[-1]
    decision = Decision.model_validate(
        {"version": case.version, "decision": row["decided"], "reason": row.get("why", "")}
    )
    await flagging.decide(db, cast.moderators[0], case.id or 0, decision)
