"""Promises of strokes: what the preview says is what happens, all of it can be taken back, and what others did meanwhile stays."""

import pytest

from engage import clusters, dialogues, follows, merges, strokes, turns, votes, voting
from engage.dialogues import Stage
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.strokes import Act, Plan, Stroke
from engage.turns import Floor, Turn
from engage.votes import Ballot
from tests.unit.hall import Hall, opened
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def planned(hall: Hall, act: Act, *ids: int, to: int | None = None, by: str = "coordinator") -> Plan:
    async with hall.town.store.reading() as db:
        return await strokes.plan(db, hall[by], await dialogues.one(db, hall.id), Stroke(act, ids, to))


async def pressed(hall: Hall, act: Act, *ids: int, to: int | None = None, by: str = "coordinator") -> tuple[Plan, int]:
    async with hall.town.store.transaction() as db:
        return await strokes.carry_out(db, hall[by], await dialogues.one(db, hall.id), Stroke(act, ids, to))


async def undone(hall: Hall, batch: int, by: str = "coordinator") -> Plan:
    async with hall.town.store.transaction() as db:
        return await strokes.undo(db, hall[by], await dialogues.one(db, hall.id), batch)


async def turn_of(hall: Hall, question_id: int) -> Turn:
    async with hall.town.store.reading() as db:
        return await turns.one(db, hall.id, question_id)


async def queue(hall: Hall) -> list[int]:
    async with hall.town.store.reading() as db:
        return [turn.question_id for turn in await turns.queued(db, hall.id)]


async def test_the_preview_says_what_happens_and_writes_nothing(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = [await hall.ask() for _ in range(3)]
    await pressed(hall, Act.QUEUE, second)
    plan = await planned(hall, Act.QUEUE, first, second, third, 999_999)
    assert [after["id"] for _, after in plan.changes] == [first, third]
    assert plan.left == {second: "same", 999_999: "moved_on"}
    assert await queue(hall) == [second]
    town.clock.move(seconds=1)
    done, _ = await pressed(hall, Act.QUEUE, first, second, third)
    assert [pair[1]["id"] for pair in done.changes] == [first, third]
    assert await queue(hall) == [second, first, third]


@pytest.mark.parametrize("act", [Act.QUEUE, Act.ASIDE, Act.HAND, Act.GROUP, Act.MERGE])
async def test_every_act_can_be_taken_back(town: Town, act: Act) -> None:
    hall = await opened(town, Stage.INTAKE)
    ids = [await hall.ask() for _ in range(3)]
    await pressed(hall, Act.QUEUE, ids[1])
    to = {Act.HAND: hall.guests[1], Act.GROUP: hall.groups[1], Act.MERGE: ids[0]}.get(act)
    before = [await turn_of(hall, one) for one in ids]
    _, batch = await pressed(hall, act, *ids, to=to)
    assert [await turn_of(hall, one) for one in ids] != before or act is Act.MERGE
    assert not (await undone(hall, batch)).left
    assert [await turn_of(hall, one) for one in ids] == before  # its place in the queue too
    async with town.store.reading() as db:
        assert not await merges.families(db, ids)
    with pytest.raises(Conflict, match="batch_undone"):
        await undone(hall, batch)


async def test_what_somebody_else_did_meanwhile_stays(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, second = await hall.ask(), await hall.ask()
    _, batch = await pressed(hall, Act.QUEUE, first, second)
    await hall.stage(first)
    assert (await undone(hall, batch)).left == {first: "moved_on"}
    assert (await turn_of(hall, first)).floor == Floor.ON_STAGE
    assert (await turn_of(hall, second)).floor == Floor.WAITING


async def test_what_is_on_stage_or_answered_is_left_alone(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    staged, said, free = [await hall.ask() for _ in range(3)]
    await hall.stage(said)
    await hall.answer(said)
    await hall.stage(staged, instead_of=said)
    for act in (Act.QUEUE, Act.ASIDE):
        plan = await planned(hall, act, staged, said, free)
        assert plan.left == {staged: "moved_on", said: "moved_on"}, act


async def test_merging_moves_votes_and_followers_and_keeps_the_one_that_is_called_up(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second, third = [await hall.ask() for _ in range(3)]
    async with town.store.transaction() as db:
        here, there = votes.of_visitor("an"), votes.of_visitor("binh")
        await voting.cast(db, [Ballot("question", first, here), Ballot("question", third, here)])
        await voting.cast(db, [Ballot("question", third, there)])
        await follows.follow(db, "question", third, "visitor", language="vi")
    await pressed(hall, Act.QUEUE, second)
    await pressed(hall, Act.MERGE, first, second, third)
    async with town.store.reading() as db:
        assert (await merges.families(db, [second]))[second] == [first, third]
        assert (await voting.people(db, [second]))[second] == 5  # three askers, two voters
        below = await merges.below(db, second)
        assert await follows.count(db, "question", second, *below) == 3  # two askers and a reader
    assert await queue(hall) == [second]


async def test_a_moderator_groups_and_merges_but_calls_nothing_up(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first, second = await hall.ask(), await hall.ask()
    town_moderator = "cleared"
    await pressed(hall, Act.GROUP, first, to=hall.groups[1], by=town_moderator)
    await pressed(hall, Act.MERGE, first, second, by=town_moderator)
    with pytest.raises(NotAllowed):
        await planned(hall, Act.QUEUE, first, by=town_moderator)
    with pytest.raises(NotAllowed):
        await planned(hall, Act.GROUP, first, by="official")


async def test_bad_choices_are_refused(town: Town) -> None:
    hall, other = await opened(town, Stage.INTAKE), await opened(town, Stage.INTAKE)
    first = await hall.ask()
    with pytest.raises(Refused, match="none_chosen"):
        await planned(hall, Act.QUEUE)
    with pytest.raises(Refused, match="too_many_chosen"):
        await planned(hall, Act.QUEUE, *range(1, 202))
    with pytest.raises(Refused, match="nothing_to_merge"):
        await planned(hall, Act.MERGE, first)
    with pytest.raises(NotFound):
        await planned(hall, Act.GROUP, first, to=other.groups[0])
    with pytest.raises(NotFound):
        await planned(hall, Act.HAND, first, to=other.guests[0])
    assert (await planned(other, Act.QUEUE, first, by="moderator")).left == {first: "moved_on"}


async def test_words_and_twins_propose_a_group_for_what_came_without_one(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    pension, twin, unclear = (
        await hall.ask("Lương hưu tăng từ tháng nào?"),
        await hall.ask("Bao lâu thì nhận tiền?", group=1),
        await hall.ask("Con tôi học lớp một ở trường nào khi chuyển chỗ ở?"),
    )
    asked_again = await hall.ask("Bao lâu thì nhận tiền?")
    await clusters.Gatherer(town.store).drain()
    async with town.store.transaction() as db:
        for one in (pension, unclear, asked_again):
            (await turns.one(db, hall.id, one)).group_id = None
    plan, batch = await pressed(hall, Act.PROPOSED, pension, twin, unclear, asked_again, by="cleared")
    assert plan.left == {twin: "same", unclear: "unclear"}
    assert (await turn_of(hall, pension)).group_id == hall.groups[1]
    assert (await turn_of(hall, asked_again)).group_id == hall.groups[1]
    await undone(hall, batch, by="cleared")
    assert (await turn_of(hall, pension)).group_id is None
