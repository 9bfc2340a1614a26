"""Promises after an answer: rated, looked at again by somebody else, followed by one more question."""

import pytest
import sqlalchemy as sa
from sqlalchemy import update
from sqlmodel import col, select

from engage import (
    approvals,
    assignments,
    chases,
    chasing,
    desks,
    in_place,
    officials,
    questions,
    ratings,
    second_looks,
)
from engage.chases import Chase
from engage.errors import NotAllowed
from engage.questions import Question
from tests.unit.asker import decide_look, follow_up, look, rate, refuses
from tests.unit.town import FINANCE, INSURANCE, Town

pytestmark = pytest.mark.anyio


async def test_a_rating_can_be_changed_for_a_week(town: Town) -> None:
    question_id = await town.answered()
    await refuses(town, "rating_why_missing", rate(town, question_id, verdict="no"))
    await rate(town, question_id, verdict="no", why="unclear", words="Khó hiểu lắm.")
    town.clock.move(days=6)
    await rate(town, question_id, verdict="yes")
    town.clock.move(days=2)
    await refuses(town, "rated_too_late", rate(town, question_id, verdict="partly", why="other"))
    async with town.store.reading() as db:
        given = await ratings.of(db, await questions.one(db, question_id))
    assert given
    assert (given.verdict, given.why, given.words) == ("yes", None, "")


async def test_totals_are_told_from_ten_on(town: Town) -> None:
    agency_id = town.agencies[INSURANCE]
    for count in range(10):
        async with town.store.reading() as db:
            assert await ratings.totals(db, agency_id) == {}, count
        question_id = await town.accepted()
        async with town.store.transaction() as db:
            row = ratings.Rating(question_id=question_id, agency_id=agency_id, verdict="yes", rated_at=town.clock.now)
            db.add(row)
    async with town.store.reading() as db:
        assert await ratings.totals(db, agency_id) == {"yes": 10}
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(sealed=True))
    async with town.store.reading() as db:
        assert await ratings.totals(db, agency_id) == {}, "what nobody may see is counted nowhere in public"


async def test_a_second_look_goes_back_to_the_agency_with_a_date_and_another_approver(town: Town) -> None:
    question_id = await town.answered()
    look_id = await look(town, question_id)
    await refuses(town, "looked_once", look(town, question_id))
    await decide_look(town, look_id, "moderator", "send_back")
    async with town.store.reading() as db:
        row = await second_looks.one(db, look_id)
    assert (row.state, row.not_by) == ("sent_back", town.id("approver"))
    assert row.due_at
    assert row.due_at > town.clock.now
    assert {"looked_again", "sent_back"} <= set(await town.notices(question_id))
    assert "look.sent_back" in await town.facts(f"agency:{town.agencies[INSURANCE]}")
    await refuses(town, "moved_on", decide_look(town, look_id, "colleague", "close"))


async def test_whoever_let_the_question_in_does_not_look_again(town: Town) -> None:
    question_id, case_id = await town.held()
    await town.decide(case_id, decision="accept", agency=INSURANCE)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["coordinator"], await questions.one(db, question_id))
    await town.write(question_id, "official", 0)
    await town.send(question_id)
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
    look_id = await look(town, question_id)
    await refuses(town, "look_for_another", decide_look(town, look_id, "moderator", "close"))
    await decide_look(town, look_id, "colleague", "close")
    with pytest.raises(NotAllowed):
        await decide_look(town, look_id, "official", "close")


async def test_whoever_typed_or_approved_the_answer_at_the_portal_desk_does_not_look_again(town: Town) -> None:
    question_id = await town.accepted(FINANCE)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["moderator"], await questions.one(db, question_id))
    await town.write(question_id, "moderator", 0, letter_number="1234/BTC-VP", letter_date="20/11/2026")
    await town.send(question_id, "moderator")
    async with town.store.transaction() as db:
        await approvals.approve(db, town["colleague"], await questions.one(db, question_id), 1)
    look_id = await look(town, question_id)
    for who in ("moderator", "colleague"):
        await refuses(town, "look_for_another", decide_look(town, look_id, who, "close"))
    await decide_look(town, look_id, "cleared", "close")


