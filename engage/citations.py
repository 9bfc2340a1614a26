"""The documents an answer rests on: kept in order, led to by `[2]` in its text, looked at for being in force. Knows no answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import documents, markup
from engage.answering import CitationForm
from engage.db import now
from engage.deadlines import here
from engage.documents import State
from engage.errors import Refused


class Citation(SQLModel, table=True):
    """A legal document an answer rests on. One document may be cited twice, for two articles."""

    __tablename__ = "citation"

    answer_id: int = Field(foreign_key="answer.id", primary_key=True)
    place: int = Field(primary_key=True)
    number: str = Field(sa_type=sa.String(60), index=True)
    title: str = Field(default="", sa_type=sa.String(300))
    article: str = Field(default="", sa_type=sa.String(120))
    link: str = Field(default="", sa_type=sa.String(500))


async def of(db: AsyncSession, answer_id: int) -> Sequence[Citation]:
    cited = select(Citation).where(Citation.answer_id == answer_id)
    return (await db.exec(cited.order_by(col(Citation.place)))).all()


async def replace(db: AsyncSession, answer_id: int, typed: Sequence[CitationForm]) -> None:
    """What the writer left out, the list of documents fills in by the number."""
    await forget(db, answer_id)
    rows: list[dict[str, Any]] = []
    for citation in (one for one in typed if one.number):
        known = await documents.named(db, citation.number)
        row = citation.model_dump()
        if known is not None:
            row |= {"title": citation.title or known.title, "link": citation.link or known.link}
        rows.append(row)
    await _insert(db, answer_id, rows)


async def copy(db: AsyncSession, from_id: int, to_id: int) -> None:
    await _insert(db, to_id, [row.model_dump(exclude={"answer_id", "place"}) for row in await of(db, from_id)])


async def forget(db: AsyncSession, answer_id: int) -> None:
    await db.exec(sa.delete(Citation).where(col(Citation.answer_id) == answer_id))


def must_lead_somewhere(text: str, cited: Sequence[Citation], *, field: str = "") -> None:
    """`[2]` becomes a link to the second document below the answer: there must be one."""
    dead = next((number for number in markup.references(text) if not 1 <= number <= len(cited)), None)
    if dead is not None:
        raise Refused("citation_missing" if cited else "citations_missing", field=field, number=dead, count=len(cited))


async def must_be_in_force(db: AsyncSession, cited: Sequence[Citation], as_of: date | None) -> None:
    """On the day the answer names, and today; the writer may be sure all the same."""
    known, on = await documents.known(db), looked_at_on(as_of, here(now(db)))
    ended = [row.number for row in cited if state(known, row.number, on) is not State.IN_FORCE]
    if ended:
        raise Refused("citation_not_in_force", field="sure", numbers=", ".join(dict.fromkeys(ended)))


def looked_at_on(as_of: date | None, today: date) -> date:
    """A law that has ended since the day an answer names is no news to hide."""
    return max(as_of or today, today)


def state(known: Mapping[str, documents.Known], number: str, on: date) -> State:
    """What the desk's list does not know is taken to be in force."""
    document = known.get(documents.key_of(number))
    return document.on(on) if document else State.IN_FORCE


async def _insert(db: AsyncSession, answer_id: int, rows: Sequence[dict[str, Any]]) -> None:
    placed = [{"answer_id": answer_id, "place": place, **row} for place, row in enumerate(rows, start=1)]
    if placed:
        await db.exec(sa.insert(Citation).values(placed))
