"""Promises of ranks: whatever is voted, set aside, judged, merged and forgotten, the kept number is what the votes say."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, floors, forgetting, merges, questions, ranks, votes, voting
from engage.dialogues import Stage
from engage.errors import Failure
from engage.questions import SURFACE, Question
from engage.turns import Turn
from engage.votes import Ballot, Standing
from tests.unit import hall
from tests.unit.hall import Hall
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
Act = Callable[[AsyncSession, Hall, list[int], random.Random], Awaitable[object]]
AUTHORS = 3  # of the questions; they vote too


async def kept(town: Town) -> dict[int, int]:
    """Of the questions that go on as themselves."""
    chosen = sa.select(col(Turn.question_id), col(Turn.people)).join(
        Question, col(Question.id) == col(Turn.question_id)
    )
    return await _numbers(town, chosen.where(col(Question.merged_into_id).is_(None)))


async def counted(town: Town) -> dict[int, int]:
    found = ranks.counted(sa.true()).subquery()
    alone = sa.select(found).join(Question, col(Question.id) == found.c.root)
    return await _numbers(town, alone.where(col(Question.merged_into_id).is_(None)))


async def _numbers(town: Town, chosen: sa.Select[int, int]) -> dict[int, int]:
    async with town.store.reading() as db:
        rows = (await (await db.connection()).execute(chosen)).all()
    return {int(key): int(times) for key, times in rows}


async def _vote(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    author = (await questions.one(db, chance.choice(asked[:AUTHORS]))).author_id
    voter = chance.choice([*(f"v:{number}" for number in range(6)), votes.of_person(author)])
    await voting.cast(db, [Ballot(SURFACE, chance.choice(asked), voter, chance.random() < 0.7)])


async def _burst(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    many, source = chance.choice(asked), f"s{chance.randrange(3)}"
    await voting.cast(
        db, [Ballot(SURFACE, many, f"v:{source}{number}", source=source) for number in range(chance.randint(50, 80))]
    )


async def _judge(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    standing = chance.choice([Standing.COUNTED, Standing.KEPT_OUT])
    await voting.judge(db, room["moderator"], await questions.one(db, chance.choice(asked)), standing)


async def _merge(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    one, other = chance.sample(asked, 2)
    await merges.merge(db, one, other, by=room.town.id("moderator"), wait=timedelta())


async def _take_out(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    await merges.take_out(db, chance.choice(asked), by=room.town.id("moderator"))


async def _forget(db: AsyncSession, room: Hall, asked: list[int], chance: random.Random) -> None:
    await forgetting.forget(db, await questions.one(db, chance.choice(asked)), text_too=False)


ACTS: tuple[Act, ...] = (_vote, _vote, _burst, _judge, _merge, _take_out, _forget)


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_history_the_ranks_equal_the_votes(town: Town, seed: int) -> None:
    chance, history = random.Random(seed), Counter[str]()
    room = await hall.opened(town, Stage.INTAKE)
    asked = [await room.ask() for _ in range(5)]
    for _ in range(150):
        act = chance.choice(ACTS)
        try:
            async with town.store.transaction() as db:
                await act(db, room, asked, chance)
        except Failure:
            continue
        history[act.__name__] += 1
        town.clock.move(60)
        assert await kept(town) == await counted(town), history
    assert set(history) == {act.__name__ for act in ACTS}
    assert max((await kept(town)).values()) > 1


async def test_of_batches_that_are_written_at_once_no_vote_is_missed(town: Town) -> None:
    room = await hall.opened(town, Stage.INTAKE)
    asked = await room.ask()

    async def vote(batch: int) -> None:
        await voting.write(town.store, [Ballot(SURFACE, asked, f"v:{batch}-{number}") for number in range(5)])

    async with anyio.create_task_group() as together:
        for batch in range(8):
            together.start_soon(vote, batch)
    assert await kept(town) == {asked: 40}


async def test_readers_see_first_what_most_people_ask_queued_or_not(town: Town) -> None:
    room = await hall.opened(town, Stage.LIVE)
    asked = [await room.ask() for _ in range(3)]
    await voting.write(
        town.store, [Ballot(SURFACE, asked[number], f"v:{voter}") for number, voter in ((1, 1), (2, 1), (2, 2))]
    )
    async with town.store.reading() as db:
        found = await floors.most_asked(db, await dialogues.one(db, room.id), 2)
    assert [one.question.key for one in found] == [asked[2], asked[1]]
