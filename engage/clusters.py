"""Clusters: questions of a dialogue that ask much the same, side by side, so that one answer serves them all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import merges, traces, voting
from engage.access import PUBLIC, visible
from engage.questions import Question
from moderation import similarity

COMPARED = 60
RESEMBLES = 0.4  # enough to ask "do you mean this one?"


@dataclass(frozen=True, slots=True)
class Near:
    """A question that was asked before. `people`: how many ask it, its asker among them."""

    id: int
    title: str
    people: int


async def near(db: AsyncSession, dialogue_id: int, title: str, limit: int) -> Sequence[Near]:
    """Public questions of the dialogue that ask much the same as this title, the nearest first; one that was merged is told as
    what it goes on as."""
    candidates = await traces.sharing(db, dialogue_id, title, COMPARED)
    if not candidates:
        return []
    chosen = select(col(Question.id), col(Question.title), col(Question.merged_into_id))
    rows = (await db.exec(chosen.where(col(Question.id).in_(candidates), visible(Question, PUBLIC)))).all()
    told = [(similarity.near(title, other), key or 0, into) for key, other, into in rows]
    best: dict[int, None] = {}
    for score, key, into in sorted(told, key=lambda one: (-one[0], one[1])):
        if score < RESEMBLES or len(best) == limit:
            break
        best[key if into is None else await merges.last_of(db, key)] = None
    return await _told(db, list(best))


async def _told(db: AsyncSession, ids: Sequence[int]) -> Sequence[Near]:
    """In this order; a merged one may go on as one that readers do not see."""
    if not ids:
        return []
    chosen = select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids), visible(Question, PUBLIC))
    titles = {key or 0: title for key, title in (await db.exec(chosen)).all()}
    people = await voting.people(db, list(titles))
    return [Near(key, titles[key], people[key]) for key in ids if key in titles]
