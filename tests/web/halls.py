"""Dialogues for tests through the doors: made by the verbs, of people who can sign in."""

from dataclasses import dataclass

from sqlmodel import col, select

from engage import dialogues, minutes
from engage.access import actor_of
from engage.agencies import Agency, posts_of
from engage.db import Store
from engage.dialogues import Stage
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


def on_air(people: People) -> int:
    async def make() -> int:
        async with people.site.database() as store:
            return (await opened(await _town(store), Stage.LIVE)).id

    return outside(make())


def over(people: People, *, sent: bool = False) -> Over:
    async def make() -> Over:
        async with people.site.database() as store:
            return await _over(store, sent=sent)

    return outside(make())


async def _over(store: Store, *, sent: bool) -> Over:
    hall: Hall = await opened(await _town(store), Stage.LIVE)
    question_id = await hall.ask()
    await hall.stage(question_id)
    await hall.answer(question_id, "Có, từ tháng sau.")
    await hall.to(Stage.ENDED)
    async with store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        written = await minutes.draft(db, hall["moderator"], dialogue)
        if sent:
            await minutes.send(db, hall["moderator"], dialogue, written, written.version)
    return Over(hall.id, question_id)


async def _town(store: Store) -> Town:
    """The seeded directory and its staff."""
    async with store.reading() as db:
        agencies = {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}
        logins = {f"{login}@engage.example": who for who, login in LOGINS.items()}
        rows = (await db.exec(select(Person).where(col(Person.login).in_(list(logins))))).all()
        by_login = {str(row.login).partition("@")[0]: row for row in rows}
        staff = {who: by_login[login] for who, login in LOGINS.items()}
        actors = {who: actor_of(one, await posts_of(db, one.id or 0)) for who, one in staff.items()}
    return Town(store, Clock(), agencies, staff, actors)
