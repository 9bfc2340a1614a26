"""Stirs: counts that change often, gathered while they do. The numbers sent are read from the rows when it is their turn, at most
twice a second in each process: they are always true, and nobody adds up what messages said."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from live.broker import Stir

EVERY = 0.5  # seconds
STIRRED = "live.stirred"

# Of a channel, a type and ids: what is sent.
Tally = Callable[[AsyncSession, str, str, Set[int]], Awaitable[Mapping[str, Any]]]
PassOn = Callable[[str, str, Mapping[str, Any]], None]

logger = structlog.get_logger(__name__)


def stir(db: AsyncSession, channel: str, type: str, *ids: int) -> None:
    """In a transaction: counts of that channel have changed. Who listens hears of it after COMMIT."""
    db.info.setdefault(STIRRED, {}).setdefault((channel, type), set()).update(ids)


def stirred(db: AsyncSession) -> Sequence[Stir]:
    """What the transaction stirred, for whoever tells after it."""
    noted: dict[tuple[str, str], set[int]] = db.info.pop(STIRRED, {})
    return [Stir(channel, type, tuple(sorted(ids))) for (channel, type), ids in noted.items()]


async def nothing(_db: AsyncSession, _channel: str, _type: str, _ids: Set[int]) -> Mapping[str, Any]:
    """Where nothing is counted."""
    return {}


class Stirs:
    def __init__(
        self,
        pass_on: PassOn,
        tally: Tally,
        reading: Callable[[], AbstractAsyncContextManager[AsyncSession]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pass_on = pass_on
        self._tally = tally
        self._reading = reading
        self._pause = pause
        self._noted: dict[tuple[str, str], set[int]] = {}
        self._work: asyncio.Task[None] | None = None

    def note(self, stir: Stir) -> None:
        self._noted.setdefault((stir.channel, stir.type), set()).update(stir.ids)
        if self._work is None:
            self._work = asyncio.create_task(self._read_on())

    def close(self) -> None:
        if self._work:
            self._work.cancel()

    async def _read_on(self) -> None:
        try:
            while self._noted:
                await self._read()
                await self._pause(EVERY)
        finally:
            self._work = None

    async def _read(self) -> None:
        noted, self._noted = self._noted, {}
        try:
            async with self._reading() as db:
                for (channel, type), ids in noted.items():
                    self._pass_on(channel, type, await self._tally(db, channel, type, ids))
        except Exception as failure:  # the next stir reads them again; a page that is opened anew reads them too
            logger.warning("stirs.not_read", failure=repr(failure))
