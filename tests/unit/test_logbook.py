import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import logbook
from engage.db import Store
from live import log
from live.log import Event

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(logbook, "PAGE", 3)
    for number in range(8):
        async with store.transaction() as db:
            log.record(db, "review", "case.opened", case=number)
    return store


async def told(store: Store, after: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) async for line in logbook.lines(store, "review", after)]


async def test_pages_follow_each_other_without_a_seam(store: Store) -> None:
    head, *facts = await told(store)
    assert (head["top"], [fact["ids"]["case"] for fact in facts]) == (8, list(range(8)))
    assert [fact["number"] for fact in (await told(store, 4))[1:]] == [5, 6, 7, 8]


async def test_what_was_trimmed_is_told_by_the_head(store: Store) -> None:
    await forget(store, 5)
    head, *facts = await told(store)
    assert (head["kept_from"], [fact["number"] for fact in facts]) == (6, [6, 7, 8])
    await forget(store, 8)
    assert [line["kept_from"] for line in await told(store)] == [None]


@pytest.mark.parametrize("is_restored", [True, False])
async def test_a_log_that_changes_meanwhile_is_never_told_as_if_it_were_whole(store: Store, is_restored: bool) -> None:
    lines = logbook.lines(store, "review")
    for _ in range(3):
        await anext(lines)
    if is_restored:
        async with store.transaction() as db:
            await log.new_epoch(db)
    else:
        await forget(store, 6)
    with pytest.raises(logbook.Changed):
        assert [line async for line in lines]


async def forget(store: Store, upto: int) -> None:
    async with store.transaction() as db:
        await db.exec(sa.delete(Event).where(col(Event.number) <= upto))
