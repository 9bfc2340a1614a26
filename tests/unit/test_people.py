"""Promises of people: wrong passwords wait ever longer, sessions end by themselves, an ended account stays outside."""

from datetime import datetime, timedelta
from typing import cast

import anyio
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import people, signin, tries
from engage.access import PUBLIC
from engage.db import Store
from engage.errors import Refused, TooMany
from engage.people import ABSOLUTE, CODE_IDLE, IDLE, Kind, Person, SignIn
from engage.signin import SignInForm
from engage.tries import FREE_TRIES, FREE_TRIES_ANYWHERE, LONGEST_WAIT, Origin
from tests.conftest import Clock

pytestmark = pytest.mark.anyio
PASSWORD = "mat-khau-dung-2026"
LOGIN = "an@engage.example"
A_MOMENT = timedelta(seconds=1)
HERE = Origin(network="14.0.0.1")


@pytest.fixture(scope="module")
async def hashed() -> str:
    return await people.hashed(PASSWORD)


@pytest.fixture
async def person_id(store: Store, hashed: str, clock: Clock) -> int:
    async with store.transaction() as db:
        person = Person(kind=Kind.STAFF, name="An", login=LOGIN, password=hashed, is_moderator=True, created_at=clock())
        db.add(person)
        await db.flush()
    return person.id or 0


async def try_with(store: Store, password: str, login: str = LOGIN, origin: Origin = HERE) -> str:
    return (await signin.with_password(store, SignInForm(email=login, password=password), origin=origin)).token


async def fail(store: Store, origin: Origin = HERE, login: str = LOGIN) -> None:
    with pytest.raises(Refused, match="sign_in_wrong"):
        await try_with(store, "sai", login, origin)


async def wait_of(store: Store, origin: Origin = HERE, login: str = LOGIN) -> timedelta:
    """How long the next try has to wait; nothing is tried."""
    try:
        async with store.transaction() as db:
            await tries.begin(db, login, origin)
            raise ZeroDivisionError
    except TooMany as waiting:
        return cast(datetime, waiting.figures["until"]) - store.clock()
    except ZeroDivisionError:
        return timedelta()


async def session_of(store: Store, token: str) -> SignIn | None:
    async with store.reading() as db:
        found = await people.signed_in(db, token)
    return found[0] if found else None


async def change(store: Store, person_id: int, **values: object) -> None:
    async with store.transaction() as db:
        await db.exec(sa.update(Person).where(col(Person.id) == person_id).values(**values))


async def test_the_right_password_opens_a_session_of_that_person(store: Store, person_id: int) -> None:
    token = await try_with(store, PASSWORD, f"  {LOGIN.upper()} ")
    actor = await signin.actor(store, token, "")
    assert (actor.person_id, actor.is_moderator) == (person_id, True)


async def test_a_password_is_stored_neither_readable_nor_twice_the_same(hashed: str) -> None:
    assert PASSWORD not in hashed
    assert hashed != await people.hashed(PASSWORD)


async def test_whatever_is_wrong_is_said_in_the_same_words(store: Store, person_id: int) -> None:
    await fail(store)
    with pytest.raises(Refused, match="sign_in_wrong"):
        await try_with(store, PASSWORD, "nobody@engage.example")
    await change(store, person_id, password=None)
    await fail(store)


@pytest.mark.parametrize("login", [LOGIN, "nobody@engage.example"])
async def test_a_few_failures_cost_nothing_and_each_further_one_doubles_the_wait(
    store: Store, person_id: int, clock: Clock, login: str
) -> None:
    """Whether or not there is such an account: who tries learns nothing."""
    waits: list[float] = []
    for _ in range(FREE_TRIES + 8):
        await fail(store, login=login)
        wait = await wait_of(store, login=login)
        waits.append(wait.total_seconds())
        clock.now += wait
    longest = LONGEST_WAIT.total_seconds()
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, longest, longest, longest]


async def test_while_the_wait_runs_not_even_the_right_password_is_tried(
    store: Store, person_id: int, clock: Clock
) -> None:
    for _ in range(FREE_TRIES):
        await fail(store)
    with pytest.raises(TooMany) as waiting:
        await try_with(store, PASSWORD)
    assert waiting.value.figures == {"until": clock() + timedelta(seconds=15), "n": 16}
    clock.move(15)
    assert await try_with(store, PASSWORD)


async def test_a_stranger_elsewhere_keeps_nobody_waiting(store: Store, person_id: int) -> None:
    stranger = Origin(network="203.0.113.7")
    for _ in range(FREE_TRIES):
        await fail(store, stranger)
    assert await wait_of(store, stranger)
    assert not await wait_of(store)


async def test_many_strangers_slow_down_only_browsers_that_never_signed_in(store: Store, person_id: int) -> None:
    for number in range(FREE_TRIES_ANYWHERE):
        await fail(store, Origin(network=f"203.0.113.{number}"))
    assert await wait_of(store, Origin(network="198.51.100.1"))
    known = Origin(network="198.51.100.1", device="a browser that signed in before")
    assert not await wait_of(store, known)
    assert await try_with(store, PASSWORD, origin=known)


