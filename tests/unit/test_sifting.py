"""Promises of the sifting desk: what is asked for is found, in pages that neither repeat nor lose anything, and counted."""

from datetime import timedelta

import pytest
from sqlmodel import select

from engage import clusters, dialogues, sifting, turns
from engage.dialogues import Stage
from engage.questions import Question
from engage.sifting import Age, Order, Sieve, State, Twins
from engage.turns import Turn
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
ONCE = "Rút bảo hiểm xã hội một lần sau bao lâu thì nhận tiền?"
OTHER = "Con tôi học lớp một ở trường nào khi chuyển chỗ ở?"


async def found(hall: Hall, order: Order = Order.OLDEST, **sieve: object) -> list[int]:
    async with hall.town.store.reading() as db:
        lines = await sifting.listed(db, await dialogues.one(db, hall.id), Sieve(**sieve), order)  # type: ignore[arg-type]  # as named
        return [line.question.key for line in lines]


async def test_questions_are_narrowed_by_group_guest_state_cluster_age_and_words(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = await hall.ask(ONCE), await hall.ask(ONCE, group=1), await hall.ask(OTHER)
    await clusters.Gatherer(town.store).drain()
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        turn = await turns.one(db, hall.id, third)
        await turns.hand(db, hall["coordinator"], dialogue, turn, hall.guests[0])
        await turns.queue(db, hall["coordinator"], dialogue, turn)
        turn.group_id = None
        (await turns.one(db, hall.id, first)).entered_at -= timedelta(days=9)
    assert await found(hall) == [first, second, third]
    assert await found(hall, group_id=hall.groups[1]) == [second]
    assert await found(hall, group_id=sifting.NONE) == [third]
    assert await found(hall, guest_id=hall.guests[0]) == [third]
    assert await found(hall, guest_id=sifting.NONE) == [first, second]
    assert await found(hall, state=State.QUEUED) == [third]
    assert await found(hall, state=State.WAITING) == [first, second]
    assert await found(hall, cluster_id=first) == [first, second]
    assert await found(hall, twins=Twins.SOME) == [first, second]
    assert await found(hall, twins=Twins.NONE) == [third]
    assert await found(hall, age=Age.OLDER) == [first]
    assert await found(hall, age=Age.DAY) == [second, third]
    assert await found(hall, typed="chuyen cho o") == [third]


@pytest.mark.parametrize("order", Order)
async def test_pages_neither_repeat_nor_lose_a_question(town: Town, order: Order) -> None:
    hall = await opened(town, Stage.INTAKE)
    asked = [await hall.ask(title) for title in (OTHER, ONCE, ONCE, "Lương hưu tăng từ tháng nào?", OTHER, ONCE)]
    await clusters.Gatherer(town.store).drain()
    whole, pages, after = await found(hall, order), list[int](), None
    async with town.store.reading() as db:
        dialogue = await dialogues.one(db, hall.id)
        while page := await sifting.listed(db, dialogue, Sieve(), order, 2, after):
            sizes = await sifting.sizes(db, dialogue, [line.turn.cluster_id for line in page])
            after = sifting.place_of(page[-1], order, sizes.get(page[-1].turn.cluster_id or 0, 1))
            pages += [line.question.key for line in page]
    assert pages == whole
    assert sorted(whole) == asked
    if order is Order.CLUSTER:
        assert whole == [asked[1], asked[2], asked[5], asked[0], asked[4], asked[3]]


async def test_what_is_hidden_or_still_looked_at_is_told_only_as_a_number(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second = await hall.ask(), await hall.ask()
    async with town.store.transaction() as db:
        turn = (await db.exec(select(Turn).where(Turn.question_id == second))).one()
        question = await db.get(Question, turn.question_id)
        assert question is not None
        question.moderation = "held"
    assert await found(hall) == [first]
    async with town.store.reading() as db:
        dialogue = await dialogues.one(db, hall.id)
        assert await sifting.unread(db, dialogue) == 1
        assert await sifting.count(db, dialogue, Sieve()) == 1
        assert list(await sifting.ids(db, dialogue, Sieve(), 10)) == [first]
