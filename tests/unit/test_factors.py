"""Promises of the second factor: a code counts once, a recovery code counts once, and the database alone makes none."""

import pyotp
import pytest
from sqlmodel import select

from engage import factors, people, signin
from engage.db import Store
from engage.errors import Conflict, NotFound, Refused, TooMany
from engage.factors import STEP_SECONDS, Factor, RecoveryCode
from engage.people import Kind, Person
from engage.signin import CodeForm, Entry, SignInForm, Step
from engage.tries import FREE_TRIES
from tests.conftest import Clock

pytestmark = pytest.mark.anyio
SECRET, NONCE = "a secret of these tests, long enough", "a nonce"
PASSWORD, LOGIN = "mat-khau-dung-2026", "an@engage.example"


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


def code_at(clock: Clock, steps: int = 0) -> str:
    at = int(clock().timestamp()) // STEP_SECONDS + steps
    return str(pyotp.TOTP(factors.key_of(SECRET, NONCE)).generate_otp(at))


async def turned_on(store: Store, person_id: int, clock: Clock) -> list[str]:
    async with store.transaction() as db:
        codes = await factors.turn_on(db, SECRET, person_id, NONCE, code_at(clock))
    clock.move(STEP_SECONDS)
    return list(codes)


async def password(store: Store, *, needs_factor: bool = False) -> Entry:
    return await signin.with_password(store, SignInForm(email=LOGIN, password=PASSWORD), needs_factor=needs_factor)


async def second(store: Store, half: str, code: str) -> str:
    return await signin.with_factor(store, SECRET, half, CodeForm(code=code))


async def test_where_it_is_needed_nobody_enters_before_enrolling(store: Store, person_id: int) -> None:
    entry = await password(store, needs_factor=True)
    assert entry.step is Step.ENROL
    assert (await signin.actor(store, entry.token, entry.token)).person_id is None
    assert not (await signin.actor(store, entry.token, entry.token)).opened


async def test_the_password_alone_opens_nothing_and_the_code_opens_all(
    store: Store, person_id: int, clock: Clock
) -> None:
    await turned_on(store, person_id, clock)
    entry = await password(store)
    assert entry.step is Step.CODE
    assert (await signin.actor(store, entry.token, "")).person_id is None
    token = await second(store, entry.token, code_at(clock))
    assert (await signin.actor(store, token, "")).person_id == person_id
    with pytest.raises(NotFound):  # the half session is gone
        await second(store, entry.token, code_at(clock, 1))


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_a_clock_half_a_minute_off_is_forgiven(store: Store, person_id: int, clock: Clock, steps: int) -> None:
    await turned_on(store, person_id, clock)
    clock.move(STEP_SECONDS)
    assert await second(store, (await password(store)).token, code_at(clock, steps))


@pytest.mark.parametrize("steps", [-2, 2])
async def test_more_is_not(store: Store, person_id: int, clock: Clock, steps: int) -> None:
    await turned_on(store, person_id, clock)
    clock.move(10 * STEP_SECONDS)
    with pytest.raises(Refused, match="factor_wrong"):
        await second(store, (await password(store)).token, code_at(clock, steps))


async def test_a_code_counts_once_and_so_does_every_code_before_it(store: Store, person_id: int, clock: Clock) -> None:
    await turned_on(store, person_id, clock)
    clock.move(STEP_SECONDS)
    await second(store, (await password(store)).token, code_at(clock))
    for steps in (0, -1):
        with pytest.raises(Refused, match="factor_wrong"):
            await second(store, (await password(store)).token, code_at(clock, steps))


async def test_each_of_ten_recovery_codes_counts_once_however_it_is_typed(
    store: Store, person_id: int, clock: Clock
) -> None:
    codes = await turned_on(store, person_id, clock)
    assert len(set(codes)) == 10
    for code in (codes[0].lower(), codes[1].replace("-", " ")):
        assert await second(store, (await password(store)).token, code)
    with pytest.raises(Refused, match="factor_wrong"):
        await second(store, (await password(store)).token, codes[0])
    async with store.reading() as db:
        assert await factors.codes_left(db, person_id) == 8


async def test_wrong_codes_wait_like_wrong_passwords(store: Store, person_id: int, clock: Clock) -> None:
    await turned_on(store, person_id, clock)
    half = (await password(store)).token  # a try of its own
    for _ in range(FREE_TRIES - 1):
        with pytest.raises(Refused, match="factor_wrong"):
            await second(store, half, "000000")
    with pytest.raises(TooMany):
        await second(store, half, code_at(clock))
    with pytest.raises(TooMany):
        await password(store)


async def test_new_recovery_codes_make_the_old_ones_worthless(store: Store, person_id: int, clock: Clock) -> None:
    old = await turned_on(store, person_id, clock)
    async with store.transaction() as db:
        new = await factors.renew_codes(db, person_id)
    with pytest.raises(Refused):
        await second(store, (await password(store)).token, old[0])
    assert await second(store, (await password(store)).token, new[0])


async def test_what_is_stored_makes_no_code(store: Store, person_id: int, clock: Clock) -> None:
    codes = await turned_on(store, person_id, clock)
    async with store.reading() as db:
        factor = (await db.exec(select(Factor))).one()
        digests = set(await db.exec(select(RecoveryCode.digest)))
    assert factors.key_of(SECRET, NONCE) not in factor.nonce
    assert factors.key_of("another secret", factor.nonce) != factors.key_of(SECRET, factor.nonce)
    assert not digests & set(codes)


async def test_it_is_turned_on_once_and_only_with_a_right_code(store: Store, person_id: int, clock: Clock) -> None:
    async with store.transaction() as db:
        with pytest.raises(Refused, match="factor_wrong"):
            await factors.turn_on(db, SECRET, person_id, NONCE, "000000")
        assert not await factors.is_on(db, person_id)
    await turned_on(store, person_id, clock)
    async with store.transaction() as db:
        with pytest.raises(Conflict, match="factor_is_on"):
            await factors.turn_on(db, SECRET, person_id, NONCE, code_at(clock))