async def test_a_hundred_tries_at_once_are_a_hundred_tries(store: Store, person_id: int) -> None:
    results: list[type[BaseException]] = []

    async def guess() -> None:
        try:
            await try_with(store, "sai")
        except (Refused, TooMany) as no:
            results.append(type(no))

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(guess)
    assert results.count(Refused) == FREE_TRIES


async def test_a_success_forgives_the_failures_before_it(store: Store, person_id: int) -> None:
    for _ in range(FREE_TRIES - 1):
        await fail(store)
    await try_with(store, PASSWORD)
    for _ in range(FREE_TRIES - 1):
        await fail(store)
    assert await try_with(store, PASSWORD)


async def test_an_idle_session_ends_and_a_used_one_goes_on(store: Store, person_id: int, clock: Clock) -> None:
    used, idle = await try_with(store, PASSWORD), await try_with(store, PASSWORD)
    clock.now += IDLE
    assert (await signin.actor(store, used, "")).person_id == person_id
    clock.now += A_MOMENT
    assert (await signin.actor(store, used, "")).person_id == person_id
    assert await signin.actor(store, idle, "") == PUBLIC


async def test_even_a_used_session_ends_after_a_working_day(store: Store, person_id: int, clock: Clock) -> None:
    token, end = await try_with(store, PASSWORD), clock() + ABSOLUTE
    while clock() + timedelta(hours=1) < end:
        clock.move(3600)
        assert (await signin.actor(store, token, "")).person_id == person_id
    clock.now = end - A_MOMENT
    assert await session_of(store, token) is not None
    clock.now = end
    assert await session_of(store, token) is None


async def test_a_session_is_touched_at_most_once_a_minute(store: Store, person_id: int, clock: Clock) -> None:
    token, start = await try_with(store, PASSWORD), clock()
    seen = []
    for _ in range(4):
        clock.move(31)
        await signin.actor(store, token, "")
        session = await session_of(store, token)
        seen.append(session.seen_at - start if session else None)
    assert seen == [timedelta(), timedelta(seconds=62), timedelta(seconds=62), timedelta(seconds=124)]


async def test_a_codes_session_is_short_and_is_not_prolonged(store: Store, person_id: int, clock: Clock) -> None:
    async with store.transaction() as db:
        token = await people.sign_in(db, person_id, only="question:1")
    clock.now += CODE_IDLE - A_MOMENT
    assert (await signin.actor(store, "", token)).opened == "question:1"
    clock.now += A_MOMENT
    assert await signin.actor(store, "", token) == PUBLIC


async def test_opening_a_question_forgives_no_wrong_password(store: Store, person_id: int) -> None:
    for _ in range(FREE_TRIES):
        await fail(store)
    async with store.transaction() as db:
        await people.sign_in(db, person_id, only="question:1")
    assert await wait_of(store)


async def test_an_ended_account_cannot_sign_in_and_its_sessions_are_over(
    store: Store, person_id: int, clock: Clock
) -> None:
    token = await try_with(store, PASSWORD)
    await change(store, person_id, ended_at=clock())
    assert await signin.actor(store, token, "") == PUBLIC
    with pytest.raises(Refused, match="sign_in_wrong"):
        await try_with(store, PASSWORD)


async def test_signing_out_ends_one_session_and_everywhere_all(store: Store, person_id: int) -> None:
    tokens = [await try_with(store, PASSWORD) for _ in range(3)]
    async with store.transaction() as db:
        await people.sign_out(db, tokens[0])
    assert [await session_of(store, token) is not None for token in tokens] == [False, True, True]
    async with store.transaction() as db:
        await people.sign_out_everywhere(db, person_id)
    assert [await session_of(store, token) for token in tokens] == [None] * 3


async def test_a_new_sign_in_ends_the_session_the_browser_had(store: Store, person_id: int) -> None:
    before = await try_with(store, PASSWORD)
    after = await signin.with_password(store, SignInForm(email=LOGIN, password=PASSWORD), before=before)
    assert await session_of(store, before) is None
    assert await session_of(store, after.token) is not None


async def test_tokens_are_unguessable_and_stored_hashed(store: Store, person_id: int) -> None:
    tokens = {await try_with(store, PASSWORD) for _ in range(3)}
    async with store.reading() as db:
        stored = set(await db.exec(select(SignIn.token)))
    assert len(tokens) == len(stored) == 3
    assert not tokens & stored
    assert min(map(len, tokens)) >= 43  # 32 random bytes
    for nonsense in ("", "x", next(iter(stored))):
        assert await signin.actor(store, nonsense, nonsense) == PUBLIC


async def test_only_sessions_that_are_over_are_forgotten(store: Store, person_id: int, clock: Clock) -> None:
    await try_with(store, PASSWORD)
    clock.now += ABSOLUTE + A_MOMENT
    token = await try_with(store, PASSWORD)
    async with store.transaction() as db:
        await people.forget_ended_sessions(db)
        assert len((await db.exec(select(SignIn))).all()) == 1
    assert await session_of(store, token) is not None


async def test_names_are_found_by_id_and_nobody_is_nobody(store: Store, person_id: int) -> None:
    async with store.reading() as db:
        assert await people.names(db, [person_id, None, 999]) == {person_id: "An"}
        assert await people.names(db, [None]) == {}
