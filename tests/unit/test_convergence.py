"""An old snapshot with the facts since is what a fresh snapshot shows: for everything that may happen to a question."""

import random

import pytest

from tests.unit.leaks import World
from tests.unit.stories_told import STORIES
from tests.unit.test_leaks import FACTS, step
from tests.unit.town import Town
from tests.unit.watching import Watching

pytestmark = pytest.mark.anyio


@pytest.fixture
async def watching(town: Town) -> Watching:
    watching = Watching(town)
    await watching.compare()
    town.store.teller = watching
    return watching


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_is_the_same_for_who_followed_it_and_who_comes_later(
    town: Town, watching: Watching, name: str
) -> None:
    story = STORIES[name]
    await story.tell(town)
    await watching.compare()
    await watching.compare_all()
    assert story.facts <= watching.walked


def test_every_fact_that_readers_are_told_occurs_in_a_story() -> None:
    walked = {fact for story in STORIES.values() for fact in story.facts}
    assert walked == FACTS


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_who_followed_sees_what_a_newcomer_sees(
    town: Town, watching: Watching, seed: int
) -> None:
    chance, world = random.Random(seed), World(town)
    for _ in range(16):
        await step(world, chance)
        await watching.compare()
    await watching.compare_all()