async def test_one_question_follows_on_within_thirty_days(town: Town) -> None:
    question_id = await town.answered()
    next_id = await follow_up(town, question_id, "HD-A")
    await refuses(town, "followed_up_once", follow_up(town, question_id, "HD-B"))
    first, second = await town.question(question_id), await town.question(next_id)
    assert (second.follows_on_id, second.topic_id, second.wished_agency_id) == (
        question_id,
        first.topic_id,
        first.agency_id,
    )
    later = await town.answered()
    town.clock.move(days=31)
    await refuses(town, "followed_up_once", follow_up(town, later, "HD-C"))


async def sent_back(town: Town) -> int:
    question_id = await town.answered()
    await decide_look(town, await look(town, question_id), "moderator", "send_back")
    return question_id


async def tabs(town: Town, question_id: int) -> set[str]:
    """Where the agency's desk lists it."""
    agency_id, who = town.agencies[INSURANCE], town["coordinator"]
    async with town.store.reading() as db:
        found = {tab: await desks.listed(db, who, agency_id, desks.Wanted(tab), 99) for tab in desks.TABS}
    return {tab for tab, rows in found.items() if question_id in {row.id for row in rows}}


async def steps_chased(town: Town, question_id: int, clock: str) -> list[str]:
    async with town.store.reading() as db:
        found = select(Chase.step).where(Chase.thing_id == question_id, Chase.clock == clock).order_by(col(Chase.id))
        return list((await db.exec(found)).all())


async def test_what_is_sent_back_is_work_again_until_the_new_answer_is_out(town: Town) -> None:
    question_id = await sent_back(town)
    question = await town.question(question_id)
    assert question.again_due_at
    assert await tabs(town, question_id) == {"working"}
    async with town.store.transaction() as db:
        seen = town.clock.now
        await officials.hand(
            db, town["coordinator"], await questions.one(db, question_id), town.id("official"), seen_at=seen
        )
    await town.write(question_id, "official", (await town.draft(question_id)).version)
    await town.send(question_id)
    assert await tabs(town, question_id) == {"approval"}
    async with town.store.transaction() as db:
        version = (await town.draft(question_id)).version
        note = "Ghi rõ hơn."
        await approvals.return_(db, town["second_approver"], await questions.one(db, question_id), version, note)
    assert await tabs(town, question_id) == {"working"}
    await town.send(question_id)
    async with town.store.transaction() as db:
        version = (await town.draft(question_id)).version
        await approvals.approve(db, town["second_approver"], await questions.one(db, question_id), version)
    assert await tabs(town, question_id) == {"answered"}
    assert (await town.question(question_id)).again_due_at is None


async def test_its_date_is_chased_like_any_other(town: Town) -> None:
    question_id = await sent_back(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.official_id = town.id("official")
        db.add(question)
    for _ in range(30):
        town.clock.move(days=1)
        async with town.store.transaction() as db:
            await db.exec(update(Question).where(col(Question.id) == question_id).values(chase_at=town.clock.now))
            await chasing.look_at(db, question_id)
    chased = await steps_chased(town, question_id, "again")
    assert chased == ["due_soon", "due", "overdue", "supervisor", "portal_desk"]
    async with town.store.reading() as db:
        late = await chases.at_the_portal_desk(db, town["moderator"], 9)
    assert question_id in {question.id for _, question in late}
    assert await steps_chased(town, question_id, "answer") == []


async def test_work_that_was_sent_back_is_handed_on_when_somebody_leaves(town: Town) -> None:
    question_id = await sent_back(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.official_id = town.id("official")
        db.add(question)
    async with town.store.transaction() as db:
        assert await officials.leave(db, Question, town.id("official"), town.agencies[INSURANCE]) == 1
    assert (await town.question(question_id)).official_id is None


async def test_the_portal_desk_has_what_was_sent_back_for_an_agency_without_accounts(town: Town) -> None:
    question_id = await town.accepted(FINANCE)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["moderator"], await questions.one(db, question_id))
    await town.write(question_id, "moderator", 0, letter_number="1234/BTC-VP", letter_date="20/11/2026")
    await town.send(question_id, "moderator")
    async with town.store.transaction() as db:
        await approvals.approve(db, town["colleague"], await questions.one(db, question_id), 1)
    await decide_look(town, await look(town, question_id), "cleared", "send_back")
    async with town.store.reading() as db:
        assert [row.id for row in (await in_place.waiting(db)).to_type] == [question_id]
