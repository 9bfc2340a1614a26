"""Promises of rehearsals: the crew practises on what is like the real thing, readers never see it, and nothing of it stays."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from engage import crews, dialogues, minutes, questions, rehearsals, replies, search, staging, turns
from engage.access import PUBLIC, Actor, Moderation, visible
from engage.dialogues import Dialogue, Stage
from engage.errors import Conflict, NotAllowed, NotFound
from engage.guests import Guest
from engage.notices import Notice
from engage.questions import Question
from live.log import Event
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
CANARY = "Kim oanh hót trong buổi diễn tập"
# What tells of a rehearsal afterwards: that there was one, and how far channels had come.
REMAIN = {"live_event", "live_channel", "audit", "audit_key", "search_entry", "search_entry_remark"}


@pytest.fixture
async def hall(town: Town) -> Hall:
    return await opened(town, Stage.SCHEDULED)


async def begun(hall: Hall) -> Hall:
    """The rehearsal, with the same people on its desks."""
    async with hall.town.store.transaction() as db:
        copy = await rehearsals.begin(db, hall["moderator"], await dialogues.one(db, hall.id))
    async with hall.town.store.reading() as db:
        came = (await db.exec(select(Guest).where(Guest.dialogue_id == copy.key).order_by(col(Guest.place)))).all()
        actors = {
            who: Actor(
                actor.person_id, actor.name, posts=actor.posts, parts=await crews.parts_of(db, actor.person_id or 0)
            )
            for who, actor in hall.actors.items()
        }
    return Hall(hall.town, copy.key, [guest.key for guest in came], hall.groups, actors)


async def to(rehearsal: Hall, *verbs: Callable[..., Awaitable[None]]) -> None:
    for verb in verbs:
        async with rehearsal.town.store.transaction() as db:
            await verb(db, rehearsal["coordinator"], await dialogues.one(db, rehearsal.id))


async def asked(rehearsal: Hall) -> list[int]:
    async with rehearsal.town.store.reading() as db:
        found = select(col(Question.id)).where(Question.dialogue_id == rehearsal.id).order_by(col(Question.id))
        return [int(one or 0) for one in (await db.exec(found)).all()]


async def played(hall: Hall) -> Hall:
    """Everything that a dialogue has happens once."""
    rehearsal = await begun(hall)
    await to(rehearsal, staging.open_lobby, staging.start)
    first, second, *_ = await asked(rehearsal)
    await rehearsal.stage(first)
    await rehearsal.answer(first, CANARY)
    await rehearsal.type(second, CANARY)
    async with hall.town.store.transaction() as db:
        await staging.say(db, rehearsal["coordinator"], await dialogues.one(db, rehearsal.id), CANARY)
    return rehearsal


async def wiped(rehearsal: Hall) -> None:
    async with rehearsal.town.store.transaction() as db:
        await rehearsals.wipe(db, rehearsal["moderator"], await dialogues.one(db, rehearsal.id))


async def rows(town: Town) -> dict[str, int]:
    async with town.store.reading() as db:
        connection = await db.connection()
        return {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in SQLModel.metadata.sorted_tables
            if table.name not in REMAIN
        }


async def test_a_rehearsal_has_the_guests_the_groups_and_the_crew(hall: Hall) -> None:
    rehearsal = await begun(hall)
    async with hall.town.store.reading() as db:
        copy = await dialogues.one(db, rehearsal.id)
        both = [await crews.of(db, one) for one in (hall.id, rehearsal.id)]
    assert (copy.title, copy.stage, copy.rehearsal_of_id) == (copy.title, Stage.INTAKE, hall.id)
    assert len(rehearsal.guests) == len(hall.guests)
    assert sorted((row.person_id, row.part) for row in both[0]) == sorted((row.person_id, row.part) for row in both[1])
    assert {row.guest_id for row in both[1]} - {None} <= set(rehearsal.guests)


async def test_it_is_played_to_its_end_on_sample_questions(hall: Hall) -> None:
    rehearsal = await played(hall)
    await to(rehearsal, staging.close, staging.end)
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, rehearsal.id)
        drafted = await minutes.draft(db, rehearsal["moderator"], dialogue)
        assert len(await minutes.entries(db, drafted.key)) == 1
        assert (await turns.counts(db, dialogue))[turns.Floor.ANSWERED] == 1


async def test_what_is_asked_in_it_is_held_and_stays_so(hall: Hall) -> None:
    """Also what one of the crew asks through the form, with an address: nobody is mailed."""
    rehearsal = await played(hall)
    async with hall.town.store.reading() as db:
        groups = await rehearsals.guests.groups(db, rehearsal.id)
    rehearsal.groups = [group.key for group in groups]
    mine = await rehearsal.ask(f"{CANARY} này")
    async with hall.town.store.reading() as db:
        held = (await db.exec(select(Question.moderation).where(Question.dialogue_id == rehearsal.id))).all()
        shown = (await db.exec(select(Question.id).where(turns.shows(await dialogues.one(db, rehearsal.id))))).all()
        assert set(held) == {Moderation.HELD}
        assert mine in shown
        assert not (await db.exec(select(Notice).where(Notice.surface == "question", Notice.thing_id == mine))).all()


async def test_readers_find_nothing_of_it(hall: Hall) -> None:
    rehearsal = await played(hall)
    ids = await asked(rehearsal)
    async with hall.town.store.reading() as db:
        public = (await db.exec(select(Question.id).where(visible(Question, PUBLIC)))).all()
        told = (
            await db.exec(select(Event.channel).where(col(Event.ids)["dialogue"].as_integer() == rehearsal.id))
        ).all()
        assert not set(public) & set(ids)
        assert rehearsal.id not in {one.key for one in await dialogues.upcoming(db, 50)}
        assert set(told) == {f"dialogue:{rehearsal.id}", f"crew:{rehearsal.id}"}
        found = search.matches(db, "diễn tập")
        assert found is not None
        assert not (await (await db.connection()).execute(sa.select(found.c.id))).all()
        with pytest.raises(NotFound):
            await dialogues.seen_by(db, PUBLIC, rehearsal.id)
        with pytest.raises(NotFound):
            await questions.seen_by(db, PUBLIC, ids[0])
        assert (await dialogues.seen_by(db, rehearsal["official"], rehearsal.id)).is_rehearsal


async def test_nothing_of_it_stays(hall: Hall) -> None:
    before = await rows(hall.town)
    rehearsal = await played(hall)
    assert await rows(hall.town) != before
    ids = await asked(rehearsal)
    await wiped(rehearsal)
    assert await rows(hall.town) == before
    async with hall.town.store.reading() as db:
        channels = [f"dialogue:{rehearsal.id}", f"crew:{rehearsal.id}", *(f"question:{one}" for one in ids)]
        assert not (await db.exec(select(Event).where(col(Event.channel).in_(channels)))).all()


async def test_the_dialogue_itself_is_untouched(hall: Hall) -> None:
    mine = await hall.ask()
    before = await hall.dialogue()
    await wiped(await played(hall))
    async with hall.town.store.reading() as db:
        assert (await hall.dialogue()).model_dump() == before.model_dump()
        assert (await questions.one(db, mine)).moderation == Moderation.ACCEPTED


async def test_one_rehearsal_at_a_time(hall: Hall) -> None:
    rehearsal = await begun(hall)
    with pytest.raises(Conflict) as failure:
        await begun(hall)
    assert failure.value.reason == "rehearsal_is_on"
    await wiped(rehearsal)
    await begun(hall)


@pytest.mark.parametrize("who", ["coordinator", "official", "elsewhere_approver"])
async def test_only_an_editor_begins_and_ends_one(hall: Hall, who: str) -> None:
    rehearsal = await begun(hall)
    async with hall.town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await rehearsals.begin(db, hall[who], await dialogues.one(db, hall.id))
        with pytest.raises(NotAllowed):
            await rehearsals.wipe(db, rehearsal[who], await dialogues.one(db, rehearsal.id))


async def test_what_is_no_rehearsal_cannot_be_wiped(hall: Hall) -> None:
    async with hall.town.store.transaction() as db:
        with pytest.raises(rehearsals.Refused):
            await rehearsals.wipe(db, hall["moderator"], await dialogues.one(db, hall.id))


async def test_a_forgotten_one_is_wiped_after_a_day(hall: Hall) -> None:
    rehearsal = await played(hall)
    async with hall.town.store.transaction() as db:
        assert await rehearsals.wipe_forgotten(db) == 0
    hall.town.clock.move(60, days=1)
    async with hall.town.store.transaction() as db:
        assert await rehearsals.wipe_forgotten(db) == 1
    async with hall.town.store.reading() as db:
        assert (await db.exec(select(Dialogue).where(Dialogue.id == rehearsal.id))).first() is None
        assert not (await db.exec(select(replies.Reply))).all()
