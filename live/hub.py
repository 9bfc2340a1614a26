"""The hub brings the facts of the log to everyone who listens in this process, in order, once, without a gap.

The log is the truth and hints only say when to look. It does not know what a fact means, nor how it is carried.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from live import log, wire
from live.broker import Broker, Hint, Stir
from live.channels import Channels
from live.feeds import Feed
from live.log import Fact
from live.passages import FAR, OpenReader, Passages, Show
from live.presence import Presence, nowhere
from live.pumps import Pumps, Seen, unseen
from live.seats import MOST_IN_ROOM, Permit, Seats, everybody
from live.stirs import Stirs, Tally, nothing
from live.viewers import Frame, Passage, Place, Viewer

SLICE = 500
WATCHED = 5_000
TRIES = 20
WINDOW = timedelta(seconds=10)
SWEEP = timedelta(seconds=30)

logger = structlog.get_logger(__name__)


class Hub:
    """One per process. `show` makes of each event, in the same order, what is sent in a language; `tally` of what was stirred
    the numbers as they are now; `permit` says which seats are not theirs any more; `counted` in which rooms presence is told;
    `seen` is told each fact that went out."""

    def __init__(
        self,
        open_reader: OpenReader,
        broker: Broker,
        show: Show,
        clock: Callable[[], datetime],
        *,
        tally: Tally = nothing,
        permit: Permit = everybody,
        counted: Callable[[str], bool] = nowhere,
        seen: Seen = unseen,
        every: float = 1.0,
        watched: int = WATCHED,
    ) -> None:
        self.clock = clock
        self._failures = 0
        self._broker = broker
        self._every = every
        self._passages = Passages(open_reader, show, self._note_epoch)
        self._pumps = Pumps(self._passages, lambda: self._epoch, seen)
        self._channels = Channels(broker, watched)
        self._seats = Seats(permit)
        self._stirs = Stirs(self.pass_on, tally, self._passages.reading)
        self.presence = Presence(self._sizes, broker, self.pass_on, counted)
        self._serials = itertools.count()
        self._epoch: str | None = None
        self._sweep_due: datetime | None = None
        self._is_draining = False
        broker.on_hint = self._heard
        broker.on_stir = self._stirred

    # Who follows

    async def join(self, viewer: Viewer, *places: Place) -> None:
        """Follow channels, the room's first: a greeting, what was missed in each, then what happens.

        The caps are asked again here: whoever comes at the same moment is on the way, and counts."""
        if not self.has_room(places[0].channel, viewer.address):
            viewer.dismiss(wire.TOO_MANY)
            return
        viewer.places, viewer.serial = places, next(self._serials)
        feeds = [self._channels.feed(place.channel) for place in places]
        for feed in feeds:
            feed.joining += 1
        with self._seats.coming(viewer.address):
            await self._enter(viewer, places, feeds)

    async def _enter(self, viewer: Viewer, places: tuple[Place, ...], feeds: list[Feed]) -> None:
        try:
            for place in places:
                await self._channels.listen(place.channel)
            await self._greet(viewer, places, [await self._first(viewer, place) for place in places])
            for _ in range(TRIES):
                if not any(feed.has_passed(place.position) for feed, place in zip(feeds, places, strict=True)):
                    break
                for place in places:
                    passage = await self.read(place.channel, viewer.language, place.position, viewer.epoch)
                    await viewer.give(place.continued(passage))
            # No await between the comparison above and this: nothing can be handed out in between.
            self._admit(viewer, feeds)
        finally:
            for feed in feeds:
                feed.joining -= 1

    def leave(self, viewer: Viewer) -> None:
        self._seats.leave(viewer)
        for place in viewer.places:
            if feed := self._channels.followed(place.channel):
                feed.leave(viewer)

    async def read(
        self, channel: str, language: str, after: int | None = None, epoch: str | None = None, limit: int = FAR
    ) -> Passage:
        """What follows a position, or where a reader has to start when that position cannot be continued."""
        return await self._passages.after(channel, language, after, epoch, limit)

    @property
    def failures(self) -> int:
        return self._failures + self._pumps.failures

    @property
    def viewers(self) -> int:
        return self._seats.taken

    def has_room(self, channel: str, address: str) -> bool:
        feed = self._channels.followed(channel)
        return self._seats.is_free(address) and (feed is None or feed.size + feed.joining < MOST_IN_ROOM)

    def size(self, channel: str) -> int:
        """How many follow that channel in this process."""
        feed = self._channels.followed(channel)
        return feed.size if feed else 0

    def known(self, channel: str) -> int | None:
        """The newest number as far as this process knows without asking: at most two seconds old."""
        return self._channels.positions.known(channel)

    async def position(self, channel: str) -> int:
        """The newest number, and from now on it is kept up to date."""
        number = self.known(channel)
        if number is not None:
            return number
        for _ in range(TRIES):
            # Watched before asked: a fact that comes in between raises what we are about to learn.
            self._channels.positions.watch(channel)
            await self._channels.listen(channel)
            top = await self._passages.top(channel)
            if channel in self._channels.positions.channels:
                break  # else all was forgotten meanwhile: that was a number of another life
        return self._channels.positions.learn(channel, top)

    async def epoch(self) -> str:
        return self._epoch or await self._passages.epoch()

    # What happens

    async def tell(self, facts: Iterable[Fact]) -> None:
        """After COMMIT: this process knows at once, the others are given a hint."""
        newest: dict[str, int] = {}
        for fact in facts:
            newest[fact.channel] = max(fact.number, newest.get(fact.channel, 0))
        hints = [Hint(channel, number, self._epoch or "") for channel, number in newest.items()]
        for hint in hints:
            self._heard(hint)
        await self._broker.tell(hints)

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        """After COMMIT: numbers that change often have changed. What they are now is read when it is their turn to be sent."""
        stir = Stir(channel, type, tuple(ids))
        self._stirred(stir)
        await self._broker.stir(stir)

    def pass_on(self, channel: str, type: str, data: Mapping[str, Any]) -> None:
        """To those who follow that channel in this process, and to nobody who comes later."""
        if feed := self._channels.followed(channel):
            feed.pass_on(type, data)

    def drain(self) -> None:
        """The process ends: everyone is sent away with a moment to come back at."""
        self._is_draining = True
        self._dismiss_all()

    async def run(self) -> None:
        """Receive hints and look for lost ones, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._broker.run())
                group.create_task(self._ticking())
                group.create_task(self.presence.run())
        finally:
            self._pumps.close()
            self._stirs.close()

    async def tick(self) -> None:
        """Find the hints that never came, and whoever may not listen any more; every half minute compare all that is open."""
        now = self.clock()
        await self._channels.close_idle(self._pumps.is_running)
        async with self._passages.reading() as db:
            await self._passages.note_epoch(db)
            self._heard_all(await log.recent(db, now - WINDOW))
            if self._sweep_due is None or not now < self._sweep_due <= now + SWEEP:  # clocks are set back, too
                await self._sweep(db)
                self._sweep_due = now + SWEEP
            await self._seats.clear(db, self.leave)
        for feed in self._channels:
            self._pumps.wake(feed)

    def _heard(self, hint: Hint) -> None:
        if hint.epoch and self._epoch and hint.epoch != self._epoch:
            return  # a number of another life says nothing here; whose life is the newer one the next tick finds out
        if feed := self._channels.heard(hint):
            self._pumps.wake(feed)

    def _stirred(self, stir: Stir) -> None:
        if stir.channel in self._channels:
            self._stirs.note(stir)

    def _sizes(self) -> dict[str, int]:
        return {feed.channel: feed.size for feed in self._channels}

    async def _first(self, viewer: Viewer, place: Place) -> Passage:
        feed = self._channels.feed(place.channel)
        known = self._abreast(feed, place.after, place.epoch)
        passage = known or await self.read(place.channel, viewer.language, place.after, place.epoch)
        viewer.epoch = viewer.epoch or passage.epoch
        place.start, place.position, place.top = passage.start, passage.start, passage.top
        return passage

    async def _greet(self, viewer: Viewer, places: tuple[Place, ...], passages: list[Passage]) -> None:
        tops = [place.top for place in places]
        me = tops[1] if len(tops) > 1 else 0
        hello = wire.hello(viewer.epoch or "", tops[0], self.clock(), me=me, role=viewer.role)
        frames = [Frame(0, hello)]
        for place, passage in zip(places, passages, strict=True):
            frames += place.continued(passage)
        await viewer.give([*frames, *self.presence.greeting(places[0].channel)])

    def _abreast(self, feed: Feed, after: int | None, epoch: str | None) -> Passage | None:
        """Most who come stand where the feed stands (a herd after a restart): nobody asks the log for them."""
        if feed.top is None or self._epoch is None or epoch not in (None, self._epoch):
            return None
        return Passage(self._epoch, feed.top, feed.top) if after in (None, feed.top) else None

    def _admit(self, viewer: Viewer, feeds: list[Feed]) -> None:
        has_passed = any(feed.has_passed(place.position) for feed, place in zip(feeds, viewer.places, strict=True))
        if self._is_draining or viewer.epoch != self._epoch or has_passed:
            viewer.dismiss(wire.RESTART)
            return
        viewer.begin()
        if viewer.code is not None:
            return
        self._seats.take(viewer, self.leave)
        for feed, place in zip(feeds, viewer.places, strict=True):
            feed.admit(viewer, place.position)
            self._pumps.wake(feed)

    async def _ticking(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception as failure:
                self._failures += 1
                logger.warning("hub.tick_failed", failure=repr(failure))
            await asyncio.sleep(self._every)

    async def _sweep(self, db: AsyncSession) -> None:
        open_channels = self._channels.names
        for start in range(0, len(open_channels), SLICE):
            self._heard_all(await log.tops(db, open_channels[start : start + SLICE]))

    def _heard_all(self, newest: Mapping[str, int]) -> None:
        for channel, number in newest.items():
            self._heard(Hint(channel, number))

    def _note_epoch(self, epoch: str) -> str:
        """Another epoch means that numbers may have gone back: forget them all, and let everyone start anew."""
        if self._epoch not in (None, epoch):
            self._dismiss_all()
            self._channels.forget()
        self._epoch = epoch
        return epoch

    def _dismiss_all(self) -> None:
        self._channels.dismiss(wire.RESTART)
        self._seats.empty()
