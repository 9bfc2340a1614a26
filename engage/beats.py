"""The worker's heartbeat, and whether the database is at the newest migration: what readiness asks."""

from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

SILENT = timedelta(seconds=30)


class Beat(SQLModel, table=True):
    __tablename__ = "beat"

    name: str = Field(primary_key=True, sa_type=sa.String(20))
    at: datetime


async def note(db: AsyncSession, name: str, at: datetime) -> None:
    await db.merge(Beat(name=name, at=at))
    await db.flush()


async def lag(db: AsyncSession, at: datetime) -> timedelta | None:
    beat = await db.get(Beat, "worker")
    return at - beat.at if beat else None


async def is_migrated(db: AsyncSession) -> bool:
    found = await db.exec(sa.text("select version_num from alembic_version"))  # type: ignore[call-overload]  # alembic's own table
    return bool(found.scalars().all() == [newest_migration()])


@cache
def newest_migration() -> str:
    return ScriptDirectory.from_config(migrations()).get_current_head() or ""


def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "engage:migrations")
    config.set_main_option("path_separator", "os")
    return config
