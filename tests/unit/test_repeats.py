"""Promises of repeats: the same words sent again into a dialogue are one question for readers and one entry for moderators."""

from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import (
    dialogue_asks,
    dialogues,
    intake,
    questions,
    ranks,
    receipts,
    review,
    takedowns,
    timeline,
    turns,
    withdrawals,
    work,
)
from engage.ask import LiveAsk
from engage.dialogues import Stage
from engage.errors import Refused
from engage.policies import CHANNEL, Policy
from engage.questions import Question, stage
from engage.questions import Stage as Seen
from engage.takedowns import HideForm
from engage.turns import Turn
from live import log
from moderation import cases, entries, queue
from moderation.cases import Case
from moderation.screening import Submission
from tests.unit.hall import Hall, opened
from tests.unit.town import BODY, TITLE, Town

pytestmark = pytest.mark.anyio
PHONE = f"{BODY} Gọi cho tôi số 0912345678."
NUMBERS = count(1)


async def send(hall: Hall, *, body: str = BODY, asker: str = "", settles: bool = True, **typed: Any) -> int:
    """By somebody new each time, through screening; then the worker comes by."""
    number = next(NUMBERS)
    ask = LiveAsk(**{"title": TITLE, "body": body, "name": f"Trần Thử {number}", "consent": True} | typed)
    code = receipts.code_for("secret", asker or f"visitor {number}", f"{hall.id} {ask.title}{ask.body}")
    async with hall.town.store.transaction() as db:
        dialogue, directory = await dialogues.one(db, hall.id), await intake.find_directory(db, ask)
        verdict = await review.examine(db, "question", Submission(ask.title, ask.body), least=0)
        names = {"asker": f"visitor:{asker or number}", "code": code, "language": "vi"}
        sent = await dialogue_asks.send(db, dialogue, ask, directory, **names)
        await review.look_at(db, "question", sent.id, verdict)
    if settles:
        await work.settle_received(hall.town.store)
    return sent.id


async def seen(hall: Hall, *ids: int) -> list[tuple[Seen, int | None]]:
    async with hall.town.store.reading() as db:
        found = [await questions.one(db, one) for one in ids]
        return [(stage(one), one.merged_into_id) for one in found]


async def waiting(hall: Hall) -> list[tuple[int, int]]:
    """What lies at the desk: which question, and how many more wait with it."""
    async with hall.town.store.reading() as db:
        shown = await queue.waiting(db, True, 50)
        along = await entries.others(db, shown)
        assert await queue.count_waiting(db, True) == len(shown)
        return [(case.thing_id, along.get(case.id or 0, 0)) for case in shown]


async def case_of(hall: Hall, question_id: int) -> Case:
    async with hall.town.store.reading() as db:
        return (await cases.of(db, "question", question_id))[-1]


async def decide(hall: Hall, question_id: int, **decision: Any) -> None:
    """By a moderator; the worker carries out what waits along."""
    case = await case_of(hall, question_id)
    await hall.town.decide(case.id or 0, version=case.version, **decision)
    while await work.carry_out_decisions(hall.town.store):
        pass


async def asking(hall: Hall, question_id: int) -> int:
    async with hall.town.store.reading() as db:
        return (await turns.one(db, hall.id, question_id)).people


async def test_what_was_let_in_before_takes_the_repeats_in_at_once(town: Town) -> None:
    hall = await opened(town, Stage.INTAKE)
    first = await send(hall)
    again = [await send(hall, settles=False, email=f"hoa{n}@thu.example") for n in range(5)]
    assert (await town.question(first)).moderation == "accepted"
    assert await seen(hall, *again) == [(Seen.MERGED, first)] * 5
    assert await waiting(hall) == []
    assert await asking(hall, first) == 5
    assert (await town.notices(again[0]))[-1] == "merged"
    async with town.store.reading() as db:
        steps = await timeline.of(db, await questions.one(db, again[0]))
        assert [step.code for step in steps] == ["step_received", "step_merged"]
        kept = select(col(Turn.people)).where(Turn.question_id == first)
        counted = await (await db.connection()).execute(ranks.counted(col(Turn.question_id) == first))
        assert (await db.exec(kept)).one() == counted.one()[1]


