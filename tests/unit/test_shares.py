"""Promises of coordinating agencies: they see what they were asked about and nothing else, and the lead alone answers."""

import anyio
import anyio.lowlevel
import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import access, answers, archive, assignments, desks, questions, shares, timeline
from engage.access import Actor, Share, Shared
from engage.agencies import Post
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused
from engage.questions import Question
from tests.unit.town import FINANCE, HANOI, HEALTH, INSURANCE, UMBRELLA, Town, an_answer

pytestmark = pytest.mark.anyio
NOTE = "Nhờ cho biết mức chi trả khi khám trái tuyến."
PART = "Người bệnh được thanh toán theo Điều 22 của Luật."


async def ask(
    town: Town, question_id: int, *to: str, who: str = "official", note: str = NOTE, days: int = 3
) -> Share | None:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await shares.ask(db, town[who], question, {town.agencies[slug] for slug in to or (HEALTH,)}, note, days)
        found = await shares.of(db, question)
    return found[-1] if found else None


async def asked(town: Town, **changes: object) -> Share:
    share = await ask(town, await town.taken(), **changes)  # type: ignore[arg-type]  # as `ask` has them
    assert share is not None
    return share


async def give(town: Town, share: Share, who: Actor, part: str = PART) -> None:
    async with town.store.transaction() as db:
        mine = await shares.asked_of(db, who, share.key)
        await shares.give(db, who, await desks.shared_one(db, who, mine), mine, part)


async def decline(town: Town, share: Share, who: Actor) -> None:
    async with town.store.transaction() as db:
        mine = await shares.asked_of(db, who, share.key)
        await shares.decline(db, who, await desks.shared_one(db, who, mine), mine, "Không thuộc phạm vi của Bộ.")


async def state(town: Town, share: Share) -> Share:
    async with town.store.reading() as db:
        found = await db.get(Share, share.key)
    assert found is not None
    return found


async def test_an_asked_agency_reads_the_question_gives_its_part_and_the_lead_is_told(town: Town) -> None:
    share = await asked(town)
    async with town.store.reading() as db:
        ((listed, question),) = await desks.parts(db, town.agencies[HEALTH], 9)
    assert (listed.id, question.id) == (share.id, share.thing_id)
    assert (await town.notices(share.thing_id)).count("share_asked") == 1
    await give(town, share, town["elsewhere_official"])
    given = await state(town, share)
    assert (given.state, given.part, given.by) == (Shared.GIVEN, PART, town.id("elsewhere_official"))
    assert (await town.notices(share.thing_id)).count("share_answered") == 1
    await give(town, share, town["elsewhere"], PART + " Có hiệu lực từ 01/07/2025.")
    assert (await state(town, share)).part.endswith("2025.")


async def test_an_agency_sees_only_what_it_was_asked_about_and_only_while_it_is_asked(town: Town) -> None:
    other, share = await town.taken(), await asked(town)
    stranger = Actor(person_id=town.id("elsewhere"), posts={town.agencies[FINANCE]: frozenset({Post.COORDINATOR})})
    async with town.store.reading() as db:
        seen = (await db.exec(sa.select(col(Question.id)).where(access.shared(Question, town["elsewhere"])))).all()
        assert [row[0] for row in seen] == [share.thing_id]
        assert other != share.thing_id
        with pytest.raises(NotFound):
            await shares.asked_of(db, stranger, share.key)
        with pytest.raises(NotFound):  # to read is not to work on: the desk's own door stays shut
            await archive.workable_one(db, town["elsewhere"], share.thing_id)
    await decline(town, share, town["elsewhere"])
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await shares.asked_of(db, town["elsewhere"], share.key)


@pytest.mark.parametrize("gone", [{"sealed": True}, {"moderation": "hidden"}])
async def test_what_left_the_public_left_the_coordinating_desk_too(town: Town, gone: dict[str, object]) -> None:
    share = await asked(town)
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == share.thing_id).values(**gone))
    elsewhere, agency = town["elsewhere"], town.agencies[HEALTH]
    async with town.store.reading() as db:
        with pytest.raises(NotFound):
            await desks.shared_one(db, elsewhere, share)
        assert await desks.parts(db, agency, 9) == []
        assert (await desks.counts(db, elsewhere, agency, "shares", frozenset()))["shares"] == 0


