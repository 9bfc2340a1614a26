"""One of the two processes goes while people read, ask and listen: nobody loses anything, and those who read hardly notice."""

import asyncio

import pytest

from tests.chaos.scene import happening, nothing_is_lost_or_doubled
from tests.deploy.behind import SERVERS, Behind
from tests.deploy.crowd import Crowd, during, nobody_missed_a_fact, statuses_of_pages

pytestmark = pytest.mark.timeout(400)  # processes start slowly on a busy machine
BEFORE, AFTER = 2.0, 2.0


def test_a_killed_process_costs_no_acknowledged_question_no_fact_and_no_double(behind: Behind) -> None:
    async def killed(_people: Crowd) -> None:
        for name in SERVERS:
            await asyncio.sleep(BEFORE)
            await happening(behind.kill, name)
            await asyncio.sleep(AFTER)
            behind.start_process(name)
            await happening(behind.ready)
        await asyncio.sleep(AFTER)

    people = during(behind, killed)
    assert set(people.statuses) <= {200, 303, 503}, people.statuses
    nothing_is_lost_or_doubled(behind, people)
    nobody_missed_a_fact(behind, people)
    assert max(len(one.connections) for one in people.listeners) > 1  # somebody did have to come back


def test_a_rolling_restart_is_noticed_by_no_reader_and_loses_nothing(behind: Behind) -> None:
    async def restarted(_people: Crowd) -> None:
        for name in SERVERS:
            await asyncio.sleep(BEFORE)
            await happening(behind.restart, name)
        await asyncio.sleep(AFTER)

    people = during(behind, restarted)
    assert set(statuses_of_pages(people)) == {200}, people.statuses
    assert not people.broken
    nothing_is_lost_or_doubled(behind, people)
    nobody_missed_a_fact(behind, people)
    assert all(len(one.connections) > 1 for one in people.listeners)
