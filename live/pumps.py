"""Pumps: reading the log on for a feed that is behind, once for everyone in it, and never two at a time."""

import asyncio
from collections.abc import Callable

import structlog

from live import log
from live.feeds import Feed
from live.log import Event
from live.passages import Passages
from live.viewers import Frame

BATCH = 100
Seen = Callable[[Event], None]

logger = structlog.get_logger(__name__)


def unseen(_event: Event) -> None:
    """Where nobody measures how late facts are."""


class Pumps:
    """`epoch` says which life of the log this process knows; `seen` is told each fact that was handed out."""

    def __init__(self, passages: Passages, epoch: Callable[[], str | None], seen: Seen) -> None:
        self.failures = 0
        self._passages = passages
        self._epoch = epoch
        self._seen = seen
        self._running: dict[str, asyncio.Task[None]] = {}

    def wake(self, feed: Feed) -> None:
        """Old → nothing to do; newer → one reading of the log for everyone."""
        if feed.is_behind and feed.channel not in self._running:
            self._running[feed.channel] = asyncio.create_task(self._pump(feed))

    def is_running(self, feed: Feed) -> bool:
        return feed.channel in self._running

    def close(self) -> None:
        for task in self._running.values():
            task.cancel()

    async def _pump(self, feed: Feed) -> None:
        try:
            while feed.is_behind:
                await self._advance(feed)
        except Exception as failure:
            # The tick wakes it again; viewers lose time, never a fact.
            self.failures += 1
            logger.warning("hub.reading_failed", channel=feed.channel, failure=repr(failure))
        finally:
            del self._running[feed.channel]

    async def _advance(self, feed: Feed) -> None:
        epoch, top = self._epoch(), feed.top or 0
        async with self._passages.reading() as db:
            events = await log.since(db, feed.channel, top, BATCH)
            # Asked after the facts were read: those of another life of the log are never given to readers of this one.
            await self._passages.note_epoch(db)
            frames: dict[str, list[Frame]] = {}
            # Somebody with another language may join while we render, hence the loop.
            while events and (missing := feed.languages - frames.keys()):
                for language in sorted(missing):
                    frames[language] = await self._passages.shown(db, events, language)
            # No await between the comparison above and the handing out.
            if epoch != self._epoch():
                return
            if events:
                feed.hand_out(frames, events[-1].number)
                for event in events:
                    self._seen(event)
            else:
                feed.wanted = top
