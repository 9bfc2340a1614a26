"""Promises of cases: one open case a text, one holder a case, one decision a case."""

from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation import cases, queue
from moderation.cases import Case, Changed, Decided, Missing, Taken
from moderation.verdicts import Finding, Span, Verdict, Weight

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
LEASE = timedelta(minutes=10)
AN, BINH = 1, 2
HELD = Verdict((Finding("phone", Weight.HOLD, "sure", (Span("body", 3, 13),)),))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'cases.db'}")

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL").close()
        connection.execute("PRAGMA busy_timeout=10000").close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all, tables=[SQLModel.metadata.tables["moderation_case"]])
    yield engine
    await engine.dispose()


@pytest.fixture
async def db(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


async def opened(db: AsyncSession, thing: int = 17, minute: int = 0, sealed: bool = False) -> int:
    case = await cases.open_case(db, "question", thing, HELD, NOW + timedelta(minutes=minute), None, sealed)
    assert case.id is not None
    return case.id


async def accept(db: AsyncSession, case_id: int, person: int, version: int = 1, now: datetime = NOW) -> Case:
    return await cases.decide(db, case_id, person, version, "accepted", None, None, now)


async def test_an_opened_case_waits_with_its_findings(db: AsyncSession) -> None:
    await opened(db)
    (case,) = await queue.waiting(db, cleared=False, limit=10)
    assert (case.surface, case.thing_id, case.state, case.version) == ("question", 17, "open", 1)
    assert case.verdict == HELD
    assert case.weight == HELD.gravity > 0
    assert case.opened_at == NOW


async def test_opening_again_renews_the_case_and_keeps_place_lease_and_seal(db: AsyncSession) -> None:
    case_id = await opened(db, sealed=True)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    again = await cases.open_case(db, "question", 17, Verdict(), NOW + LEASE, None, False)
    assert (again.id, again.version, again.findings, again.weight) == (case_id, 2, [], 0)
    assert (again.opened_at, again.claimed_by, again.sealed) == (NOW, AN, True)


async def test_a_decided_text_may_get_a_new_case_and_history_is_oldest_first(db: AsyncSession) -> None:
    first = await opened(db)
    await accept(db, first, AN)
    second = await opened(db, minute=5)
    assert [case.id for case in await cases.of(db, "question", 17)] == [first, second]
    assert await cases.of(db, "comment", 17) == []


async def test_the_database_itself_refuses_a_second_open_case(db: AsyncSession) -> None:
    await opened(db)
    db.add(Case(surface="question", thing_id=17, opened_at=NOW))
    with pytest.raises(IntegrityError):
        await db.flush()


@pytest.mark.parametrize(
    "broken",
    [{"state": "maybe"}, {"state": "decided"}, {"claimed_by": AN}],
    ids=["unknown state", "decided by nobody", "a claim without an end"],
)
async def test_the_database_itself_refuses_nonsense(db: AsyncSession, broken: dict[str, Any]) -> None:
    db.add(Case(surface="question", thing_id=1, opened_at=NOW, **broken))
    with pytest.raises(IntegrityError):
        await db.flush()


async def test_a_live_lease_keeps_a_colleague_away_and_says_who_and_until_when(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    with pytest.raises(Taken) as refusal:
        await cases.claim(db, case_id, BINH, NOW + LEASE / 2, LEASE)
    assert (refusal.value.by, refusal.value.until) == (AN, NOW + LEASE)


async def test_the_holder_prolongs_and_a_lapsed_lease_is_free(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    prolonged = await cases.claim(db, case_id, AN, NOW + LEASE / 2, LEASE)
    assert prolonged.claimed_until == NOW + LEASE * 1.5
    later = NOW + LEASE * 2
    assert (await cases.claim(db, case_id, BINH, later, LEASE)).claimed_by == BINH


async def test_only_the_holder_can_release(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    await cases.release(db, case_id, BINH)
    with pytest.raises(Taken):
        await cases.claim(db, case_id, BINH, NOW, LEASE)
    await cases.release(db, case_id, AN)
    assert (await cases.claim(db, case_id, BINH, NOW, LEASE)).claimed_by == BINH


async def test_the_next_case_is_the_oldest_free_one_and_a_second_click_gives_it_again(
    db: AsyncSession,
) -> None:
    newer, older = await opened(db, 1, minute=5), await opened(db, 2, minute=1)

    async def next_for(person: int, after: tuple[datetime, int] | None = None) -> int | None:
        case = await queue.claim_next(db, person, NOW, LEASE, False, after)
        return case and case.id

    assert await next_for(AN) == older
    assert await next_for(AN) == older
    assert await next_for(BINH) == newer
    assert await next_for(3) is None
    await cases.release(db, newer, BINH)
    assert await next_for(AN, after=(NOW + timedelta(minutes=1), older)) == newer


async def test_sealed_cases_exist_only_for_cleared_readers(db: AsyncSession) -> None:
    case_id = await opened(db, sealed=True)
    assert await queue.waiting(db, cleared=False, limit=10) == []
    assert await queue.count_waiting(db, cleared=False) == 0
    assert await queue.claim_next(db, AN, NOW, LEASE, cleared_for_sealed=False) is None
    with pytest.raises(Missing):
        await cases.one(db, case_id, cleared=False)
    assert (await cases.one(db, case_id, cleared=True)).id == case_id
    assert await queue.count_waiting(db, cleared=True) == 1
    assert (await queue.claim_next(db, AN, NOW, LEASE, cleared_for_sealed=True)) is not None


async def test_a_seal_hides_a_case_that_was_open_to_all(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.seal(db, case_id)
    assert await queue.count_waiting(db, cleared=False) == 0
    with pytest.raises(Missing):
        await cases.seal(db, 999)


async def test_pages_of_the_queue_neither_repeat_nor_skip(db: AsyncSession) -> None:
    ids = [await opened(db, thing, minute=thing // 3) for thing in range(10)]
    seen: list[int] = []
    after = None
    while page := await queue.waiting(db, cleared=True, limit=3, after=after):
        seen += [case.id for case in page if case.id is not None]
        after = (page[-1].opened_at, seen[-1])
    assert seen == ids


async def test_a_decision_closes_the_case_and_keeps_who_when_and_why(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    case = await cases.decide(db, case_id, AN, 1, "refused", "insult", "Xin bạn viết lại.", NOW)
    assert (case.state, case.version, case.decision, case.reason) == ("decided", 2, "refused", "insult")
    assert (case.words, case.decided_by, case.decided_at) == ("Xin bạn viết lại.", AN, NOW)
    assert (case.claimed_by, case.claimed_until) == (None, None)
    assert await queue.count_waiting(db, cleared=True) == 0


async def test_the_second_decision_is_told_the_first(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.decide(db, case_id, AN, 1, "refused", "insult", None, NOW)
    for attempt in (accept(db, case_id, BINH), cases.claim(db, case_id, BINH, NOW, LEASE)):
        with pytest.raises(Decided) as refusal:
            await attempt
        told = refusal.value
        assert (told.by, told.at, told.decision, told.reason) == (AN, NOW, "refused", "insult")


async def test_nobody_decides_what_a_colleague_holds(db: AsyncSession) -> None:
    case_id = await opened(db)
    await cases.claim(db, case_id, AN, NOW, LEASE)
    with pytest.raises(Taken):
        await accept(db, case_id, BINH)
    assert (await accept(db, case_id, BINH, now=NOW + LEASE * 2)).decided_by == BINH


async def test_nobody_decides_on_a_text_that_changed_under_them(db: AsyncSession) -> None:
    case_id = await opened(db)
    await opened(db)
    with pytest.raises(Changed) as refusal:
        await accept(db, case_id, AN, version=1)
    assert refusal.value.version == 2
    assert (await accept(db, case_id, AN, version=2)).state == "decided"


async def test_an_unknown_case_is_missing(db: AsyncSession) -> None:
    for attempt in (accept(db, 5, AN), cases.claim(db, 5, AN, NOW, LEASE), cases.one(db, 5, True)):
        with pytest.raises(Missing):
            await attempt


async def race(engine: AsyncEngine, *verbs: Any) -> list[object]:
    """Run each verb in a session and transaction of its own, all at once; results and refusals."""
    ended: list[object] = []

    async def run(verb: Any) -> None:
        try:
            async with AsyncSession(engine, expire_on_commit=False) as own, own.begin():
                outcome: Awaitable[object] = verb(own)
                ended.append(await outcome)
        except (Taken, Decided, Changed) as refusal:
            ended.append(refusal)

    async with anyio.create_task_group() as group:
        for verb in verbs:
            group.start_soon(run, verb)
    return ended


async def test_of_many_who_claim_one_case_exactly_one_gets_it(engine: AsyncEngine, db: AsyncSession) -> None:
    case_id = await opened(db)
    await db.commit()
    ended = await race(engine, *(lambda own, p=p: cases.claim(own, case_id, p, NOW, LEASE) for p in range(1, 9)))
    assert sorted(type(end).__name__ for end in ended) == ["Case"] + ["Taken"] * 7


async def test_of_many_who_decide_one_case_exactly_one_does(engine: AsyncEngine, db: AsyncSession) -> None:
    case_id = await opened(db)
    await db.commit()
    ended = await race(engine, *(lambda own, p=p: accept(own, case_id, p) for p in range(1, 9)))
    (winner,) = [end for end in ended if isinstance(end, Case)]
    losers = [end for end in ended if isinstance(end, Decided)]
    assert len(losers) == 7
    assert {loser.by for loser in losers} == {winner.decided_by}


async def test_desks_that_take_the_next_case_at_once_get_different_ones(engine: AsyncEngine, db: AsyncSession) -> None:
    ids = {await opened(db, thing) for thing in range(8)}
    await db.commit()
    ended = await race(engine, *(lambda own, p=p: queue.claim_next(own, p, NOW, LEASE, True) for p in range(1, 9)))
    assert {end.id for end in ended if isinstance(end, Case)} == ids


async def test_opening_one_text_at_once_opens_one_case(engine: AsyncEngine, db: AsyncSession) -> None:
    await race(engine, *(lambda own: cases.open_case(own, "question", 17, HELD, NOW) for _ in range(6)))
    (case,) = await cases.of(db, "question", 17)
    assert case.version == 6
