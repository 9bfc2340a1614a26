"""Promises of seeding: a newer release brings its rules, and takes nothing away that somebody edited."""

import pytest
from sqlmodel import col, delete

from engage import seed
from engage.deadlines import Step, Term
from engage.policies import Limit
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def test_rules_a_release_brings_are_added_and_edited_ones_stay(town: Town) -> None:
    key = ("question", Step.APPROVE.value, "simple")
    async with town.store.transaction() as db:
        await db.exec(delete(Limit).where(col(Limit.door) == "ask"))
        edited = await db.get_one(Term, key)
        edited.days = 7
        db.add(edited)
    assert await seed.newer_rules(town.store) == 1
    assert await seed.newer_rules(town.store) == 0
    async with town.store.reading() as db:
        assert await db.get(Limit, "ask") is not None
        assert (await db.get_one(Term, key)).days == 7
