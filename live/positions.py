"""The newest number of channels that somebody here cares about, at most `limit` of them: the keys of caches.

It only remembers what it is told; who listens, asks and refreshes is the hub.
"""

from collections import OrderedDict
from collections.abc import KeysView


class Positions:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._numbers: OrderedDict[str, int | None] = OrderedDict()

    @property
    def channels(self) -> KeysView[str]:
        return self._numbers.keys()

    def known(self, channel: str) -> int | None:
        number = self._numbers.get(channel)
        if number is not None:
            self._numbers.move_to_end(channel)
        return number

    def watch(self, channel: str) -> None:
        """From now on `raise_to` counts, even before anything is known."""
        self._numbers.setdefault(channel, None)
        while len(self._numbers) > self._limit:
            self._numbers.popitem(last=False)

    def raise_to(self, channel: str, number: int) -> None:
        """Numbers only grow; of what nobody watches, nothing is kept."""
        if channel in self._numbers:
            self._numbers[channel] = max(number, self._numbers[channel] or 0)

    def learn(self, channel: str, number: int) -> int:
        """What the log said, unless a later fact was heard of while it was asked."""
        self.watch(channel)
        self.raise_to(channel, number)
        return self._numbers[channel] or 0

    def forget(self) -> None:
        self._numbers.clear()
