"""The cover picture of a dialogue. Until it is described in words it is its editors' alone: some readers would be shown nothing.

It may change, or go, after the dialogue too: whose picture it is may ask for that at any time. Bytes are taken by the sweep.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import attachments, audit, dialogues
from engage.access import Actor, may_edit
from engage.antivirus import Scan
from engage.attachments import MOVES, Attachment, State
from engage.db import now
from engage.dialogues import SURFACE, Dialogue
from engage.errors import NotAllowed, Refused
from engage.filetypes import FIELD, Kind
from engage.moves import move


async def bring(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, *, key: str, name: str, kind: Kind, size: int, scan: Scan
) -> None:
    """A picture whose bytes are stored. What readers see stays until this one is described."""
    _must_edit(actor, dialogue)
    if scan != Scan.CLEAN:
        raise Refused("cover_unscanned", field=FIELD, name=name)
    rows = await attachments.of(db, SURFACE, dialogue.key)
    await attachments.drop(db, [row for row in rows if row.state != State.PUBLISHED])
    bound: dict[str, Any] = {"surface": SURFACE, "thing_id": dialogue.key, "created_at": now(db)}
    db.add(Attachment(key=key, name=name, kind=kind, size=size, scan=scan, state=State.PRIVATE, **bound))
    await db.flush()


async def describe(db: AsyncSession, actor: Actor, dialogue: Dialogue, about: str) -> None:
    """What the newest picture shows. From now on readers see it, and none that was there before."""
    _must_edit(actor, dialogue)
    rows = await attachments.of(db, SURFACE, dialogue.key)
    if not rows:
        raise Refused("cover_missing", field=FIELD)
    if not about:
        raise Refused("cover_undescribed", field="cover_about")
    await attachments.drop(db, rows[:-1])
    await attachments.describe(db, rows[-1:], {rows[-1].key: about})
    if rows[-1].state != State.PUBLISHED:
        await move(db, rows[-1], "state", State.PUBLISHED, MOVES, decided_by=actor.person_id, decided_at=now(db))
    await _changed(db, actor, dialogue)


async def remove(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Both what readers see and what was brought to take its place."""
    _must_edit(actor, dialogue)
    rows = await attachments.of(db, SURFACE, dialogue.key)
    if not rows:
        return
    await attachments.drop(db, rows)
    await _changed(db, actor, dialogue)


async def newest(db: AsyncSession, dialogue_id: int) -> Attachment | None:
    """As its editors see it."""
    return next(reversed(await attachments.of(db, SURFACE, dialogue_id)), None)


async def of(db: AsyncSession, dialogue_id: int) -> Attachment | None:
    """As whoever may see the dialogue sees it."""
    return (await of_all(db, [dialogue_id])).get(dialogue_id)


async def of_all(db: AsyncSession, dialogue_ids: Collection[int]) -> Mapping[int, Attachment]:
    shown = (Attachment.surface == SURFACE, Attachment.state == State.PUBLISHED, Attachment.scan == Scan.CLEAN)
    found = select(Attachment).where(*shown, col(Attachment.thing_id).in_(dialogue_ids))
    rows: Sequence[Attachment] = (await db.exec(found)).all()
    return {row.thing_id: row for row in rows if row.thing_id is not None}


def _must_edit(actor: Actor, dialogue: Dialogue) -> None:
    if not may_edit(actor, dialogue.key):
        raise NotAllowed()


async def _changed(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    dialogues.tell(db, dialogue, "dialogue.edited")
    await audit.note(db, actor.person_id, "dialogue.edited", dialogue=dialogue.key)
