"""Which topic a text is likely about: words of the topics, and what resembling questions were about. Decides nothing."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import archive, questions, tallies
from engage.access import Moderation
from engage.agencies import CHANNEL, every_topic
from engage.db import remembered
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.routing import Read, Word
from live import log
from moderation import identifiers

LIKELY, RESEMBLES, ALIKE = 3, 0.25, 20
WORD, SHARED = 2.0, 3.0


async def likely(db: AsyncSession, question: Question) -> list[int]:
    """Ids of at most three topics, the likeliest first; the question's own is not repeated."""
    read = Read.of(identifiers.without(f"{question.title}\n{question.body}"))
    weights: Counter[int] = Counter()
    for topic_id, words in (await _words(db)).items():
        weights[topic_id] += int(WORD * sum(word.is_in(read) for word in words))
    for other in await archive.near(db, question.title, ALIKE, RESEMBLES):
        if other.topic_id is not None and other.published_at is not None and other.id != question.id:
            weights[other.topic_id] += int(SHARED)
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    return [topic_id for topic_id, weight in ranked if weight and topic_id != question.topic_id][:LIKELY]


async def sort(db: AsyncSession, question: Question, slug: str) -> None:
    """A moderator says what a waiting question is about; where it may go follows from it."""
    if question.moderation not in {Moderation.HELD, Moderation.ACCEPTED}:
        raise Conflict("moved_on")
    topic = next((row for row in await every_topic(db) if row.slug == slug), None)
    if topic is None:
        raise Refused("unknown_choice", field="topic")
    await tallies.leaves(db, question)
    question.topic_id = topic.id
    db.add(question)
    await tallies.enters(db, question)
    log.record(db, "review", "question.sorted", question=question.key)
    if question.moderation == Moderation.ACCEPTED:
        for channel in (f"question:{question.id}", *questions.lists(question)[:1]):
            log.record(db, channel, "question.sorted", question=question.key)


async def _words(db: AsyncSession) -> dict[int, Sequence[Word]]:
    async def read() -> dict[int, Sequence[Word]]:
        topics = await every_topic(db)
        return {topic.id or 0: tuple(Word.of(word) for word in (*topic.keywords, topic.name_vi)) for topic in topics}

    return await remembered(db, "sorting", CHANNEL, read)
