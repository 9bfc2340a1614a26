"""Promises of clusters: what asks much the same is found, named once, and told with how many people ask it."""

from datetime import timedelta

import pytest

from engage import clusters, merges, questions, votes, voting
from engage.dialogues import Stage
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
