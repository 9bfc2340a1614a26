"""Channels that are open in this process: a feed for each that somebody follows, and the newest number of each as far as known."""

import asyncio
from collections.abc import Callable, Iterator

from live.broker import Broker, Hint
from live.feeds import Feed
from live.positions import Positions


class Channels:
    """`watched`: for how many that nobody follows the newest number is kept."""

    def __init__(self, broker: Broker, watched: int) -> None:
        self.positions = Positions(watched)
        self._broker = broker
        self._feeds: dict[str, Feed] = {}
        self._listening: set[str] = set()

    def __iter__(self) -> Iterator[Feed]:
        return iter(self._feeds.values())

    def __contains__(self, channel: str) -> bool:
        return channel in self._feeds

    @property
    def names(self) -> list[str]:
        """Of all that must be kept up to date."""
        return sorted({*self._feeds, *self.positions.channels})

    def followed(self, channel: str) -> Feed | None:
        return self._feeds.get(channel)

    def feed(self, channel: str) -> Feed:
        return self._feeds.setdefault(channel, Feed(channel, _later))

    async def listen(self, channel: str) -> None:
        if channel not in self._listening:
            self._listening.add(channel)
            await self._broker.listen(channel)

    def heard(self, hint: Hint) -> Feed | None:
        """There is a fact with that number. Gives the feed that wants it."""
        self.positions.raise_to(hint.channel, hint.number)
        feed = self._feeds.get(hint.channel)
        if feed:
            feed.wanted = max(feed.wanted, hint.number)
        return feed

    async def close_idle(self, is_busy: Callable[[Feed], bool]) -> None:
        """What nobody follows any more. Not at leaving: a reloading page would subscribe and unsubscribe."""
        for feed in [feed for feed in self if feed.is_idle and not is_busy(feed)]:
            del self._feeds[feed.channel]
        for channel in sorted(self._listening):
            # Looked at one by one: somebody may have come while the one before was closed.
            if channel not in self._feeds and channel not in self.positions.channels:
                self._listening.discard(channel)
                await self._broker.unlisten(channel)

    def dismiss(self, code: int) -> None:
        """All who follow are sent away."""
        for feed in self:
            feed.dismiss(code)

    def forget(self) -> None:
        """Numbers may have gone back."""
        for feed in self:
            feed.top, feed.wanted = None, 0
        self.positions.forget()


def _later(seconds: float, act: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, act)
