"""Promises of votes: one a voter and question, counted as the rows say, moved with a merge and back, set aside but never lost."""

from collections.abc import Sequence

import anyio
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import forgetting, merges, notices, partings, personal, questions, takedowns, votes, voting
from engage.audit import Audit
from engage.db import Store
from engage.takedowns import HideForm
from engage.votes import Ballot, Standing, Vote, VoteSource
from live import stirs
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
MOST = 60  # as the policy is seeded


def ballot(question_id: int, voter: str = "v:1", *, on: bool = True, source: str = "") -> Ballot:
    return Ballot("question", question_id, voter, on, source)


async def vote(town: Town, *ballots: Ballot) -> list[str | None]:
    return await voting.write(town.store, ballots)


async def counted(town: Town, question_id: int) -> int:
    async with town.store.reading() as db:
        return (await voting.counts(db, [question_id]))[question_id]


async def merge(town: Town, question_id: int, into_id: int) -> None:
    async with town.store.transaction() as db:
        await merges.merge(db, question_id, into_id, by=town.id("moderator"), wait=notices.AT_ONCE)


async def judge(town: Town, question_id: int, standing: Standing) -> None:
    async with town.store.transaction() as db:
        await voting.judge(db, town["moderator"], await questions.one(db, question_id), standing)


async def audited(town: Town, kind: str) -> Sequence[Audit]:
    async with town.store.reading() as db:
        return (await db.exec(select(Audit).where(Audit.kind == kind))).all()


def crowd(question_id: int, many: int, source: str = "here", first: int = 0) -> list[Ballot]:
    return [ballot(question_id, f"v:{source}{first + number}", source=source) for number in range(many)]


async def test_a_voter_counts_once_however_often_they_press(town: Town) -> None:
    asked = await town.accepted()
    for _ in range(3):
        assert await vote(town, ballot(asked), ballot(asked)) == [None, None]
    assert await vote(town, ballot(asked, "v:2"), ballot(asked, votes.of_person(town.id("official")))) == [None, None]
    assert await counted(town, asked) == 3


async def test_of_what_one_voter_says_in_a_moment_the_last_holds(town: Town) -> None:
    asked = await town.accepted()
    await vote(town, ballot(asked), ballot(asked, on=False), ballot(asked, "v:2", on=False), ballot(asked, "v:2"))
    assert await counted(town, asked) == 1
    await vote(
        town, ballot(asked, "v:2", on=False), ballot(asked, "v:3", on=False)
    )  # one who never voted takes nothing back
    assert await counted(town, asked) == 0


async def test_only_what_readers_see_takes_votes_and_others_are_not_held_up_by_it(town: Town) -> None:
    asked, (held, _), hidden = await town.accepted(), await town.held(), await town.accepted()
    async with town.store.transaction() as db:
        await takedowns.hide(db, town["moderator"], await questions.one(db, hidden), HideForm(reason="unclear"))
    said = await vote(town, ballot(held), ballot(asked), ballot(hidden), ballot(999_999))
    assert said == ["no_such_question", None, "no_such_question", "no_such_question"]
    assert [await counted(town, one) for one in (held, asked, hidden)] == [0, 1, 0]


async def test_an_asker_does_not_ask_their_own_question_too(town: Town) -> None:
    asked = await town.accepted()
    async with town.store.reading() as db:
        author_id = (await questions.one(db, asked)).author_id
    assert await vote(town, ballot(asked, votes.of_person(author_id))) == ["own_question"]
    assert await counted(town, asked) == 0


async def test_votes_move_with_a_merge_and_come_back_with_a_parting(town: Town) -> None:
    one, other, third = [await town.accepted() for _ in range(3)]
    await vote(town, ballot(one, "v:a"), ballot(one, "v:both"), ballot(other, "v:both"), ballot(other, "v:b"))
    await vote(town, ballot(third, "v:c"))
    await merge(town, one, other)
    assert await counted(town, other) == 4  # a, both, b, and who asked the one that was merged
    await merge(town, other, third)
    assert await counted(town, third) == 6
    assert await vote(town, ballot(one, "v:late")) == [None]  # a page that was open all the time
    assert await counted(town, third) == 7
    async with town.store.transaction() as db:
        await partings.part(db, town["moderator"], one)
    assert [await counted(town, question) for question in (one, third)] == [3, 4]


async def test_a_vote_that_is_taken_back_is_gone_wherever_it_was_given(town: Town) -> None:
    one, other = await town.accepted(), await town.accepted()
    await vote(town, ballot(one), ballot(other))
    await merge(town, one, other)
    assert await counted(town, other) == 2
    async with town.store.reading() as db:
        assert await voting.has_voted(db, "v:1", other)
    await vote(town, ballot(other, on=False))
    assert await counted(town, other) == 1
    async with town.store.reading() as db:
        assert not await voting.has_voted(db, "v:1", other)


async def test_whoever_follows_the_question_hears_of_it_where_it_counts(town: Town) -> None:
    one, other = await town.accepted(), await town.accepted()
    await merge(town, one, other)
    async with town.store.transaction() as db:
        await voting.cast(db, [ballot(one)])
        told = stirs.stirred(db)
    assert [(stir.channel, stir.type, stir.ids) for stir in told] == [(f"question:{other}", "votes", (other,))]


# What is set aside


