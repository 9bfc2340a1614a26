"""Promises of polls: nothing is counted aloud before its time, a mark is one voter's and theirs to change, what was wrong goes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from engage import audit, dialogues, marking, polling, polls, votes
from engage.dialogues import Stage
from engage.errors import Conflict, NotAllowed, Refused
from engage.marking import LEAST_VOTERS, Mark, Marked, Result
from engage.polls import Poll, State
from engage.votes import Standing
from live import log
from tests.unit import hall as halls
from tests.unit.hall import Hall
from tests.unit.town import Town

pytestmark = pytest.mark.anyio

WORDS, CHOICES = "Bạn làm thủ tục bằng cách nào?", ["Trên mạng", "Tại trụ sở", "Qua nơi làm việc"]


@dataclass
class Held:
    """A poll in a hall."""

    hall: Hall
    id: int

    async def press(self, verb: Callable[..., Awaitable[Any]], *more: Any, by: str = "coordinator") -> None:
        async with self.hall.town.store.transaction() as db:
            dialogue = await dialogues.one(db, self.hall.id)
            await verb(db, self.hall[by], dialogue, await polling.one(db, dialogue, self.id), *more)

    async def edit(self, words: str, choices: list[str]) -> None:
        async with self.hall.town.store.transaction() as db:
            dialogue = await dialogues.one(db, self.hall.id)
            poll = await polling.one(db, dialogue, self.id)
            await polling.edit(db, self.hall["coordinator"], dialogue, poll, words, choices, several=True)

    async def choices(self) -> list[int]:
        async with self.hall.town.store.reading() as db:
            return [choice.key for choice in (await polls.choices(db, [self.id]))[self.id]]

    async def mark(self, voter: str, *places: int, source: str = "") -> str | None:
        offered = await self.choices()
        chosen = frozenset(offered[place] for place in places)
        [reason] = await polling.write(self.hall.town.store, [Mark(self.id, voter, chosen, source)])
        return reason

    async def crowd(self, number: int, place: int = 0, *, source: str = "") -> None:
        offered = await self.choices()
        marks = [Mark(self.id, f"v:{place}-{one}", frozenset({offered[place]}), source) for one in range(number)]
        assert await polling.write(self.hall.town.store, marks) == [None] * number

    async def result(self) -> Result:
        async with self.hall.town.store.reading() as db:
            dialogue = await dialogues.one(db, self.hall.id)
            [result] = await marking.results(db, [await polling.one(db, dialogue, self.id)])
            return result

    async def facts(self, channel: str) -> list[str]:
        async with self.hall.town.store.reading() as db:
            told = await log.since(db, channel, 0)
        return [fact.type for fact in told if fact.type.startswith("poll.")]


async def prepared(hall: Hall, *, several: bool = False) -> Held:
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        poll = await polling.make(db, hall["coordinator"], dialogue, WORDS, CHOICES, several=several)
    return Held(hall, poll.key)


async def opened(town: Town, *, several: bool = False) -> Held:
    poll = await prepared(await halls.opened(town, Stage.LIVE), several=several)
    await poll.press(polling.open_)
    return poll


async def test_a_poll_is_prepared_beforehand_and_told_to_the_crew_alone(town: Town) -> None:
    poll = await prepared(await halls.opened(town, Stage.SCHEDULED))
    with pytest.raises(Refused) as refused:
        await poll.press(polling.open_)
    assert refused.value.reason == "poll_needs_the_room"
    await poll.hall.to(Stage.LOBBY)
    await poll.edit("Bạn đã làm thủ tục ở đâu?", CHOICES)
    assert await poll.facts(dialogues.channel(poll.hall.id)) == []
    assert await poll.facts(dialogues.crew_channel(poll.hall.id)) == ["poll.prepared", "poll.edited"]
    await poll.press(polling.open_)
    assert await poll.facts(dialogues.channel(poll.hall.id)) == ["poll.opened"]


@pytest.mark.parametrize(
    ("words", "choices", "reason"),
    [
        ("", CHOICES, "poll_words_missing"),
        (WORDS, ["Một", "Một"], "poll_choices"),
        (WORDS, [str(number) for number in range(11)], "poll_choices"),
        (WORDS, ["Một", "x" * 201], "poll_choice_too_long"),
    ],
)
async def test_a_poll_needs_a_question_and_two_different_choices(
    town: Town, words: str, choices: list[str], reason: str
) -> None:
    poll = await prepared(await halls.opened(town, Stage.LIVE))
    with pytest.raises(Refused) as refused:
        await poll.edit(words, choices)
    assert refused.value.reason == reason


async def test_nothing_is_counted_while_it_is_open_nor_of_fewer_than_ten(town: Town) -> None:
    few, many = await opened(town), await opened(town)
    await few.crowd(LEAST_VOTERS - 1)
    await many.crowd(LEAST_VOTERS - 3)
    await many.crowd(3, place=1)
    for poll in (few, many):
        assert (await poll.result()).counted == ()
        await poll.press(polling.close)
    assert ((await few.result()).counted, (await few.result()).voters) == ((), None)
    assert (await many.result()).voters == LEAST_VOTERS
    assert (await many.result()).counted == [("Trên mạng", 7), ("Tại trụ sở", 3), ("Qua nơi làm việc", 0)]


async def test_marks_are_told_to_nobody(town: Town) -> None:
    poll = await opened(town)

    class Listening:
        told: list[object]

        def __init__(self) -> None:
            self.told = []

        async def tell(self, facts: list[log.Fact]) -> None:
            self.told += facts

        async def stir(self, *stirred: object) -> None:
            self.told.append(stirred)

    town.store.teller = listening = Listening()
    await poll.crowd(12)
    assert listening.told == []


async def test_a_voter_changes_their_mind_until_it_is_closed(town: Town) -> None:
    poll = await opened(town)
    await poll.crowd(LEAST_VOTERS - 1)
    assert await poll.mark("v:one", 0) is None
    assert await poll.mark("v:one", 1) is None
    await poll.press(polling.close)
    assert await poll.mark("v:one", 0) == "poll_is_closed"
    assert [times for _, times in (await poll.result()).counted] == [9, 1, 0]


async def test_of_two_marks_of_one_voter_that_are_written_together_the_last_one_holds(town: Town) -> None:
    poll = await opened(town)
    first, second, _ = await poll.choices()
    marks = [Mark(poll.id, "v:one", frozenset({one})) for one in (first, second)]
    assert await polling.write(town.store, marks) == [None, None]
    async with town.store.reading() as db:
        assert await marking.marked(db, poll.id, "v:one") == {second}


@pytest.mark.parametrize(("several", "reason"), [(False, "poll_takes_one"), (True, None)])
async def test_several_choices_are_taken_only_where_the_poll_says_so(
    town: Town, several: bool, reason: str | None
) -> None:
    poll = await opened(town, several=several)
    assert await poll.mark("v:one", 0, 2) == reason
    assert await poll.mark("v:two") == "poll_choice_missing"


async def test_percentages_of_several_choices_are_of_persons(town: Town) -> None:
    poll = await opened(town, several=True)
    for voter in range(LEAST_VOTERS):
        assert await poll.mark(f"v:{voter}", 0, 1) is None
    await poll.press(polling.close)
    result = await poll.result()
    assert (result.voters, [times for _, times in result.counted]) == (10, [10, 10, 0])


async def test_whoever_read_other_choices_is_told(town: Town) -> None:
    poll = await opened(town)
    old, *_ = await poll.choices()
    await poll.edit(WORDS, ["Có", "Không"])
    assert await polling.write(town.store, [Mark(poll.id, "v:one", frozenset({old}))]) == ["poll_choices_changed"]
    assert await poll.mark("v:one", 0) is None
    with pytest.raises(Refused) as refused:
        await poll.edit(WORDS, CHOICES)
    assert refused.value.reason == "poll_is_marked"


async def test_a_burst_from_one_address_is_set_aside_until_somebody_else_than_the_host_has_looked(town: Town) -> None:
    poll = await opened(town)
    await poll.crowd(60, source="here")
    await poll.crowd(15, place=1, source="here")
    assert await poll.mark("v:1-3", 2, source="here") is None
    await poll.press(polling.close)
    assert [times for _, times in (await poll.result()).counted] == [60, 0, 0]
    with pytest.raises(NotAllowed):
        await poll.press(polling.judge, Standing.COUNTED)
    await poll.press(polling.judge, Standing.COUNTED, by="moderator")
    assert [times for _, times in (await poll.result()).counted] == [60, 14, 1]
    assert (await poll.facts(dialogues.channel(poll.hall.id)))[-1] == "poll.judged"


async def test_a_poll_that_was_wrong_is_withdrawn_with_a_reason_and_without_figures(town: Town) -> None:
    poll = await opened(town)
    await poll.crowd(20)
    with pytest.raises(Refused) as refused:
        await poll.press(polling.withdraw, "")
    assert (refused.value.reason, refused.value.field) == ("poll_reason_missing", "why")
    await poll.press(polling.close)
    await poll.press(polling.withdraw, "Thiếu một lựa chọn.")
    assert (await poll.result()).counted == ()
    with pytest.raises(Conflict):
        await poll.press(polling.close)
    draft = await prepared(poll.hall)
    await draft.press(polling.withdraw, "")
    assert (await draft.result()).poll.state == State.WITHDRAWN


async def test_the_end_of_the_dialogue_closes_what_is_open(town: Town) -> None:
    poll = await opened(town)
    await poll.crowd(11)
    await poll.hall.to(Stage.ENDED)
    assert (await poll.result()).voters == 11
    assert await poll.facts(dialogues.channel(poll.hall.id)) == ["poll.opened", "poll.closed"]


async def test_only_whoever_leads_holds_polls(town: Town) -> None:
    poll = await prepared(await halls.opened(town, Stage.LIVE))
    for who in ("official", "approver", "elsewhere_approver"):
        for verb in (polling.open_, polling.show):
            with pytest.raises(NotAllowed):
                await poll.press(verb, by=who)


async def test_one_poll_at_a_time_is_on_the_screen(town: Town) -> None:
    first = await opened(town)
    second = await prepared(first.hall)
    with pytest.raises(Conflict):
        await second.press(polling.show)
    await second.press(polling.open_)
    await first.press(polling.show)
    await second.press(polling.show)
    async with town.store.reading() as db:
        shown = (await db.exec(select(Poll.id).where(Poll.on_screen))).all()
    assert shown == [second.id]


async def test_the_rows_do_not_say_who_chose_what(town: Town) -> None:
    poll, other = await opened(town), await opened(town)
    who = votes.of_person(town.id("moderator"))
    digests = [marking.voter_of("a secret of sixteen", one.id, who) for one in (poll, other)]
    for one, digest in zip((poll, other), digests, strict=True):
        assert await one.mark(digest, 0) is None
    async with town.store.reading() as db:
        voters = set((await db.exec(select(Marked.voter))).all())
    assert voters == set(digests)
    assert len(voters) == 2
    assert not [voter for voter in voters if who in voter]


async def test_who_opened_closed_and_withdrew_it_is_on_record(town: Town) -> None:
    poll = await opened(town)
    await poll.press(polling.close)
    await poll.press(polling.withdraw, "Hỏi nhầm buổi.")
    async with town.store.reading() as db:
        kinds = [row.kind for row in await audit.newest(db, 3)]
    assert kinds == ["poll.withdrawn", "poll.closed", "poll.opened"]
