import asyncio

import pytest

from tests.chaos.scene import Scene, during, nothing_is_lost_or_doubled
from tests.site import Kind

WRITERS, SECONDS = 50, 15


@pytest.fixture
def one_writer(kind: Kind) -> None:
    if kind != "sqlite":
        pytest.skip("one writer at a time is SQLite's rule")


@pytest.mark.usefixtures("one_writer")
def test_fifty_writers_at_once_never_meet_a_locked_database(scene: Scene) -> None:
    people = during(scene.site, lambda _: asyncio.sleep(SECONDS), askers=WRITERS)
    assert set(people.statuses) == {200, 303}, people.statuses
    nothing_is_lost_or_doubled(scene.site, people)