async def test_a_coordinating_agency_cannot_touch_the_leads_answer(town: Town) -> None:
    share = await asked(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, share.thing_id)
        with pytest.raises(NotAllowed):
            await answers.write(db, town["elsewhere"], question, an_answer(), 0)


@pytest.mark.parametrize("who", ["approver", "elsewhere", "moderator"])
async def test_only_who_writes_for_the_lead_asks(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        await ask(town, await town.taken(), who=who)


async def test_what_cannot_be_asked_is_refused_beside_its_field(town: Town) -> None:
    question_id = await town.taken()
    tries: dict[str, dict[str, object]] = {
        "share_note_missing": {"note": "ngắn"},
        "share_due_too_late": {"days": 11},
        "same_agency": {"to": INSURANCE},
        "agency_does_not_answer": {"to": UMBRELLA},
    }
    for reason, changes in tries.items():
        to = str(changes.pop("to", HEALTH))
        with pytest.raises(Refused, match=reason):
            await ask(town, question_id, to, **changes)  # type: ignore[arg-type]  # as `ask` has them
    await ask(town, question_id)
    with pytest.raises(Refused, match="share_asked_already"):
        await ask(town, question_id)
    with pytest.raises(Refused, match="accept_first"):
        await ask(town, await town.accepted())


async def test_a_lead_that_is_late_already_may_still_ask_for_two_days(town: Town) -> None:
    question_id = await town.taken()
    town.clock.move(days=40)
    with pytest.raises(Refused, match="share_due_too_late"):
        await ask(town, question_id, days=3)
    assert await ask(town, question_id, days=2)


async def test_a_declined_agency_may_be_asked_again_and_a_withdrawn_part_cannot_be_given(town: Town) -> None:
    share = await asked(town)
    await decline(town, share, town["elsewhere"])
    again = await ask(town, share.thing_id)
    assert again is not None
    async with town.store.transaction() as db:
        question = await questions.one(db, share.thing_id)
        await shares.withdraw(db, town["coordinator"], question, await shares.one(db, again.key))
    with pytest.raises(NotFound):
        await give(town, again, town["elsewhere"])


async def test_of_giving_and_withdrawing_at_once_one_is_first(town: Town) -> None:
    share, outcomes = await asked(town), []

    async def attempt(name: str) -> None:
        try:
            async with town.store.transaction() as db:
                question, mine = await questions.one(db, share.thing_id), await shares.one(db, share.key)
                await anyio.lowlevel.checkpoint()
                if name == "given":
                    await shares.give(db, town["elsewhere"], question, mine, PART)
                else:
                    await shares.withdraw(db, town["official"], question, mine)
            outcomes.append(name)
        except Failure:
            outcomes.append("lost")

    async with anyio.create_task_group() as tasks:
        for name in ("given", "withdrawn"):
            tasks.start_soon(attempt, name)
    assert outcomes.count("lost") == 1
    assert (await state(town, share)).state in outcomes


async def test_nobody_waits_for_parts_once_the_question_left_its_lead(town: Town) -> None:
    share = await asked(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, share.thing_id)
        await assignments.transfer(db, town["coordinator"], question, town.agencies[HANOI], "Việc của thành phố.")
    assert (await state(town, share)).state == Shared.WITHDRAWN


async def test_the_public_answer_may_name_who_had_a_part_and_the_timeline_names_agencies_only(town: Town) -> None:
    share = await asked(town)
    async with town.store.transaction() as db:
        question = await questions.one(db, share.thing_id)
        with pytest.raises(Conflict):
            await shares.name(db, town["official"], question, await shares.one(db, share.key), named=True)
    await give(town, share, town["elsewhere"])
    async with town.store.transaction() as db:
        question = await questions.one(db, share.thing_id)
        assert await shares.named(db, question) == []
        await shares.name(db, town["official"], question, await shares.one(db, share.key), named=True)
    async with town.store.reading() as db:
        question = await questions.one(db, share.thing_id)
        assert await shares.named(db, question) == [town.agencies[HEALTH]]
        (step,) = [step for step in await timeline.of(db, question) if step.code == "step_shared"]
    assert step.figures["agency"].slug == HEALTH
    assert step.note == ""
