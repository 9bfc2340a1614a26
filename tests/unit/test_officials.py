"""Promises inside an agency: the coordinator hands on, an official takes, somebody stands in, and who leaves loses nothing."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import absences, accounts, agencies, archive, assignments, desks, officials, questions, rosters
from engage.absences import Absence, standing_in
from engage.access import Actor, actor_of
from engage.agencies import Post
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused
from engage.questions import Question
from tests.unit.town import HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
TODAY = date(2026, 11, 25)
Verb = Callable[[AsyncSession, Question], Awaitable[object]]


async def act(town: Town, question_id: int, verb: Verb) -> None:
    async with town.store.transaction() as db:
        await verb(db, await questions.one(db, question_id))


async def hand(
    town: Town, question_id: int, to: str, who: str = "coordinator", seen_at: datetime | None = None
) -> None:
    moment = seen_at or town.clock.now

    async def verb(db: AsyncSession, question: Question) -> None:
        await officials.hand(db, town[who], question, town.id(to), seen_at=moment)

    await act(town, question_id, verb)


async def away(town: Town, who: str, instead: str, days: tuple[date, date], by: str = "coordinator") -> Absence:
    async with town.store.transaction() as db:
        return await absences.begin(db, town[by], town.agencies[INSURANCE], town.id(who), town.id(instead), days)


def through(town: Town, days: int) -> tuple[date, date]:
    today = absences.here(town.clock.now)
    return today, today + timedelta(days=days)


async def test_what_the_coordinator_hands_on_is_taken_up_and_the_official_is_told(town: Town) -> None:
    question_id = await town.accepted()
    await hand(town, question_id, "official")
    question = await town.question(question_id)
    assert (question.assignment, question.official_id) == ("accepted", town.id("official"))
    assert (question.handed_by, question.handed_at) == (town.id("coordinator"), town.clock.now)
    assert (await town.notices(question_id))[-1] == "handed"
    assert (await town.facts(f"agency:{town.agencies[INSURANCE]}"))[-2:] == ["assignment.accepted", "assignment.handed"]
    assert "assignment.handed" not in await town.facts(f"question:{question_id}")


@pytest.mark.parametrize("who", ["official", "approver", "elsewhere", "moderator"])
async def test_only_the_coordinator_hands_on(town: Town, who: str) -> None:
    question_id = await town.taken()
    with pytest.raises(NotAllowed):
        await hand(town, question_id, "official", who)


@pytest.mark.parametrize("to", ["elsewhere_official", "approver", "moderator"])
async def test_a_text_is_handed_only_to_who_may_write_there(town: Town, to: str) -> None:
    question_id = await town.taken()
    with pytest.raises(Refused, match="person_missing"):
        await hand(town, question_id, to)
    assert (await town.question(question_id)).official_id is None


async def test_an_official_takes_what_nobody_has_and_not_what_a_colleague_has(town: Town) -> None:
    question_id = await town.accepted()
    await act(town, question_id, lambda db, question: officials.take(db, town["official"], question))
    with pytest.raises(Conflict, match="official_has_it") as lost:
        await act(town, question_id, lambda db, question: officials.take(db, town["second_official"], question))
    assert lost.value.figures == {"by": town.people["official"].name}
    assert (await town.question(question_id)).official_id == town.id("official")


async def test_the_coordinator_takes_back_and_hands_to_another(town: Town) -> None:
    question_id = await town.taken()
    await hand(town, question_id, "official")
    take_back = officials.take_back
    with pytest.raises(NotAllowed):
        await act(town, question_id, lambda db, q: take_back(db, town["second_official"], q, seen_at=town.clock.now))
    await act(town, question_id, lambda db, q: take_back(db, town["coordinator"], q, seen_at=town.clock.now))
    assert (await town.question(question_id)).official_id is None
    await hand(town, question_id, "second_official")
    assert (await town.question(question_id)).official_id == town.id("second_official")


async def test_of_two_coordinators_who_hand_one_text_on_the_second_is_told_who_has_it(town: Town) -> None:
    question_id, opened = await town.taken(), town.clock.now
    town.clock.move(60)
    outcomes: list[str] = []

    async def try_to(to: str) -> None:
        try:
            async with town.store.transaction() as db:
                question = await archive.workable_one(db, town["coordinator"], question_id)
                await anyio.lowlevel.checkpoint()
                await officials.hand(db, town["coordinator"], question, town.id(to), seen_at=opened)
            outcomes.append(to)
        except Failure as failure:
            outcomes.append(failure.reason)

    async with anyio.create_task_group() as tasks:
        for to in ("official", "second_official"):
            tasks.start_soon(try_to, to)
    (winner,) = {"official", "second_official"} & set(outcomes)
    assert set(outcomes) == {winner, "official_has_it"}
    assert (await town.question(question_id)).official_id == town.id(winner)


async def test_a_text_that_leaves_the_agency_is_in_nobodys_hands_there(town: Town) -> None:
    question_id = await town.taken()
    await hand(town, question_id, "official")
    there = town.agencies[HEALTH]
    await act(
        town,
        question_id,
        lambda db, q: assignments.transfer(db, town["coordinator"], q, there, "Thuộc việc của Bộ Y tế."),
    )
    question = await town.question(question_id)
    assert (question.official_id, question.handed_by, question.handed_at) == (None, None, None)


async def test_an_answer_on_its_way_is_not_handed_on(town: Town) -> None:
    question_id = await town.sent_for_approval()
    with pytest.raises(Refused, match="answer_is_on_its_way"):
        await hand(town, question_id, "second_official")


# Away


async def test_what_is_handed_to_somebody_away_goes_to_the_stand_in_until_they_are_back(town: Town) -> None:
    first, second = await town.taken(), await town.taken()
    await away(town, "official", "second_official", through(town, 3))
    await hand(town, first, "official")
    assert (await town.question(first)).official_id == town.id("second_official")
    town.clock.move(days=4)
    await hand(town, second, "official")
    assert (await town.question(second)).official_id == town.id("official")


async def test_whoever_stands_in_sees_the_absent_ones_texts_as_theirs(town: Town) -> None:
    question_id, agency = await town.taken(), town.agencies[INSURANCE]
    await hand(town, question_id, "official")
    await away(town, "official", "second_official", through(town, 3))
    async with town.store.reading() as db:
        mine = await desks.mine(db, town["second_official"], agency)
        wanted = desks.Wanted("working", officials=mine)
        found = await desks.listed(db, town["second_official"], agency, wanted, 9)
    assert [one.id for one in found] == [question_id]


async def test_an_official_says_it_of_themselves_and_of_nobody_else(town: Town) -> None:
    await away(town, "official", "second_official", through(town, 1), by="official")
    with pytest.raises(NotAllowed):
        await away(town, "second_official", "coordinator", through(town, 1), by="official")
    with pytest.raises(NotAllowed):
        await away(town, "second_official", "coordinator", through(town, 1), by="elsewhere")


async def test_an_absence_that_cannot_be_is_refused(town: Town) -> None:
    today, later = through(town, 5)
    yesterday = today - timedelta(days=1)
    await away(town, "official", "second_official", (today, later))
    tries = {
        "already_away": ("official", "coordinator", (later, later)),
        "stand_in_is_away": ("coordinator", "official", (today, today)),
        "stand_in_is_the_same": ("coordinator", "coordinator", (today, today)),
        "ends_before_it_starts": ("coordinator", "second_official", (later, today)),
        "absence_is_over": ("coordinator", "second_official", (yesterday, yesterday)),
        "absence_too_long": ("coordinator", "second_official", (today, today + timedelta(days=400))),
        "person_missing": ("elsewhere_official", "second_official", (today, today)),
    }
    for reason, (who, instead, days) in tries.items():
        with pytest.raises(Refused, match=reason):
            await away(town, who, instead, days)


async def test_who_is_back_earlier_gets_their_texts_again(town: Town) -> None:
    question_id, absence = await town.taken(), await away(town, "official", "second_official", through(town, 9))
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await absences.end(db, town["elsewhere"], absence.key)
        with pytest.raises(NotAllowed):
            await absences.end(db, town["second_official"], absence.key)
        await absences.end(db, town["official"], absence.key)
    await hand(town, question_id, "official")
    assert (await town.question(question_id)).official_id == town.id("official")


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6)))
def test_standing_in_ends_whoever_stands_in_for_whom(instead: dict[int, int]) -> None:
    absent = {
        person: Absence(person_id=person, agency_id=1, stand_in_id=other, starts_on=TODAY, ends_on=TODAY, set_by=1)
        for person, other in instead.items()
    }
    for person in range(1, 7):
        found = standing_in(absent, person)
        assert found == person if person not in absent else found in {person, *instead.values()}


# Leaving


async def test_an_official_leaving_mid_draft_loses_nothing(town: Town) -> None:
    question_id, agency = await town.taken(), town.agencies[INSURANCE]
    await hand(town, question_id, "official")
    await town.write(question_id, "official", 0, full="Phần đã viết dở, còn chờ số liệu của quý ba năm nay.")
    async with town.store.transaction() as db:
        await officials.leave(db, Question, town.id("official"), agency)
    question, draft = await town.question(question_id), await town.draft(question_id)
    assert (question.official_id, question.assignment, question.answer) == (None, "accepted", "drafting")
    assert draft.full.startswith("Phần đã viết dở")
    await hand(town, question_id, "second_official")
    continued = await town.write(question_id, "second_official", draft.version)
    assert continued.writers == sorted([town.id("official"), town.id("second_official")])


async def test_whoever_left_has_no_desk_there_and_the_coordinators_are_told_once(town: Town) -> None:
    agency = town.agencies[INSURANCE]
    ids = [await town.taken(), await town.taken()]
    for question_id in ids:
        await hand(town, question_id, "official")
    for _ in range(2):  # ending it twice ends it once
        async with town.store.transaction() as db:
            await officials.leave(db, Question, town.id("official"), agency)
    async with town.store.reading() as db:
        posts = await agencies.posts_of(db, town.id("official"))
        assert town.id("official") not in await agencies.who(db, agency, Post.OFFICIAL)
    gone: Actor = actor_of(town.people["official"], posts)
    assert not gone.posts
    with pytest.raises(NotFound):
        async with town.store.reading() as db:
            await archive.workable_one(db, gone, ids[0])
    assert (await town.facts(f"agency:{agency}")).count("official.left") == 1
    assert (await town.notices(agency)).count("official_left") == 1


async def test_a_successor_goes_on_with_what_was_open_and_is_told(town: Town) -> None:
    drafted, waiting = await town.drafted(), await town.sent_for_approval()
    async with town.store.transaction() as db:
        for question_id in (drafted, waiting):
            question = await questions.one(db, question_id)
            question.official_id = town.id("official")
            db.add(question)
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="person_missing"):
            await rosters.end_official(db, town["coordinator"], town.id("official"), successor=town.id("approver"))
    async with town.store.transaction() as db:
        successor = town.id("second_official")
        assert await rosters.end_official(db, town["coordinator"], town.id("official"), successor=successor) == 2
    for question_id in (drafted, waiting):
        assert (await town.question(question_id)).official_id == successor
        assert (await town.notices(question_id))[-1] == "handed"
    assert "official_left" not in await town.notices(town.agencies[INSURANCE])


async def test_an_administrator_who_ends_an_account_leaves_nothing_in_its_hands(town: Town) -> None:
    question_id = await town.taken()
    await hand(town, question_id, "official")
    async with town.store.transaction() as db:
        await accounts.end(db, town["administrator"], await accounts.one(db, town.id("official")))
    assert (await town.question(question_id)).official_id is None
    assert "official_left" in await town.notices(town.agencies[INSURANCE])


async def test_whoever_becomes_an_approver_gives_up_what_they_wrote(town: Town) -> None:
    question_id = await town.taken()
    await hand(town, question_id, "official")
    async with town.store.transaction() as db:
        await rosters.change_post(db, town["coordinator"], town.id("official"), "approver")
    assert (await town.question(question_id)).official_id is None
