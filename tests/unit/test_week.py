"""What people talk about this week: counted from what readers see, of seven days, and nothing else."""

import pytest

from engage import follows, forum, remarks, removals, week, work
from engage.remarks import Remark
from engage.takedowns import HideForm
from tests.unit.test_forum import Talk
from tests.unit.test_forum import talk as talk  # the fixture
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def _talked(town: Town) -> list[tuple[int, int]]:
    async with town.store.reading() as db:
        return [(one.listed[0].key, one.posts) for one in await week.talked(db, 5)]


async def _hide(town: Town, remark: Remark) -> None:
    async with town.store.transaction() as db:
        await removals.hide(db, town["moderator"], await remarks.one(db, remark.key), HideForm(reason="unclear"))


async def test_threads_stand_in_the_order_of_their_posts_of_seven_days(talk: Talk) -> None:
    town, quiet, busy = talk.town, await talk.thread(), await talk.thread()
    for number in range(3):
        await talk.reply(busy, f"Chỗ tôi họp vào chủ nhật, lần thứ {number}.")
    await work.settle_received(town.store)
    assert await _talked(town) == [(busy, 4), (quiet, 1)]
    town.clock.move(days=6)
    await talk.reply(quiet, "Chỗ tôi họp vào thứ bảy thì đông hơn.")
    await work.settle_received(town.store)
    town.clock.move(days=2)
    assert await _talked(town) == [(quiet, 1)]
    town.clock.move(days=7)
    assert await _talked(town) == []


async def test_what_was_taken_down_is_not_counted_and_a_hidden_thread_not_named(talk: Talk) -> None:
    town, thread_id = talk.town, await talk.thread()
    said = await talk.reply(thread_id, "Chỗ tôi họp vào chủ nhật cho đông.")
    await work.settle_received(town.store)
    await _hide(town, said)
    assert await _talked(town) == [(thread_id, 1)]
    async with town.store.reading() as db:
        opening = (
            await remarks.numbered(db, remarks.Said.POST, thread_id, forum.FIRST, forum.FIRST, town["moderator"])
        )[0]
    await _hide(town, opening)
    assert await _talked(town) == []


async def test_questions_stand_in_the_order_of_their_new_followers_and_hidden_ones_not_at_all(town: Town) -> None:
    first, second, held = await town.accepted(), await town.accepted(), (await town.held())[0]
    async with town.store.transaction() as db:
        for question_id, times in ((first, 1), (second, 2), (held, 3)):
            for number in range(times):
                await follows.follow(db, "question", question_id, f"v:{number}")
    async with town.store.reading() as db:
        assert [(one.listed.id, one.followers) for one in await week.followed(db, 5)] == [(second, 2), (first, 1)]
    town.clock.move(days=8)
    async with town.store.reading() as db:
        assert list(await week.followed(db, 5)) == []
