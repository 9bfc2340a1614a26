"""Promises of the way back: one new code, the old one ends, and nobody learns whose address is known."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from engage import (
    lost_codes,
    questions,
    receipts,
)
from engage.errors import Conflict, NotFound
from engage.lost_codes import LostForm, WayBack
from tests.unit.town import TITLE, Town

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("about", "fits"),
    [
        ("rut bao hiem xa hoi", True),
        ("22/11/2026", True),
        ("16.11.2026", True),
        ("10/11/2026", False),
        ("99/99/2026", False),
        ("đất đai sổ đỏ", False),
        ("bảo hiểm y tế nước ngoài", False),
    ],
)
def test_what_is_remembered_fits_roughly(about: str, fits: bool) -> None:
    assert lost_codes.resembles(about, TITLE, datetime(2026, 11, 22, 3, tzinfo=UTC)) is fits


async def test_a_lost_code_is_replaced_once_and_the_old_one_ends(town: Town) -> None:
    question_id = await town.ask(email="mat@thu.example")
    old = receipts.code_for("secret", "visitor", str(town.asked))
    async with town.store.transaction() as db:
        assert await lost_codes.ask(db, LostForm(email="mat@thu.example", about="rút bảo hiểm")) == 1
        assert await lost_codes.ask(db, LostForm(email="ai@thu.example", about="rút bảo hiểm")) == 0
        way = (await db.exec(select(WayBack))).one()
    new = receipts.code_for("secret", "visitor", "new")
    async with town.store.transaction() as db:
        await lost_codes.renew(db, await lost_codes.one(db, way.id or 0), new)
        assert (await questions.by_code(db, new)).id == question_id
        with pytest.raises(NotFound):
            await questions.by_code(db, old)
    with pytest.raises(Conflict):
        async with town.store.transaction() as db:
            await lost_codes.renew(db, await lost_codes.one(db, way.id or 0), "HD-X")


async def test_a_link_of_yesterday_is_over(town: Town) -> None:
    await town.ask(email="mat@thu.example")
    async with town.store.transaction() as db:
        await lost_codes.ask(db, LostForm(email="mat@thu.example", about="rút bảo hiểm"))
    town.clock.move(days=1.1)
    async with town.store.transaction() as db:
        way = (await db.exec(select(WayBack))).one()
        with pytest.raises(Conflict):
            await lost_codes.renew(db, way, "HD-X")
