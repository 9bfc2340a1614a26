"""Promises of tallies: whatever happens to questions, in whatever order, the kept numbers are what counting would give."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, appeals, merges, questions, seals, sorting, takedowns, tallies
from engage.errors import Failure
from engage.questions import Question
from engage.takedowns import HideForm
from engage.tallies import Tally
from moderation.cases import Changed
from tests.unit.leaks import ASKING, Verb, World, happen
from tests.unit.leaks import VERBS as FIRST
from tests.unit.leaks_later import LATER
from tests.unit.test_leaks import step
from tests.unit.town import HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
VERBS = (*FIRST, *LATER)
FORTH = (("received", ""), *pairwise(("offered", "taken", "drafted", "approval", "answered")))
Numbers = dict[tuple[bool, int, int], int]


async def kept(town: Town) -> Numbers:
    return await _numbers(town, sa.select(Tally.__table__))  # type: ignore[attr-defined]  # SQLModel gives every table one


async def counted(town: Town) -> Numbers:
    return await _numbers(town, tallies.counted())


async def _numbers(town: Town, chosen: Any) -> Numbers:
    async with town.store.reading() as db:
        rows = (await (await db.connection()).execute(chosen)).all()
    assert all(times >= 0 for *_, times in rows), rows
    return {(bool(answered), agency, topic): times for answered, agency, topic, times in rows if times}


@pytest.mark.parametrize("seed", range(2))
async def test_after_any_history_of_the_house_the_tallies_equal_the_rows(town: Town, seed: int) -> None:
    """The table of verbs is the house's own: a new one that lets something out or takes it back is tried here too."""
    chance, world, history = random.Random(seed), World(town), list[str]()
    for _ in range(40):
        history.append(await step(world, chance))
        town.clock.move(700)
        assert await kept(town) == await counted(town), history
    assert await kept(town)


async def after(town: Town, *acts: Verb) -> Numbers:
    """A question is answered, and then these things happen to it."""
    world = World(town)
    await ASKING[0](world)
    told = world.told[0]
    for state, to in FORTH:
        await happen(world, next(verb for verb in VERBS if state in verb.at and verb.to == to), told)
    assert (told.state, sum((await kept(town)).values())) == ("answered", 1)
    for act in acts:
        await happen(world, act, told)
        assert await kept(town) == await counted(town)
    return await kept(town)


FURTHER = [(one,) for one in VERBS if "answered" in one.at]
FURTHER += [(one, other) for (one,) in FURTHER for other in VERBS if one.to in other.at]


@pytest.mark.parametrize("acts", FURTHER, ids=lambda acts: " ".join(act.act.__name__.strip("_") for act in acts))
async def test_whatever_verb_comes_after_an_answer_the_tallies_equal_the_rows(town: Town, acts: Sequence[Verb]) -> None:
    await after(town, *acts)


# What may befall one of several answered questions; whatever is refused at that moment is refused.


async def _hide(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    await takedowns.hide(db, town["moderator"], question, HideForm(reason="unclear", words=""))


async def _restore(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    await takedowns.restore(db, town["moderator"], question)


async def _merge(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    others = list(
        await db.exec(select(col(Question.id)).where(col(Question.id) != question.id).order_by(col(Question.id)))
    )
    await merges.merge(db, question.key, chance.choice(others) or 0, by=town.id("moderator"), wait=timedelta())


async def _take_out(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    await merges.take_out(db, question.key, by=town.id("moderator"))


async def _sort(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    await sorting.sort(db, question, chance.choice(["bao-hiem-xa-hoi", "bao-hiem-y-te"]))


async def _seal(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    if chance.random() < 0.03:
        await seals.seal(db, town["cleared"], question)


async def _let_in_again(db: AsyncSession, town: Town, question: Question, chance: random.Random) -> None:
    """On appeal, by somebody else; another agency has it then."""
    await appeals.appeal(db, question, "Tôi chỉ hỏi về chế độ của tôi, không tố cáo ai.")
    await admissions.accept(db, question, by=None, agency_id=town.agencies[chance.choice([INSURANCE, HEALTH])])


ACTS = (_hide, _restore, _merge, _take_out, _sort, _seal, _let_in_again)


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_history_of_answered_ones_the_tallies_equal_the_rows(town: Town, seed: int) -> None:
    chance, history = random.Random(seed), Counter[str]()
    ids = [await town.answered() for _ in range(5)]
    for _ in range(420):
        act, question_id = chance.choice(ACTS), chance.choice(ids)
        try:
            async with town.store.transaction() as db:
                await act(db, town, await questions.one(db, question_id), chance)
        except (Failure, Changed):
            continue
        history[act.__name__] += 1
        town.clock.move(60)
        assert await kept(town) == await counted(town), history
    assert set(history) == {act.__name__ for act in ACTS}


async def test_hidden_and_restored_are_counted_once(town: Town) -> None:
    question_id = await town.answered()
    form = HideForm(reason="unclear", words="")
    for _ in range(2):
        async with town.store.transaction() as db:
            await takedowns.hide(db, town["moderator"], await questions.one(db, question_id), form)
        assert await kept(town) == {}
        async with town.store.transaction() as db:
            await takedowns.restore(db, town["moderator"], await questions.one(db, question_id))
        assert sum((await kept(town)).values()) == 1


async def test_pages_read_what_agencies_and_topics_answered(town: Town) -> None:
    first = await town.question(await town.answered())
    await town.answered()
    await town.accepted()
    async with town.store.reading() as db:
        found = await tallies.read(db)
        by_agency = (
            await tallies.answered_by(db, town.agencies[INSURANCE]),
            await tallies.answered_by(db, town.agencies[HEALTH]),
        )
    assert (found.answered, found.open, by_agency) == (2, 1, (2, 0))
    assert (found.by_agency, found.by_topic) == ({town.agencies[INSURANCE]: 2}, {first.topic_id: 2})
