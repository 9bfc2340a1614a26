"""Seats: who listens where, so that a right that ended ends its listening too. A seat is asked for once, however many sit in it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping, Set

from sqlmodel.ext.asyncio.session import AsyncSession

from live.viewers import Viewer

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

    @property
    def taken(self) -> int:
        return sum(map(len, self._taken.values()))

    def taken_from(self, address: str) -> int:
        return self._from[address]

    def take(self, viewer: Viewer) -> None:
        self._taken.setdefault(viewer.seat, set()).add(viewer)
        self._from[viewer.address] += 1

    def leave(self, viewer: Viewer) -> None:
        there = self._taken.get(viewer.seat, set())
        if viewer not in there:
            return
        there.discard(viewer)
        self._from -= Counter([viewer.address])  # entries at zero go
        if not there:
            del self._taken[viewer.seat]

    def empty(self) -> None:
        self._taken.clear()
        self._from.clear()

    async def clear(self, db: AsyncSession, leave: Callable[[Viewer], None]) -> None:
        """Let go whoever may not listen any more."""
        if not self._taken:
            return
        for seat, code in (await self._permit(db, frozenset(self._taken))).items():
            for viewer in list(self._taken.get(seat, ())):
                leave(viewer)
                viewer.dismiss(code)
