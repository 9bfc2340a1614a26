"""Citizens: one mail, one sign-in; what is typed by strangers counts for nothing."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from engage import citizens, people, signin
from engage.access import Actor, Role, actor_of
from engage.citizens import CitizenForm, CitizenProof, Way
from engage.errors import Conflict, NotFound, Refused
from engage.people import Kind, Person
from engage.tries import Origin
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
SECRET, NAME, EMAIL = "secret", "Bùi Thị Ngọc Lan", "lan@thu.example"
HERE = Origin("192.0.2.7", 4711)


async def test_a_link_signs_in_once_and_makes_the_address_a_proved_one(town: Town) -> None:
    proof = await _asked(town)
    token = citizens.token_of(SECRET, proof)
    session = await _entered(town, token)
    who = await signin.actor(town.store, session, "")
    assert (who.name, who.has(Role.CITIZEN), who.has(Role.STAFF)) == (NAME, True, False)
    assert (await _person(town)).verified_at == town.clock.now
    with pytest.raises(Conflict):
        await _entered(town, token)


async def test_several_links_may_be_live_and_the_first_that_is_used_voids_the_others(town: Town) -> None:
    first, second = await _asked(town), await _asked(town)
    await _entered(town, citizens.token_of(SECRET, first))
    with pytest.raises(Conflict):
        await _entered(town, citizens.token_of(SECRET, second))


async def test_a_link_is_over_after_half_an_hour(town: Town) -> None:
    proof = await _asked(town)
    town.clock.move(30 * 60)
    with pytest.raises(Conflict):
        await _entered(town, citizens.token_of(SECRET, proof))


@pytest.mark.parametrize("token", ["", "1", "1.x", "0.0", "9" * 40, "٣.x", "1." + "0" * 43, "é.é"])
async def test_what_is_no_token_of_ours_is_missing(town: Town, token: str) -> None:
    await _asked(town)
    with pytest.raises(NotFound):
        await _entered(town, token)


async def test_a_code_is_no_link_and_a_link_is_no_code(town: Town) -> None:
    link, code = await _asked(town), await _asked(town, Way.CODE)
    with pytest.raises(NotFound):
        await _entered(town, citizens.token_of(SECRET, code))
    with pytest.raises(NotFound):
        await citizens.enter_code(town.store, SECRET, citizens.token_of(SECRET, link), "000000")


async def test_a_name_typed_by_a_stranger_does_not_rename_who_proved_the_address(town: Town) -> None:
    await _entered(town, citizens.token_of(SECRET, await _asked(town)))
    await _entered(town, citizens.token_of(SECRET, await _asked(town, name="Kẻ Mạo Danh")))
    assert (await _person(town)).name == NAME


async def test_one_address_is_one_citizen(town: Town) -> None:
    assert {(await _asked(town)).person_id for _ in range(3)} == {(await _person(town)).id}


async def test_a_code_lets_in_after_wrong_ones_but_not_after_five(town: Town) -> None:
    proof = await _asked(town, Way.CODE)
    token, right = citizens.token_of(SECRET, proof), citizens.code_of(SECRET, proof)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(4):
        assert await _refused(town, token, wrong) == "citizen_code_wrong"
    assert (await citizens.enter_code(town.store, SECRET, token, f" {right[:3]} {right[3:]}")).name == NAME
    again = await _asked(town, Way.CODE)
    token, right = citizens.token_of(SECRET, again), citizens.code_of(SECRET, again)
    for _ in range(5):
        await _refused(town, token, f"{(int(right) + 1) % 10**6:06}")
    assert await _refused(town, token, right) == "citizen_code_over"


async def test_a_code_is_over_after_ten_minutes_and_after_its_use(town: Town) -> None:
    for late in (False, True):
        proof = await _asked(town, Way.CODE)
        token, code = citizens.token_of(SECRET, proof), citizens.code_of(SECRET, proof)
        if late:
            town.clock.move(600)
        else:
            await citizens.enter_code(town.store, SECRET, token, code)
        assert await _refused(town, token, code) == "citizen_code_over"


async def test_a_citizen_stays_signed_in_for_fourteen_quiet_days_and_thirty_in_all(town: Town) -> None:
    quiet = await _entered(town, citizens.token_of(SECRET, await _asked(town)))
    busy = await _entered(town, citizens.token_of(SECRET, await _asked(town)))
    for _ in range(2):
        town.clock.move(days=13)
        assert (await signin.actor(town.store, busy, "")).has(Role.CITIZEN)
    assert not (await signin.actor(town.store, quiet, "")).has(Role.CITIZEN)
    town.clock.move(days=4.1)
    assert not (await signin.actor(town.store, busy, "")).has(Role.CITIZEN)


async def test_staff_still_have_two_hours(town: Town) -> None:
    async with town.store.transaction() as db:
        token = await people.sign_in(db, town.id("moderator"))
    town.clock.move(2 * 3600 + 1)
    assert not (await signin.actor(town.store, token, "")).has(Role.CITIZEN)


async def test_erasing_leaves_no_name_no_address_and_no_session(town: Town) -> None:
    session = await _entered(town, citizens.token_of(SECRET, await _asked(town)))
    who = await signin.actor(town.store, session, "")
    async with town.store.transaction() as db:
        await citizens.erase(db, who)
    async with town.store.reading() as db:
        gone = await db.get_one(Person, who.person_id)
        assert (gone.name, gone.email, gone.ended_at) == ("", None, town.clock.now)
    assert not (await signin.actor(town.store, session, "")).has(Role.CITIZEN)
    assert (await _asked(town)).person_id != who.person_id  # whoever comes again is somebody new


async def test_staff_neither_rename_nor_erase_themselves_here(town: Town) -> None:
    async with town.store.transaction() as db:
        with pytest.raises(Refused):
            await citizens.erase(db, town["moderator"])
        with pytest.raises(Refused):
            await citizens.rename(db, town["moderator"], NAME)


async def test_an_address_that_was_only_typed_is_forgotten_after_two_days(town: Town) -> None:
    proof = await _asked(town)
    town.clock.move(days=2)
    async with town.store.transaction() as db:
        await citizens.forget_old(db)
    async with town.store.reading() as db:
        assert (await db.get_one(Person, proof.person_id)).email is None
        assert (await db.exec(select(CitizenProof))).all() == []


async def test_a_proved_address_stays(town: Town) -> None:
    await _entered(town, citizens.token_of(SECRET, await _asked(town)))
    town.clock.move(days=20)
    async with town.store.transaction() as db:
        await citizens.forget_old(db)
    assert (await _person(town)).name == NAME


@pytest.mark.parametrize("name", ["", "x", "123", "Bộ Công an", "B\u1ed9 C0ng an", "Ban biên tập", "a" * 81])
def test_a_name_is_a_persons(name: str) -> None:
    with pytest.raises(ValidationError):
        CitizenForm(name=name, email=EMAIL)


def test_who_has_the_role_of_a_citizen() -> None:
    citizen = actor_of(Person(id=1, kind=Kind.CITIZEN, name=NAME), {})
    assert {role for role in Role if citizen.has(role)} == {Role.ANYONE, Role.CITIZEN}
    assert not Actor().has(Role.CITIZEN)


async def _asked(town: Town, way: Way = Way.LINK, name: str = NAME) -> CitizenProof:
    async with town.store.transaction() as db:
        return await citizens.ask(db, name, EMAIL, way=way)


async def _entered(town: Town, token: str) -> str:
    async with town.store.transaction() as db:
        return await citizens.enter(db, await citizens.by_token(db, SECRET, token, Way.LINK), HERE)


async def _refused(town: Town, token: str, code: str) -> str:
    with pytest.raises(Refused) as refused:
        await citizens.enter_code(town.store, SECRET, token, code)
    return refused.value.reason


async def _person(town: Town) -> Person:
    async with town.store.reading() as db:
        return (await db.exec(select(Person).where(col(Person.email) == EMAIL))).one()


def test_how_long_things_last() -> None:
    assert {Way.LINK: timedelta(minutes=30), Way.CODE: timedelta(minutes=10)} == citizens.LASTS
