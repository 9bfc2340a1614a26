"""Passages: what the log says after a position, shown as it may be seen now. Many who ask the same share one answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from live import log, wire
from live.flights import Flights
from live.log import Event
from live.viewers import Frame, Passage

# Further behind than this, a snapshot is cheaper than the tail.
FAR = 500
READERS = 8

OpenReader = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Show = Callable[[AsyncSession, list[Event], str], Awaitable[list[dict[str, Any]]]]


class Passages:
    """`show` makes of each event, in the same order, what is sent in a language; `note_epoch` is told every epoch that is read."""

    def __init__(self, open_reader: OpenReader, show: Show, note_epoch: Callable[[str], str]) -> None:
        self._open_reader = open_reader
        self._show = show
        self._note_epoch = note_epoch
        self._readers = asyncio.Semaphore(READERS)
        self._underway: Flights[Passage] = Flights()
        self._tops: Flights[int] = Flights()

    async def after(
        self, channel: str, language: str, after: int | None, epoch: str | None, limit: int = FAR
    ) -> Passage:
        """What follows a position, or where a reader has to start when that position cannot be continued."""
        key = (channel, language, after, epoch, limit)
        return await self._underway.share(key, lambda: self._read(*key))

    async def top(self, channel: str) -> int:
        return await self._tops.share(channel, lambda: self._top(channel))

    async def epoch(self) -> str:
        async with self.reading() as db:
            return await self.note_epoch(db)

    async def note_epoch(self, db: AsyncSession) -> str:
        return self._note_epoch(await log.epoch(db))

    async def shown(self, db: AsyncSession, events: list[Event], language: str) -> list[Frame]:
        """Frames of facts: `thing`, where `show` names one, stays here; everything else is sent."""
        said = await self._show(db, events, language)
        return [_frame(event, dict(one)) for event, one in zip(events, said, strict=True)]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A herd of returning viewers queues here, not in the database's pool."""
        async with self._readers, self._open_reader() as db:
            yield db

    async def _read(self, channel: str, language: str, after: int | None, epoch: str | None, limit: int) -> Passage:
        async with self.reading() as db:
            current = await self.note_epoch(db)
            top = (await log.tops(db, [channel]))[channel]
            if after is None:
                return Passage(current, top, top)
            if epoch not in (None, current) or after > top or top - after > FAR:
                return Passage(current, top, top, is_far_behind=True)
            if after == top:
                return Passage(current, top, top)
            events = await log.since(db, channel, after, limit)
            # Trimmed away: what follows is not what came next.
            if not events or events[0].number != after + 1:
                return Passage(current, top, top, is_far_behind=True)
            frames = await self.shown(db, events, language)
            return Passage(current, after, max(top, frames[-1].number), tuple(frames))

    async def _top(self, channel: str) -> int:
        async with self.reading() as db:
            return (await log.tops(db, [channel]))[channel]


def _frame(event: Event, said: dict[str, Any]) -> Frame:
    thing = str(said.pop("thing", ""))
    return Frame(event.number, wire.fact(event.channel, event.number, event.at, said), thing)
