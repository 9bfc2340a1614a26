"""A dialogue from its lobby to its minutes while a crowd follows the room and a process is killed, or Redis restarts: the history
checker judges."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from engage import carrying, dialogues, minutes, questions, replies, staging, takedowns
from engage.db import Store
from engage.dialogues import Stage as At
from engage.takedowns import HideForm
from tests.chaos.crowd import Crowd, Stage
from tests.chaos.listeners import Room
from tests.chaos.scene import Scene, happening, kill_one
from tests.chaos.stage import followed
from tests.conftest import Clock
from tests.processes import outside
from tests.unit.hall import Hall, opened
from tests.unit.town import Town, settled

pytestmark = pytest.mark.timeout(300)  # a busy machine takes its time to start a process
ROUNDS, HURT_IN, HIDDEN_IN = 12, 5, 8
LEFT_OVER = 6  # the last of them with a draft
A_MINUTE = 60
PAUSE = 0.1
DRAFTED = "Lời thư ký ghi mà khách mời chưa cho đăng"
ANSWER = "Có, từ tháng sau. Trả lời lượt {number}."

Accident = Callable[[], None]


@pytest.fixture(scope="module")
def town(hurt: Scene) -> Town:
    """Its crew moves in once, whatever the seeds are."""

    async def settle() -> Town:
        async with hurt.site.database() as store:
            return await settled(store, Clock())

    return outside(settle())


@pytest.fixture
def hall(town: Town, scene: Scene) -> Hall:
    async def announced() -> Hall:
        async with scene.site.database() as store:
            return await opened(replace(town, store=store), At.INTAKE)

    return outside(announced())


def test_a_killed_process_costs_a_dialogue_nothing(scene: Scene, hall: Hall, seed: int) -> None:
    _lived_through(scene, hall, seed, "a server process killed", lambda: kill_one(scene, seed))


def test_a_restarted_redis_costs_a_dialogue_nothing(scene: Scene, hall: Hall, seed: int) -> None:
    redis = scene.redis
    if redis is None:
        pytest.skip("one process needs no Redis")

    def restart() -> None:
        redis.kill()
        redis.start()

    _lived_through(scene, hall, seed, "Redis restarted", restart)


def _lived_through(scene: Scene, hall: Hall, seed: int, fault: str, accident: Accident) -> None:
    channel = dialogues.channel(hall.id)
    rooms = [Room(f"/live/dialogue/{hall.id}", channel), Room(f"/dialogues/{hall.id}", channel)]
    stage = Stage(rooms, (), (), [DRAFTED])

    async def live() -> None:
        async with followed(scene, stage, seed, f"a dialogue, {fault} in it") as crowd:
            await crowd.all_here(A_MINUTE)
            await _held(scene, _in_it(hall, crowd.store), crowd, accident)
        said = [one["type"] for one in crowd.heard]
        for fact in ("dialogue.started", "turn.staged", "reply.released", "dialogue.ended", "dialogue.published"):
            assert fact in said, fact
        assert not crowd.told.statuses, crowd.told.statuses

    asyncio.run(live())
    _everything_is_there(scene, hall)


async def _held(scene: Scene, hall: Hall, crowd: Crowd, accident: Accident) -> None:
    """Its whole course; from the fifth round on something is missing, until it has come back."""
    asked = [await hall.let_in(f"Câu hỏi lượt {number} của buổi {hall.id}?") for number in range(ROUNDS + LEFT_OVER)]
    await hall.to(At.LIVE)
    there, happens = None, None
    for number, question_id in enumerate(asked[:ROUNDS]):
        await hall.stage(question_id, instead_of=there)
        there = question_id
        if number == HURT_IN:
            happens = asyncio.create_task(happening(accident))
        if number == HIDDEN_IN:
            await _hidden(hall, crowd, question_id)
            there = None
        else:
            await _answered(hall, question_id, number)
        await asyncio.sleep(PAUSE)
    assert happens is not None
    await happens
    await happening(scene.site.ready)
    await hall.type(asked[-1], DRAFTED)
    await hall.to(At.ENDED)
    await _minuted(hall)


async def _answered(hall: Hall, question_id: int, number: int) -> None:
    await hall.answer(question_id, ANSWER.format(number=number), guest=number % 2)
    async with hall.town.store.transaction() as db:
        await staging.say(db, hall["coordinator"], await dialogues.one(db, hall.id), f"Lượt {number}.")


async def _hidden(hall: Hall, crowd: Crowd, question_id: int) -> None:
    """From the stage itself: nobody who comes later may be given its words."""
    async with hall.town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await takedowns.hide(db, hall["moderator"], question, HideForm(reason="unclear"))
    crowd.told.hide(question.title)


async def _minuted(hall: Hall) -> None:
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        written = await minutes.draft(db, hall["moderator"], dialogue)
        await minutes.send(db, hall["moderator"], dialogue, written, written.version)
        await minutes.approve(db, hall["colleague"], dialogue, written, written.version)
        await staging.publish(db, hall["moderator"], dialogue)


def _everything_is_there(scene: Scene, hall: Hall) -> None:
    """Every answer once, the rest at agencies, nothing on stage. What somebody was typing waits for half an hour."""
    site, which = scene.site, {"id": hall.id}
    out = site.rows("select text from reply where dialogue_id = :id and state = 'released'", **which)
    assert sorted(row.text for row in out) == sorted(
        ANSWER.format(number=number) for number in range(ROUNDS) if number != HIDDEN_IN
    )
    carried = "select count(*) as times from turn where dialogue_id = :id and floor = 'carried'"
    site.wait(lambda: site.rows(carried, **which)[0].times == LEFT_OVER - 1, A_MINUTE)
    outside(_half_an_hour_passes(scene, hall))
    site.wait(lambda: site.rows(carried, **which)[0].times == LEFT_OVER, A_MINUTE)
    assert not site.rows("select id from turn where dialogue_id = :id and floor = 'on_stage'", **which)


async def _half_an_hour_passes(scene: Scene, hall: Hall) -> None:
    async with scene.site.database() as store, store.transaction() as db:
        for reply in await replies.unreleased(db, hall.id):
            reply.written_at -= carrying.STILL_TYPED
            db.add(reply)


def _in_it(hall: Hall, store: Store) -> Hall:
    """The same people on the crowd's own store, which writes down when each fact was committed."""
    return replace(hall, town=replace(hall.town, store=store))
