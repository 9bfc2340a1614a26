"""What askers do in tests of verbs: each act as the web does it, one transaction each."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import (
    acts,
    appeals,
    clarifications,
    corrections,
    follow_ups,
    intake,
    questions,
    ratings,
    review,
    second_looks,
    timeline,
    withdrawals,
)
from engage.acts import Act
from engage.ask import Correction, Telling
from engage.clarifications import ReplyForm
from engage.errors import Failure
from engage.questions import Question
from engage.ratings import RatingForm
from engage.second_looks import LookDecision
from moderation import cases
from moderation.screening import Submission
from tests.unit.town import BODY, TITLE, Town

PHONE = "Gọi cho tôi số 0912345678."
WORDS = "Câu trả lời nói về việc khác, không phải việc tôi hỏi."


async def correct(town: Town, question_id: int, body: str = BODY + " Tôi nói thêm cho rõ.") -> None:
    form = Correction(title=TITLE, body=body, topic="bao-hiem-xa-hoi")
    async with town.store.transaction() as db:
        verdict = await review.examine(db, "question", Submission(form.title, form.body))
        directory = await intake.find_directory(db, form)
        await corrections.correct(db, await questions.one(db, question_id), form, directory, verdict)


async def withdraw(town: Town, question_id: int) -> None:
    async with town.store.transaction() as db:
        await withdrawals.withdraw(db, await questions.one(db, question_id))


async def clarify(town: Town, question_id: int, who: str = "official") -> int:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        return (await clarifications.ask(db, town[who], question, "Bạn nghỉ việc từ tháng nào?")).id or 0


async def reply(town: Town, question_id: int, answer: str = "Tôi nghỉ từ tháng sáu năm nay.") -> None:
    async with town.store.transaction() as db:
        verdict = await review.examine(db, "question", Submission("", answer))
        await clarifications.reply(db, await questions.one(db, question_id), ReplyForm(answer=answer), verdict)


async def rate(town: Town, question_id: int, **form: str) -> None:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        given = await ratings.of(db, question)
        seen = given.stamp if given else 0
        await ratings.rate(db, question, RatingForm.model_validate({"seen": seen, **form}))


async def look(town: Town, question_id: int, words: str = WORDS) -> int:
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await second_looks.ask(db, question, words)
        return (await second_looks.of(db, question))[0].id or 0


async def decide_look(town: Town, look_id: int, who: str, decision: str) -> None:
    async with town.store.transaction() as db:
        form = LookDecision.model_validate({"decision": decision, "words": WORDS})
        await second_looks.decide(db, town[who], await second_looks.one(db, look_id), form)


async def appeal(town: Town, question_id: int, words: str = WORDS) -> int:
    async with town.store.transaction() as db:
        await appeals.appeal(db, await questions.one(db, question_id), words)
        return (await cases.of(db, "question", question_id))[-1].id or 0


async def follow_up(town: Town, question_id: int, code: str) -> int:
    async with town.store.transaction() as db:
        form = Telling(title="Vậy nếu tôi đã đi làm lại thì sao?", body=BODY)
        question = await questions.one(db, question_id)
        return (await follow_ups.ask(db, question, form, code=code, language="vi")).id


async def refused(town: Town, **changes: Any) -> int:
    question_id, case_id = await town.held(**changes)
    await town.decide(case_id, decision="refuse", reason="unclear")
    return question_id


async def returned(town: Town) -> int:
    """As a moderator's return leaves it."""
    question_id, case_id = await town.held()
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(moderation="returned"))
        await cases.decide(db, case_id, town.id("moderator"), 1, "return", "private_matter", None, town.clock.now)
    return question_id


async def open_acts(town: Town, question_id: int) -> set[Act]:
    async with town.store.reading() as db:
        return set((await acts.standing(db, await questions.one(db, question_id))).acts)


async def codes(town: Town, question_id: int, *, public: bool = False) -> Sequence[str]:
    async with town.store.reading() as db:
        steps = await timeline.of(db, await questions.one(db, question_id))
    return [step.code for step in (timeline.for_readers(steps) if public else steps)]


async def refuses(town: Town, reason: str, act: Any) -> None:
    with pytest.raises(Failure) as refusal:
        await act
    assert refusal.value.reason == reason
