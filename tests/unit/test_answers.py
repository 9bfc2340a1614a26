"""Promises of answers: no writer approves, no editor overwrites another, and what goes out is kept as it went out."""

from datetime import date

import anyio
import pytest
from pydantic import ValidationError

from engage import answers, approvals, questions, revisions
from engage.access import Actor
from engage.agencies import Post
from engage.answering import AnswerForm, CitationForm
from engage.answers import Gist
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused
from tests.unit.town import INSURANCE, Town, an_answer

pytestmark = pytest.mark.anyio


async def approve(town: Town, question_id: int, who: Actor, version: int = 1) -> None:
    async with town.store.transaction() as db:
        await approvals.approve(db, who, await questions.one(db, question_id), version)


async def give_back(town: Town, question_id: int, who: str, version: int = 1, note: str = "Thiếu căn cứ") -> None:
    async with town.store.transaction() as db:
        await approvals.return_(db, town[who], await questions.one(db, question_id), version, note)


def also_approver(town: Town, name: str) -> Actor:
    posts = {town.agencies[INSURANCE]: frozenset({Post.OFFICIAL, Post.COORDINATOR, Post.APPROVER})}
    return Actor(person_id=town.id(name), posts=posts)


# Writing


async def test_a_draft_keeps_what_was_typed_who_typed_it_and_its_citations_in_order(town: Town) -> None:
    cited = tuple(
        CitationForm(number=number, article=f"Điều {n}") for n, number in enumerate(("41/2024", "", "58/2020"))
    )
    question_id = await town.drafted(citations=cited)
    draft = await town.draft(question_id)
    assert (draft.version, draft.writers, draft.as_of) == (1, [town.id("official")], date(2026, 11, 24))
    assert (draft.full_html, draft.published_at) == ("", None)
    async with town.store.reading() as db:
        rows = await answers.citations_of(db, draft)
        assert await answers.gists(db, [question_id]) == {}
        assert await answers.published(db, question_id) is None
    assert [(row.place, row.number, row.article) for row in rows] == [
        (1, "41/2024", "Điều 0"),
        (2, "58/2020", "Điều 2"),
    ]
    assert (await town.question(question_id)).answer == "drafting"


async def test_saving_again_replaces_the_citations(town: Town) -> None:
    question_id = await town.drafted()
    draft = await town.write(question_id, "official", 1, citations=())
    async with town.store.reading() as db:
        assert await answers.citations_of(db, draft) == []
    assert draft.version == 2


@pytest.mark.parametrize("who", ["approver", "moderator", "elsewhere_official"])
async def test_only_writers_of_the_agency_write(town: Town, who: str) -> None:
    question_id = await town.taken()
    with pytest.raises(NotAllowed):
        await town.write(question_id, who, 0)


async def test_what_was_not_taken_is_not_answered(town: Town) -> None:
    question_id = await town.accepted()
    with pytest.raises(Refused, match="accept_first"):
        await town.write(question_id, "official", 0)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_draft_saved_over_another_version_is_a_conflict_that_says_who_was_first(
    town: Town, version: int
) -> None:
    question_id = await town.drafted("official", "second_official")
    with pytest.raises(Conflict, match="answer_changed") as conflict:
        await town.write(question_id, "official", version, short="Bản của người đến sau.")
    assert conflict.value.figures == {"by": town.people["second_official"].name, "at": town.clock.now}
    draft = await town.draft(question_id)
    assert (draft.version, draft.short) == (2, an_answer().short)


@pytest.mark.parametrize("step", ["sent_for_approval", "answered"])
async def test_what_a_colleague_just_sent_or_published_is_not_written_over(town: Town, step: str) -> None:
    question_id: int = await getattr(town, step)()
    with pytest.raises(Conflict, match="answer_moved_on"):
        await town.write(question_id, "second_official", 1, short="Bản của người đến sau.")
    assert (await town.draft(question_id)).short == an_answer().short


