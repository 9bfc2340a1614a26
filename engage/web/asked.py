"""The asker's side as desks see it: what was asked of them and answered, how they found the answer, what was sent back."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import clarifications, ratings, second_looks
from engage.access import Actor
from engage.clarifications import State
from engage.questions import Question
from engage.web import words
from engage.web.views import View, paragraphs


async def side(db: AsyncSession, view: View, who: Actor, question: Question) -> dict[str, Any]:
    rounds, rating = await clarifications.of(db, question), await ratings.of(db, question)
    say, most = view.translator.say, await clarifications.most_rounds(db, question)
    return {
        "rounds": [_round(one) for one in rounds],
        "may_clarify": clarifications.may_ask(who, question) and len(rounds) < most,
        "rating": {
            "verdict": say(words.asking.VERDICTS[rating.verdict]),
            "why": say(words.asking.WHYS[rating.why]) if rating.why else "",
            "words": rating.words,
        }
        if rating
        else None,
        "sent_back": [
            look for look in await second_looks.of(db, question) if look.state == second_looks.State.SENT_BACK
        ],
    }


def _round(one: clarifications.Clarification) -> dict[str, Any]:
    """A held answer is the portal desk's until it has been read."""
    return {
        "words": paragraphs(one.words),
        "answer": paragraphs(one.answer) if one.state == State.GIVEN else "",
        "state": one.state,
        "asked_at": one.asked_at,
        "answered_at": one.answered_at,
        "due_at": one.due_at,
    }
