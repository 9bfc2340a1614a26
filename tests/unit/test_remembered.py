"""Promises of what a process remembers: it is read once, and again as soon as its channel has moved on; never from a stale view."""

from contextlib import suppress

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies
from engage.db import Store, remembered
from live import log

pytestmark = pytest.mark.anyio


class Reader:
    def __init__(self) -> None:
        self.times = 0

    async def read(self) -> int:
        self.times += 1
        return self.times


async def ask(db: AsyncSession, reader: Reader) -> int:
    return await remembered(db, "thing", "directory", reader.read)


async def change(store: Store) -> None:
    async with store.transaction() as db:
        log.record(db, "directory", "directory.changed")


async def test_it_is_read_once_for_all_sessions(store: Store) -> None:
    reader = Reader()
    for _ in range(3):
        async with store.reading() as db:
            assert await ask(db, reader) == 1


async def test_a_fact_on_the_channel_makes_it_read_again(store: Store) -> None:
    reader = Reader()
    async with store.reading() as db:
        assert await ask(db, reader) == 1
    await change(store)
    async with store.reading() as db:
        assert await ask(db, reader) == 2


async def test_what_the_process_was_told_saves_the_question(store: Store) -> None:
    reader = Reader()
    async with store.reading() as db:
        await ask(db, reader)
    await change(store)
    store.known = lambda _channel: 0  # not told yet: up to two seconds pass
    async with store.reading() as db:
        assert await ask(db, reader) == 1
    store.known = lambda _channel: 1
    async with store.reading() as db:
        assert await ask(db, reader) == 2


async def test_what_the_process_knows_to_stand_is_had_without_a_session(store: Store) -> None:
    reader = Reader()
    assert store.kept("thing", "directory") is None  # never read
    async with store.reading() as db:
        await ask(db, reader)
    assert store.kept("thing", "directory") is None  # nobody follows the channel: only the log can tell
    store.known = lambda _channel: 0
    assert store.kept("thing", "directory") == 1
    await change(store)
    store.known = lambda _channel: 1
    assert store.kept("thing", "directory") is None


async def test_told_of_more_than_a_session_can_see_nothing_old_is_kept_as_new(store: Store) -> None:
    reader = Reader()
    store.known = lambda _channel: 1
    async with store.reading() as db:  # its view of the log stands at 0
        assert await ask(db, reader) == 1
    await change(store)
    async with store.reading() as db:
        assert await ask(db, reader) == 2


async def test_rows_of_the_directory_outlive_the_session_that_failed(directory: Store) -> None:
    with suppress(RuntimeError):
        async with directory.transaction() as db:
            await agencies.every_agency(db)
            raise RuntimeError
    async with directory.reading() as db:
        every = await agencies.every_agency(db)
    assert all(agency.name_vi for agency in every)


async def test_another_life_of_the_log_makes_it_read_again_although_the_number_is_the_same(store: Store) -> None:
    reader = Reader()
    store.note_epoch("first")
    store.known = lambda _channel: 0
    for epoch, times in (("first", 1), ("first", 1), ("restored", 2)):
        store.note_epoch(epoch)
        async with store.reading() as db:
            assert await ask(db, reader) == times