async def test_of_many_who_save_at_once_one_is_first_and_nothing_is_lost(town: Town) -> None:
    question_id = await town.drafted()
    outcomes: list[str] = []

    async def save(who: str) -> None:
        try:
            await town.write(question_id, who, 1, short=f"Bản của {who}")
            outcomes.append(f"Bản của {who}")
        except Failure as failure:
            outcomes.append(failure.reason)

    async with anyio.create_task_group() as tasks:
        for who in ("official", "second_official", "coordinator"):
            tasks.start_soon(save, who)
    draft = await town.draft(question_id)
    assert sorted(outcomes) == sorted([draft.short, "answer_changed", "answer_changed"])
    assert draft.version == 2


async def test_a_draft_that_is_saved_while_it_is_sent_is_either_sent_too_or_refused(town: Town) -> None:
    question_id = await town.drafted()
    saved: list[str] = []

    async def save() -> None:
        try:
            saved.append((await town.write(question_id, "second_official", 1, short="Bản ghi cùng lúc.")).short)
        except Conflict:
            saved.append(an_answer().short)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(town.send, question_id)
        tasks.start_soon(save)
    assert (await town.question(question_id)).answer == "in_approval"
    assert [(await town.draft(question_id)).short] == saved


# Sending for approval


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"short": "Ngắn"}, "answer_short_missing"),
        ({"full": "Theo Điều 70."}, "answer_full_missing"),
        ({"as_of": ""}, "answer_as_of_missing"),
        ({"signatory": ""}, "answer_signatory_missing"),
        ({"signatory_title": ""}, "answer_signatory_missing"),
    ],
)
async def test_an_unfinished_draft_is_kept_but_not_sent(town: Town, changes: dict[str, str], reason: str) -> None:
    question_id = await town.drafted(**changes)
    with pytest.raises(Refused, match=reason):
        await town.send(question_id)
    assert (await town.question(question_id)).answer == "drafting"


async def test_only_a_writer_sends_and_only_once(town: Town) -> None:
    question_id = await town.drafted()
    with pytest.raises(NotAllowed):
        await town.send(question_id, "approver")
    await town.send(question_id, "second_official")
    with pytest.raises(Conflict):
        await town.send(question_id)
    assert (await town.facts(f"agency:{town.agencies[INSURANCE]}"))[-2:] == ["answer.written", "answer.sent"]


# Approving


@pytest.mark.parametrize("writer", ["official", "second_official", "coordinator"])
async def test_nobody_who_wrote_a_line_approves_it(town: Town, writer: str) -> None:
    question_id = await town.sent_for_approval("official", "second_official", "coordinator")
    who, draft, question = also_approver(town, writer), await town.draft(question_id), await town.question(question_id)
    async with town.store.reading() as db:
        assert not await approvals.may_approve(db, who, question, draft)
    with pytest.raises(Refused, match="approver_is_author"):
        await approve(town, question_id, who, version=3)
    assert (await town.question(question_id)).answer == "in_approval"
    await approve(town, question_id, town["approver"], version=3)


async def test_who_wrote_before_it_was_returned_still_may_not_approve(town: Town) -> None:
    question_id = await town.sent_for_approval("second_official")
    await give_back(town, question_id, "approver")
    await town.write(question_id, "official", 2)
    await town.send(question_id)
    with pytest.raises(Refused, match="approver_is_author"):
        await approve(town, question_id, also_approver(town, "second_official"), version=3)


@pytest.mark.parametrize("who", ["official", "coordinator", "moderator", "elsewhere_approver"])
async def test_only_an_approver_of_the_agency_approves_or_returns(town: Town, who: str) -> None:
    question_id = await town.sent_for_approval()
    with pytest.raises(NotAllowed):
        await approve(town, question_id, town[who])
    with pytest.raises(NotAllowed):
        await give_back(town, question_id, who)


