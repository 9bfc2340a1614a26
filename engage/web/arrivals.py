"""Arrivals at the live rooms, looked up together: whoever comes while others are looked up is looked up with the next ones.

When thousands come back at once, the database is asked a few times instead of thousands. The first of them waits for nobody.
"""

import asyncio

from engage.access import PUBLIC, Actor
from engage.db import Store
from engage.web import seating
from engage.web.rooms import NOWHERE, Standing
from engage.web.seating import Seat

MOST = 500  # in one statement


class Arrivals:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Seat, asyncio.Future[tuple[Actor, Standing]]]] = []
        self._work: asyncio.Task[None] | None = None

    async def meet(self, seat: Seat) -> tuple[Actor, Standing]:
        """Who wants to sit there, and how the thing stands that it is about."""
        if seat.is_public and seat.kind not in seating.STANDING:
            return PUBLIC, NOWHERE
        met: asyncio.Future[tuple[Actor, Standing]] = asyncio.get_running_loop().create_future()
        self._waiting.append((seat, met))
        if self._work is None:
            self._work = asyncio.create_task(self._look_up_all())
        return await met

    async def _look_up_all(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._look_up(together)
        finally:
            self._work = None

    async def _look_up(self, together: list[tuple[Seat, asyncio.Future[tuple[Actor, Standing]]]]) -> None:
        try:
            async with self._store.reading() as db:
                known = await seating.known(db, {seat for seat, _ in together})
        except Exception as failure:
            for _, met in together:
                if not met.done():
                    met.set_exception(failure)
            return
        for seat, met in together:
            if not met.done():  # gone again
                met.set_result(known[seat])
