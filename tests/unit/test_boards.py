"""The floor as desks list it: what readers see, in the order that was asked for, each voter counted once."""

import pytest

from engage import boards, dialogues, rehearsals, turns, voting
from engage.boards import Narrowed, Order
from engage.dialogues import Stage
from engage.questions import SURFACE
from engage.turns import Floor
from engage.votes import Ballot
from tests.unit import hall
from tests.unit.town import Town

pytestmark = pytest.mark.anyio

WAITING = Narrowed({Floor.WAITING})


async def test_waiting_questions_come_by_votes_and_page_after_page_without_a_gap(town: Town) -> None:
    room = await hall.opened(town, Stage.LIVE)
    asked = [await room.ask() for _ in range(5)]
    await _vote(town, asked[3], 3)
    await _vote(town, asked[1], 1)
    async with town.store.reading() as db:
        first = await boards.listed(db, await dialogues.one(db, room.id), Narrowed({Floor.WAITING}, limit=2))
        last = first[-1]
        after = (last.votes, last.turn.key)
        rest = await boards.listed(db, await dialogues.one(db, room.id), Narrowed({Floor.WAITING}, after=after))
    assert [(one.question.id, one.votes) for one in first] == [(asked[3], 3), (asked[1], 1)]
    assert [one.question.id for one in rest] == [asked[0], asked[2], asked[4]]


async def test_the_queue_comes_as_it_is_called_and_a_group_alone(town: Town) -> None:
    room = await hall.opened(town, Stage.LIVE)
    asked = [await room.ask(group=number % 2) for number in range(3)]
    for question_id in asked:
        async with town.store.transaction() as db:
            dialogue, turn = await dialogues.one(db, room.id), await turns.one(db, room.id, question_id)
            await turns.queue(db, room["coordinator"], dialogue, turn, first=True)
    async with town.store.reading() as db:
        queued = await boards.listed(db, await dialogues.one(db, room.id), Narrowed({Floor.QUEUED}, Order.CALLED))
        grouped = await boards.listed(
            db, await dialogues.one(db, room.id), Narrowed({Floor.QUEUED}, Order.NEWEST, group_id=room.groups[1])
        )
        waiting = await boards.listed(db, await dialogues.one(db, room.id), WAITING)
    assert [one.question.id for one in queued] == asked[::-1]
    assert [one.question.id for one in grouped] == [asked[1]]
    assert not waiting


async def _vote(town: Town, question_id: int, times: int) -> None:
    async with town.store.transaction() as db:
        await voting.cast(db, [Ballot(SURFACE, question_id, f"v:{number}") for number in range(times)])


async def test_a_rehearsal_lists_its_own_questions_and_the_real_room_none_of_them(town: Town) -> None:
    real = await hall.opened(town, Stage.SCHEDULED)
    async with town.store.transaction() as db:
        copy = await rehearsals.begin(db, real["moderator"], await dialogues.one(db, real.id))
    async with town.store.reading() as db:
        practised = await boards.listed(db, copy, WAITING)
        assert practised
        assert await boards.line(db, copy, practised[0].question.key)
        assert not await boards.listed(db, await dialogues.one(db, real.id), WAITING)