async def test_beyond_what_one_address_may_votes_are_kept_but_not_counted_and_nobody_is_told(town: Town) -> None:
    asked = await town.accepted()
    said = await vote(town, *crowd(asked, MOST + 5))
    assert said == [None] * (MOST + 5)
    await vote(town, *crowd(asked, 3, first=100))
    await vote(town, ballot(asked, "v:elsewhere", source="there"), ballot(asked, "p:1"))
    assert await counted(town, asked) == MOST + 2
    async with town.store.reading() as db:
        assert await voting.aside(db, await questions.one(db, asked)) == {"quarantined": 8}
        assert await voting.has_voted(db, "v:here101", asked)
    assert [line.ids for line in await audited(town, "votes.quarantined")] == [{"question": asked}]


async def test_an_hour_later_and_for_another_question_the_address_has_room_again(town: Town) -> None:
    one, other = await town.accepted(), await town.accepted()
    await vote(town, *crowd(one, MOST + 1))
    await vote(town, *crowd(other, 1))
    assert await counted(town, other) == 1
    town.clock.move(3600)
    await vote(town, *crowd(one, 1, first=200))
    assert await counted(town, one) == MOST + 1


async def test_voting_again_and_again_uses_up_nothing(town: Town) -> None:
    asked = await town.accepted()
    for _ in range(3):
        await vote(town, *crowd(asked, MOST))
    assert await counted(town, asked) == MOST


@pytest.mark.parametrize(("standing", "counts"), [(Standing.COUNTED, MOST + 4), (Standing.KEPT_OUT, MOST)])
async def test_a_moderator_counts_them_in_or_keeps_them_out_and_can_think_again(
    town: Town, standing: Standing, counts: int
) -> None:
    asked = await town.accepted()
    await vote(town, *crowd(asked, MOST + 4))
    await judge(town, asked, standing)
    assert await counted(town, asked) == counts
    await judge(town, asked, Standing.COUNTED)
    assert await counted(town, asked) == MOST + 4
    (first, *_) = [*await audited(town, "votes.kept_out"), *await audited(town, "votes.counted")]
    assert (first.ids, bool(first.actor)) == ({"question": asked, "votes": 4}, True)


async def test_the_address_is_kept_as_a_hash_of_the_day_and_for_two_hours(town: Town, store: Store) -> None:
    day = town.clock.now
    source = votes.source_of("secret", "14.1.2.3", day)
    assert source == votes.source_of("secret", "14.1.2.3", day)
    assert "14.1.2.3" not in source
    town.clock.move(days=1)
    assert source != votes.source_of("secret", "14.1.2.3", town.clock.now)
    await vote(town, ballot(await town.accepted(), source=source))
    town.clock.move(3 * 3600)
    async with town.store.transaction() as db:
        await votes.forget_old(db)
        assert (await db.exec(select(VoteSource))).all() == []


# Whose votes they are


async def test_an_asker_reads_what_they_voted_on_and_after_erasure_it_counts_on_as_nobodys(town: Town) -> None:
    mine, other = await town.accepted(), await town.accepted()
    async with town.store.reading() as db:
        question = await questions.one(db, mine)
    await vote(town, ballot(other, votes.of_person(question.author_id)))
    async with town.store.transaction() as db:
        kept = await personal.everything(db, question)
        assert [one["thing_id"] for one in kept["votes"]] == [other]
        await forgetting.forget(db, await questions.one(db, mine), text_too=True)
        assert await votes.given_by(db, question.author_id) == []
    assert await counted(town, other) == 1


# At the same time


async def test_counts_are_the_rows_whoever_votes_at_the_same_time(town: Town) -> None:
    one, other = await town.accepted(), await town.accepted()
    voters = [f"v:{number}" for number in range(30)]

    async def press(first: int) -> None:
        turned = voters[first:] + voters[:first]
        for on in (True, False, True):
            for at in range(0, 30, 10):
                await vote(town, *(ballot(q, voter, on=on) for voter in turned[at : at + 10] for q in (other, one)))

    async with anyio.create_task_group() as tasks:
        for first in (0, 7, 19):
            tasks.start_soon(press, first)
    async with town.store.reading() as db:
        rows = (await db.exec(select(col(Vote.thing_id), col(Vote.voter)))).all()
        assert await voting.counts(db, [one, other]) == dict.fromkeys((one, other), 30)
    assert len(rows) == len(set(rows)) == 60


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12))
def test_a_visitor_is_known_by_the_same_mark_and_by_no_other(pressed: list[tuple[int, bool]]) -> None:
    marks = {votes.of_visitor(str(number)) for number, _ in pressed}
    assert len(marks) == len({number for number, _ in pressed})
    assert all(len(mark) <= 40 for mark in marks)


async def test_a_list_of_merged_questions_is_counted_in_as_many_statements_as_one(town: Town) -> None:
    pairs = [(await town.accepted(), await town.accepted()) for _ in range(3)]
    for number, (one, into) in enumerate(pairs):
        await vote(town, ballot(one, "v:both"), ballot(into, "v:both"), *crowd(into, number))
        await merge(town, one, into)
    asked = list[str]()
    sa.event.listen(town.store.engine.sync_engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    lists = [[pairs[0][1]], [into for _, into in pairs]]
    statements = []
    for ids in lists:
        async with town.store.reading() as db:
            asked.clear()
            counts = await voting.counts(db, ids)
            statements.append(len(asked))
    assert statements[0] == statements[1]
    assert list(counts.values()) == [2, 3, 4]  # whoever voted on both once; who asked the merged one; the crowd
