"""Promises after an answer: rated, looked at again by somebody else, followed by one more question."""

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import approvals, assignments, questions, ratings, second_looks
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
