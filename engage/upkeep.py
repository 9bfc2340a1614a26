"""Commands for whoever keeps it running: the log, backups, and pages for the day everything is down."""

import click

from engage import logbook
from engage.commands import refuse, settings_or_exit, with_store
from engage.db import Store
from engage.errors import NotFound
from live import log

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


UPKEEP = (log_,)
