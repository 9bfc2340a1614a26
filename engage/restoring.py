"""A backup put back, into an empty installation or over what is there. The log gets a new epoch: every reader starts afresh."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import backup, bundles, copies, heads, migrate
from engage.agencies import Agency
from engage.copies import Copied, Unfit
from engage.db import Store
from engage.people import Person, SignIn
from engage.questions import Question
from engage.settings import Settings
from live import log

TELLING = (Agency, Person, Question)  # who has rows in one of these has something to lose


@dataclass(frozen=True, slots=True)
class Restored:
    head: Mapping[str, Any]
    epoch: str
    set_aside: Path | None  # audit heads that were there before


async def has_rows(store: Store, settings: Settings) -> bool:
    if store.is_sqlite and not copies.path_of(settings.database).exists():
        return False
    async with store.engine.connect() as connection:
        tables = set(await connection.run_sync(lambda one: sa.inspect(one).get_table_names()))
        if tables and "alembic_version" not in tables:
            return True  # somebody else's
        asked = [select(table).limit(1) for table in TELLING if table.__tablename__ in tables]
        return any([(await connection.execute(one)).first() is not None for one in asked])


def fit(head: Mapping[str, Any], settings: Settings, *, any_secret: bool) -> None:
    """Raises Unfit before anything is touched."""
    here = "sqlite" if settings.is_sqlite else "postgresql"
    if head["database"] != here:
        raise Unfit(f"it is a backup of {head['database']}, and ENGAGE_DATABASE_URL names {here}")
    if not migrate.is_known(head["migration"]):
        raise Unfit(f"it was made by a newer release ({head['release']}): install that first")
    if head["secret"] != backup.fingerprint(settings) and not any_secret:
        raise Unfit(
            "it was made under another ENGAGE_SECRET: receipt codes, second factors and audit heads need that one"
        )


async def restore(store: Store, settings: Settings, path: Path, *, any_secret: bool = False) -> Restored:
    """Every sum is checked before anything is touched; the database changes in one transaction."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=bundles.PREFIX, dir=settings.data_dir) as place:
        folder = Path(place)
        head = bundles.read(path, folder)
        fit(head, settings, any_secret=any_secret)
        _put_files(folder / backup.ATTACHMENTS, settings.data_dir / backup.ATTACHMENTS)
        put = _put_pages if store.is_sqlite else _put_rows
        epoch = await put(store, settings, folder / backup.DATABASE, head)
        return Restored(head, epoch, _put_heads(folder / backup.AUDIT, heads.folder(settings)))


async def _put_pages(_store: Store, settings: Settings, folder: Path, _head: Mapping[str, Any]) -> str:
    """Made ready as a copy, and only then put in place."""
    copy = folder / copies.WHOLE
    ready = Store(f"sqlite+aiosqlite:///{copy}", alone=True)
    try:
        await migrate.up(ready)
        async with ready.transaction() as db:
            epoch = await _begin_anew(db)
    finally:
        await ready.close()
    copies.put_pages(copy, settings.database)
    return epoch


async def _put_rows(store: Store, _settings: Settings, folder: Path, head: Mapping[str, Any]) -> str:
    copied = Copied(head["database"], head["migration"], head["tables"])
    async with store.engine.begin() as connection:
        await copies.put_rows(connection, folder, copied)
        await connection.run_sync(migrate.upgrade)
        async with AsyncSession(connection) as db:
            return await _begin_anew(db)


async def _begin_anew(db: AsyncSession) -> str:
    """Sessions that ended since the backup must not come back to life."""
    await db.exec(sa.delete(SignIn))
    return await log.new_epoch(db)


def _put_files(found: Path, folder: Path) -> None:
    """A file's key stands for its content: what is there under it already is the same. What no row names, the worker sweeps."""
    for file in found.glob("??/*"):
        target = folder / file.parent.name / file.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.replace(target)


def _put_heads(found: Path, folder: Path) -> Path | None:
    """Heads of rows that are gone would speak of a cut tail: they are kept, but beside."""
    aside = None
    if any(folder.glob("head-*.jsonl")):
        aside = folder.with_name(f"audit-before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        folder.rename(aside)
    if found.is_dir():
        shutil.copytree(found, folder)
    return aside
