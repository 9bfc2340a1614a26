"""A backup: the database as it was at one moment, the attachments and audit heads that lie beside it, in one file.

Made while the service runs. The mails of a demonstration are not in it; attachments in a bucket are the bucket's affair.
"""

import hashlib
import hmac
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engage import __version__, bundles, copies, heads
from engage.bundles import Writer
from engage.copies import Copied
from engage.db import Store
from engage.settings import Settings
from live import log

ATTACHMENTS, AUDIT, DATABASE = "attachments", "audit", "database"
NAMED = "engage-*.tar.gz"
LEFT_OVER = timedelta(days=1)


def named(at: datetime) -> str:
    return f"engage-{at.astimezone(UTC):%Y%m%d-%H%M%S}.tar.gz"


async def make(store: Store, settings: Settings, path: Path) -> dict[str, Any]:
    """What its head says. Raises OSError and leaves nothing when there is no room for it."""
    with bundles.writing(path) as writer:
        # Heads first: none may speak of rows that the copy does not hold. Files last: what its rows name must be there.
        for file in sorted(heads.folder(settings).glob("head-*.jsonl")):
            writer.add(f"{AUDIT}/{file.name}", file)
        at = store.clock()
        copied = await _copy(store, settings, writer)
        files = _add_files(writer, settings.data_dir / ATTACHMENTS)
        head = _head(settings, copied, at) | {"files": files, "epoch": await _epoch(store)}
        writer.note(bundles.HEAD, head)
    return head


async def _copy(store: Store, settings: Settings, writer: Writer) -> Copied:
    if store.is_sqlite:
        copied = copies.copy_pages(settings.database, writer.folder)
        names = [copies.WHOLE]
    else:
        copied = await copies.copy_rows(store, writer.folder)
        names = list(copied.tables)
    for name in names:
        writer.add(f"{DATABASE}/{name}", writer.folder / name)
        (writer.folder / name).unlink()
    return copied


def _add_files(writer: Writer, folder: Path) -> int:
    added = 0
    for file in sorted(folder.glob("??/*")):
        if file.suffix == ".part":
            continue
        try:
            writer.add(f"{ATTACHMENTS}/{file.parent.name}/{file.name}", file)
            added += 1
        except FileNotFoundError:  # erased meanwhile
            continue
    return added


def _head(settings: Settings, copied: Copied, at: datetime) -> dict[str, Any]:
    return {
        "release": __version__,
        "made_at": at.isoformat(timespec="seconds"),
        "database": copied.database,
        "migration": copied.migration,
        "secret": fingerprint(settings),
        "attachments": "elsewhere" if settings.attachments_url else "here",
        "tables": copied.tables,
    }


def fingerprint(settings: Settings) -> str:
    """Tells whether another installation has the same secret, and nothing about it."""
    return hmac.new(settings.secret.encode(), b"backup", hashlib.sha256).hexdigest()[:16]


async def _epoch(store: Store) -> str:
    async with store.reading() as db:
        return await log.epoch(db)


def expire(folder: Path, keep: int, at: datetime) -> list[Path]:
    """All but the newest go, and what an interrupted backup left behind."""
    old = sorted(folder.glob(NAMED))[:-keep]
    for path in old:
        path.unlink()
    for left in folder.glob(f"{bundles.PREFIX}*"):
        if datetime.fromtimestamp(left.stat().st_mtime, UTC) < at - LEFT_OVER:
            shutil.rmtree(left)
    return old
