"""Promises of an administrator's overview: what stands still is said, and nothing is said that is not so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import alarms, audit, beats, heads
from engage.alarms import Alarms
from engage.attachments import Attachment
from engage.audit import Audit
from engage.notices import Notice
from engage.settings import Settings
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data_dir=tmp_path)


async def seen(town: Town, settings: Settings) -> Alarms:
    async with town.store.transaction() as db:
        await beats.note(db, "worker", town.clock.now)
    return await seen_now(town, settings)


async def seen_now(town: Town, settings: Settings) -> Alarms:
    async with town.store.reading() as db:
        return await alarms.of(db, settings)


async def waiting(town: Town) -> dict[str, int]:
    async with town.store.reading() as db:
        return {one.name: one.waiting for one in await alarms.waiting(db)}


async def test_while_all_is_well_nothing_is_said(town: Town, settings: Settings) -> None:
    assert not (await seen(town, settings)).any


async def test_a_worker_that_is_silent_is_missed(town: Town, settings: Settings) -> None:
    assert (await seen_now(town, settings)).is_worker_silent
    assert not (await seen(town, settings)).is_worker_silent
    town.clock.move(31)
    assert (await seen_now(town, settings)).is_worker_silent


async def test_mails_that_do_not_leave_and_files_that_nobody_scans_are_counted(town: Town, settings: Settings) -> None:
    await town.answered()
    async with town.store.transaction() as db:
        await db.exec(sa.update(Notice).values(tries=alarms.STUCK_TRIES))
        named = {"key": "k" * 43, "surface": "question", "name": "a.pdf", "kind": "pdf", "size": 1, "scan": "scanning"}
        db.add(Attachment(**named, created_at=town.clock.now))
    assert (await seen(town, settings)).stuck_mails > 0
    assert (await seen(town, settings)).unscanned == 0, "a scan takes a while"
    town.clock.move(601)
    assert (await seen(town, settings)).unscanned == 1


async def chained(town: Town, settings: Settings) -> None:
    async with town.store.transaction() as db:
        for _ in range(3):
            await audit.note(db, town.id("administrator"), "row.changed")
        await audit.chain_waiting(db)
        head = await audit.head(db)
    assert head
    heads.keep(settings, head)


BREAKS: dict[str, Callable[[], Any]] = {
    "changed": lambda: sa.update(Audit).values(reason="other"),
    "cut": lambda: sa.delete(Audit),
    "rewritten": lambda: sa.update(Audit).values(hash="0" * 64),
}


@pytest.mark.parametrize("how", BREAKS)
async def test_a_chain_whose_end_is_not_what_was_signed_is_told(town: Town, settings: Settings, how: str) -> None:
    await chained(town, settings)
    assert not (await seen(town, settings)).chain_broken
    async with town.store.transaction() as db:
        head = heads.last(settings)
        assert head
        await db.exec(BREAKS[how]().where(col(Audit.place) == head.place))
    assert (await seen(town, settings)).chain_broken


async def test_what_waits_is_counted_at_each_desk(town: Town, settings: Settings) -> None:
    assert set((await waiting(town)).values()) == {0}
    await town.held()
    question = await town.question(await town.taken())
    assert question.answer_due_at
    seen = await waiting(town)
    assert (seen["cases"], seen["overdue"]) == (1, 0)
    town.clock.move((question.answer_due_at - town.clock.now + timedelta(days=1)).total_seconds())
    assert (await waiting(town))["overdue"] == 1
