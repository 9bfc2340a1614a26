"""What an asker may do now: every act of the private page, asked of the room that knows it. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import appeals, clarifications, corrections, follow_ups, ratings, second_looks, withdrawals
from engage.appeals import Appeal
from engage.clarifications import Clarification
from engage.db import now
from engage.questions import Question
from engage.ratings import Rating
from engage.second_looks import SecondLook
from moderation.cases import Case


class Act(StrEnum):
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    CLARIFY = "clarification"
    RATE = "rating"
    LOOK_AGAIN = "second-look"
    FOLLOW_UP = "follow-up"
    APPEAL = "appeal"
    HIDE_NAME = "hide-name"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the answer depends on. Pure from here."""

    question: Question
    at: datetime
    rounds: Sequence[Clarification] = ()
    rating: Rating | None = None
    rating_until: datetime | None = None
    looks: Sequence[SecondLook] = ()
    refusal: Case | None = None
    appeal: Appeal | None = None
    next_id: int | None = None
    follow_up_until: datetime | None = None

    @property
    def acts(self) -> frozenset[Act]:
        one = self.question
        may = {
            Act.CORRECT: corrections.may_correct(one),
            Act.WITHDRAW: withdrawals.may_withdraw(one),
            Act.CLARIFY: clarifications.may_reply(one, self.rounds),
            Act.RATE: ratings.may_rate(one, self.rating_until, self.at),
            Act.LOOK_AGAIN: second_looks.may_ask(one, self.looks),
            Act.FOLLOW_UP: follow_ups.may_follow_up(one, self.next_id, self.follow_up_until, self.at),
            Act.APPEAL: appeals.may_appeal(one, self.refusal, self.appeal),
            Act.HIDE_NAME: withdrawals.may_hide_name(one),
        }
        return frozenset(act for act, is_open in may.items() if is_open)


async def standing(db: AsyncSession, question: Question) -> Standing:
    rating = await ratings.of(db, question)
    return Standing(
        question,
        now(db),
        await clarifications.of(db, question),
        rating,
        await ratings.changeable_until(db, question, rating),
        await second_looks.of(db, question),
        await appeals.refusal_of(db, question),
        await appeals.by_question(db, question),
        await follow_ups.next_of(db, question),
        await follow_ups.open_until(db, question),
    )
