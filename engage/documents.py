"""Legal documents that answers cite: what each is called, and since when and until when it is in force. Knows no answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, revisions
from engage.access import Actor
from engage.answering import Day, web_link
from engage.ask import Line
from engage.db import remembered
from engage.errors import NotAllowed, NotFound, Refused
from live import log
from moderation.text import clean, fold

KIND = "document"
MOST_WORDS = 8


class Document(SQLModel, table=True):
    """`number` is written as the document writes it; `key` is what it is found by."""

    __tablename__ = KIND

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.String(60))
    key: str = Field(sa_type=sa.String(60), unique=True)
    title: str = Field(sa_type=sa.String(300))
    issuer: str = Field(default="", sa_type=sa.String(120))
    issued_on: date | None = None
    link: str = Field(default="", sa_type=sa.String(500))
    in_force_from: date | None = None
    in_force_until: date | None = None  # the last day
    replaced_by_id: int | None = Field(default=None, foreign_key="document.id")
    note: str = Field(default="", sa_type=sa.String(500))
    folded: str = Field(default="", sa_type=sa.Text)  # number and title without tone marks, for finding
    active: bool = True


class DocumentForm(BaseModel):
    """One document as the desk types or imports it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Line = Input(min_length=3, max_length=60)
    title: Line = Input(min_length=5, max_length=300)
    issuer: Line = Input(default="", max_length=120)
    issued_on: Day = None
    link: Line = Input(default="", max_length=500)
    in_force_from: Day = None
    in_force_until: Day = None
    replaced_by: Line = Input(default="", max_length=60)
    note: Line = Input(default="", max_length=500)
    active: bool = False

    _link = field_validator("link")(web_link)


class State(StrEnum):
    """Of a cited document on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Known:
    """What a citation needs to know of a document."""

    number: str
    title: str
    link: str
    begins: date | None
    ends: date | None
    active: bool
    successor: "Known | None" = None

    def on(self, day: date) -> State:
        if self.ends is not None and self.ends < day:
            return State.ENDED
        return State.NOT_YET if self.begins is not None and self.begins > day else State.IN_FORCE


def key_of(number: str) -> str:
    """`41/2024/qh15` and `Số 41 / 2024 / QH15` name one document: case, spaces and the word "số" do not matter."""
    return "".join(fold(clean(number).casefold().removeprefix("số ")).split())[:60]


def may_maintain(actor: Actor) -> bool:
    return actor.is_moderator or actor.is_administrator


async def known(db: AsyncSession) -> Mapping[str, Known]:
    """Every document by its key, until one changes: for reading only."""

    async def read() -> Mapping[str, Known]:
        rows = (await db.exec(select(Document))).all()
        alone = {
            row.id: Known(row.number, row.title, row.link, row.in_force_from, row.in_force_until, row.active)
            for row in rows
        }
        return {row.key: replace(alone[row.id], successor=alone.get(row.replaced_by_id)) for row in rows}

    return await remembered(db, "documents", agencies.CHANNEL, read)


async def named(db: AsyncSession, number: str) -> Known | None:
    return (await known(db)).get(key_of(number))


async def found(
    db: AsyncSession, typed: str, limit: int, *, after: int = 0, active_only: bool = False
) -> Sequence[Document]:
    """By number or words of the title, without tone marks. `after`: the id of the last one seen, for the next page."""
    chosen = select(Document).where(col(Document.id) > after)
    for word in fold(clean(typed)).split()[:MOST_WORDS]:
        chosen = chosen.where(col(Document.folded).contains(word, autoescape=True))
    if active_only:
        chosen = chosen.where(col(Document.active).is_(True))
    return (await db.exec(chosen.order_by(col(Document.id)).limit(limit))).all()


async def one(db: AsyncSession, document_id: int) -> Document:
    document = await db.get(Document, document_id)
    if document is None:
        raise NotFound()
    return document


async def by_number(db: AsyncSession, number: str) -> Document | None:
    return (await db.exec(select(Document).where(Document.key == key_of(number)))).one_or_none()


async def keep(db: AsyncSession, actor: Actor, document: Document | None, form: DocumentForm) -> Document:
    """Add one, or change one. Every state it was in is kept, with who made it so."""
    if not may_maintain(actor):
        raise NotAllowed()
    twin = await by_number(db, form.number)
    if twin is not None and (document is None or twin.id != document.id):
        raise Refused("document_known", field="number")
    document = document or Document(number="", key="", title="")
    successor = await _successor(db, document, form)
    _fill(document, form, successor)
    db.add(document)
    await db.flush()
    await revisions.keep(db, KIND, document.id or 0, actor.person_id, form.model_dump(mode="json"))
    log.record(db, agencies.CHANNEL, "document.changed", document=document.id or 0)
    await audit.note(db, actor.person_id, "document.changed", document=document.id)
    return document


def stored(form: DocumentForm) -> Document:
    """A row that no database has yet; its successor is not looked up."""
    document = Document(number="", key="", title="")
    _fill(document, form, None)
    return document


def content_of(document: Document, numbers: Mapping[int | None, str]) -> dict[str, Any]:
    """As its form would be filled in, to be compared."""
    kept = document.model_dump(exclude={"id", "key", "folded", "replaced_by_id"})
    return DocumentForm(**kept, replaced_by=numbers.get(document.replaced_by_id, "")).model_dump(mode="json")


async def numbers(db: AsyncSession, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = await db.exec(select(col(Document.id), col(Document.number)).where(col(Document.id).in_(wanted)))
    return dict(rows.all())


async def _successor(db: AsyncSession, document: Document, form: DocumentForm) -> int | None:
    if form.in_force_from and form.in_force_until and form.in_force_until < form.in_force_from:
        raise Refused("document_ends_before_it_begins", field="in_force_until")
    if not form.replaced_by:
        return None
    successor = await by_number(db, form.replaced_by)
    if successor is None:
        raise Refused("document_unknown", field="replaced_by")
    if successor.id == document.id or key_of(form.number) == successor.key:
        raise Refused("document_replaces_itself", field="replaced_by")
    return successor.id


def _fill(document: Document, form: DocumentForm, successor: int | None) -> None:
    document.number, document.key, document.title = form.number, key_of(form.number), form.title
    document.issuer, document.issued_on, document.link = form.issuer, form.issued_on, form.link
    document.in_force_from, document.in_force_until = form.in_force_from, form.in_force_until
    document.replaced_by_id, document.note, document.active = successor, form.note, form.active
    document.folded = fold(f"{form.number} {form.title}")
