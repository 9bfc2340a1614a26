"""Promises to those who come to the live rooms: each is taken for who it is, and a herd is looked up together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import people
from engage.access import PUBLIC
from engage.db import MOST_ID, Store
from engage.errors import Unavailable
from engage.web.arrivals import Arrivals
from engage.web.rooms import NOWHERE, Standing
from engage.web.seating import Seat
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
OPEN = Standing(is_public=True, is_sealed=False)


class Counted(Store):
    """Says how often it was read; away when it is told to be."""

    reads = 0
    is_away = False

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        self.reads += 1
        if self.is_away:
            raise Unavailable()
        async with super().reading() as db:
            yield db


@pytest.fixture
async def store(town: Town) -> AsyncIterator[Counted]:
    counted = Counted(town.store.engine.url.render_as_string(hide_password=False), clock=town.clock)
    yield counted
    await counted.close()


async def session_of(town: Town, who: str) -> str:
    async with town.store.transaction() as db:
        return await people.sign_in(db, town.id(who))


async def test_a_herd_is_looked_up_in_two_readings_and_everyone_is_who_they_are(town: Town, store: Counted) -> None:
    question_id = await town.accepted()
    sessions = {who: await session_of(town, who) for who in ("moderator", "official", "approver")}
    arrivals = Arrivals(store)
    seats = [Seat("question", question_id, token) for token in sessions.values()] * 100
    met = await asyncio.gather(*(arrivals.meet(seat) for seat in seats))
    assert [who.person_id for who, _ in met] == [town.id(who) for who in sessions] * 100
    assert {question for _, question in met} == {OPEN}
    assert store.reads <= 2


async def test_a_reader_of_the_list_is_let_in_without_asking_the_database(store: Counted) -> None:
    assert await Arrivals(store).meet(Seat("questions", 0)) == (PUBLIC, NOWHERE)
    assert not store.reads


async def test_nobody_is_known_by_a_session_that_nobody_has(store: Counted) -> None:
    assert await Arrivals(store).meet(Seat("me", 0, "made-up")) == (PUBLIC, NOWHERE)


async def test_a_number_that_no_column_holds_harms_nobody_who_came_with_it(town: Town, store: Counted) -> None:
    question_id, arrivals = await town.accepted(), Arrivals(store)
    asked = (arrivals.meet(Seat("question", number)) for number in (10**30, MOST_ID + 1, question_id))
    assert [question for _, question in await asyncio.gather(*asked)] == [NOWHERE, NOWHERE, OPEN]


async def test_when_the_database_is_away_all_are_told_so_and_the_next_are_looked_up(town: Town, store: Counted) -> None:
    seat, arrivals = Seat("question", await town.accepted()), Arrivals(store)
    store.is_away = True
    told = await asyncio.gather(*(arrivals.meet(seat) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == [Unavailable] * 3
    store.is_away = False
    assert await arrivals.meet(seat) == (PUBLIC, OPEN)


async def test_who_goes_while_it_is_looked_up_takes_nothing_from_the_others(town: Town, store: Counted) -> None:
    seat, arrivals = Seat("question", await town.accepted()), Arrivals(store)
    first, second = asyncio.ensure_future(arrivals.meet(seat)), asyncio.ensure_future(arrivals.meet(seat))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == (PUBLIC, OPEN)
