"""What goes out about a question: its answer, and where it was sent. Does not know how an answer is written."""

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import follows, merges, notices, questions, routing, search, tallies
from engage.assigned import ANSWER_MOVES, Answered
from engage.db import now
from engage.errors import Refused
from engage.moves import move
from engage.questions import SURFACE, Question, notify
from live import log


async def publish(db: AsyncSession, question: Question, *, found_by: str) -> None:
    """An approved answer goes out: to the page, the lists, the search, the asker, and into routing's memory."""
    if question.agency_id is None:
        raise Refused("not_assigned")
    await tallies.leaves(db, question)
    await move(db, question, "answer", Answered.PUBLISHED, ANSWER_MOVES, published_at=now(db))
    if question.topic_id is not None:
        await routing.note_precedent(db, question.topic_id, question.province_id, question.agency_id)
    await search.put(db, question.key, f"{question.title}\n{question.body}\n{found_by}")
    await tallies.enters(db, question)
    await tell(db, question, notices.Kind.ANSWERED, notices.Kind.FOLLOWED)
    record(db, question, "answer.given")


async def correct(db: AsyncSession, question: Question, *, found_by: str) -> None:
    """A newer version of a published answer: the same place in the lists, other words in the search; whoever waits is told."""
    await move(db, question, "answer", Answered.REVISED, ANSWER_MOVES, again_due_at=None)
    await search.put(db, question.key, f"{question.title}\n{question.body}\n{found_by}")
    await tell(db, question, notices.Kind.CORRECTED, notices.Kind.FOLLOWED_NEWS)
    record(db, question, "answer.corrected")


async def tell(db: AsyncSession, question: Question, kind: notices.Kind, followers: notices.Kind) -> None:
    await notify(db, question, kind)
    await follows.tell(db, SURFACE, question.key, followers, await merges.below(db, question.key))


def record(db: AsyncSession, question: Question, fact: str) -> None:
    """On every page that shows the answer."""
    channels = [
        f"question:{question.id}",
        *questions.lists(question),
        f"person:{question.author_id}",
        f"agency:{question.agency_id}",
        *([f"dialogue:{question.dialogue_id}"] if question.dialogue_id else []),  # its minutes and figures tell
    ]
    for channel in channels:
        log.record(db, channel, fact, question=question.key)


async def note_transfer(db: AsyncSession, question: Question) -> None:
    await notify(db, question, notices.Kind.TRANSFERRED)
