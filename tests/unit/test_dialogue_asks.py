"""Who may send one more question to a dialogue, and when."""

from typing import Any

import pytest
from sqlmodel import select

from engage import dialogue_asks, dialogues, intake
from engage.ask import LiveAsk
from engage.dialogue_asks import DialogueAsk
from engage.dialogues import Stage
from engage.errors import Refused, TooMany
from tests.unit import hall as halls
from tests.unit.hall import Hall
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def send(hall: Hall, asker: str = "visitor:a", **typed: Any) -> int:
    ask = LiveAsk(**{"title": "Thẻ bảo hiểm của cháu bé làm ở đâu?", "name": "Trần Thử", "consent": True} | typed)
    async with hall.town.store.transaction() as db:
        dialogue, directory = await dialogues.one(db, hall.id), await intake.find_directory(db, ask)
        code = f"HD-{hall.town.clock.now.timestamp()}-{asker}"
        return (await dialogue_asks.send(db, dialogue, ask, directory, asker=asker, code=code, language="vi")).id


async def switch(hall: Hall, **values: Any) -> None:
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        for name, value in values.items():
            setattr(dialogue, name, value)
        db.add(dialogue)


async def test_questions_are_taken_from_the_intake_until_the_last_answers(town: Town) -> None:
    hall = await halls.opened(town, Stage.SCHEDULED)
    with pytest.raises(Refused, match="dialogue_takes_none_yet"):
        await send(hall)
    for stage in (Stage.INTAKE, Stage.LOBBY, Stage.LIVE):
        await hall.to(stage)
        await send(hall, asker=f"visitor:{stage}")
    await switch(hall, takes_questions=False)
    with pytest.raises(Refused, match="dialogue_takes_none_now"):
        await send(hall)
    await hall.to(Stage.CLOSING)
    with pytest.raises(Refused, match="dialogue_takes_no_more"):
        await send(hall)


async def test_slow_mode_counts_for_each_person_alone(town: Town) -> None:
    hall = await halls.opened(town, Stage.LIVE)
    await switch(hall, slow_seconds=60)
    await send(hall)
    town.clock.move(20)
    with pytest.raises(TooMany) as told:
        await send(hall)
    assert told.value.reason == "slow_mode"
    assert 39 <= int(str(told.value.figures["wait"])) <= 41
    await send(hall, asker="visitor:b")
    town.clock.move(41)
    await send(hall)


async def test_a_person_sends_so_many_and_what_counted_them_goes_with_the_dialogue(town: Town) -> None:
    hall = await halls.opened(town, Stage.LIVE)
    await switch(hall, most_each=2)
    for _ in range(2):
        await send(hall)
        town.clock.move(1)
    with pytest.raises(TooMany, match="asked_enough"):
        await send(hall)
    await hall.to(Stage.ENDED)
    async with town.store.reading() as db:
        assert not (await db.exec(select(DialogueAsk))).all()


async def test_a_group_that_was_not_announced_is_none(town: Town) -> None:
    hall = await halls.opened(town, Stage.INTAKE)
    with pytest.raises(Refused, match="unknown_choice") as told:
        await send(hall, group="999999")
    assert told.value.field == "group"
