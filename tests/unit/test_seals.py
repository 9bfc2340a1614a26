"""Promises of seals and takedowns: gone for readers at once, every opening recorded, erased only after a hand-over."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import (
    archive,
    clarifications,
    follows,
    lists,
    questions,
    review,
    seals,
    search,
    second_looks,
    takedowns,
    timeline,
)
from engage.access import PUBLIC
from engage.audit import Audit
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.forgetting import GONE
from engage.lists import Filters, Which
from engage.notices import Notice
from engage.redactions import COVER
from engage.revisions import Revision
from engage.seals import HandOver, HandOverForm, HandOverKind
from engage.takedowns import HideForm
from moderation.screening import Span
from tests.unit import asker
from tests.unit.asker import clarify, decide_look, look, refuses, reply
from tests.unit.town import DENUNCIATION, INSURANCE, Town

pytestmark = pytest.mark.anyio
HANDED = HandOverForm(kind=HandOverKind.HANDED_OVER, body="Thanh tra tỉnh", number="12/BB")
NOTHING = HandOverForm(kind=HandOverKind.NOTHING, words="Không có nội dung tố cáo.")


async def seal(town: Town, question_id: int, who: str = "moderator") -> int:
    async with town.store.transaction() as db:
        case = await seals.seal(db, town[who], await questions.one(db, question_id))
    return case.id or 0


async def hidden(town: Town) -> int:
    question_id = await town.accepted()
    async with town.store.transaction() as db:
        await takedowns.hide(db, town["moderator"], await questions.one(db, question_id), HideForm(reason="unclear"))
    return question_id


async def withdrawn(town: Town) -> int:
    question_id = await town.accepted()
    await asker.withdraw(town, question_id)
    return question_id


AWAY: Mapping[str, Callable[[Town], Awaitable[int]]] = {
    "hidden": hidden,
    "refused": asker.refused,
    "returned": asker.returned,
    "withdrawn": withdrawn,
}


async def is_anywhere(town: Town, question_id: int) -> bool:
    async with town.store.reading() as db:
        rows = await lists.listed(db, Filters(which=Which.ALL), 50)
        found = await search.find(db, "bảo hiểm xã hội")
        near = await archive.near(db, (await questions.one(db, question_id)).title, 5, 0.1)
    return question_id in {row.id for row in (*rows, *near)} | set(found)


@pytest.mark.parametrize("step", ["accepted", "taken", "answered"])
async def test_what_is_sealed_later_leaves_everything_public_at_once(town: Town, step: str) -> None:
    question_id = await getattr(town, step)()
    assert await is_anywhere(town, question_id)
    async with town.store.transaction() as db:
        await follows.tell(db, "question", question_id, follows.notices.Kind.FOLLOWED)
    await seal(town, question_id)
    assert not await is_anywhere(town, question_id)
    async with town.store.reading() as db:
        for who in (PUBLIC, town["moderator"]):
            with pytest.raises(NotFound):
                await questions.seen_by(db, who, question_id)
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["coordinator"], question_id)
        waiting = select(Notice.kind).where(col(Notice.thing_id) == question_id, col(Notice.sent_at).is_(None))
        assert list(await db.exec(waiting)) == [
            "refused"
        ]  # its author is told of the channels, nobody else of anything
    for channel in ("questions", f"question:{question_id}"):  # as of any other: nobody learns that it accused somebody
        assert (await town.facts(channel))[-1] == "question.hidden"
        assert "question.sealed" not in await town.facts(channel)
    assert "question.sealed" in await town.facts("review")


@pytest.mark.parametrize("state", ["hidden", "refused", "returned", "withdrawn"])
async def test_what_is_no_longer_out_is_sealed_in_one_step_and_never_public_on_its_way(town: Town, state: str) -> None:
    question_id = await AWAY[state](town)
    assert (await town.question(question_id)).moderation == state
    before = await town.facts("questions")
    case_id = await seal(town, question_id)
    question = await town.question(question_id)
    assert (question.moderation, question.sealed) == ("refused", True)
    assert await town.facts("questions") == before
    assert (await town.notices(question_id))[-1] == "refused"
    async with town.store.transaction() as db:
        case = await seals.review.one(db, town["cleared"], case_id)
        assert (case.sealed, case.reason) == (True, "denunciation")
        with pytest.raises(NotFound):
            await questions.seen_by(db, town["moderator"], question_id)
        with pytest.raises(Conflict):
            await seals.seal(db, town["cleared"], await questions.one(db, question_id))


async def test_who_is_no_moderator_seals_nothing(town: Town) -> None:
    question_id = await town.accepted()
    with pytest.raises(NotAllowed):
        await seal(town, question_id, "coordinator")


async def test_every_opening_of_a_sealed_case_is_kept(town: Town) -> None:
    case_id = await seal(town, await town.accepted())
    async with town.store.transaction() as db:
        case = await seals.review.one(db, town["cleared"], case_id)
        await seals.note_read(db, town["cleared"], case)
        await seals.note_read(db, town["cleared"], case)
    async with town.store.reading() as db:
        assert [row.person_id for row in await seals.reads(db, case_id)] == [town.id("cleared")] * 2


async def test_a_sealed_question_is_on_no_page_of_the_desk_but_its_case(town: Town) -> None:
    """Neither among second looks, nor among held answers of its asker, nor through a case decided before."""
    looked_at, first = await town.answered(), await town.held()
    look_id = await look(town, looked_at)
    await town.decide(first[1], decision="accept", agency=INSURANCE)
    asked = await town.taken()
    row_id = await clarify(town, asked)
    await reply(town, asked, "Cơ quan các ông toàn một lũ khốn nạn ăn hại, đồ chó má.")
    for question_id in (looked_at, first[0], asked):
        await seal(town, question_id)
    async with town.store.transaction() as db:
        for who in ("moderator", "cleared"):
            assert not await second_looks.waiting(db, town[who], 9)
            assert not await clarifications.held(db, town[who], 9)
            with pytest.raises(NotFound):
                await clarifications.pass_on(db, town[who], await clarifications.one(db, row_id))
            with pytest.raises(NotFound):
                await questions.seen_by(db, town[who], looked_at)
        with pytest.raises(NotFound):
            await review.one(db, town["colleague"], first[1])
        assert await review.one(db, town["cleared"], first[1])
    await refuses(town, "not_found", decide_look(town, look_id, "colleague", "close"))


async def test_a_sealed_answer_of_an_asker_is_shown_only_after_a_line_about_it(town: Town) -> None:
    question_id = await town.taken()
    await clarify(town, question_id)
    await reply(town, question_id, DENUNCIATION)
    async with town.store.transaction() as db:
        await clarifications.note_reads(db, town["cleared"], await clarifications.held(db, town["cleared"], 9))
        kept = select(Audit.kind).where(Audit.kind == "clarification.sealed_read")
        assert len((await db.exec(kept)).all()) == 1


async def test_the_words_are_erased_only_after_a_hand_over_and_the_act_stays(town: Town) -> None:
    question_id = await town.answered()
    case_id = await seal(town, question_id)
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="hand_over_first"):
            await seals.erase(db, town["cleared"], case_id)
        with pytest.raises(NotFound):
            await seals.hand_over(db, town["moderator"], case_id, HANDED)
        await seals.hand_over(db, town["cleared"], case_id, HANDED)
        with pytest.raises(Conflict):
            await seals.hand_over(db, town["cleared"], case_id, HANDED)
    async with town.store.transaction() as db:
        await seals.erase(db, town["cleared"], case_id)
    question = await town.question(question_id)
    assert (question.title, question.body, question.body_html) == (GONE, GONE, "")
    async with town.store.reading() as db:
        assert not (await db.exec(select(Revision).where(Revision.thing_id == question_id))).all()
        done = await seals.hand_over_of(db, case_id)
        case = await seals.review.one(db, town["cleared"], case_id)
    assert done is not None
    assert (done.body, done.by, done.erased_by) == ("Thanh tra tỉnh", town.id("cleared"), town.id("cleared"))
    assert (case.reason, case.decided_by) == ("denunciation", town.id("moderator"))


async def test_that_there_is_nothing_to_hand_over_is_said_by_a_second_person(town: Town) -> None:
    case_id = await seal(town, await town.accepted(), "cleared")
    async with town.store.transaction() as db:
        with pytest.raises(Refused, match="second_person_needed"):
            await seals.hand_over(db, town["cleared"], case_id, NOTHING)
    own = town.id("cleared")
    row = {"case_id": case_id, "kind": "nothing", "sealed_by": own, "by": own, "at": town.clock.now}
    with pytest.raises(sa.exc.IntegrityError):
        async with town.store.transaction() as db:  # and the database holds it too
            await db.exec(sa.insert(HandOver).values(**row, body="", number="", words=""))


async def test_a_question_that_was_let_out_after_all_is_neither_handed_over_nor_erased(town: Town) -> None:
    question_id, case_id = await town.held(body=DENUNCIATION)
    await town.decide(case_id, "cleared", decision="accept")
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await seals.hand_over(db, town["cleared"], case_id, HANDED)
        with pytest.raises(NotFound):
            await seals.erase(db, town["cleared"], case_id)
    question = await town.question(question_id)
    assert (question.moderation, question.body) == ("accepted", DENUNCIATION)


# Taken down, and covered later


async def test_what_is_hidden_is_missing_for_readers_and_restored_whole(town: Town) -> None:
    question_id = await town.answered()
    before = await town.question(question_id)
    async with town.store.transaction() as db:
        form = HideForm(reason="private_matter", words="Có địa chỉ nhà.")
        await takedowns.hide(db, town["moderator"], await questions.one(db, question_id), form)
    assert not await is_anywhere(town, question_id)
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await questions.seen_by(db, PUBLIC, question_id)
    assert (await town.notices(question_id))[-1] == "hidden"
    async with town.store.transaction() as db:
        await takedowns.restore(db, town["moderator"], await questions.one(db, question_id))
    assert await town.question(question_id) == before
    assert await is_anywhere(town, question_id)
    assert "hidden" not in await town.notices(question_id)  # it had not been mailed yet
    with pytest.raises(Conflict):
        async with town.store.transaction() as db:
            await takedowns.restore(db, town["moderator"], await questions.one(db, question_id))


async def test_a_part_covered_later_is_gone_from_the_page_and_the_search(town: Town) -> None:
    question_id = await town.accepted(
        body="Tôi tên là Lê Văn Bí Mật, xin hỏi về bảo hiểm xã hội một lần cần giấy tờ gì."
    )
    question = await town.question(question_id)
    start = question.body.index("Lê Văn")
    async with town.store.transaction() as db:
        spans = [Span("body", start, start + len("Lê Văn Bí Mật"))]
        await takedowns.cover(db, town["moderator"], await questions.one(db, question_id), spans)
    question = await town.question(question_id)
    assert "Bí Mật" not in question.body + question.body_html
    assert f"<mark>{COVER}</mark>" in question.body_html
    async with town.store.reading() as db:
        assert not await search.find(db, "bi mat")
        assert await search.find(db, "bao hiem xa hoi")
    assert "question.covered" in await town.facts("questions")


async def test_what_was_hidden_and_then_sealed_is_hidden_no_more(town: Town) -> None:
    question_id = await AWAY["hidden"](town)
    await seal(town, question_id)
    async with town.store.reading() as db:
        question = await questions.one(db, question_id)
        assert await takedowns.standing(db, question) is None
        assert "step_hidden" not in {step.code for step in await timeline.of(db, question)}
        assert await takedowns.of(db, question_id)  # the row itself stays
