"""What the commands of the program share: settings or a clear refusal, and a store for one act. Knows no command."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import click

from engage import logs
from engage.db import Store
from engage.errors import Unavailable
from engage.settings import Settings, SettingsRefused, load

Result = TypeVar("Result")
# Somebody waits for every answer of the server, nobody for the worker or a backup.
NICENESS = 10


def settings_or_exit() -> Settings:
    try:
        settings = load()
    except SettingsRefused as refused:
        refuse(f"Settings refused:\n{refused}", code=2)
    logs.as_json(settings.log_level)
    return settings


def refuse(words: str, *, code: int = 1) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(code)


def with_store(settings: Settings, act: Callable[[Store], Awaitable[Result]], *, alone: bool = True) -> Result:
    async def inside() -> Result:
        store = Store(settings.database, pool_size=settings.pool_size, alone=alone)
        try:
            return await act(store)
        finally:
            await store.close()

    try:
        return asyncio.run(inside())
    except (Unavailable, LookupError):
        refuse("The database cannot be reached, or was never migrated.")
