"""Promises of reminders: one mail a day before, one an hour before, whoever restarts; none about what is not to come."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import arranging, countdowns, dialogues, follows, guests, mails, staging
from engage.crews import Crew, Part
from engage.dialogues import SURFACE, Stage
from engage.notices import Kind, Notice
from engage.people import Person
from engage.settings import Settings
from engage.web.templates import Templates, folder
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

WHY = "Khách mời họp đột xuất, xin hẹn bạn đọc buổi khác."
SPANS = st.timedeltas(timedelta(days=-30), timedelta(days=30))


async def followed(hall: Hall, *emails: str, is_confirmed: bool = True) -> None:
    async with hall.town.store.transaction() as db:
        for number, email in enumerate(emails):
            follower = f"{number} {email}"
            await follows.follow(db, SURFACE, hall.id, follower, email=email, asks=Kind.REMIND_ASKED)
            row = await follows.one(db, SURFACE, hall.id, follower)
            if is_confirmed and row:
                await follows.confirm(db, SURFACE, row.person_id or 0)


async def told(town: Town, *kinds: Kind) -> list[str]:
    async with town.store.reading() as db:
        return [
            row.kind
            for row in (await db.exec(select(Notice).order_by(col(Notice.id)))).all()
            if row.surface == SURFACE and row.kind in (kinds or set(Kind) - {Kind.REMIND_ASKED, Kind.JOINED})
        ]


async def letter(town: Town, kind: Kind) -> tuple[str, str]:
    """Subject and text of the last one of its kind; empty where nothing is said any more."""
    async with town.store.reading() as db:
        notices = (await db.exec(select(Notice).where(Notice.kind == kind).order_by(col(Notice.id)))).all()
        message = await mails.compose(db, notices[-1], Templates(folder()), Settings())
    if message is None:
        return "", ""
    return str(message["Subject"]), bytes(message.get_payload(decode=True)).decode()


@pytest.mark.anyio
async def test_it_is_told_a_day_and_an_hour_before_once_each(town: Town) -> None:
    hall = await opened(town, Stage.SCHEDULED)  # begins in two days
    await followed(hall, "hoa@thu.example")
    for hours, mails_so_far in ((0, 0), (23, 0), (1, 1), (10, 1), (12, 1), (1, 2), (0.9, 2), (5, 2)):
        town.clock.move(hours * 3600)
        for _ in range(2):  # and whoever restarts
            await countdowns.drain(town.store)
        assert len(await told(town)) == mails_so_far, hours


@pytest.mark.anyio
async def test_a_worker_that_was_away_sends_one_mail_not_two(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    await followed(hall, "hoa@thu.example")
    town.clock.move(47.5 * 3600)
    await countdowns.drain(town.store)
    assert await told(town) == [Kind.STARTS_SOON]


@pytest.mark.anyio
async def test_an_address_gets_one_mail_and_gets_it_once_it_is_confirmed(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    await hall.ask()
    await hall.ask()  # both by hoa@thu.example
    await followed(hall, "hoa@thu.example", "lan@thu.example")
    await followed(hall, "ai-do@thu.example", is_confirmed=False)
    town.clock.move(days=1)
    await countdowns.drain(town.store)
    assert await told(town) == [Kind.STARTS_SOON] * 2


@pytest.mark.anyio
async def test_a_link_in_a_mail_ends_it_for_the_whole_address(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    await hall.ask()
    await hall.ask()
    await followed(hall, "lan@thu.example")
    async with town.store.transaction() as db:
        asker = (await db.exec(select(follows.Follow).where(col(follows.Follow.follower).startswith("asker:")))).first()
        assert asker
        await follows.end_for_address(db, SURFACE, asker.person_id or 0)
        assert await follows.count(db, SURFACE, hall.id) == 1
        assert (await db.get_one(Person, asker.person_id)).email  # still needed for the question


@pytest.mark.anyio
async def test_whoever_asks_while_it_runs_is_not_told_that_it_begins(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    await hall.ask()
    async with town.store.reading() as db:
        assert await follows.count(db, SURFACE, hall.id) == 0


@pytest.mark.anyio
async def test_another_time_is_told_at_once_and_counted_down_to_anew(town: Town) -> None:
    hall = await opened(town, Stage.SCHEDULED)
    await followed(hall, "hoa@thu.example")
    town.clock.move(days=1)
    await countdowns.drain(town.store)
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        later = dialogue.starts_at + timedelta(days=3)
        await arranging.move_to(db, hall["moderator"], dialogue, later, later + timedelta(hours=2), WHY)
    assert await told(town) == [Kind.POSTPONED]  # the mail about the old time had not left yet
    _, text = await letter(town, Kind.POSTPONED)
    assert WHY in text
    assert "/follows/dialogue-" in text
    town.clock.move(days=3)
    await countdowns.drain(town.store)
    assert await told(town) == [Kind.POSTPONED, Kind.STARTS_SOON]
    _, text = await letter(town, Kind.STARTS_SOON)
    assert f"/dialogues/{hall.id}" in text


@pytest.mark.anyio
async def test_a_cancelled_one_is_told_once_with_its_reason_and_never_begins(town: Town) -> None:
    hall = await opened(town, Stage.SCHEDULED)
    await followed(hall, "hoa@thu.example")
    async with town.store.transaction() as db:
        await staging.cancel(db, hall["moderator"], await dialogues.one(db, hall.id), WHY)
    town.clock.move(days=1.5)
    await countdowns.drain(town.store)
    assert await told(town) == [Kind.CALLED_OFF]
    assert WHY in (await letter(town, Kind.CALLED_OFF))[1]
    assert await letter(town, Kind.REMIND_ASKED) == ("", "")


@pytest.mark.anyio
async def test_the_crew_is_told_what_their_part_is(town: Town) -> None:
    hall = await opened(town)
    async with town.store.transaction() as db:
        dialogue, person = await dialogues.one(db, hall.id), await db.get_one(Person, town.id("elsewhere"))
        person.email = person.login
        db.add(person)
        await guests.take_on(db, hall["moderator"], dialogue, person, Part.HOST)
    _, text = await letter(town, Kind.JOINED)
    assert "người dẫn chương trình" in text
    assert "/dialogues/mine" in text
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        mine = select(Crew).where(Crew.dialogue_id == hall.id, Crew.person_id == town.id("elsewhere"))
        await guests.let_go(db, hall["moderator"], dialogue, (await db.exec(mine)).one())
    assert await letter(town, Kind.JOINED) == ("", "")


@given(SPANS, SPANS)
def test_with_less_time_left_no_mail_is_taken_back(left: timedelta, less: timedelta) -> None:
    less = min(left, less)
    if less > timedelta():
        assert countdowns.reached(less) >= countdowns.reached(left)
    else:
        assert countdowns.reached(less) == 0
