"""Threads as readers meet them: nothing of one whose opening they do not see, in lists, search, rooms; pages by their numbers."""

from typing import Any

import pytest

from engage import bookmarks, forum, remarks, removals, threads, work
from engage.access import PUBLIC
from engage.errors import Conflict, NotAllowed, Refused
from engage.remarks import Remark
from engage.takedowns import HideForm
from engage.web import seating
from engage.web.forum import shown
from engage.web.pieces import Press
from engage.web.rooms import Rooms
from engage.web.seating import Seat
from live import log, wire
from tests.unit.test_forum import OPEN, Talk
from tests.unit.test_forum import talk as talk  # the fixture
from tests.unit.town import Town
from tests.unit.watching import TEMPLATES

pytestmark = pytest.mark.anyio
CANARY = "Kim tước hót ngoài đồng làng tôi."


async def _said(town: Town, thread_id: int) -> list[dict[str, Any]]:
    async with town.store.reading() as db:
        return await Rooms(TEMPLATES).say(db, await log.since(db, f"thread:{thread_id}", 0), "vi")


async def _opening(talk: Talk, thread_id: int) -> Remark:
    async with talk.town.store.reading() as db:
        return (await forum.seen_by(db, PUBLIC, thread_id))[1]


async def _hide(talk: Talk, remark: Remark, who: str = "moderator") -> None:
    async with talk.town.store.transaction() as db:
        again = await remarks.one(db, remark.key)
        await removals.hide(db, talk.town[who], again, HideForm(reason="unclear"))


async def test_a_new_post_brings_its_piece_and_one_taken_down_only_its_number(talk: Talk) -> None:
    thread_id = await talk.thread()
    said = await talk.reply(thread_id, CANARY, reply_to=1)
    await work.settle_received(talk.town.store)
    told = (await _said(talk.town, thread_id))[-1]
    assert (told["type"], told["put"]) == ("remark.accepted", "p2")
    assert CANARY in told["html"]
    await _hide(talk, said)
    told = await _said(talk.town, thread_id)
    assert told[-1] | {"data": 0, "thing": 0} == {"type": wire.REMOVED, "remove": "p2", "data": 0, "thing": 0}
    assert CANARY not in str(told)


async def test_without_its_opening_a_thread_is_nowhere(talk: Talk) -> None:
    thread_id = await talk.thread()
    await talk.reply(thread_id, CANARY)
    await work.settle_received(talk.town.store)
    found = await talk.found("kim tuoc hot")
    seat = Seat("thread", thread_id)
    async with talk.town.store.reading() as db:
        assert len(await threads.posts(db, found)) == 1
        assert [thread.key for thread, _ in await threads.newest(db, OPEN, 5)] == [thread_id]
        assert not await seating.permit(db, {seat})
    await _hide(talk, await _opening(talk, thread_id))
    async with talk.town.store.reading() as db:
        assert not await threads.posts(db, await threads.found(db, "kim tuoc hot"))
        assert not await threads.newest(db, OPEN, 5)
        assert not await threads.latest(db, OPEN, 5)
        assert not await threads.counts(db)
        assert await seating.permit(db, {seat}) == {seat: wire.NO_ROOM}
    assert CANARY not in str(await _said(talk.town, thread_id))


async def test_a_page_holds_its_numbers_whatever_was_taken_down(talk: Talk) -> None:
    thread_id = await talk.thread()
    for number in range(2, threads.PAGE + 4):
        await talk.reply(thread_id, f"Ý thứ {number} của tôi về việc này.")
    await work.settle_received(talk.town.store)
    async with talk.town.store.reading() as db:
        gone = (await remarks.numbered(db, remarks.Said.POST, thread_id, 5, 5, PUBLIC))[0]
    await _hide(talk, gone)
    async with talk.town.store.reading() as db:
        row = await forum.one(db, thread_id)
        view = await _view(talk)
        first, second = [await shown.page(db, view, row, page, PUBLIC) for page in (1, 2)]
        to_moderators = await shown.page(db, view, row, 1, talk.town["moderator"])
    assert [one["number"] for one in first] == list(range(1, threads.PAGE + 1))
    assert [one["number"] for one in second] == [31, 32, 33]
    assert [one["number"] for one in first if one["is_gone"]] == [5]
    assert first[4]["id"] is None
    assert to_moderators[4]["id"] == gone.key
    assert (threads.page_of(30), threads.page_of(31)) == (1, 2)


async def _view(talk: Talk) -> Any:
    async with talk.town.store.reading() as db:
        return (await Press.of(db, TEMPLATES, "vi")).view


async def test_only_a_moderator_takes_down_with_a_reason_and_puts_back_once(talk: Talk) -> None:
    thread_id = await talk.thread()
    said = await talk.reply(thread_id, CANARY)
    await work.settle_received(talk.town.store)
    with pytest.raises(NotAllowed):
        await _hide(talk, said, who="official")
    async with talk.town.store.transaction() as db:
        with pytest.raises(Refused):
            await removals.hide(db, talk.town["moderator"], await remarks.one(db, said.key), HideForm(reason="none"))
    await _hide(talk, said)
    with pytest.raises(Conflict):
        await _hide(talk, said)
    async with talk.town.store.transaction() as db:
        await removals.restore(db, talk.town["moderator"], await remarks.one(db, said.key))
    assert (await talk.one(said)).number == 2
    assert CANARY in await talk.shown(thread_id)


async def test_how_far_one_has_read_never_goes_back(talk: Talk) -> None:
    thread_id, reader = await talk.thread(), talk.town.id("official")
    for number in (3, 1):
        async with talk.town.store.transaction() as db:
            await bookmarks.reach(db, reader, thread_id, number)
    async with talk.town.store.transaction() as db:
        await bookmarks.follow(db, reader, thread_id, (await forum.one(db, thread_id)).top, on=True)
        mark = (await bookmarks.of(db, reader, [thread_id]))[thread_id]
        assert (mark.number, mark.follows) == (3, True)
        assert list(await bookmarks.followed(db, reader)) == [thread_id]
