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


async def test_who_speaks_for_no_guest_is_shown_nobodys_questions(town: Town) -> None:
    room = await hall.opened(town, Stage.LIVE)
    await room.ask()
    nobodys = Narrowed({Floor.WAITING}, guest_ids=frozenset())
    async with town.store.reading() as db:
        assert not await boards.listed(db, await dialogues.one(db, room.id), nobodys)


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


@pytest.mark.parametrize("order", [Order.GROUP, Order.GUEST])
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
async def test_sections_come_one_after_the_other_by_votes_and_no_page_ends_them(
    town: Town, order: Order, limit: int
) -> None:
    room = await hall.opened(town, Stage.LIVE)
    asked = [await room.ask(group=number % 2) for number in range(8)]
    for place in (2, 5, 5, 7):
        await _vote(town, asked[place], place)
    for question_id, changed in (
        (asked[0], {"group_id": None}),
        (asked[3], {"group_id": None}),
        *((asked[place], {"guest_id": room.guests[place % 2]}) for place in (1, 2, 5, 6)),
    ):
        await _put(town, room, question_id, **changed)
    named = {Order.GROUP: room.groups, Order.GUEST: room.guests}[order]
    sections, found, place = [*reversed(named), boards.NONE], [], None
    while True:
        after = place[1:] if place else None
        async with town.store.reading() as db:
            dialogue = await dialogues.one(db, room.id)
            narrowed = Narrowed({Floor.WAITING}, order, after=after, limit=limit)
            lines = await boards.in_sections(db, dialogue, narrowed, sections, place[0] if place else None)
        found += [(sections.index(boards.section_of(one, order)), -one.votes, one.turn.key) for one in lines]
        if len(lines) < limit:
            break
        place = (boards.section_of(lines[-1], order), lines[-1].votes, lines[-1].turn.key)
    assert len(found) == len(asked)
    assert found == sorted(found)


async def test_a_section_that_is_no_more_begins_the_list_anew(town: Town) -> None:
    room = await hall.opened(town, Stage.LIVE)
    await room.ask()
    async with town.store.reading() as db:
        dialogue = await dialogues.one(db, room.id)
        narrowed = Narrowed({Floor.WAITING}, Order.GROUP, after=(0, 999))
        assert len(await boards.in_sections(db, dialogue, narrowed, [*room.groups, boards.NONE], 999_999)) == 1


async def _put(town: Town, room: hall.Hall, question_id: int, **values: int | None) -> None:
    async with town.store.transaction() as db:
        turn = await turns.one(db, room.id, question_id)
        for name, value in values.items():
            setattr(turn, name, value)
        db.add(turn)
