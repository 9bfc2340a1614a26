"""Promises of the timeline: everything in order, the path with its reasons, where it stands now, and nobody's name."""

from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, questions, timeline
from engage.agencies import Agency
from engage.questions import Question
from engage.timeline import Step
from engage.web import words
from moderation import cases
from moderation.verdicts import Verdict
from tests.unit.asker import appeal, clarify, correct, refused, reply, returned
from tests.unit.test_revising import approve, begin
from tests.unit.town import HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
Verb = Callable[[AsyncSession, Question], Awaitable[None]]
REASON = "Việc này thuộc cơ quan khác."


async def steps_of(town: Town, question_id: int) -> list[Step]:
    async with town.store.reading() as db:
        return await timeline.of(db, await questions.one(db, question_id))


def codes(steps: Sequence[Step]) -> list[str]:
    return [f"{step.code}, {step.kind}" if step.kind != "done" else step.code for step in steps]


async def well_travelled(town: Town) -> int:
    """Held, accepted, taken, transferred, given back, sent again and taken: an hour each."""
    question_id, case_id = await town.held()
    town.clock.move(3600)
    await town.decide(case_id, decision="accept", agency=INSURANCE)
    coordinator, elsewhere, moderator = town["coordinator"], town["elsewhere"], town["moderator"]
    here, there = town.agencies[INSURANCE], town.agencies[HEALTH]
    verbs: tuple[Verb, ...] = (
        lambda db, question: assignments.accept(db, coordinator, question),
        lambda db, question: assignments.transfer(db, coordinator, question, there, REASON),
        lambda db, question: assignments.give_back(db, elsewhere, question, "Không thuộc thẩm quyền."),
        lambda db, question: assignments.reroute(db, moderator, question, here, "Theo Nghị định mới."),
        lambda db, question: assignments.accept(db, coordinator, question),
    )
    for verb in verbs:
        town.clock.move(3600)
        async with town.store.transaction() as db:
            await verb(db, await questions.one(db, question_id))
    return question_id


async def test_a_new_question_stands_where_it_was_received(town: Town) -> None:
    assert codes(await steps_of(town, await town.ask())) == ["step_received, now"]


async def test_a_question_accepted_by_a_published_rule_says_so(town: Town) -> None:
    steps = await steps_of(town, await town.accepted())
    assert codes(steps) == ["step_received", "step_accepted_by_rule", "step_sent, now"]


async def test_a_refused_question_ends_there(town: Town) -> None:
    question_id, case_id = await town.held()
    assert codes(await steps_of(town, question_id)) == ["step_received", "step_held, now"]
    await town.decide(case_id, decision="refuse", reason="unclear")
    assert codes(await steps_of(town, question_id)) == ["step_received", "step_held", "step_refuse"]


async def test_the_whole_path_is_told_in_order_with_the_reasons_as_written(town: Town) -> None:
    steps = await steps_of(town, await well_travelled(town))
    assert codes(steps) == [
        "step_received",
        "step_held",
        "step_accept",
        "step_sent",
        "step_taken",
        "step_transferred",
        "step_given_back",
        "step_sent",
        "step_taken, now",
    ]
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    transferred = steps[5]
    assert (transferred.figures["sender"].slug, transferred.figures["agency"].slug) == (INSURANCE, HEALTH)
    assert [step.note for step in steps[5:8]] == [REASON, "Không thuộc thẩm quyền.", "Theo Nghị định mới."]


async def test_what_happened_later_stands_later_whichever_row_says_so(town: Town) -> None:
    question_id = await town.taken()
    town.clock.move(3600)
    async with town.store.transaction() as db:
        await cases.open_case(db, "question", question_id, Verdict(), town.clock.now)
    assert codes(await steps_of(town, question_id)) == ["step_received", "step_sent", "step_taken", "step_held, now"]


async def test_an_answered_question_ends_with_its_answer(town: Town) -> None:
    steps = await steps_of(town, await town.answered())
    assert codes(steps) == ["step_received", "step_accepted_by_rule", "step_sent", "step_taken", "step_answered, won"]
    assert steps[-1].figures["agency"].slug == INSURANCE


async def test_no_step_holds_anybodys_name(town: Town) -> None:
    told = [*await steps_of(town, await well_travelled(town)), *await steps_of(town, await town.answered())]
    for step in told:
        assert all(isinstance(figure, Agency) or figure is None for figure in step.figures.values())
        for person in (*town.people.values(), None):
            assert (person.name if person else "Trần Thị Hoa") not in repr(step)


async def test_every_step_has_words(town: Town) -> None:
    told = [*await steps_of(town, await well_travelled(town)), *await steps_of(town, await town.answered())]
    assert {step.code for step in told} <= set(words.STEPS)


async def test_what_passes_between_the_asker_and_the_desks_is_told_to_the_asker_and_to_no_reader(town: Town) -> None:
    corrected, appealed = await returned(town), await refused(town)
    await correct(town, corrected)
    await town.decide(await appeal(town, appealed), "colleague", decision="accept", agency=INSURANCE)
    async with town.store.transaction() as db:
        await assignments.accept(db, town["coordinator"], await questions.one(db, appealed))
    await clarify(town, appealed)
    await reply(town, appealed)
    for question_id in (corrected, appealed):  # nor that it was once refused or sent back: one wait, one acceptance
        shown = codes(timeline.for_readers(await steps_of(town, question_id)))
        assert not {"step_refuse", "step_return", "step_corrected", "step_appealed"} & {*shown}
        assert shown.count("step_held") <= 1
    assert "step_refuse" in codes(await steps_of(town, appealed))
    private = {"question.corrected", "question.refused", "question.appealed"}
    private |= {"clarification.asked", "clarification.given"}
    told: set[str] = set()
    for question in [await town.question(question_id) for question_id in (corrected, appealed)]:
        told |= {*await town.facts(f"person:{question.author_id}")}
        assert not private & {*await town.facts(f"question:{question.id}")}
    assert private <= told


async def test_a_corrected_answer_stands_on_the_path_with_its_reason_and_says_who_corrected(town: Town) -> None:
    question_id = await town.answered()
    town.clock.move(3600)
    await begin(town, question_id, reason="Nêu rõ cách tính thời gian nghỉ việc.")
    await town.write(question_id, "official", 1, short="Được rút sau 12 tháng kể từ ngày nghỉ việc.")
    assert "step_answer_corrected" not in codes(await steps_of(town, question_id))
    await town.send(question_id)
    await approve(town, question_id)
    steps = timeline.for_readers(await steps_of(town, question_id))
    assert codes(steps)[-2:] == ["step_answered, won", "step_answer_corrected"]
    assert steps[-1].note == "Nêu rõ cách tính thời gian nghỉ việc."
    assert words.STEPS["step_answer_corrected"] == "%(agency)s đính chính câu trả lời"


def test_no_two_areas_say_the_same_step_or_reason_in_other_words() -> None:
    for table in ("STEPS", "REASONS"):
        said = [code for area in words.AREAS for code in getattr(area, table)]
        assert len(said) == len(set(said)), table
