"""Promises after publication: a correction is another version that somebody else approves, and what was said stays readable."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage import answers, approvals, companions, differences, questions, revising, revisions
from engage.answers import Gist
from engage.errors import Conflict, NotAllowed, Refused
from engage.revising import CorrectionForm, OutdatedForm
from tests.unit.town import Town, an_answer

pytestmark = pytest.mark.anyio
WHY = CorrectionForm(reason="Số ngày ghi nhầm ở đoạn hai.")


async def begin(town: Town, question_id: int, who: str = "official", **changes: Any) -> None:
    async with town.store.transaction() as db:
        form = WHY.model_copy(update=changes)
        await revising.begin(db, town[who], await questions.one(db, question_id), form)


async def approve(town: Town, question_id: int, who: str = "approver") -> None:
    version = (await town.draft(question_id)).version
    async with town.store.transaction() as db:
        await approvals.approve(db, town[who], await questions.one(db, question_id), version)


async def corrected(town: Town, question_id: int, **changes: Any) -> None:
    await begin(town, question_id, **changes)
    await town.write(question_id, "official", 1, short="Được rút sau 12 tháng kể từ ngày nghỉ việc.")
    await town.send(question_id)
    await approve(town, question_id)


async def test_a_correction_is_drafted_beside_what_is_published(town: Town) -> None:
    question_id = await town.answered()
    await begin(town, question_id)
    await town.write(question_id, "second_official", 1, short="Bản đang sửa, chưa ai duyệt.")
    await town.send(question_id)
    async with town.store.reading() as db:
        given = await answers.published(db, question_id)
        assert (await answers.gists(db, [question_id]))[question_id].short == an_answer().short
    assert given is not None
    assert given.short == an_answer().short
    assert (await town.question(question_id)).answer == "published"


async def test_once_approved_it_replaces_what_was_published_and_everybody_who_waits_is_told(town: Town) -> None:
    question_id = await town.answered()
    before = await town.question(question_id)
    town.clock.move(days=2)
    await corrected(town, question_id)
    question = await town.question(question_id)
    assert (question.answer, question.published_at) == ("revised", before.published_at)
    async with town.store.reading() as db:
        given = await answers.published(db, question_id)
        assert given is not None
        kept = await revisions.of(db, "answer", given.root)
        assert await answers.gists(db, [question_id]) == {question_id: Gist(given.short)}
        assert [row.number for row in await answers.citations_of(db, given)] == ["41/2024/QH15"]
    assert [one.number for one in kept] == [1, 2]
    assert (kept[0].content["short"], kept[1].content["short"]) == (an_answer().short, given.short)
    assert kept[1].content["reason"] == WHY.reason
    assert (await town.notices(question_id))[-1] == "corrected"
    assert "answer.corrected" in await town.facts(f"question:{question_id}")


async def test_a_correction_can_be_corrected(town: Town) -> None:
    question_id = await town.answered()
    for _ in range(3):
        await corrected(town, question_id)
    async with town.store.reading() as db:
        given = await answers.published(db, question_id)
        assert given is not None
        assert len(await revisions.of(db, "answer", given.root)) == 4


@pytest.mark.parametrize("who", ["approver", "moderator", "elsewhere_official"])
async def test_only_writers_of_the_agency_correct(town: Town, who: str) -> None:
    question_id = await town.answered()
    with pytest.raises(NotAllowed):
        await begin(town, question_id, who)


async def test_a_correction_needs_a_reason_that_readers_see(town: Town) -> None:
    question_id = await town.answered()
    with pytest.raises(Refused, match="correction_reason_missing"):
        await begin(town, question_id, reason="Sai")


async def test_there_is_one_correction_at_a_time_and_none_before_publication(town: Town) -> None:
    waiting = await town.sent_for_approval()
    with pytest.raises(Conflict, match="answer_moved_on"):
        await begin(town, waiting)
    question_id = await town.answered()
    with pytest.raises(Conflict):
        await town.write(question_id, "official", 1)
    await begin(town, question_id)
    with pytest.raises(Conflict, match="correction_open"):
        await begin(town, question_id, "second_official")


async def test_a_returned_correction_is_written_further_and_what_is_published_stands(town: Town) -> None:
    question_id = await town.answered()
    await begin(town, question_id)
    await town.send(question_id)
    with pytest.raises(Conflict):
        await town.write(question_id, "official", 1)
    async with town.store.transaction() as db:
        await approvals.return_(db, town["approver"], await questions.one(db, question_id), 1, "Thiếu căn cứ")
    assert (await town.question(question_id)).answer == "published"
    await town.write(question_id, "official", 2)


async def test_a_correction_can_be_dropped_but_not_one_that_a_second_look_asked_for(town: Town) -> None:
    question_id = await town.answered()
    await begin(town, question_id)
    async with town.store.transaction() as db:
        await revising.drop(db, town["official"], await questions.one(db, question_id), 1)
    assert (await town.draft(question_id)).published_at is not None
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await revising.reopen(
            db, question, by=town.id("moderator"), reason="Xem lại lần hai", not_by=town.id("approver")
        )
    async with town.store.transaction() as db:
        with pytest.raises(Conflict):
            await revising.drop(db, town["official"], await questions.one(db, question_id), 1)


async def test_after_a_second_look_the_first_approver_does_not_approve_again(town: Town) -> None:
    question_id = await town.answered()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await revising.reopen(
            db, question, by=town.id("moderator"), reason="Xem lại lần hai", not_by=town.id("approver")
        )
    await town.write(question_id, "official", 1)
    await town.send(question_id)
    with pytest.raises(Refused, match="approver_was_first"):
        await approve(town, question_id)
    await approve(town, question_id, "second_approver")


@pytest.mark.parametrize("first", ["official", "second_official", "coordinator"])
async def test_whoever_wrote_a_line_of_an_earlier_version_does_not_approve_a_later_one(town: Town, first: str) -> None:
    question_id = await town.sent_for_approval(first)
    await approve(town, question_id)
    await begin(town, question_id, "official")
    await town.write(question_id, "official", 1)
    await town.send(question_id)
    draft = await town.draft(question_id)
    assert {town.id(first), town.id("official")} <= set(draft.writers)


# Outdated


async def mark(town: Town, question_id: int, who: str = "coordinator", **typed: str) -> None:
    form = {"outdated_on": "24/11/2026", "outdated_reason": "Nghị định mới thay mức hưởng.", **typed}
    async with town.store.transaction() as db:
        await revising.mark(db, town[who], await questions.one(db, question_id), OutdatedForm.model_validate(form))


async def test_an_outdated_answer_is_marked_linked_both_ways_and_can_be_unmarked(town: Town) -> None:
    old, new = await town.answered(), await town.answered()
    await mark(town, old, newer=f"https://engage.example/questions/{new}")
    draft = await town.draft(old)
    assert (draft.outdated_reason, draft.newer_question_id) == ("Nghị định mới thay mức hưởng.", new)
    async with town.store.reading() as db:
        assert await revising.replaced(db, new) == [old]
    assert (await town.notices(old))[-1] == "outdated"
    assert "mention.changed" in await town.facts(f"question:{new}")
    await mark(town, old, "approver", outdated_on="", outdated_reason="")
    assert (await town.draft(old)).outdated_on is None
    assert (await town.notices(old)).count("outdated") == 1


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"outdated_on": ""}, "outdated_day_missing"),
        ({"outdated_reason": "Cũ"}, "outdated_reason_missing"),
        ({"outdated_on": "1/1/2999"}, "outdated_in_future"),
        ({"newer": "999999"}, "newer_unknown"),
        ({"newer": "x"}, "newer_unknown"),
    ],
)
async def test_a_mark_says_when_why_and_only_what_exists(town: Town, typed: dict[str, str], reason: str) -> None:
    question_id = await town.answered()
    with pytest.raises(Refused, match=reason):
        await mark(town, question_id, **typed)


@pytest.mark.parametrize("who", ["official", "moderator", "elsewhere", "elsewhere_approver"])
async def test_only_coordinators_and_approvers_of_the_agency_mark(town: Town, who: str) -> None:
    question_id = await town.answered()
    with pytest.raises(NotAllowed):
        await mark(town, question_id, who)


async def test_no_secret_question_is_linked_as_the_newer_one(town: Town) -> None:
    question_id, hidden = await town.answered(), (await town.held())[0]
    with pytest.raises(Refused, match="newer_unknown"):
        await mark(town, question_id, newer=str(hidden))


# Together


async def gather(town: Town, lead: int, *others: int, who: str = "official") -> None:
    async with town.store.transaction() as db:
        rows = [await questions.one(db, one) for one in others]
        await companions.gather(db, town[who], await questions.one(db, lead), rows)


async def test_one_answer_goes_out_to_every_question_answered_together(town: Town) -> None:
    lead, second, third = [await town.taken() for _ in range(3)]
    await gather(town, lead, second, third)
    with pytest.raises(Refused, match="answered_together"):
        await town.write(second, "official", 0)
    await town.write(lead, "official", 0)
    await town.send(lead)
    assert (await town.question(third)).answer == "in_approval"
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="answered_together"):
            await approvals.approve(db, town["approver"], await questions.one(db, second), 1)
    await approve(town, lead)
    for one in (lead, second, third):
        assert (await town.question(one)).answer == "published"
        assert (await town.draft(one)).short == an_answer().short
        assert (await town.notices(one)).count("answered") == 1
    async with town.store.reading() as db:
        copied = await answers.citations_of(db, await town.draft(third))
        assert [row.number for row in copied] == ["41/2024/QH15"]


@pytest.mark.parametrize(("for_all", "states"), [(True, ["revised", "revised"]), (False, ["revised", "published"])])
async def test_a_correction_is_of_all_or_of_one_as_was_chosen(town: Town, for_all: bool, states: list[str]) -> None:
    lead, second = await town.taken(), await town.taken()
    await gather(town, lead, second)
    await town.write(lead, "official", 0)
    await town.send(lead)
    await approve(town, lead)
    await corrected(town, lead, for_all=for_all)
    assert [(await town.question(one)).answer for one in (lead, second)] == states


async def test_a_returned_answer_comes_back_for_all_and_one_may_leave_the_company(town: Town) -> None:
    lead, second, third = [await town.taken() for _ in range(3)]
    await gather(town, lead, second, third)
    await town.write(lead, "official", 0)
    await town.send(lead)
    async with town.store.transaction() as db:
        await approvals.return_(db, town["approver"], await questions.one(db, lead), 1, "Thiếu căn cứ")
    assert (await town.question(second)).answer == "drafting"
    async with town.store.transaction() as db:
        await companions.leave(db, town["official"], await questions.one(db, second))
    await town.write(second, "official", 0, short="Trường hợp này khác, trả lời riêng.")
    await town.send(lead)
    await approve(town, lead)
    assert [(await town.question(one)).answer for one in (lead, second, third)] == [
        "published",
        "drafting",
        "published",
    ]


async def test_only_what_fits_is_answered_together(town: Town) -> None:
    lead, second, offered, drafted = await town.taken(), await town.taken(), await town.accepted(), await town.drafted()
    for others, reason in (((offered,), "together_step"), ((drafted,), "together_draft"), ((), "together_count")):
        with pytest.raises(Refused, match=reason):
            await gather(town, lead, *others)
    await gather(town, lead, second)
    with pytest.raises(Refused, match="together_already"):
        await gather(town, await town.taken(), second)
    with pytest.raises(NotAllowed):
        await gather(town, lead, await town.taken(), who="elsewhere_official")


# Two versions as one text


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_difference_loses_no_word_of_either_text(old: str, new: str) -> None:
    parts = differences.between(old, new)
    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


def test_only_the_words_that_changed_are_marked() -> None:
    parts = differences.between("Nộp trong 10 ngày làm việc.", "Nộp trong 15 ngày làm việc.")
    assert [(part.kind, part.text) for part in parts if part.kind != "same"] == [("gone", "10"), ("new", "15")]
