"""Dialogues for tests through the doors: made by the verbs, of people who can sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from engage import clusters, dialogues, minutes, replies
from engage.access import actor_of
from engage.agencies import Agency, posts_of
from engage.db import Store
from engage.dialogues import Stage
from engage.guests import Group
from engage.people import Person
from tests.conftest import Clock
from tests.processes import outside
from tests.unit.hall import Hall, opened
from tests.unit.town import Town
from tests.web.people import People

LOGINS = {
    "moderator": "kiem-duyet-1",
    "colleague": "kiem-duyet-2",
    "coordinator": "dau-moi.bhxh",
    "official": "can-bo.bhxh",
    "second_official": "can-bo-2.bhxh",
    "approver": "duyet.bhxh",
    "second_approver": "can-bo-2.bhxh",
    "elsewhere_official": "can-bo.byt",
    "elsewhere_approver": "duyet.byt",
}


@dataclass(frozen=True)
class Over:
    """A dialogue that has ended: one question was answered in it, and minutes are drafted."""

    id: int
    question_id: int


def at(people: People, stage: Stage) -> int:
    """A dialogue at this stage, and nobody has asked anything in it yet."""

    async def make() -> int:
        async with people.site.database() as store:
            return (await opened(await town(store), stage)).id

    return outside(make())


def over(people: People, *, sent: bool = False, corrected: bool = False) -> Over:
    async def make() -> Over:
        async with people.site.database() as store:
            return await _over(store, sent=sent, corrected=corrected)

    return outside(make())


@dataclass(frozen=True)
class Asked:
    """A dialogue that takes questions in advance; some of them were sent, and grouped."""

    id: int
    question_ids: list[int]
    guest_id: int
    group_ids: list[int]


def asked(people: People, titles: Sequence[str]) -> Asked:
    async def make() -> Asked:
        async with people.site.database() as store:
            hall = await opened(await town(store), Stage.INTAKE)
            ids = [await hall.ask(title) for title in titles]
            await clusters.Gatherer(store).drain()
            return Asked(hall.id, ids, hall.guests[0], list(hall.groups))

    return outside(make())


async def _over(store: Store, *, sent: bool, corrected: bool) -> Over:
    hall: Hall = await opened(await town(store), Stage.LIVE)
    await _named(hall, "=1+1")
    question_id = await hall.ask()
    await hall.stage(question_id)
    await hall.answer(question_id, "Có, từ tháng sau.")
    if corrected:
        await _correct(hall, question_id)
    await hall.to(Stage.ENDED)
    async with store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        written = await minutes.draft(db, hall["moderator"], dialogue)
        if sent:
            await minutes.send(db, hall["moderator"], dialogue, written, written.version)
    return Over(hall.id, question_id)


async def _named(hall: Hall, first_group: str) -> None:
    async with hall.town.store.transaction() as db:
        group = await db.get(Group, hall.groups[0])
        assert group is not None
        group.name = first_group
        db.add(group)


async def _correct(hall: Hall, question_id: int) -> None:
    reply = await hall.type(question_id, "Có, từ tháng Ba.")
    async with hall.town.store.transaction() as db:
        dialogue, again = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, again, again.version, reason="Nói nhầm tháng.")


async def town(store: Store) -> Town:
    """The seeded directory and its staff."""
    async with store.reading() as db:
        agencies = {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}
        logins = {f"{login}@engage.example": who for who, login in LOGINS.items()}
        rows = (await db.exec(select(Person).where(col(Person.login).in_(list(logins))))).all()
        by_login = {str(row.login).partition("@")[0]: row for row in rows}
        staff = {who: by_login[login] for who, login in LOGINS.items()}
        actors = {who: actor_of(one, await posts_of(db, one.id or 0)) for who, one in staff.items()}
    return Town(store, Clock(), agencies, staff, actors)
