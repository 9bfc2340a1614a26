"""Groupings: to which announced group of topics the words of a question point, for those that came without one. Decides nothing.

The same words as in routing: the group's name, and the words of the topic and of the agency that it was given. What others of
its cluster are about weighs more than any word.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import guests
from engage.agencies import every_agency, every_topic
from engage.batches import Item
from engage.dialogues import Dialogue
from engage.guests import Group
from engage.questions import Question
from engage.routing import Read, Word
from engage.turns import Turn
from moderation import identifiers

WORD, NAME, TWIN = 1, 3, 4
MOST_TWINS = 3  # how many of a cluster are heard


async def proposed(db: AsyncSession, dialogue: Dialogue, rows: Sequence[Item]) -> Mapping[int, int]:
    """Group by question; only where one of them is clearly the likeliest."""
    lone = [row["id"] for row in rows if row["group"] is None]
    if not lone:
        return {}
    words = await _words(db, await guests.groups(db, dialogue.key))
    twins = await _twins(db, dialogue, lone)
    found = select(col(Question.id), col(Question.title), col(Question.body)).where(col(Question.id).in_(lone))
    likeliest: dict[int, int] = {}
    for question_id, title, body in (await db.exec(found)).all():
        weights = _weights(words, Read.of(identifiers.without(f"{title}\n{body}")))
        for near_id, times in twins.get(question_id or 0, Counter()).items():
            weights[near_id] += TWIN * min(times, MOST_TWINS)
        if (group_id := _first(weights)) is not None:
            likeliest[question_id or 0] = group_id
    return likeliest


def _weights(words: Mapping[int, Sequence[tuple[Word, int]]], read: Read) -> Counter[int]:
    return Counter({key: sum(weight for word, weight in said if word.is_in(read)) for key, said in words.items()})


def _first(weights: Counter[int]) -> int | None:
    """None where nothing points anywhere, or to two groups alike."""
    ranked = weights.most_common(2)
    if not ranked or ranked[0][1] == 0 or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


async def _words(db: AsyncSession, groups: Sequence[Group]) -> Mapping[int, Sequence[tuple[Word, int]]]:
    topics = {topic.id: topic for topic in await every_topic(db)}
    agencies = {agency.id: agency for agency in await every_agency(db)}
    said: dict[int, list[tuple[Word, int]]] = {}
    for group in groups:
        topic, agency = topics.get(group.topic_id), agencies.get(group.agency_id)
        names = {group.name, *(part.strip() for part in group.name.split(","))}
        known = {*(topic.keywords if topic else ()), *((topic.name_vi,) if topic else ())}
        known |= {word for word in (agency.keywords if agency else ()) if " " in word}
        said[group.key] = [(Word.of(name), NAME) for name in names] + [(Word.of(word), WORD) for word in known - names]
    return said


async def _twins(db: AsyncSession, dialogue: Dialogue, ids: Sequence[int]) -> Mapping[int, Counter[int]]:
    """How many of each one's cluster stand in which group."""
    mine = select(col(Turn.question_id), col(Turn.cluster_id)).where(
        Turn.dialogue_id == dialogue.key, col(Turn.question_id).in_(ids), ~col(Turn.is_apart)
    )
    clusters = {question_id: cluster_id for question_id, cluster_id in (await db.exec(mine)).all() if cluster_id}
    others = select(col(Turn.cluster_id), col(Turn.group_id)).where(
        Turn.dialogue_id == dialogue.key, col(Turn.cluster_id).in_(set(clusters.values())), ~col(Turn.is_apart)
    )
    groups: dict[int, Counter[int]] = {}
    for cluster_id, group_id in (await db.exec(others.where(col(Turn.group_id).is_not(None)))).all():
        groups.setdefault(cluster_id or 0, Counter())[group_id or 0] += 1
    return {question_id: groups[cluster_id] for question_id, cluster_id in clusters.items() if cluster_id in groups}
