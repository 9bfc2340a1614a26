"""Promises of kept answers: the same submission gets the same answer, another one is done anew, a day later all is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engage import kept
from engage.db import Store
from engage.kept import LASTS, Submission
from tests.conftest import Clock

pytestmark = pytest.mark.anyio
SENT = Submission(visitor="v" * 64, door="/ask", key="k" * 32, fingerprint="f" * 64)


async def answer(store: Store, sent: Submission) -> tuple[int, str] | None:
    async with store.reading() as db:
        found = await kept.answer_to(db, sent)
    return (found.status, found.location) if found else None


async def keep(store: Store, sent: Submission, location: str = "/sent/1") -> None:
    async with store.transaction() as db:
        await kept.keep(db, sent, 303, location)


async def test_a_first_submission_has_no_answer_and_a_second_has_the_firsts(store: Store) -> None:
    assert await answer(store, SENT) is None
    await keep(store, SENT)
    assert await answer(store, SENT) == (303, "/sent/1")


@pytest.mark.parametrize("field", ["visitor", "door", "key", "fingerprint"])
async def test_another_visitor_door_key_or_body_is_another_submission(store: Store, field: str) -> None:
    await keep(store, SENT)
    other = replace(SENT, **{field: "another"})
    assert await answer(store, other) is None
    await keep(store, other, "/sent/2")
    assert await answer(store, SENT) == (303, "/sent/1")
    assert await answer(store, other) == (303, "/sent/2")


async def test_two_processes_cannot_both_answer_one_submission(store: Store) -> None:
    await keep(store, SENT)
    with pytest.raises(IntegrityError):
        await keep(store, SENT, "/sent/2")
    assert await answer(store, SENT) == (303, "/sent/1")


async def test_what_a_transaction_did_not_finish_is_not_kept(store: Store) -> None:
    async with store.transaction() as db:
        await kept.keep(db, SENT, 303, "/sent/1")
        await db.rollback()
    assert await answer(store, SENT) is None


async def test_answers_are_kept_for_a_day(store: Store, clock: Clock) -> None:
    await keep(store, SENT)
    clock.now += LASTS
    await keep(store, replace(SENT, key="later"))
    for passed, is_kept in ((timedelta(), True), (timedelta(microseconds=1), False)):
        clock.now += passed
        async with store.transaction() as db:
            await kept.forget_old(db)
        assert (await answer(store, SENT) is not None) is is_kept
    assert await answer(store, replace(SENT, key="later")) is not None
