"""What must hold at the end of a month, read from the rows: each step once and on its day, each date explained, equal totals."""

from collections import Counter

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, answers, assignments, chases, chasing, deadlines, due_changes, lists, questions, tallies
from engage.assigned import Answered, Assigned
from engage.assignments import Assignment, Outcome
from engage.chases import Chase, Clock, Reminder
from engage.clarifications import Clarification
from engage.deadlines import here
from engage.digests import Digest
from engage.due_changes import Change, DueChange
from engage.lists import Filters, Which
from engage.questions import Question
from engage.web import load
from engage.web.templates import Templates, folder
from engage.web.views import Directory, View
from tests.simulation.month import Month


async def of(month: Month) -> list[str]:
    async with month.store.reading() as db:
        every = (await db.exec(select(Question).order_by(col(Question.id)))).all()
        return [
            f"{len(every)} questions over {len(month.staff)} agencies: {dict(month.seen)}",
            await _every_step_once_and_on_its_day(month, db),
            await _every_open_clock_has_its_steps(month, db, list(every)),
            await _every_date_is_explained(db, list(every)),
            await _totals_equal_the_rows(month, db),
            await _one_digest_a_day(db),
        ]


async def _every_step_once_and_on_its_day(month: Month, db: AsyncSession) -> str:
    rows = (await db.exec(select(Chase).order_by(col(Chase.id)))).all()
    named = Counter((row.thing_id, row.clock, row.step, row.due_at, row.agency_id) for row in rows)
    assert not [one for one, times in named.items() if times > 1]
    calendar, patience = await deadlines.calendar_now(db), await chasing.patience_of(db, "question")
    for row in rows:
        assert row.step in chases.reached(calendar, Clock(row.clock), row.due_at, row.at, patience), row
    assert {row.step for row in rows} == set(chases.Step), "a month without some step proves little"
    assert all(row.agency_id in month.staff for row in rows)
    return f"{len(rows)} chase steps, each once: {dict(Counter(row.step for row in rows))}"


async def _every_open_clock_has_its_steps(month: Month, db: AsyncSession, every: list[Question]) -> str:
    """Whatever has come by this morning is noted, for every clock that runs."""
    calendar, patience = await deadlines.calendar_now(db), await chasing.patience_of(db, "question")
    rows = (await db.exec(select(Chase))).all()
    noted = {(row.thing_id, row.clock, row.step, row.due_at, row.agency_id) for row in rows}
    checked = 0
    for question in every:
        if not chases.is_open(question) or question.paused_at is not None or question.answer_due_at is None:
            continue
        if question.assignment == Assigned.UNASSIGNED:
            continue
        for step in chases.reached(calendar, Clock.ANSWER, question.answer_due_at, month.clock.now, patience):
            assert (question.id, "answer", step, question.answer_due_at, question.agency_id) in noted, (
                question.id,
                step,
            )
            checked += 1
    assert checked
    return f"{checked} steps of clocks that still run are all noted"


async def _every_date_is_explained(db: AsyncSession, every: list[Question]) -> str:
    """The ledger leads to the stored date, and a reader is told how, in both languages."""
    calendar, templates = await deadlines.calendar_now(db), Templates(folder())
    directory = Directory.of(await agencies.every_agency(db), [], [])
    views = [View(translator, directory) for translator in templates.translators.values()]
    explained = 0
    for question in every:
        if question.answer_due_at is None:
            continue
        changes = await due_changes.of(db, question)
        assert changes[-1].due_after == question.answer_due_at, question.id
        if question.answer in {Answered.PUBLISHED, Answered.REVISED}:
            continue  # a calendar that changes afterwards moves nothing that was answered
        assert due_changes.due_on(calendar, changes) == here(question.answer_due_at), question.id
        for view in views:
            shown = await load.why_due(db, view, question)
            assert shown is not None
            assert len(shown["why"]) >= 2, question.id
            assert all(words.strip() and "%(" not in words for words in shown["why"]), shown["why"]
        explained += 1
    assert explained
    return f"{explained} open due dates explained in two languages; every ledger ends with its stored date"


async def _totals_equal_the_rows(month: Month, db: AsyncSession) -> str:
    async def count(chosen: object, *wheres: object) -> int:
        return (await db.exec(select(func.count()).select_from(chosen).where(*wheres))).one()  # type: ignore[call-overload]  # any table

    seen = month.seen
    assert await count(Question) == seen["asked"]
    answered = await count(Question, col(Question.answer).in_([Answered.PUBLISHED, Answered.REVISED]))
    assert answered == seen["answered"] == await count(answers.Answer, col(answers.Answer.published_at).is_not(None))
    assert await count(Assignment, Assignment.outcome == Outcome.TRANSFERRED) == seen["transferred"]
    assert await count(DueChange, DueChange.kind == Change.EXTENDED) == seen["extended"]
    assert await count(Clarification) == seen["asked back"]
    accepted = await count(Assignment, col(Assignment.accepted_at).is_not(None))
    assert accepted == seen["accepted"]
    counted = await tallies.read(db)
    assert (counted.answered, counted.open) == (answered, seen["asked"] - answered)
    most = lists.COUNTED + 1
    assert await lists.count(db, Filters(which=Which.ANSWERED)) == min(answered, most)
    assert await lists.count(db, Filters(which=Which.OPEN)) == min(seen["asked"] - answered, most)
    turns = [len(await assignments.of(db, await questions.one(db, question_id))) for question_id in month.open[:50]]
    assert all(turns)
    return f"totals equal the rows: {seen['asked']} asked, {answered} answered, {accepted} accepted"


async def _one_digest_a_day(db: AsyncSession) -> str:
    rows = (await db.exec(select(Digest))).all()
    assert rows
    days = Counter((row.person_id, row.day) for row in rows)
    assert max(days.values()) == 1
    left = (await db.exec(select(func.count()).select_from(Reminder).where(col(Reminder.digest_id).is_(None)))).one()
    return f"{len(rows)} digests, at most one a person and day; {left} reminders wait for the next morning"
