"""Promises of notices: each is sent by one worker at a time, none is lost, and a mail server that is away is asked more rarely."""

from datetime import timedelta

import anyio
import pytest
from sqlmodel import col, select

from engage import notices
from engage.notices import LEASE, LONGEST_BACK_OFF, Kind, Notice
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
A_MOMENT = timedelta(microseconds=1)


async def write(town: Town, times: int = 1) -> None:
    async with town.store.transaction() as db:
        for thing in range(1, times + 1):
            await notices.write(db, town.id("moderator"), Kind.ACCEPTED, "question", thing)


async def claim(town: Town, most: int = 50) -> list[Notice]:
    async with town.store.transaction() as db:
        return list(await notices.claim(db, most))


async def put_off(town: Town, notice: Notice) -> None:
    async with town.store.transaction() as db:
        await notices.put_off(db, notice)


async def stored(town: Town) -> list[Notice]:
    async with town.store.reading() as db:
        return list(await db.exec(select(Notice).order_by(col(Notice.id))))


async def test_a_notice_holds_no_words_and_is_due_at_once(town: Town) -> None:
    await write(town)
    (notice,) = await stored(town)
    assert (notice.kind, notice.thing_id, notice.tries, notice.sent_at) == ("accepted", 1, 0, None)
    assert notice.created_at == notice.due_at == town.clock.now


async def test_what_one_worker_claimed_no_other_gets_while_the_lease_runs(town: Town) -> None:
    await write(town, 5)
    assert len(await claim(town, 2)) == 2
    assert len(await claim(town)) == 3
    assert await claim(town) == []
    town.clock.now += LEASE
    assert await claim(town) == []


async def test_a_crashed_workers_share_comes_back_by_itself(town: Town) -> None:
    await write(town, 2)
    await claim(town)
    town.clock.now += LEASE + A_MOMENT
    assert [notice.tries for notice in await claim(town)] == [2, 2]


async def test_the_oldest_are_claimed_first(town: Town) -> None:
    await write(town, 3)
    town.clock.move(60)
    await write(town, 3)
    assert {notice.id for notice in await claim(town, 4)} == {1, 2, 3, 4}


async def test_workers_that_claim_at_once_never_get_the_same_notice(town: Town) -> None:
    await write(town, 40)
    claimed: list[int | None] = []

    async def work() -> None:
        while share := await claim(town, 3):
            claimed.extend(notice.id for notice in share)

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(work)
    assert sorted(id for id in claimed if id) == list(range(1, 41))


async def test_what_was_sent_is_never_claimed_again(town: Town) -> None:
    await write(town)
    (notice,) = await claim(town)
    async with town.store.transaction() as db:
        await notices.note_sent(db, notice)
    town.clock.move(days=30)
    assert await claim(town) == []
    assert (await stored(town))[0].locked_until is None


async def test_a_mail_server_that_is_away_is_asked_half_as_often_each_time_for_ever(town: Town) -> None:
    await write(town)
    waits: list[float] = []
    for _ in range(16):
        (notice,) = await claim(town)
        await put_off(town, notice)
        (later,) = await stored(town)
        waits.append((later.due_at - town.clock.now).total_seconds())
        town.clock.now = later.due_at - A_MOMENT
        assert await claim(town) == []
        town.clock.now = later.due_at
    hour = LONGEST_BACK_OFF.total_seconds()
    assert waits == [30, 60, 120, 240, 480, 960, 1920, *([hour] * 9)]


async def test_a_notice_lives_and_dies_with_the_transaction_that_makes_it_true(town: Town) -> None:
    async with town.store.transaction() as db:
        await notices.write(db, town.id("moderator"), Kind.ACCEPTED, "question", 1)
        await db.rollback()
    assert await stored(town) == []


async def test_what_was_due_in_a_told_past_is_not_sent_now(town: Town) -> None:
    await write(town, 2)
    async with town.store.transaction() as db:
        await notices.write(db, town.id("moderator"), Kind.ACCEPTED, "question", 3, wait=A_MOMENT)
        await notices.note_past(db)
    town.clock.now += A_MOMENT
    assert [notice.thing_id for notice in await claim(town)] == [3]
    assert [notice.sent_at == notice.due_at for notice in await stored(town)] == [True, True, False]
