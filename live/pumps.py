"""Pumps: reading the log on for a feed that is behind, once for everyone in it, and never two at a time."""

import asyncio
from collections.abc import Callable

import structlog

from live import log
from live.feeds import Feed
from live.log import Event
from live.passages import Passages
from live.viewers import Frame, in_one_go

BATCH = 100
# What leaves in one go stays well below what may wait for one reader: a burst of long facts makes nobody too slow.
MOST_LETTERS = 48_000
REST = 0.025  # seconds
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
            is_whole = True
            while feed.is_behind:
                # Of more than goes at once each part leaves first: else the window would gather one upon another.
                if is_whole or not feed.is_gathering:
                    is_whole = await self._advance(feed)
                else:
                    await asyncio.sleep(REST)
        except Exception as failure:
            # The tick wakes it again; viewers lose time, never a fact.
            self.failures += 1
            logger.warning("hub.reading_failed", channel=feed.channel, failure=repr(failure))
        finally:
            del self._running[feed.channel]

    async def _advance(self, feed: Feed) -> bool:
        """False when there was more than goes at once."""
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
                return True
            if not events:
                feed.wanted = top
                return True
            many = min((in_one_go(those, MOST_LETTERS) for those in frames.values()), default=len(events))
            feed.hand_out({language: those[:many] for language, those in frames.items()}, events[many - 1].number)
            for event in events[:many]:
                self._seen(event)
            return many == len(events)