async def test_those_sent_in_the_same_moment_are_taken_up_in_their_order(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, *again = [await send(hall, settles=False) for _ in range(4)]
    await work.settle_received(town.store)
    assert await seen(hall, *again) == [(Seen.MERGED, first)] * 3
    assert await waiting(hall) == []


async def test_other_marks_and_other_spelling_are_the_same_words_and_another_dialogue_is_not(town: Town) -> None:
    hall, other = await opened(town, Stage.LIVE), await opened(town, Stage.LIVE)
    first, elsewhere = await send(hall), await send(other)
    shouted = await send(hall, title=TITLE.replace("?", " ?!"), body=BODY.lower())
    assert await seen(hall, shouted) == [(Seen.MERGED, first)]
    assert await waiting(hall) == [(elsewhere, 0)]  # seen before, and nothing of it was let in there


async def test_while_the_first_is_held_the_repeats_are_one_entry_with_it(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, *again = [await send(hall, body=PHONE) for _ in range(6)]
    assert await waiting(hall) == [(first, 5)]
    await decide(hall, first, decision="redact")
    assert await waiting(hall) == []
    assert await seen(hall, *again) == [(Seen.MERGED, first)] * 5
    assert await asking(hall, first) == 5
    async with town.store.reading() as db:
        public = select(col(Question.id)).where(Question.dialogue_id == hall.id, Question.moderation == "accepted")
        assert (await db.exec(public)).all() == [first]  # nobody reads the number in the others


@pytest.mark.parametrize("decision", ["refuse", "return"])
async def test_what_is_refused_or_returned_is_so_for_each_with_the_same_reason(town: Town, decision: str) -> None:
    hall = await opened(town, Stage.LIVE)
    sent = [await send(hall, body=PHONE, email=f"hoa{n}@thu.example") for n in range(3)]
    await decide(hall, sent[0], decision=decision, reason="unclear", words="Bạn hỏi rõ hơn nhé.")
    assert await waiting(hall) == []
    for one in sent:
        case = await case_of(hall, one)
        assert (case.decision, case.reason, case.words) == (decision, "unclear", "Bạn hỏi rõ hơn nhé.")
        assert (await town.question(one)).moderation == {"refuse": "refused", "return": "returned"}[decision]
        assert {"refuse": "refused", "return": "returned"}[decision] in await town.notices(one)


async def test_a_merged_first_one_takes_the_others_to_where_it_went(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    target = await hall.ask()
    sent = [await send(hall, body=PHONE) for _ in range(3)]
    await decide(hall, sent[0], decision="merge", target=str(target))
    assert [one[0] for one in await seen(hall, *sent)] == [Seen.MERGED] * 3
    assert await asking(hall, target) == 3


async def test_a_denunciation_is_sealed_with_all_that_say_the_same(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    sent = [await send(hall, body=PHONE) for _ in range(3)]
    await decide(hall, sent[0], decision="seal")
    assert [(await town.question(one)).sealed for one in sent] == [True] * 3
    assert await waiting(hall) == []


async def test_while_a_decision_can_be_taken_back_the_others_wait_unseen_and_come_back_with_it(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    async with town.store.transaction() as db:
        await db.exec(sa.update(Policy).values(undo_seconds=20))
        log.record(db, CHANNEL, "rule.changed")
    first, second = [await send(hall, body=PHONE) for _ in range(2)]
    await decide(hall, first, decision="redact")
    late = await send(hall, body=PHONE)
    assert await waiting(hall) == []
    async with town.store.transaction() as db:
        await review.undo(db, town["moderator"], (await case_of(hall, first)).id or 0)
    assert await waiting(hall) == [(first, 2)]
    await decide(hall, first, decision="redact")
    town.clock.move(21)
    while await work.carry_out_decisions(town.store):
        pass
    assert await seen(hall, second, late) == [(Seen.MERGED, first)] * 2


async def test_when_the_first_is_taken_down_the_others_are_one_entry_and_readers_see_none(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, *again = [await send(hall) for _ in range(4)]
    async with town.store.transaction() as db:
        await takedowns.hide(db, town["moderator"], await questions.one(db, first), HideForm(reason="unclear"))
    assert await waiting(hall) == [(again[0], 2)]
    assert [(await town.question(one)).moderation for one in again] == ["held"] * 3
    await decide(hall, again[0], decision="accept")
    assert await seen(hall, *again[1:]) == [(Seen.MERGED, again[0])] * 2


async def test_an_author_who_takes_the_first_back_or_writes_it_anew_leaves_the_others_an_entry(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, *again = [await send(hall, body=PHONE) for _ in range(3)]
    async with town.store.transaction() as db:
        await withdrawals.withdraw(db, await questions.one(db, first))
    assert await waiting(hall) == [(again[0], 1)]


async def test_a_colleagues_open_case_stays_theirs(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, second, third = [await send(hall, body=PHONE) for _ in range(3)]
    async with town.store.transaction() as db:
        await review.claim(db, town["colleague"], (await case_of(hall, second)).id or 0)
    await decide(hall, first, decision="redact")
    assert await waiting(hall) == [(second, 0)]
    assert await seen(hall, third) == [(Seen.MERGED, first)]
    case = await case_of(hall, second)
    await town.decide(case.id or 0, "colleague", version=case.version, decision="accept")
    assert await seen(hall, second) == [(Seen.MERGED, first)]  # let in a second time it would stand there twice


async def test_outside_of_dialogues_each_lies_by_itself(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    first, second = await town.ask(), await town.ask()
    assert await waiting(hall) == [(second, 0)]
    assert (await town.question(first)).moderation == "received"


async def test_who_sends_the_same_words_twice_is_told_of_the_first(town: Town) -> None:
    hall = await opened(town, Stage.LIVE)
    await send(hall, asker="an")
    with pytest.raises(Refused, match="sent_before") as told:
        await send(hall, asker="an")
    assert told.value.figures["at"] == town.clock.now
    await send(hall, asker="an", title="Vợ tôi nghỉ việc rồi thì tự đóng tiếp thế nào?")
    await send(hall, asker="binh")
