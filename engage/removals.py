"""Posts and comments taken down by a moderator with a reason of the list, and put back."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, notices, policies, remarks
from engage.access import Actor, Moderation
from engage.db import now
from engage.errors import Conflict, NotAllowed, Refused
from engage.remarks import Remark
from engage.surfaces import SURFACES
from engage.takedowns import HideForm


class Removal(SQLModel, table=True):
    """Who took what from readers, why, and who gave it back."""

    __tablename__ = "removal"
    __table_args__ = (sa.Index("removal_of_remark", "remark_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    remark_id: int = Field(foreign_key="remark.id")
    reason: str = Field(sa_type=sa.String(40))
    words: str = Field(default="", sa_type=sa.String(2000))
    by: int = Field(foreign_key="person.id")
    at: datetime
    restored_by: int | None = Field(default=None, foreign_key="person.id")
    restored_at: datetime | None = None


async def hide(db: AsyncSession, actor: Actor, remark: Remark, form: HideForm) -> Removal:
    """Gone for readers at once; its author is told why once nobody has thought better of it."""
    by = _moderator(actor)
    reason = await policies.reason_of(db, form.reason)
    if reason is None or not reason.active:
        raise Refused("reason_missing", field="reason")
    if remark.moderation != Moderation.ACCEPTED:
        raise Conflict("moved_on")
    await SURFACES[remark.surface].refuse(db, remark)
    made = Removal(remark_id=remark.key, reason=reason.code, words=form.words, by=by, at=now(db))
    db.add(made)
    await db.flush()
    await audit.note(db, by, "remark.hidden", reason=reason.code, remark=remark.key)
    wait = (await policies.policy_of(db, remark.surface)).undo_for
    await notices.tell(db, remark.author_id, notices.Kind.HIDDEN, remarks.TABLE, remark.key, wait=wait)
    return made


async def restore(db: AsyncSession, actor: Actor, remark: Remark) -> None:
    by, made = _moderator(actor), await standing(db, remark)
    if remark.moderation != Moderation.HIDDEN or remark.sealed:
        raise Conflict("moved_on")
    await SURFACES[remark.surface].accept(db, remark)
    if made is not None:
        made.restored_by, made.restored_at = by, now(db)
        db.add(made)
        await db.flush()
    await notices.cancel(db, remarks.TABLE, remark.key, notices.Kind.HIDDEN)
    await audit.note(db, by, "remark.restored", remark=remark.key)


async def standing(db: AsyncSession, remark: Remark) -> Removal | None:
    """Why readers do not see it now, where it was taken from its page."""
    if remark.moderation != Moderation.HIDDEN:
        return None
    made = select(Removal).where(Removal.remark_id == remark.key, col(Removal.restored_at).is_(None))
    return (await db.exec(made.order_by(col(Removal.id).desc()).limit(1))).one_or_none()


def _moderator(actor: Actor) -> int:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()
    return actor.person_id
