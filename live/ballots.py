"""Ballots: votes that come within a moment are written together, and each voter is answered after the COMMIT that holds theirs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

WITHIN = 0.05  # seconds that the first of them waits for others
MOST = 500  # in one statement
MOST_WAITING = 5_000  # several seconds of them: whoever comes then is told to come again
TOO_MANY = "too_many_votes"

Vote = TypeVar("Vote")
# Writes them in their order and commits; for each the reason why it does not count, or None.
Write = Callable[[Sequence[Vote]], Awaitable[Sequence[str | None]]]


def uncounted(_together: int) -> None:
    """Where nobody counts how many are written at once."""


class Ballots(Generic[Vote]):
    def __init__(
        self,
        write: Write[Vote],
        *,
        within: float = WITHIN,
        most: int = MOST,
        most_waiting: int = MOST_WAITING,
        wrote: Callable[[int], None] = uncounted,
    ) -> None:
        """`wrote` is told how many were written together."""
        self._write = write
        self._wrote = wrote
        self._most_waiting = most_waiting
        self._within = within
        self._most = most
        self._waiting: list[tuple[Vote, asyncio.Future[str | None]]] = []
        self._is_full = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    async def cast(self, vote: Vote) -> str | None:
        """None when it is committed, or why it does not count. Raises what the writing raised: then it is not."""
        if len(self._waiting) >= self._most_waiting:
            return TOO_MANY
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((vote, answered))
        if len(self._waiting) >= self._most:
            self._is_full.set()
        if self._work is None:
            self._work = asyncio.create_task(self._count())
        return await answered

    async def _count(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                together, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._commit(together)
        finally:
            self._work = None

    async def _gather(self) -> None:
        if len(self._waiting) < self._most:
            self._is_full.clear()
            try:
                async with asyncio.timeout(self._within):
                    await self._is_full.wait()
            except TimeoutError:
                return

    async def _commit(self, together: Sequence[tuple[Vote, asyncio.Future[str | None]]]) -> None:
        try:
            reasons = await self._write([vote for vote, _ in together])
        except Exception as failure:
            for _, answered in together:
                if not answered.done():
                    answered.set_exception(failure)
            return
        self._wrote(len(together))
        for (_, answered), reason in zip(together, reasons, strict=True):
            if not answered.done():  # whoever voted and went is counted all the same
                answered.set_result(reason)
