"""Promises of backups: whole or not there at all; put back only where they fit, and brought to this release."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engage import audit, backup, bundles, copies, heads, migrate, restoring, seed, storage
from engage.bundles import Broken
from engage.chain import Head
from engage.copies import Unfit
from engage.db import Store
from engage.settings import Settings
from tests import services
from tests.site import Kind

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    (tmp_path / "backups").mkdir()
    return Settings(data_dir=tmp_path / "here", database_url=database_url)


@pytest.fixture
async def elsewhere(kind: Kind, database_server: str, tmp_path: Path) -> AsyncIterator[tuple[Store, Settings]]:
    """An empty machine."""
    url = services.fresh_database(database_server) if kind == "postgres" else ""
    settings = Settings(data_dir=tmp_path / "elsewhere", database_url=url)
    settings.data_dir.mkdir()
    store = Store(settings.database, alone=True)
    yield store, settings
    await store.close()
    if url:
        services.drop_database(url)


async def counted(store: Store, table: str) -> int:
    async with store.reading() as db:
        return int((await (await db.connection()).execute(sa.text(f"select count(*) from {table}"))).scalar_one())


async def test_rows_files_and_heads_come_back(
    directory: Store, settings: Settings, elsewhere: tuple[Store, Settings], tmp_path: Path
) -> None:
    there, its = elsewhere
    await storage.of(settings).put("abkey", b"bytes")
    heads.keep(settings, Head("2026-11-26T00:00:00+00:00", 1, 1, "hash"))
    head = await backup.make(directory, settings, tmp_path / "backups" / "one.tar.gz")
    assert (head["files"], head["tables"]["agency"]["rows"]) == (1, await counted(directory, "agency"))
    assert not await restoring.has_rows(there, its)
    done = await restoring.restore(there, its, tmp_path / "backups" / "one.tar.gz")
    assert await restoring.has_rows(there, its)
    assert done.epoch != head["epoch"]
    for table in ("agency", "topic", "retention", "live_event", "live_channel", "document"):
        assert await counted(there, table) == await counted(directory, table) > 0
    assert await storage.of(its).get("abkey") == b"bytes"
    assert heads.last(its) == heads.last(settings) is not None
    async with there.transaction() as db:  # the next row gets a number that is free
        await audit.note(db, None, "retention.applied", reason="mail", erased=1)


async def test_a_backup_of_an_older_release_is_brought_to_this_one(
    store: Store, settings: Settings, elsewhere: tuple[Store, Settings], tmp_path: Path
) -> None:
    await migrate.down(store, "-1")
    head = await backup.make(store, settings, tmp_path / "old.tar.gz")
    there, its = elsewhere
    await migrate.up(there)  # the empty database of a new installation stands further on
    await restoring.restore(there, its, tmp_path / "old.tar.gz")
    async with there.engine.connect() as connection:
        now = await connection.run_sync(migrate.current)
    assert head["migration"] < (now or "")
    assert await seed.directory(there), "it takes rows as usual"


async def test_a_database_of_somebody_else_counts_as_one_with_rows(elsewhere: tuple[Store, Settings]) -> None:
    there, its = elsewhere
    async with there.engine.begin() as connection:
        await connection.execute(sa.text("create table invoice (id integer)"))
    assert await restoring.has_rows(there, its)


async def test_heads_that_were_there_before_are_set_aside(directory: Store, settings: Settings, tmp_path: Path) -> None:
    await backup.make(directory, settings, tmp_path / "one.tar.gz")
    heads.keep(settings, Head("2026-11-26T00:00:00+00:00", 9, 9, "of rows that are gone"))
    done = await restoring.restore(directory, settings, tmp_path / "one.tar.gz")
    assert heads.last(settings) is None
    assert done.set_aside is not None
    assert len(list(done.set_aside.glob("head-*.jsonl"))) == 1


Change = Callable[[bytes], bytes]
CHANGES: dict[str, Change] = {
    "cut": lambda whole: whole[: len(whole) // 2],
    "a byte changed": lambda whole: whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
    "its tail cut": lambda whole: whole[:-6],
    "something else": lambda _whole: b"PK and so on",
    "empty": lambda _whole: b"",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_damaged_backup_is_recognised_and_nothing_is_touched(
    directory: Store, settings: Settings, elsewhere: tuple[Store, Settings], tmp_path: Path, change: str
) -> None:
    path = tmp_path / "one.tar.gz"
    await backup.make(directory, settings, path)
    path.write_bytes(CHANGES[change](path.read_bytes()))
    with pytest.raises(Broken, match="damaged"):
        bundles.read(path)
    there, its = elsewhere
    with pytest.raises(Broken):
        await restoring.restore(there, its, path)
    assert not await restoring.has_rows(there, its)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "database/../../x"])
def test_nothing_is_unpacked_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Broken, match="no backup does"):
        bundle(tmp_path / "one.tar.gz", name, tmp_path / "file")
    assert not (tmp_path / "one.tar.gz").exists()


def bundle(path: Path, name: str, file: Path) -> None:
    with bundles.writing(path) as writer:
        writer.add(name, file)
        writer.note(bundles.HEAD, {})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"database": "oracle"}, "a backup of oracle"),
        ({"migration": "209901010000"}, "newer release"),
        ({"secret": "another"}, "another ENGAGE_SECRET"),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(
    directory: Store, settings: Settings, tmp_path: Path, changed: dict[str, Any], words: str
) -> None:
    head = await backup.make(directory, settings, tmp_path / "one.tar.gz")
    restoring.fit(head, settings, any_secret=False)
    with pytest.raises(Unfit, match=words):
        restoring.fit(head | changed, settings, any_secret=False)


async def test_a_backup_never_takes_the_place_of_another(directory: Store, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "one.tar.gz"
    await backup.make(directory, settings, path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        await backup.make(directory, settings, path)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o077 == 0, "nobody else may read it"


@pytest.mark.usefixtures("directory")
def test_a_full_disk_leaves_no_half_backup(settings: Settings, tmp_path: Path) -> None:
    """Full: no file of the command may grow beyond some kilobytes."""
    folder, least = tmp_path / "backups", 4_096
    done = subprocess.run(
        [sys.executable, "-m", "engage", "backup", str(folder)],
        env=os.environ | {"ENGAGE_DATA_DIR": str(settings.data_dir), "ENGAGE_DATABASE_URL": settings.database_url},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (least, least)),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, list(folder.iterdir())) == (1, []), done.stderr
    assert done.stderr.startswith("No backup was made")
    assert "Traceback" not in done.stderr


def test_only_the_newest_are_kept_with_whatever_else_lies_there(tmp_path: Path) -> None:
    names = [backup.named(AT + timedelta(days=day)) for day in range(5)]
    for name in [*names, "letter.txt", "engage-by-hand.zip"]:
        (tmp_path / name).touch()
    (tmp_path / f"{bundles.PREFIX}left").mkdir()
    assert [path.name for path in backup.expire(tmp_path, 2, datetime.now(UTC))] == names[:3]
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {*names[3:], "letter.txt", "engage-by-hand.zip", f"{bundles.PREFIX}left"}
    backup.expire(tmp_path, 2, datetime.now(UTC) + timedelta(days=2))
    assert not (tmp_path / f"{bundles.PREFIX}left").exists()


def test_the_head_tells_nothing_of_the_secret(settings: Settings) -> None:
    assert settings.secret not in json.dumps(backup.fingerprint(settings))
    assert copies.path_of("sqlite+aiosqlite:////tmp/a b.sqlite3") == Path("/tmp/a b.sqlite3")
