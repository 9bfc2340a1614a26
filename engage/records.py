"""The access record the law asks for: who signed in, out or sent something, from which address. Apart from every log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, people
from engage.db import MOST_ID, now, one_of
from engage.errors import NotFound, Refused
from engage.tries import Origin
from moderation.text import clean

LEAST_REASON = 10
READING_LASTS = timedelta(minutes=30)


class Act(StrEnum):
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    POSTED = "posted"


class AccessRecord(SQLModel, table=True):
    __tablename__ = "access_record"
    __table_args__ = (one_of("access_record_act", "act", Act),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    act: str = Field(sa_type=sa.String(12))
    address: str = Field(sa_type=sa.String(45), index=True)
    port: int | None = None
    surface: str = Field(default="", sa_type=sa.String(20))
    thing_id: int | None = None


class AccessReading(SQLModel, table=True):
    """Who looked into the record, what for and why. The reason is words, so it stands here and not in the audit."""

    __tablename__ = "access_reading"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    reader_id: int = Field(foreign_key="person.id")
    reason: str = Field(sa_type=sa.String(500))
    address: str = Field(default="", sa_type=sa.String(45))
    person_id: int | None = None
    question_id: int | None = None


async def note(
    db: AsyncSession, origin: Origin, person_id: int, act: Act, *, surface: str = "", thing_id: int | None = None
) -> None:
    row = AccessRecord(at=now(db), person_id=person_id, act=act, address=origin.address[:45], port=origin.port)
    row.surface, row.thing_id = surface, thing_id
    db.add(row)
    await db.flush()


async def of_person(db: AsyncSession, person_id: int, most: int, act: Act | None = None) -> Sequence[AccessRecord]:
    """The newest first."""
    found = select(AccessRecord).where(AccessRecord.person_id == person_id)
    if act is not None:
        found = found.where(AccessRecord.act == act)
    return (await db.exec(found.order_by(col(AccessRecord.id).desc()).limit(most))).all()


class ReadingForm(BaseModel):
    """What is looked for, and why: at least one thing, so that nobody leafs through everybody."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)

    reason: str = Input(default="", max_length=500)
    address: str = Input(default="", max_length=45)
    email: str = Input(default="", max_length=254)
    question: str = Input(default="", max_length=10)

    @field_validator("reason")
    @classmethod
    def _reason(cls, value: str) -> str:
        if len(value) < LEAST_REASON:
            raise PydanticCustomError("access_reason_missing", "")
        return clean(value)

    @field_validator("question")
    @classmethod
    def _question(cls, value: str) -> str:
        if value and not (value.isascii() and value.isdecimal() and int(value) <= MOST_ID):
            raise PydanticCustomError("question_number_wrong", "")
        return value


async def open_reading(db: AsyncSession, reader_id: int, form: ReadingForm) -> AccessReading:
    person = await people.by_login(db, form.email) if form.email else None
    if form.email and person is None:
        raise Refused("unknown_account", field="email")
    if not (form.address or form.email or form.question):
        raise Refused("access_what_missing", field="address")
    reading = AccessReading(
        at=now(db),
        reader_id=reader_id,
        reason=form.reason,
        address=form.address,
        person_id=person.id if person else None,
        question_id=int(form.question) if form.question else None,
    )
    db.add(reading)
    await db.flush()
    await audit.note(db, reader_id, "access_record.read", reading=reading.id)
    return reading


async def reading_of(db: AsyncSession, reader_id: int, reading_id: int) -> AccessReading:
    """For who gave the reason, and for a while: later it is asked for again."""
    reading = await db.get(AccessReading, reading_id)
    if reading is None or reading.reader_id != reader_id or reading.at < now(db) - READING_LASTS:
        raise NotFound()
    return reading


async def found(
    db: AsyncSession, reading: AccessReading, most: int, *, before: int | None = None
) -> Sequence[AccessRecord]:
    wanted = [
        *((col(AccessRecord.address) == reading.address,) if reading.address else ()),
        *((col(AccessRecord.person_id) == reading.person_id,) if reading.person_id else ()),
        *((col(AccessRecord.thing_id) == reading.question_id,) if reading.question_id else ()),
        *((col(AccessRecord.id) < before,) if before is not None else ()),
    ]
    return (await db.exec(select(AccessRecord).where(*wanted).order_by(col(AccessRecord.id).desc()).limit(most))).all()
