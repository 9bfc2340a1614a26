"""Snippets: passages an agency writes again and again, by topic. Knows no answer."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor, holds
from engage.agencies import Post, Topic
from engage.answering import bearable
from engage.ask import Line, Lines
from engage.db import now
from engage.errors import NotAllowed, NotFound, Refused

MOST = 200


class Snippet(SQLModel, table=True):
    __tablename__ = "snippet"

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    topic_id: int | None = Field(default=None, foreign_key="topic.id")
    name: str = Field(sa_type=sa.String(120))
    text: str = Field(sa_type=sa.Text)
    active: bool = True
    changed_by: int = Field(foreign_key="person.id")
    changed_at: datetime


class SnippetForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: int = Input(default=0, ge=0, le=2**31 - 1)  # 0: a new one
    name: Line = Input(min_length=3, max_length=120)
    topic: Line = Input(default="", max_length=80)
    text: Lines = Input(min_length=10, max_length=4000)
    active: bool = False

    _text = field_validator("text")(bearable)


async def of_agency(db: AsyncSession, agency_id: int) -> Sequence[Snippet]:
    mine = select(Snippet).where(Snippet.agency_id == agency_id)
    return (await db.exec(mine.order_by(col(Snippet.name), col(Snippet.id)).limit(MOST))).all()


async def fitting(db: AsyncSession, agency_id: int, topic_id: int | None) -> Sequence[Snippet]:
    """In use, of the topic or of none; the topic's own first."""
    mine = [row for row in await of_agency(db, agency_id) if row.active and row.topic_id in {None, topic_id}]
    return sorted(mine, key=lambda row: row.topic_id is None)


async def keep(db: AsyncSession, actor: Actor, agency_id: int, form: SnippetForm) -> Snippet:
    """Add one, or change one of this agency's. One that is no longer used stays, to be taken up again."""
    if not holds(actor, agency_id, Post.COORDINATOR) or actor.person_id is None:
        raise NotAllowed()
    topic_id = None
    if form.topic:
        topic_id = (await db.exec(select(Topic.id).where(Topic.slug == form.topic))).one_or_none()
        if topic_id is None:
            raise Refused("unknown_choice", field="topic")
    snippet = await db.get(Snippet, form.id) if form.id else None
    if form.id and (snippet is None or snippet.agency_id != agency_id):
        raise NotFound()
    if snippet is None:
        if len(await of_agency(db, agency_id)) >= MOST:
            raise Refused("snippets_full", most=MOST)
        snippet = Snippet(agency_id=agency_id, name="", text="", changed_by=actor.person_id, changed_at=now(db))
    snippet.name, snippet.topic_id, snippet.text, snippet.active = form.name, topic_id, form.text, form.active
    snippet.changed_by, snippet.changed_at = actor.person_id, now(db)
    db.add(snippet)
    await db.flush()
    await audit.note(db, actor.person_id, "snippet.changed", snippet=snippet.id, agency=agency_id)
    return snippet
