"""Promises of the audit: what was done stays as it was written, and whoever changes it is found out."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, chain, heads, work
from engage.audit import Audit
from engage.chain import Head, Link
from engage.settings import Settings
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
SECRET = "a secret of these tests, long enough"


def a_chain(texts: list[str]) -> tuple[list[Link], Head]:
    links, previous = [], chain.START
    for place, text in enumerate(texts, start=1):
        previous = chain.joined(previous, place, text)
        links.append(Link(place, place + 100, text, previous))
    return links, chain.signed(SECRET, Head("2026-11-25T09:00", len(links), links[-1].row, previous))


def tampered(links: list[Link], how: str, chance: random.Random) -> list[Link]:
    links, at = list(links), chance.randrange(len(links))
    one = links[at]
    if how == "edited":
        links[at] = Link(one.place, one.row, one.text + "x", one.hash)
    elif how == "deleted":
        del links[at]
    elif how == "cut":
        del links[at:]
    elif how == "renumbered":  # deleted, and the rest moved up
        links = links[:at] + [Link(x.place - 1, x.row, x.text, x.hash) for x in links[at + 1 :]]
    elif how == "rehashed":  # by somebody who knows how it is made
        texts = [link.text for link in links]
        texts[at] += "x"
        links = a_chain(texts)[0]
    else:
        other = (at + 1 + chance.randrange(len(links) - 1)) % len(links)
        second = links[other]
        links[at] = Link(one.place, second.row, second.text, one.hash)
        links[other] = Link(second.place, one.row, one.text, second.hash)
    return links


@given(texts=st.lists(st.text(max_size=12), min_size=2, max_size=30, unique=True), seed=st.integers(0, 10**6))
@pytest.mark.parametrize("how", ["edited", "deleted", "cut", "renumbered", "rehashed", "reordered"])
def test_whatever_is_tampered_with_is_found(how: str, texts: list[str], seed: int) -> None:
    links, head = a_chain(texts)
    signed = {head.place: head}
    assert not list(chain.faults(links, signed))
    assert list(chain.faults(tampered(links, how, random.Random(seed)), signed))


@given(st.data())
def test_a_head_that_was_changed_is_forged(data: st.DataObject) -> None:
    _, head = a_chain(["a", "b"])
    line = chain.written(head)
    at = data.draw(st.integers(0, len(line) - 1))
    broken = line[:at] + data.draw(st.characters(codec="ascii").filter(lambda c: c != line[at])) + line[at + 1 :]
    assert list(chain.forged(SECRET, [line])) == [(head, False)]
    ((read, is_forged),) = chain.forged(SECRET, [broken])
    assert is_forged or read == head


async def acts(town: Town, times: int = 6) -> None:
    for number in range(times):
        async with town.store.transaction() as db:
            await audit.note(db, town.id("moderator"), "case.decided", reason="accept", question=number)
    assert await work.chain_audit(town.store) == times


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder, secret=SECRET)


async def found(town: Town, folder: Path) -> list[tuple[str, int]]:
    _, wrong = await heads.verify(town.store, settings_in(folder))
    return [(fault.what, fault.place) for fault in wrong]


Harm = Callable[[AsyncSession, int], Awaitable[object]]


async def edit(db: AsyncSession, place: int) -> None:
    await db.exec(sa.update(Audit).where(col(Audit.place) == place).values(reason="refuse"))


async def delete(db: AsyncSession, place: int) -> None:
    await db.exec(sa.delete(Audit).where(col(Audit.place) == place))


async def cut(db: AsyncSession, place: int) -> None:
    await db.exec(sa.delete(Audit).where(col(Audit.place) >= place))


async def swap(db: AsyncSession, place: int) -> None:
    for old, new in ((place, 999), (place + 1, place), (999, place + 1)):
        await db.exec(sa.update(Audit).where(col(Audit.place) == old).values(place=new))


@pytest.mark.parametrize(
    ("harm", "said"),
    [(edit, ("changed", 3)), (delete, ("missing", 3)), (cut, ("cut", 3)), (swap, ("changed", 3))],
    ids=["edit", "deletion", "cut tail", "reordering"],
)
async def test_harm_in_the_database_is_found_and_its_place_named(
    harm: Harm, said: tuple[str, int], town: Town, tmp_path: Path
) -> None:
    await acts(town)
    await work.keep_head(town.store, settings_in(tmp_path))
    assert await found(town, tmp_path) == []
    async with town.store.transaction() as db:
        await harm(db, 3)
    assert said in await found(town, tmp_path)


async def test_the_chain_goes_on_where_it_was_and_heads_are_written_when_it_grew(town: Town, tmp_path: Path) -> None:
    for times in (2, 3):
        await acts(town, times)
        for _ in range(2):
            await work.keep_head(town.store, settings_in(tmp_path))
    (file,) = heads.folder(settings_in(tmp_path)).iterdir()
    assert [line.partition('"place":')[2].partition(",")[0] for line in file.read_text().splitlines()] == ["2", "5"]
    assert await found(town, tmp_path) == []


async def test_what_is_done_often_is_counted_by_person_and_minute(town: Town) -> None:
    for who, times in (("official", 3), ("moderator", 2)):
        for _ in range(times):
            async with town.store.transaction() as db:
                await audit.count(db, town.id(who), "access.refused")
    assert await work.chain_audit(town.store) == 0  # the minute is not over
    town.clock.move(60)
    await work.chain_audit(town.store)
    async with town.store.reading() as db:
        assert sorted(await db.exec(select(Audit.times).where(Audit.kind == "access.refused"))) == [2, 3]


async def test_a_row_names_its_actor_until_the_person_is_forgotten(town: Town) -> None:
    await acts(town, 1)
    async with town.store.transaction() as db:
        (row,) = (await db.exec(select(Audit))).all()
        assert (await audit.actors(db))[row.actor] == (town.id("moderator"), town.people["moderator"].name)
        await audit.forget(db, town.id("moderator"))
        assert row.actor not in await audit.actors(db)
