"""A small month in the suite; the large one is a script."""

import random
from datetime import UTC, datetime

import pytest

from engage import seed
from engage.db import Store
from tests.simulation import checks, month

pytestmark = pytest.mark.anyio


async def test_a_month_chases_each_step_once_explains_each_date_and_adds_up(store: Store) -> None:
    clock = month.Clock(datetime(2026, 8, 24, tzinfo=UTC))
    store.clock = clock
    await seed.directory(store)
    lines = await checks.of(await month.told(store, clock, 150, 8, random.Random(7)))
    assert len(lines) == 6
