"""Sections of the forum: their names, who may write there, whether a person reads first."""

from collections.abc import Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import one_of
from engage.errors import NotFound


class Writers(StrEnum):
    """Who may write in a section."""

    GUESTS = "guests"  # whoever has proved an address
    CITIZENS = "citizens"  # who is signed in


class Section(SQLModel, table=True):
    """`accepts_clean`: what has no finding is let out by this rule; else a person looks first."""

    __tablename__ = "section"
    __table_args__ = (one_of("section_writers", "writers", Writers),)

    slug: str = Field(primary_key=True, sa_type=sa.String(80))
    place: int = 99
    name_vi: str = Field(sa_type=sa.String(120))
    name_en: str = Field(sa_type=sa.String(120))
    about_vi: str = Field(default="", sa_type=sa.String(500))
    about_en: str = Field(default="", sa_type=sa.String(500))
    accepts_clean: bool = True
    writers: str = Field(default=Writers.CITIZENS, sa_type=sa.String(10))
    active: bool = True


async def one(db: AsyncSession, slug: str) -> Section:
    """One in which threads are opened."""
    found = (await db.exec(select(Section).where(Section.slug == slug, col(Section.active)))).one_or_none()
    if found is None:
        raise NotFound()
    return found


async def every(db: AsyncSession) -> Sequence[Section]:
    return (await db.exec(select(Section).where(col(Section.active)).order_by(col(Section.place), Section.slug))).all()
