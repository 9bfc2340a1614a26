"""The hub brings the facts of the log to everyone who listens in this process, in order, once, without a gap.

The log is the truth and hints only say when to look. It does not know what a fact means, nor how it is carried.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from live import log, wire
from live.broker import Broker, Hint
from live.feeds import BACKLOG, Feed, Frame, Passage, Viewer
from live.flights import Flights
from live.log import Event, Fact
from live.positions import Positions

OpenReader = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Show = Callable[[AsyncSession, list[Event], str], Awaitable[list[dict[str, Any]]]]

# Further behind than this, a snapshot is cheaper than the tail.
FAR = 500
BATCH = 100
SLICE = 500
WATCHED = 5_000
READERS = 8
TRIES = 20
WINDOW = timedelta(seconds=10)
SWEEP = timedelta(seconds=30)

logger = structlog.get_logger(__name__)


class Hub:
    """One per process. `show` makes of each event, in the same order, what is sent in a language."""

    def __init__(
        self,
        open_reader: OpenReader,
        broker: Broker,
        show: Show,
        clock: Callable[[], datetime],
        *,
        every: float = 1.0,
        backlog: int = BACKLOG,
        watched: int = WATCHED,
    ) -> None:
        self.clock = clock
        self.failures = 0
        self._open_reader = open_reader
        self._broker = broker
        self._show = show
        self._every = every
        self._backlog = backlog
        self._readers = asyncio.Semaphore(READERS)
        self._feeds: dict[str, Feed] = {}
        self._positions = Positions(watched)
        self._passages: Flights[Passage] = Flights()
        self._tops: Flights[int] = Flights()
        self._serials = itertools.count()
        self._listening: set[str] = set()
        self._epoch: str | None = None
        self._sweep_due: datetime | None = None
        self._is_draining = False
        broker.on_hint = self._heard

    async def join(self, channel: str, language: str, after: int | None = None, epoch: str | None = None) -> Viewer:
        """Follow a channel from a position, or from now on."""
        viewer = Viewer(channel, language, serial=next(self._serials), backlog=self._backlog)
        feed = self._feeds.setdefault(channel, Feed(channel))
        feed.joining += 1
        try:
            await self._listen(channel)
            viewer.catch_up(self._abreast(feed, after, epoch) or await self.read(channel, language, after, epoch))
            for _ in range(TRIES):
                if not feed.has_passed(viewer):
                    break
                viewer.catch_up(await self.read(channel, language, viewer.position))
            # No await between the comparison above and this: nothing can be delivered in between.
            self._admit(feed, viewer)
            return viewer
        finally:
            feed.joining -= 1

    def leave(self, viewer: Viewer) -> None:
        if feed := self._feeds.get(viewer.channel):
            feed.viewers.discard(viewer)

    async def read(
        self,
        channel: str,
        language: str,
        after: int | None = None,
        epoch: str | None = None,
        limit: int = FAR,
    ) -> Passage:
        """What follows a position, or where a reader has to start when that position cannot be continued."""
        key = (channel, language, after, epoch, limit)
        return await self._passages.share(key, lambda: self._read(*key))

    @property
    def viewers(self) -> int:
        return sum(len(feed.viewers) for feed in self._feeds.values())

    def known(self, channel: str) -> int | None:
        """The newest number as far as this process knows without asking: at most two seconds old."""
        return self._positions.known(channel)

    async def position(self, channel: str) -> int:
        """The newest number, and from now on it is kept up to date."""
        number = self.known(channel)
        if number is not None:
            return number
        # Watched before asked: a fact that comes in between raises what we are about to learn.
        self._positions.watch(channel)
        await self._listen(channel)
        return self._positions.learn(channel, await self._tops.share(channel, lambda: self._top(channel)))

    async def epoch(self) -> str:
        if self._epoch is not None:
            return self._epoch
        async with self._reading() as db:
            return self._note_epoch(await log.epoch(db))

    async def tell(self, facts: Iterable[Fact]) -> None:
        """After COMMIT: this process knows at once, the others are given a hint."""
        newest: dict[str, int] = {}
        for fact in facts:
            newest[fact.channel] = max(fact.number, newest.get(fact.channel, 0))
        hints = [Hint(channel, number) for channel, number in newest.items()]
        for hint in hints:
            self._heard(hint)
        await self._broker.tell(hints)

    def _heard(self, hint: Hint) -> None:
        channel, number = hint.channel, hint.number
        self._positions.raise_to(channel, number)
        if feed := self._feeds.get(channel):
            feed.wanted = max(feed.wanted, number)
            self._wake(feed)

    def _wake(self, feed: Feed) -> None:
        """Old → nothing to do; newer → one reading of the log for everyone, never two at a time."""
        if feed.is_behind and feed.pump is None:
            feed.pump = asyncio.create_task(self._pump(feed))

    def _abreast(self, feed: Feed, after: int | None, epoch: str | None) -> Passage | None:
        """Most who come stand where the feed stands (a herd after a restart): nobody asks the log for them."""
        if feed.top is None or self._epoch is None or epoch not in (None, self._epoch):
            return None
        return Passage(self._epoch, feed.top, feed.top) if after in (None, feed.top) else None

    def _admit(self, feed: Feed, viewer: Viewer) -> None:
        if self._is_draining or viewer.epoch != self._epoch or feed.has_passed(viewer):
            viewer.dismiss(wire.RESTART)
            return
        feed.admit(viewer)
        self._wake(feed)

    async def _read(self, channel: str, language: str, after: int | None, epoch: str | None, limit: int) -> Passage:
        async with self._reading() as db:
            current = self._note_epoch(await log.epoch(db))
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
            frames = await self._encoded(db, events, language)
            return Passage(current, after, max(top, frames[-1].number), tuple(frames))

    async def _top(self, channel: str) -> int:
        async with self._reading() as db:
            return (await log.tops(db, [channel]))[channel]

    async def _pump(self, feed: Feed) -> None:
        try:
            while feed.is_behind:
                await self._advance(feed)
        except Exception:
            # The tick wakes it again; viewers lose time, never a fact.
            self.failures += 1
            logger.exception("hub.reading_failed", channel=feed.channel)
        finally:
            feed.pump = None

    async def _advance(self, feed: Feed) -> None:
        epoch, top = self._epoch, feed.top or 0
        async with self._reading() as db:
            events = await log.since(db, feed.channel, top, BATCH)
            frames: dict[str, list[Frame]] = {}
            # Somebody with another language may join while we render, hence the loop.
            while events and (missing := feed.languages - frames.keys()):
                for language in sorted(missing):
                    frames[language] = await self._encoded(db, events, language)
            # No await between the comparison above and the delivery.
            if epoch != self._epoch:
                return
            if events:
                feed.deliver(frames, events[-1].number)
            else:
                feed.wanted = top

    async def _encoded(self, db: AsyncSession, events: list[Event], language: str) -> list[Frame]:
        shown = await self._show(db, events, language)
        return [
            Frame(event.number, wire.encode(wire.fact(event.channel, event.number, event.at, said)))
            for event, said in zip(events, shown, strict=True)
        ]

    async def run(self) -> None:
        """Receive hints and look for lost ones, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._broker.run())
                group.create_task(self._ticking())
        finally:
            for pump in [feed.pump for feed in self._feeds.values() if feed.pump]:
                pump.cancel()

    async def tick(self) -> None:
        """Find the hints that never came; every half minute compare everything that is open."""
        now = self.clock()
        await self._tidy()
        async with self._reading() as db:
            self._heard_all(await log.recent(db, now - WINDOW))
            if self._sweep_due is None or now >= self._sweep_due:
                await self._sweep(db)
                self._sweep_due = now + SWEEP
        for feed in self._feeds.values():
            self._wake(feed)

    def drain(self) -> None:
        """The process ends: everyone is sent away with a moment to come back at."""
        self._is_draining = True
        for feed in self._feeds.values():
            feed.dismiss(wire.RESTART)

    async def _ticking(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception as failure:
                self.failures += 1
                logger.warning("hub.tick_failed", failure=repr(failure))
            await asyncio.sleep(self._every)

    async def _sweep(self, db: AsyncSession) -> None:
        self._note_epoch(await log.epoch(db))
        open_channels = sorted({*self._feeds, *self._positions.channels})
        for start in range(0, len(open_channels), SLICE):
            self._heard_all(await log.tops(db, open_channels[start : start + SLICE]))

    def _heard_all(self, newest: Mapping[str, int]) -> None:
        for channel, number in newest.items():
            self._heard(Hint(channel, number))

    async def _tidy(self) -> None:
        """Close what nobody follows any more. Not at leaving: a reloading page would subscribe and unsubscribe."""
        for feed in [feed for feed in self._feeds.values() if feed.is_idle]:
            del self._feeds[feed.channel]
        for channel in sorted(self._listening):
            # Looked at one by one: somebody may have come while the one before was closed.
            if channel not in self._feeds and channel not in self._positions.channels:
                self._listening.discard(channel)
                await self._broker.unlisten(channel)

    async def _listen(self, channel: str) -> None:
        if channel not in self._listening:
            self._listening.add(channel)
            await self._broker.listen(channel)

    def _note_epoch(self, epoch: str) -> str:
        """Another epoch means that numbers may have gone back: forget them all, and let everyone start anew."""
        if self._epoch not in (None, epoch):
            for feed in self._feeds.values():
                feed.dismiss(wire.RESTART)
                feed.top, feed.wanted = None, 0
            self._positions.forget()
        self._epoch = epoch
        return epoch

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        """A herd of returning viewers queues here, not in the database's pool."""
        async with self._readers, self._open_reader() as db:
            yield db
