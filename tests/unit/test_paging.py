"""A promise of everything that lists, in every statement that is run: none has an OFFSET."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql import visitors

from engage import archive, desks, lists
from engage.desks import Wanted
from engage.lists import Filters, Order, Which
from engage.queues import Wanted as Narrowed
from moderation import queue
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio


@contextmanager
def watched(town: Town) -> Iterator[list[Any]]:
    """Every statement that is run meanwhile, before it is written in a database's own words: SQLite's always say OFFSET 0."""
    said: list[Any] = []

    def listen(_connection: Any, statement: Any, *_: Any) -> None:
        said.append(statement)

    engine = town.store.engine.sync_engine
    sa.event.listen(engine, "before_execute", listen)
    yield said
    sa.event.remove(engine, "before_execute", listen)


def skips(statement: Any) -> bool:
    parts = list(visitors.iterate(statement))
    written = any("offset" in part.text.casefold() for part in parts if isinstance(part, sa.TextClause))
    return written or any(part._offset_clause is not None for part in parts if isinstance(part, sa.GenerativeSelect))


def test_a_statement_that_skips_rows_is_noticed() -> None:
    numbers = sa.select(sa.literal(1)).limit(1)
    assert skips(sa.select(numbers.offset(1).subquery()))
    assert skips(sa.text("select 1 limit 1 offset 1"))
    assert not skips(sa.select(numbers.subquery()))


async def test_lists_desks_queues_and_search_are_paged_without_an_offset(town: Town) -> None:
    place, agency = (town.clock.now, 7), town.agencies[INSURANCE]
    with watched(town) as said:
        async with town.store.reading() as db:
            for which in Which:
                for way in ({}, {"after": place}, {"before": place}):
                    await lists.listed(db, Filters(topic_id=1, which=which), 20, **way)
                for order in Order:
                    await lists.searched(db, "bảo hiểm", Filters(which=which), order, 20, page=3)
            for tab in desks.TABS:
                wanted = Wanted(tab, typed="bảo hiểm")
                await desks.listed(db, town["coordinator"], agency, wanted, 50, place)
            await desks.parts(db, agency, 50)
            await desks.counts(db, town["coordinator"], agency, "working", frozenset({1}))
            await queue.waiting(db, True, 50, place, Narrowed(words="bảo hiểm").wheres(town.clock.now))
            await archive.near(db, "Rút bảo hiểm xã hội một lần", 5, 0.5)
            await archive.unrouted(db, 50)
    assert len(said) >= 30
    assert not [str(one) for one in said if skips(one)]
