"""Crews: who works in which dialogue, and as what. Does not know what a dialogue is."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import one_of


class Part(StrEnum):
    """What somebody does in a dialogue. A guest and their officer let answers out, a scribe never does."""

    EDITOR = "editor"
    HOST = "host"
    GUEST = "guest"
    OFFICER = "officer"
    SCRIBE = "scribe"


class Crew(SQLModel, table=True):
    """One part of one person. `guest_id`: the guest that is this person, or that an officer or a scribe works for."""

    __tablename__ = "crew"
    __table_args__ = (
        one_of("crew_part", "part", Part),
        sa.UniqueConstraint("dialogue_id", "person_id", "part", "guest_id", name="crew_once"),
        sa.Index("crew_of_person", "person_id", "dialogue_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    part: str = Field(sa_type=sa.String(10))
    guest_id: int | None = Field(default=None, foreign_key="guest.id")


# Dialogue id → what the person does there.
Parts = Mapping[int, frozenset[Part]]


async def parts_of(db: AsyncSession, person_id: int) -> Parts:
    return (await parts_of_all(db, [person_id])).get(person_id, {})


async def parts_of_all(db: AsyncSession, person_ids: Iterable[int]) -> Mapping[int, Parts]:
    """The same by person; who has no part is not in it."""
    rows = (await (await db.connection()).execute(_PARTS, {"ids": list(set(person_ids))})).all()
    parts: dict[int, dict[int, frozenset[Part]]] = {}
    for person_id, dialogue_id, part in rows:
        held = parts.setdefault(person_id, {})
        held[dialogue_id] = held.get(dialogue_id, frozenset()) | {Part(part)}
    return parts


_PARTS = sa.select(col(Crew.person_id), col(Crew.dialogue_id), col(Crew.part)).where(
    col(Crew.person_id).in_(sa.bindparam("ids", expanding=True))
)


async def of(db: AsyncSession, dialogue_id: int) -> Sequence[Crew]:
    return (await db.exec(select(Crew).where(Crew.dialogue_id == dialogue_id).order_by(col(Crew.id)))).all()


async def guests_of(db: AsyncSession, dialogue_id: int, person_id: int) -> frozenset[int]:
    """Guests whose answers this person lets out: their own, or one they are the officer of."""
    lets_out = (Part.GUEST, Part.OFFICER)
    found = select(col(Crew.guest_id)).where(
        Crew.dialogue_id == dialogue_id, Crew.person_id == person_id, col(Crew.part).in_(lets_out)
    )
    return frozenset(guest_id for guest_id in (await db.exec(found)).all() if guest_id is not None)
