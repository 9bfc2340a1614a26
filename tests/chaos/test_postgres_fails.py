import asyncio

import pytest

from tests.chaos.scene import People, Scene, during, happening, nothing_is_lost_or_doubled, the_codes_open
from tests.services import Postgres

DOWN, UP = 1.5, 3.0
WORDS = "Tạm thời chưa phục vụ được"


@pytest.fixture
def database(hurt: Scene) -> Postgres:
    if hurt.database is None:
        pytest.skip("SQLite does not restart")
    return hurt.database


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_postgres_restarted_under_load_is_a_503_with_words_and_then_it_goes_on(
    database: Postgres, scene: Scene, how: str
) -> None:
    site, served = scene.site, []
    before = site.processes["serve"].pid

    async def restarted(people: People) -> None:
        await asyncio.sleep(1.5)
        await happening(getattr(database, how))
        await asyncio.sleep(DOWN)
        await happening(database.start)
        served.append(len(people.acknowledged))
        await asyncio.sleep(UP)
        served.append(len(people.acknowledged))

    people = during(site, restarted)
    away = [answer for answer in people.answers if answer.status == 503]
    assert set(people.statuses) <= {200, 303, 503}, people.statuses
    assert away, f"nobody noticed: {people.statuses}"
    assert all(answer.header("retry-after") and WORDS in answer.body.decode() for answer in away)
    assert site.processes["serve"].pid == before
    assert served[1] > served[0], f"nobody was served within {UP} s of its return"
    nothing_is_lost_or_doubled(site, people)
    the_codes_open(people)