async def test_only_the_version_that_was_read_is_approved(town: Town) -> None:
    question_id = await town.sent_for_approval("official", "second_official")
    for verb in (approve(town, question_id, town["approver"]), give_back(town, question_id, "approver")):
        with pytest.raises(Conflict, match="answer_changed"):
            await verb


@pytest.mark.parametrize(("step", "failure"), [("drafted", Conflict), ("answered", Conflict), ("taken", NotFound)])
async def test_what_is_not_waiting_for_approval_is_not_approved(town: Town, step: str, failure: type[Failure]) -> None:
    question_id: int = await getattr(town, step)()
    with pytest.raises(failure):
        await approve(town, question_id, town["second_approver"])


async def test_of_many_who_approve_at_once_one_does_and_it_goes_out_once(town: Town) -> None:
    question_id = await town.sent_for_approval()
    outcomes: list[str] = []

    async def judge(who: str) -> None:
        try:
            await approve(town, question_id, town[who])
            outcomes.append("approved")
        except Conflict:
            outcomes.append("conflict")

    async with anyio.create_task_group() as tasks:
        for who in ("approver", "second_approver", "approver"):
            tasks.start_soon(judge, who)
    assert sorted(outcomes) == ["approved", "conflict", "conflict"]
    assert (await town.notices(question_id)).count("answered") == 1
    async with town.store.reading() as db:
        assert len(await revisions.of(db, "answer", (await town.draft(question_id)).id or 0)) == 1


async def test_what_goes_out_is_rendered_once_and_kept_as_it_went_out(town: Town) -> None:
    question_id = await town.answered()
    draft = await town.draft(question_id)
    assert (draft.approved_by, draft.published_at) == (town.id("approver"), town.clock.now)
    assert "<strong>Điều 70</strong>" in draft.full_html
    async with town.store.reading() as db:
        (kept,) = await revisions.of(db, "answer", draft.id or 0)
        assert await answers.gists(db, [question_id]) == {question_id: Gist(an_answer().short)}
        assert await answers.published(db, question_id) == draft
    assert (kept.number, kept.by, kept.at) == (1, town.id("approver"), town.clock.now)
    assert kept.content["short"] == an_answer().short
    assert kept.content["as_of"] == "2026-11-24"
    assert [cited["number"] for cited in kept.content["citations"]] == ["41/2024/QH15"]
    assert not {"written_by", "approved_by", "writers"} & set(kept.content)


async def test_a_returned_answer_goes_back_with_a_note_and_as_a_new_version(town: Town) -> None:
    question_id = await town.sent_for_approval()
    with pytest.raises(Refused, match="note_missing"):
        await give_back(town, question_id, "approver", note="Sai")
    await give_back(town, question_id, "approver")
    draft = await town.draft(question_id)
    assert (draft.returned_note, draft.returned_by, draft.version) == ("Thiếu căn cứ", town.id("approver"), 2)
    with pytest.raises(Conflict):
        await approve(town, question_id, town["second_approver"])
    await town.write(question_id, "official", 2)
    await town.send(question_id)
    assert ((await town.draft(question_id)).returned_note, (await town.draft(question_id)).returned_by) == ("", None)


# The form


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("24/11/2026", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        (" 1/2/2026 ", date(2026, 2, 1)),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_here_write_it(typed: str, read: date | None) -> None:
    assert AnswerForm.model_validate({"as_of": typed}).as_of == read


@pytest.mark.parametrize("typed", ["31/02/2026", "hôm qua", "11/24/2026", "24-11-2026", "24/11/26"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="date_wrong"):
        AnswerForm.model_validate({"as_of": typed})


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "vbpl.vn", "ftp://vbpl.vn"])
def test_a_citation_links_to_the_web_or_nowhere(link: str) -> None:
    with pytest.raises(ValidationError, match="link_wrong"):
        CitationForm(number="1", link=link)
    assert CitationForm(number="1", link="").link == ""
