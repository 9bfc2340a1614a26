import asyncio

import pytest

from tests.chaos.crowd import Stage, facts_flow
from tests.chaos.scene import Scene
from tests.chaos.stage import followed

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


@SEEDS
def test_nothing_is_lost_when_nothing_happens(scene: Scene, stage: Stage, seed: int) -> None:
    async def live() -> None:
        async with followed(scene, stage, seed, "nothing") as crowd:
            await facts_flow(crowd, asyncio.sleep(2))

    asyncio.run(live())
