"""Commands for whoever keeps it running: the log, backups, and pages for the day everything is down."""

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from engage import backup, bundles, logbook, restoring, snapshots
from engage.app import create_app
from engage.bundles import Broken
from engage.commands import NICENESS, refuse, settings_or_exit, with_store
from engage.copies import Unfit
from engage.db import Store, utc_now
from engage.errors import NotFound, Unavailable
from engage.web import snapshot
from live import log

NEXT = """Restored. The log begins epoch {epoch}, everybody signs in again, readers fetch everything anew.
Next: engage audit verify; start serve and work. What was erased, taken down or revoked after {made_at} is back:
do it again. Mails that waited then are sent now."""
FAULTS = (OSError, sqlite3.Error, SQLAlchemyError, Unfit)
CHANNELS = "such as questions, question:17, agency:7, review or person:5"


@click.group(name="log", help="The log of facts, numbered in each channel.")
def log_() -> None:
    pass


@log_.command(help=f"Write the facts of a channel ({CHANNELS}) as JSON lines, the oldest first.")
@click.argument("channel")
@click.option("--after", type=click.IntRange(min=0), default=0, help="only facts with a higher number")
def export(channel: str, after: int) -> None:
    async def write(store: Store) -> None:
        async for line in logbook.lines(store, channel, after):
            click.echo(line)

    try:
        with_store(settings_or_exit(), write)
    except NotFound:
        refuse(f"No fact was ever recorded on channel {channel!r}. Channels are named {CHANNELS}.")
    except logbook.Ahead as ahead:
        refuse(f"The newest fact on channel {channel!r} has number {ahead.top}: nothing follows {after}.")
    except logbook.Changed:
        refuse("The log was trimmed or restored meanwhile; what was written is not whole. Start again.")


@log_.command(name="new-epoch", help="Start another life of the log: every listener fetches a fresh snapshot.")
@click.option("--yes", is_flag=True, help="do not ask")
def new_epoch(yes: bool) -> None:
    settings = settings_or_exit()
    if not yes:
        click.confirm("Everybody who listens now will fetch everything anew. Go on?", abort=True)

    async def renew(store: Store) -> str:
        async with store.transaction() as db:
            return await log.new_epoch(db)

    click.echo(f"The log begins epoch {with_store(settings, renew)}; nothing in it was changed.")


@click.command(name="backup", help="Copy database, attachments and audit heads into one file, while the service runs.")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="in a folder: remove all but so many of the newest")
@click.option("--verify", is_flag=True, help="make none; say whether the file is a whole backup")
def backup_(target: Path, keep: int | None, verify: bool) -> None:
    try:
        if verify:
            _tell(target, bundles.read(target))
            return
        os.nice(NICENESS)
        settings = settings_or_exit()
        path = target / backup.named(utc_now()) if target.is_dir() else target
        _tell(path, with_store(settings, lambda store: backup.make(store, settings, path)))
        for old in backup.expire(target, keep, utc_now()) if keep and target.is_dir() else ():
            click.echo(f"Removed {old.name}: {keep} newer ones are kept.", err=True)
        click.echo(path)
    except Broken as broken:
        refuse(str(broken))
    except FAULTS as failed:
        refuse(f"No backup was made: {failed}")


@click.command(name="restore", help="Put a backup back into an empty installation.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--over", is_flag=True, help="also over a database with rows in it: they are gone then")
@click.option("--any-secret", is_flag=True, help="although it was made under another ENGAGE_SECRET")
@click.option("--yes", is_flag=True, help="do not ask")
def restore(file: Path, over: bool, any_secret: bool, yes: bool) -> None:
    settings = settings_or_exit()
    try:
        if with_store(settings, lambda store: restoring.has_rows(store, settings)):
            if not over:
                refuse("Nothing was changed: the database has rows in it. Empty it, or say --over to lose them.")
            if not yes:
                click.confirm("Everything in the database is replaced by the backup. Go on?", abort=True)
        done = with_store(settings, lambda store: restoring.restore(store, settings, file, any_secret=any_secret))
    except Broken as broken:
        refuse(f"Nothing was changed: {broken}")
    except FAULTS as failed:
        refuse(f"It was not restored: {failed}")
    _tell(file, done.head)
    click.echo(NEXT.format(epoch=done.epoch, made_at=done.head["made_at"]))
    if done.set_aside:
        click.echo(f"Audit heads that were there before lie in {done.set_aside}.")


def _tell(path: Path, head: Mapping[str, Any]) -> None:
    rows = sum(table["rows"] for table in head["tables"].values())
    questions = head["tables"]["question"]["rows"]
    files = f"{head['files']} files" if head["attachments"] == "here" else "attachments are in their bucket"
    said = f"{path.name}: whole, of {head['made_at']}, {head['database']} at {head['migration']}"
    click.echo(f"{said}; {questions} questions, {rows} rows, {files}.", err=True)


@click.command(name="snapshot", help="Write what the public sees as plain pages, for the day everything is down.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--newest", type=click.IntRange(min=1, max=5_000), default=500, help="so many answers (500)")
def snapshot_(folder: Path, newest: int) -> None:
    # It listens to nobody: what it reads, it reads once.
    settings = settings_or_exit().model_copy(update={"redis_url": ""})
    os.nice(NICENESS)
    app = create_app(settings)
    try:
        files = asyncio.run(snapshot.files(app, newest))
        snapshots.put(folder, files, utc_now())
    except (Unavailable, LookupError):
        refuse("The old snapshot stays: the database cannot be reached, or was never migrated.")
    except (OSError, snapshots.Foreign) as failed:
        refuse(f"No snapshot was written: {failed}")
    pages = sum(name.endswith(".html") for name in files)
    click.echo(f"{folder}: {pages} pages in two languages.")


UPKEEP = (log_, backup_, restore, snapshot_)
