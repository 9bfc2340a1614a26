"""Promises of the peak: the most readers at one time while a dialogue was on air, as rounded as they were told."""

import pytest

from engage import dialogues
from engage.dialogues import Stage
from engage.web import peaks, seating
from live.broker import MemoryBroker
from live.presence import Presence
from tests.unit.hall import opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


class Crowd:
    """Readers of this process, told how many they are at every look."""

    def __init__(self, town: Town, dialogue_id: int) -> None:
        self._town, self._sizes, self._channel = town, dict[str, int](), dialogues.channel(dialogue_id)
        self.presence = Presence(
            lambda: self._sizes,
            MemoryBroker(),
            lambda _channel, _type, _said: None,
            seating.is_counted,
            lambda: town.clock.now.timestamp(),
        )

    async def of(self, many: int, *, elsewhere: int = 0) -> None:
        self._sizes = {self._channel: many, "questions": elsewhere}
        self._town.clock.move(peaks.EVERY)
        await self.presence.tick()
        await peaks.note(self._town.store, self.presence.shown())


async def test_the_highest_number_of_readers_stays(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    crowd = Crowd(town, hall.id)
    seen = []
    for many in (3, 263, 1_204, 12, 1_180):
        await crowd.of(many, elsewhere=9_000)
        seen.append((await hall.dialogue()).peak)
    assert seen == [0, 250, 1_200, 1_200, 1_200]


async def test_who_comes_before_or_afterwards_does_not_count(town: Town) -> None:
    hall = await opened(town, Stage.LOBBY)
    crowd = Crowd(town, hall.id)
    await crowd.of(500)
    assert (await hall.dialogue()).peak == 0
    await hall.to(Stage.LIVE)
    await crowd.of(100)
    await hall.to(Stage.ENDED)
    await crowd.of(500)
    assert (await hall.dialogue()).peak == 100


async def test_only_what_has_grown_is_written(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    async with town.store.reading() as db:
        assert await dialogues.outgrown(db, {hall.id: 40, 999_999: 40}) == [hall.id]
        assert await dialogues.outgrown(db, {hall.id: 0}) == []
