"""A lost receipt code: its owner's mail address gets links, and each link leads to a new code, once (docs/decisions/0009).

A link's token is computed (secret, row) and stored nowhere. The old code ends when the new one is made.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import notices, people, receipts
from engage.ask import Line
from engage.db import locked, now
from engage.deadlines import here
from engage.errors import Conflict, NotFound
from engage.people import Person, SignIn
from engage.questions import SURFACE, Question, only
from live import log
from moderation.text import fold, syllables

LASTS = timedelta(hours=24)
MOST_LINKS = 20
NEAR_DAYS = 7
MAC_DIGITS = 32
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class WayBack(SQLModel, table=True):
    """One question that one mail leads back to."""

    __tablename__ = "way_back"

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    ends_at: datetime
    used_at: datetime | None = None


class LostForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    email: Line = Input(default="", max_length=254)
    about: Line = Input(default="", max_length=240)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        if not people.is_email(value):
            raise PydanticCustomError("email_wrong", "")
        return value.lower()

    @field_validator("about")
    @classmethod
    def _about(cls, value: str) -> str:
        if len(value) < 4:
            raise PydanticCustomError("lost_about_missing", "")
        return value


def resembles(about: str, title: str, asked_at: datetime) -> bool:
    """Whether what is remembered fits: a date within a week, or half of the words of the title, however they are spelt."""
    day = _DAY.search(about)
    if day is not None:
        try:
            meant = datetime(int(day[3]), int(day[2]), int(day[1])).date()
        except ValueError:
            return False
        return abs((here(asked_at) - meant).days) <= NEAR_DAYS
    remembered, known = set(syllables(fold(about))), set(syllables(fold(title)))
    return bool(remembered) and 2 * len(remembered & known) >= len(remembered)


async def ask(db: AsyncSession, form: LostForm) -> int:
    """How many links will be mailed. The page says the same for any number: it tells nobody whose address is known here."""
    found = (
        select(Question)
        .join(Person, col(Person.id) == col(Question.author_id))
        .where(Person.email == form.email, col(Person.ended_at).is_(None))
        .order_by(col(Question.id).desc())
    )
    every = (await db.exec(found.limit(10 * MOST_LINKS))).all()
    fitting = [one for one in every if resembles(form.about, one.title, one.created_at)][:MOST_LINKS]
    ends_at = now(db) + LASTS
    db.add_all([WayBack(question_id=one.key, person_id=one.author_id, ends_at=ends_at) for one in fitting])
    await db.flush()
    if fitting:
        await notices.write(db, fitting[0].author_id, notices.Kind.LOST_CODE, SURFACE, fitting[0].key)
    return len(fitting)


async def links(db: AsyncSession, person: Person) -> Sequence[tuple[WayBack, Question]]:
    """What a mail to this address may lead to, the newest question first; one link each."""
    open_ = (
        select(WayBack, Question)
        .join(Question, col(Question.id) == col(WayBack.question_id))
        .join(Person, col(Person.id) == col(WayBack.person_id))
        .where(Person.email == person.email, col(WayBack.used_at).is_(None), WayBack.ends_at > now(db))
        .order_by(col(Question.id).desc(), col(WayBack.id).desc())
    )
    newest: dict[int, tuple[WayBack, Question]] = {}
    for way, question in (await db.exec(open_)).all():
        newest.setdefault(question.key, (way, question))
    return list(newest.values())[:MOST_LINKS]


async def one(db: AsyncSession, way_id: int) -> WayBack:
    found = select(WayBack).where(WayBack.id == way_id)
    way: WayBack | None = (await db.exec(locked(db, found))).one_or_none()
    if way is None:
        raise NotFound()
    return way


def is_open(way: WayBack, at: datetime) -> bool:
    return way.used_at is None and at < way.ends_at


async def renew(db: AsyncSession, way: WayBack, code: str) -> str:
    """The question gets this code; the old one and whoever came in by it are out. A session of one's own is returned."""
    taken = await db.exec(
        sa.update(WayBack)
        .where(col(WayBack.id) == way.id, col(WayBack.used_at).is_(None), col(WayBack.ends_at) > now(db))
        .values(used_at=now(db))
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise Conflict("way_back_spent")
    question = await only(db, select(Question).where(Question.id == way.question_id))
    question.code = receipts.hashed(code)
    db.add(question)
    await db.flush()
    await db.exec(sa.delete(SignIn).where(col(SignIn.only) == f"{SURFACE}:{question.id}"))
    log.record(db, f"person:{question.author_id}", "receipt.renewed", question=question.key)
    return await people.sign_in(db, question.author_id, only=f"{SURFACE}:{question.id}")


async def forget_old(db: AsyncSession) -> None:
    await db.exec(sa.delete(WayBack).where(col(WayBack.ends_at) < now(db) - LASTS))


def token(secret: str, way_id: int) -> str:
    mac = hmac.new(secret.encode(), f"way back\0{way_id}".encode(), hashlib.sha256).hexdigest()[:MAC_DIGITS]
    return f"{way_id}.{mac}"


def id_of(secret: str, given: str) -> int:
    """Which way back it is; anything else is missing."""
    number, _, _mac = given.partition(".")
    is_shaped = given.isascii() and number.isdecimal() and len(number) <= 9
    if not is_shaped or not hmac.compare_digest(token(secret, int(number)), given):
        raise NotFound()
    return int(number)
