"""Guests: who answers in a dialogue, with their full title; and the groups of topics that were announced."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, dialogues, notices
from engage.access import Actor, may_edit
from engage.crews import Crew, Part
from engage.db import now
from engage.dialogues import Dialogue
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.people import Person

MOST, MOST_GROUPS = 12, 20


class Guest(SQLModel, table=True):
    __tablename__ = "guest"

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id", index=True)
    place: int = 0  # in the order they are shown
    name: str = Field(sa_type=sa.String(120))
    title: str = Field(sa_type=sa.String(300))
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    confirmed_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the guest is not stored yet")
        return self.id


class Group(SQLModel, table=True):
    """A group of topics, as announced. `agency_id`: who answers later what time did not reach."""

    __tablename__ = "topic_group"

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id", index=True)
    place: int = 0
    name: str = Field(sa_type=sa.String(160))
    topic_id: int | None = Field(default=None, foreign_key="topic.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the group is not stored yet")
        return self.id


async def of(db: AsyncSession, dialogue_id: int) -> Sequence[Guest]:
    found = select(Guest).where(Guest.dialogue_id == dialogue_id)
    return (await db.exec(found.order_by(col(Guest.place), col(Guest.id)))).all()


async def groups(db: AsyncSession, dialogue_id: int) -> Sequence[Group]:
    found = select(Group).where(Group.dialogue_id == dialogue_id)
    return (await db.exec(found.order_by(col(Group.place), col(Group.id)))).all()


async def one(db: AsyncSession, dialogue_id: int, guest_id: int) -> Guest:
    guest = await db.get(Guest, guest_id)
    if guest is None or guest.dialogue_id != dialogue_id:
        raise NotFound()
    return guest


async def group(db: AsyncSession, dialogue_id: int, group_id: int) -> Group:
    found = await db.get(Group, group_id)
    if found is None or found.dialogue_id != dialogue_id:
        raise NotFound()
    return found


async def invite(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, name: str, title: str, agency_id: int | None
) -> Guest:
    _must_edit(actor, dialogue)
    already = await of(db, dialogue.key)
    if len(already) >= MOST:
        raise Refused("too_many_guests", field="name", most=MOST)
    guest = Guest(dialogue_id=dialogue.key, place=len(already), name=name, title=title, agency_id=agency_id)
    db.add(guest)
    await db.flush()
    await changed(db, actor, dialogue, "guest.invited", guest)
    return guest


async def confirm(db: AsyncSession, actor: Actor, dialogue: Dialogue, guest: Guest, *, comes: bool = True) -> None:
    """That they come: said by an editor, or by the guest."""
    if not (may_edit(actor, dialogue.key) or await _is(db, actor, guest)):
        raise NotAllowed()
    guest.confirmed_at = now(db) if comes else None
    db.add(guest)
    await db.flush()
    if comes:
        await changed(db, actor, dialogue, "guest.confirmed", guest)
    else:
        await changed(db, actor, dialogue, "guest.unconfirmed", guest)


async def change(db: AsyncSession, actor: Actor, dialogue: Dialogue, guest: Guest) -> None:
    _must_edit(actor, dialogue)
    db.add(guest)
    await db.flush()
    await changed(db, actor, dialogue, "guest.changed", guest)


async def uninvite(db: AsyncSession, actor: Actor, dialogue: Dialogue, guest: Guest) -> None:
    """Only before the lobby: whoever has questions in hand stays named."""
    _must_edit(actor, dialogue)
    if dialogue.stage not in dialogues.BEFORE:
        raise Conflict("moved_on", state=dialogue.stage)
    await db.exec(sa.delete(Crew).where(col(Crew.guest_id) == guest.key))
    await db.delete(guest)
    await db.flush()
    await changed(db, actor, dialogue, "guest.uninvited", guest)


async def set_groups(db: AsyncSession, actor: Actor, dialogue: Dialogue, names: Sequence[str]) -> None:
    """The announced groups in this order. One that keeps its name keeps its questions; one with questions cannot go."""
    _must_edit(actor, dialogue)
    if len(names) > MOST_GROUPS:
        raise Refused("too_many_groups", field="groups", most=MOST_GROUPS)
    standing = {group.name: group for group in await groups(db, dialogue.key)}
    for place, name in enumerate(dict.fromkeys(names)):
        group = standing.pop(name, None) or Group(dialogue_id=dialogue.key, name=name)
        group.place = place
        db.add(group)
    if standing and dialogue.stage != dialogues.Stage.DRAFT:
        raise Refused("group_is_announced", field="groups", name=next(iter(standing)))
    for group in standing.values():
        await db.delete(group)
    await db.flush()
    dialogues.tell(db, dialogue, "dialogue.edited")
    await audit.note(db, actor.person_id, "dialogue.edited", dialogue=dialogue.key)


async def take_on(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, person: Person, part: Part, guest_id: int | None = None
) -> None:
    """Give somebody with an account a part. A guest, an officer and a scribe may be named with the guest they work for."""
    _must_edit(actor, dialogue)
    if part in {Part.GUEST, Part.OFFICER} and guest_id is None:
        raise Refused("guest_missing", field="guest")
    mine = select(Crew).where(
        Crew.dialogue_id == dialogue.key, Crew.person_id == person.id, Crew.part == part, Crew.guest_id == guest_id
    )
    if (await db.exec(mine)).first() is None:
        db.add(Crew(dialogue_id=dialogue.key, person_id=person.id or 0, part=part, guest_id=guest_id))
        await db.flush()
        await audit.note(db, actor.person_id, "crew.joined", reason=part, dialogue=dialogue.key, person=person.id)
        if person.id != actor.person_id and not dialogue.is_rehearsal:
            await notices.write(db, person.id or 0, notices.Kind.JOINED, dialogues.SURFACE, dialogue.key)


async def let_go(db: AsyncSession, actor: Actor, dialogue: Dialogue, crew: Crew) -> None:
    """Their desk closes within the next tick. The last editor stays."""
    _must_edit(actor, dialogue)
    if crew.part == Part.EDITOR:
        editors = select(Crew).where(Crew.dialogue_id == dialogue.key, Crew.part == Part.EDITOR)
        if len((await db.exec(editors)).all()) == 1:
            raise Refused("last_editor")
    await db.delete(crew)
    await db.flush()
    await audit.note(db, actor.person_id, "crew.left", reason=crew.part, dialogue=dialogue.key, person=crew.person_id)


async def _is(db: AsyncSession, actor: Actor, guest: Guest) -> bool:
    mine = select(Crew).where(Crew.guest_id == guest.key, Crew.person_id == actor.person_id, Crew.part == Part.GUEST)
    return (await db.exec(mine)).first() is not None


def _must_edit(actor: Actor, dialogue: Dialogue) -> None:
    if not may_edit(actor, dialogue.key):
        raise NotAllowed()
    if dialogue.stage in dialogues.OVER:
        raise Refused("dialogue_is_over")


async def changed(db: AsyncSession, actor: Actor, dialogue: Dialogue, fact: str, guest: Guest) -> None:
    """Told to readers and crew, and to the log of acts."""
    dialogues.tell(db, dialogue, fact, guest=guest.key)
    await audit.note(db, actor.person_id, fact, dialogue=dialogue.key, guest=guest.key)
