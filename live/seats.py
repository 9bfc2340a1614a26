"""Seats: who listens where, so that a right that ended ends its listening too. A seat is asked for once, however many sit in it.
One person keeps so many lines open in a process and no more: the oldest makes room.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Set
from contextlib import contextmanager

from sqlmodel.ext.asyncio.session import AsyncSession

from live import wire
from live.viewers import Viewer

# Whole towns share an address behind a carrier; a process has only so many files to open, and one crowded room must not take
# them all.
MOST_FROM_ADDRESS, MOST_IN_ROOM, MOST_HERE = 500, 7_500, 8_000
MOST_HELD = 20  # lines of one holder: tabs, phones, and the ones whose end nobody noticed yet
# Of these seats, those that are not theirs any more, each with the code they are told.
Permit = Callable[[AsyncSession, Set[Hashable]], Awaitable[Mapping[Hashable, int]]]


async def everybody(_db: AsyncSession, _seats: Set[Hashable]) -> Mapping[Hashable, int]:
    """Where nothing is ever taken back."""
    return {}


class Seats:
    def __init__(self, permit: Permit) -> None:
        self._permit = permit
        self._taken: dict[Hashable, set[Viewer]] = {}
        self._from: Counter[str] = Counter()  # viewers by address
        self._held: dict[str, list[Viewer]] = {}  # by holder, the oldest first
        self._coming: Counter[str] = Counter()  # on their way to a seat, by address
        self.taken = 0

    def is_free(self, address: str) -> bool:
        """Whether there is a seat for one more from there; those who are on their way to theirs have taken it."""
        coming, there = self._coming.total(), self._coming[address] + self._from[address]
        is_crowded = bool(address) and there >= MOST_FROM_ADDRESS  # nobody knows from where: nothing to count
        return self.taken + coming < MOST_HERE and not is_crowded

    @contextmanager
    def coming(self, address: str) -> Iterator[None]:
        self._coming[address] += 1
        try:
            yield
        finally:
            self._coming[address] -= 1
            if not self._coming[address]:
                del self._coming[address]

    def take(self, viewer: Viewer, leave: Callable[[Viewer], None]) -> None:
        self._taken.setdefault(viewer.seat, set()).add(viewer)
        self._from[viewer.address] += 1
        self.taken += 1
        if not viewer.holder:
            return
        held = self._held.setdefault(viewer.holder, [])
        held.append(viewer)
        for oldest in held[:-MOST_HELD]:
            leave(oldest)
            oldest.dismiss(wire.REPLACED)

    def leave(self, viewer: Viewer) -> None:
        there = self._taken.get(viewer.seat, set())
        if viewer not in there:
            return
        there.discard(viewer)
        self.taken -= 1
        self._from[viewer.address] -= 1
        if not self._from[viewer.address]:
            del self._from[viewer.address]
        if not there:
            del self._taken[viewer.seat]
        if viewer.holder:
            self._let_go(viewer)

    def empty(self) -> None:
        self._taken.clear()
        self._from.clear()
        self._held.clear()
        self.taken = 0

    async def clear(self, db: AsyncSession, leave: Callable[[Viewer], None]) -> None:
        """Let go whoever may not listen any more."""
        if not self._taken:
            return
        for seat, code in (await self._permit(db, frozenset(self._taken))).items():
            for viewer in list(self._taken.get(seat, ())):
                leave(viewer)
                viewer.dismiss(code)

    def _let_go(self, viewer: Viewer) -> None:
        held = self._held[viewer.holder]
        held.remove(viewer)
        if not held:
            del self._held[viewer.holder]
