"""What is kept of a flag, and for how long: its reader is forgotten with the person, where it came from within days."""

import pytest
from sqlmodel import col, select

from engage import citizens, expiry, flags
from engage.access import Actor
from engage.audit import Audit
from engage.flags import Flag
from engage.retention import Kept
from tests.unit.test_flags import Readers, a_citizen
from tests.unit.test_flags import readers as readers  # the fixture

pytestmark = pytest.mark.anyio


async def test_whose_flag_it_was_is_forgotten_with_the_person(readers: Readers) -> None:
    citizen = await a_citizen(readers.town)
    await readers.flag(f"p:{citizen}", person_id=citizen, words="Tôi là Minh ở ngõ 5.", tell=True, source="home")
    async with readers.town.store.transaction() as db:
        kept = await citizens.kept_about(db, Actor(person_id=citizen))
        assert [one["words"] for one in kept["flags"]] == ["Tôi là Minh ở ngõ 5."]
        await citizens.erase(db, Actor(person_id=citizen))
    async with readers.town.store.reading() as db:
        (flag,) = (await db.exec(select(Flag))).all()
    assert (flag.person_id, flag.words, flag.source, flag.weight) == (None, "", "", 8)
    assert flag.flagger.startswith("g:")


async def test_where_a_flag_came_from_is_forgotten_within_days_and_the_flag_in_a_year(readers: Readers) -> None:
    await readers.flag("v:1", source="a-house")
    readers.town.clock.move(days=3)
    async with readers.town.store.transaction() as db:
        await flags.forget_old(db)
    async with readers.town.store.reading() as db:
        assert (await db.exec(select(Flag.source))).all() == [""]
        way = expiry.WAYS[Kept.FLAG]
        assert (await db.exec(way.due(readers.town.clock()))).all()
    async with readers.town.store.transaction() as db:
        await way.erase(db, (await db.exec(way.due(readers.town.clock()))).all())
    assert await readers.states() == set()


async def test_every_flag_is_audited_without_its_words(readers: Readers) -> None:
    await readers.flag("v:1", "danger", words="kimtuoc")
    async with readers.town.store.reading() as db:
        rows = (await db.exec(select(Audit).where(col(Audit.kind).in_(["flag.made", "flag.raised"])))).all()
    assert [row.kind for row in rows] == ["flag.made", "flag.raised"]
    assert "kimtuoc" not in str([row.model_dump() for row in rows])
