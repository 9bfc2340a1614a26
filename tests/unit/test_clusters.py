"""Promises of clusters: what asks much the same is found, named once, and told with how many people ask it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from engage import clusters, dialogues, merges, questions, turns, votes, voting
from engage.clusters import Gatherer
from engage.dialogues import Stage
from engage.errors import NotAllowed, Refused
from engage.turns import Turn
from engage.votes import Ballot
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
ONCE = "Rút bảo hiểm xã hội một lần sau bao lâu thì nhận tiền?"
ONCE_MORE = "Bao lâu thì nhận tiền sau khi rút BHXH một lần?"
OTHER = "Con tôi học lớp một ở trường nào khi chuyển chỗ ở?"


async def near(hall: Hall, title: str, limit: int = 5) -> list[clusters.Near]:
    async with hall.town.store.reading() as db:
        return list(await clusters.near(db, hall.id, title, limit))


async def merged(hall: Hall, question_id: int, into_id: int) -> None:
    async with hall.town.store.transaction() as db:
        await merges.merge(db, question_id, into_id, by=hall.town.id("moderator"), wait=timedelta())


async def vote(hall: Hall, question_id: int, *voters: str) -> None:
    async with hall.town.store.transaction() as db:
        await voting.cast(db, [Ballot("question", question_id, voter) for voter in voters])


async def people(hall: Hall, *ids: int) -> dict[int, int]:
    async with hall.town.store.reading() as db:
        return await voting.people(db, ids)


async def test_what_was_asked_before_in_other_words_is_found(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, _ = await hall.ask(ONCE), await hall.ask(OTHER)
    assert [one.id for one in await near(hall, ONCE_MORE)] == [first]
    assert [one.id for one in await near(hall, "rut bao hiem xa hoi mot lan bao lau thi nhan tien")] == [first]
    assert await near(hall, "Đường làng bao giờ sửa?") == []


async def test_another_dialogues_questions_are_not_near(town: Town) -> None:
    hall, other = await opened(town, Stage.INTAKE), await opened(town, Stage.INTAKE)
    await hall.ask(ONCE)
    assert await near(other, ONCE) == []


async def test_what_was_merged_is_told_as_what_it_goes_on_as(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second = await hall.ask(OTHER), await hall.ask(ONCE)
    await merged(hall, second, first)
    assert [(one.id, one.title) for one in await near(hall, ONCE)] == [(first, OTHER)]


async def test_everybody_counts_once_over_the_whole_chain(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = [await hall.ask(title) for title in (ONCE, ONCE_MORE, OTHER)]
    here, there = votes.of_visitor("an"), votes.of_visitor("binh")
    await vote(hall, first, here)
    await vote(hall, second, here, there)
    assert await people(hall, first, second, third) == {first: 2, second: 3, third: 1}
    await merged(hall, third, second)
    await merged(hall, second, first)
    assert (await people(hall, first))[first] == 3 + 2  # three askers, two voters
    assert (await near(hall, ONCE))[0].people == 5


async def test_who_asked_twice_is_one_of_the_people(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second = await hall.ask(ONCE), await hall.ask(ONCE_MORE)
    await same_asker(hall, first, second)
    await merged(hall, second, first)
    assert await people(hall, first) == {first: 1}


async def same_asker(hall: Hall, first: int, second: int) -> None:
    async with hall.town.store.transaction() as db:
        (await questions.one(db, second)).author_id = (await questions.one(db, first)).author_id


# Grouped by the worker


async def gathered(hall: Hall, gatherer: Gatherer | None = None) -> dict[int, int | None]:
    await (gatherer or Gatherer(hall.town.store)).drain()
    async with hall.town.store.reading() as db:
        rows = await db.exec(select(Turn.question_id, Turn.cluster_id).where(Turn.dialogue_id == hall.id))
        return dict(rows.all())


async def test_the_worker_groups_what_was_let_in_and_says_how_far_it_is(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, other, second = [await hall.ask(title) for title in (ONCE, OTHER, ONCE)]
    async with town.store.reading() as db:
        assert await clusters.progress(db, hall.id) == (0, 3)
    assert await gathered(hall) == {first: first, other: other, second: first}
    async with town.store.reading() as db:
        assert await clusters.progress(db, hall.id) == (3, 3)
        assert list(await clusters.biggest(db, await dialogues.one(db, hall.id), 10)) == [(first, 2)]


async def test_newcomers_join_whether_or_not_the_worker_was_restarted(town: Town) -> None:
    hall, gatherer = await opened(town, Stage.INTAKE), Gatherer(town.store)
    first = await hall.ask(ONCE)
    await gathered(hall, gatherer)
    second = await hall.ask(ONCE)
    assert (await gathered(hall, gatherer))[second] == first
    third = await hall.ask(ONCE)
    assert (await gathered(hall))[third] == first


async def test_who_was_taken_out_stays_out(town: Town) -> None:
    hall, gatherer = await opened(town, Stage.INTAKE), Gatherer(town.store)
    first, second = await hall.ask(ONCE), await hall.ask(ONCE)
    await gathered(hall, gatherer)
    async with town.store.transaction() as db:
        turn = await turns.one(db, hall.id, second)
        await clusters.take_out(db, hall["coordinator"], await dialogues.one(db, hall.id), turn)
    third = await hall.ask(ONCE)
    for worker in (gatherer, Gatherer(town.store)):
        assert await gathered(hall, worker) == {first: first, second: second, third: first}
    async with town.store.reading() as db:
        assert await clusters.members(db, hall.id, first) == [first, third]


async def test_the_one_most_people_ask_is_suggested_to_lead(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second = await hall.ask(ONCE), await hall.ask(ONCE)
    await vote(hall, second, votes.of_visitor("an"))
    await gathered(hall)
    async with town.store.reading() as db:
        assert await clusters.leading(db, hall.id, [first], 5) == {first: [second, first]}
        assert await clusters.leading(db, hall.id, [first], 1) == {first: [second]}


# One press


async def test_a_cluster_goes_on_as_one_and_can_be_taken_back(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = [await hall.ask(ONCE) for _ in range(3)]
    await gathered(hall)
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        batch = await clusters.merge(db, hall["coordinator"], dialogue, first, second)
    assert await people(hall, second) == {second: 3}
    async with town.store.reading() as db:
        assert list(await clusters.biggest(db, await dialogues.one(db, hall.id), 5)) == []
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        assert await clusters.undo(db, hall["coordinator"], dialogue, batch) == 2
    assert await people(hall, first, second, third) == {first: 1, second: 1, third: 1}
    assert "merged" not in await town.notices(first)


async def test_what_was_parted_since_is_left_as_it_is(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = [await hall.ask(ONCE) for _ in range(3)]
    await gathered(hall)
    async with town.store.transaction() as db:
        batch = await clusters.merge(db, hall["coordinator"], await dialogues.one(db, hall.id), first, first)
        await merges.take_out(db, third, by=town.id("moderator"))
    async with town.store.transaction() as db:
        assert await clusters.undo(db, hall["coordinator"], await dialogues.one(db, hall.id), batch) == 1
    assert await people(hall, first, second) == {first: 1, second: 1}


async def test_only_who_leads_merges(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first = await hall.ask(ONCE)
    await gathered(hall)
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await clusters.merge(db, hall["official"], await dialogues.one(db, hall.id), first, first)
        with pytest.raises(Refused, match="merge_target_missing"):
            await clusters.merge(db, hall["coordinator"], await dialogues.one(db, hall.id), first, first + 1)
