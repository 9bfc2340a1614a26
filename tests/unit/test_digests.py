"""Promises of digests and of the clock that mails go by: one a person and day, in working hours, and nothing is lost or doubled."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from engage import assignments, digests, notices, questions
from engage.chases import Reminder
from engage.db import Store, database_now
from engage.digests import Digest
from engage.notices import Notice
from engage.people import Person
from tests.unit.test_chasing import mornings, work
from tests.unit.test_deadlines import CALENDAR
from tests.unit.town import HEALTH, Town


async def _digests(town: Town) -> list[tuple[int, date]]:
    async with town.store.reading() as db:
        return [(row.person_id, row.day) for row in await db.exec(select(Digest).order_by(col(Digest.id)))]


@pytest.mark.anyio
async def test_all_that_waits_for_a_person_is_one_mail_a_day_on_workingmornings(town: Town) -> None:
    for _ in range(5):
        await town.taken()
    await town.accepted()
    await mornings(town, 31)
    written = await _digests(town)
    assert len(written) == len(set(written))
    assert all(CALENDAR.is_working(day) for _, day in written)
    async with town.store.reading() as db:
        mails = (await db.exec(select(Notice).where(Notice.kind == notices.Kind.DIGEST))).all()
        left = (await db.exec(select(Reminder).where(col(Reminder.digest_id).is_(None)))).all()
    assert len(mails) == len(written)
    assert not left


@pytest.mark.anyio
@pytest.mark.parametrize(("hour", "minute", "day"), [(0, 29, 27), (10, 30, 27), (3, 0, 28)])
async def test_no_digest_is_written_outside_working_hours(town: Town, hour: int, minute: int, day: int) -> None:
    await town.accepted()
    town.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    await work(town)
    assert await _digests(town) == []


@pytest.mark.anyio
async def test_a_digest_holds_what_still_stands_the_most_urgent_first(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 25, 1, tzinfo=UTC)
    first = await town.taken()
    town.clock.move(days=1)
    second, gone = await town.taken(), await town.accepted()
    await mornings(town, 1)
    async with town.store.transaction() as db:
        question = await questions.one(db, gone)
        target = town.agencies[HEALTH]
        await assignments.transfer(db, town["coordinator"], question, target, "Việc này của ngành y tế.")
    await mornings(town, 11)
    async with town.store.reading() as db:
        written = (await db.exec(select(Digest).order_by(col(Digest.id)))).all()
        shown = [[question.key for _, question in await digests.items(db, digest.id or 0)] for digest in written]
    assert gone not in shown[0]
    assert [first] in shown or [first, second] in shown


# The clock that all processes share


@pytest.mark.anyio
async def test_on_postgres_steps_and_leases_go_by_the_databases_clock(town: Town) -> None:
    """A process whose clock is an hour off."""
    url = town.store.engine.url.render_as_string(hide_password=False)
    fast = Store(url, clock=_hour_off, asks_time=True)
    try:
        async with fast.reading() as db:
            ahead = await database_now(db) - datetime.now(UTC)
    finally:
        await fast.close()
    assert ahead < timedelta(minutes=5) or town.store.is_sqlite


def _hour_off() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.anyio
async def test_a_mail_server_away_for_a_day_gets_everything_once_afterwards(town: Town) -> None:
    async with town.store.transaction() as db:
        person = await db.get_one(Person, town.id("coordinator"))
        for thing in range(3):
            await notices.write(db, person.id or 0, notices.Kind.ACCEPTED, "question", thing)
    tried: Counter[int] = Counter()
    while town.clock.now < datetime(2026, 11, 26, 2, tzinfo=UTC):
        async with town.store.transaction() as db:
            for notice in await notices.claim(db, 10):
                tried[notice.id or 0] += 1
                await notices.put_off(db, notice)
        town.clock.move(600)
    sent: list[int] = []
    for _ in range(10):
        async with town.store.transaction() as db:
            for notice in await notices.claim(db, 10):
                sent.append(notice.id or 0)
                await notices.note_sent(db, notice)
        town.clock.move(600)
    assert sorted(sent) == sorted(tried)
    assert len(sent) == 3


@pytest.mark.anyio
async def test_mails_to_desks_wait_for_working_hours_and_an_askers_does_not(town: Town) -> None:
    async with town.store.transaction() as db:
        for kind in (notices.Kind.DIGEST, notices.Kind.EXTENDED):
            await notices.write(db, town.id("coordinator"), kind, "digest", 1)
        claimed = await notices.claim(db, 10, but=notices.TO_STAFF)
    assert [notice.kind for notice in claimed] == [notices.Kind.EXTENDED]
