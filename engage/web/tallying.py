"""Counts that pass: what is sent when they have changed, read from the rows, once for all who follow.

A type of count is a line in `TALLIES`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import archive, desks, queues, review, voting
from engage.db import Teller, now
from engage.questions import SURFACE
from live.log import Fact

AGENCY = "agency:"
Tally = Callable[[AsyncSession, str, Set[int]], Awaitable[Mapping[str, Any]]]


async def tally(db: AsyncSession, channel: str, type: str, ids: Set[int]) -> Mapping[str, Any]:
    return await TALLIES[type](db, channel, ids)


async def waiting(db: AsyncSession, channel: str, _ids: Set[int]) -> Mapping[str, int]:
    """What lies on a desk, as everybody at it may know: sealed cases are counted on the pages of those who may open them."""
    if channel == review.CHANNEL:
        cases = await queues.tally(db, False, now(db))
        return {"cases": cases["all"], "unrouted": await archive.count_unrouted(db)}
    return await desks.totals(db, int(channel.removeprefix(AGENCY)))


async def votes(db: AsyncSession, _channel: str, ids: Set[int]) -> Mapping[str, int]:
    return {str(question_id): times for question_id, times in (await voting.counts(db, ids)).items()}


TALLIES: Mapping[str, Tally] = {review.WAITING: waiting, voting.COUNT: votes}


class Desks:
    """Tells a listener on. Whatever is recorded on an agency's channel, or happens to a question, may change how much lies
    on a desk: no verb has to say it, but for those that record nothing."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    async def tell(self, facts: list[Fact]) -> None:
        await self._teller.tell(facts)
        for channel in sorted({channel for fact in facts for channel in _desks(fact)}):
            await self._teller.stir(channel, review.WAITING, ())

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        await self._teller.stir(channel, type, ids)


def _desks(fact: Fact) -> set[str]:
    own = {fact.channel} if fact.channel.startswith(AGENCY) else set()
    return own | {review.CHANNEL} if fact.channel == review.CHANNEL or SURFACE in fact.ids else own
