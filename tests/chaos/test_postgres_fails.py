import asyncio

import pytest

from tests.chaos.scene import PAUSE, Scene, during, happening, nothing_is_lost_or_doubled, the_codes_open
from tests.services import Postgres

DOWN, UP = 1.5, 3.0


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_postgres_restarted_under_load_is_a_503_with_words_and_then_it_goes_on(scene: Scene, how: str) -> None:
    site, database = scene.site, _database(scene)
    before = site.processes["serve"].pid

    async def restarted() -> None:
        await asyncio.sleep(1.5)
        await happening(getattr(database, how))
        await asyncio.sleep(DOWN)
        await happening(database.start)
        await asyncio.sleep(UP)

    people = during(site, restarted)
    away = [answer for answer in people.answers if answer.status == 503]
    assert set(people.statuses) <= {200, 303, 503}, people.statuses
    assert away, f"nobody noticed: {people.statuses}"
    assert all(answer.header("retry-after") for answer in away)
    assert all("Hệ thống" in answer.body.decode() or len(answer.body) > 500 for answer in away)
    assert site.processes["serve"].pid == before
    assert site.processes["serve"].poll() is None
    asyncio.run(asyncio.sleep(PAUSE))
    nothing_is_lost_or_doubled(site, people)
    the_codes_open(people)
    recovered = [asking for asking in people.askings[-20:] if asking.is_acknowledged]
    assert recovered, "nobody was served after the restart"


def _database(scene: Scene) -> Postgres:
    if scene.database is None:
        pytest.skip("SQLite does not restart")
    return scene.database
