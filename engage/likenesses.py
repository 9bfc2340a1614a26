"""Answers like the one being written: published, to questions that ask much the same, one's own agency first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import answers, archive, search
from engage.access import PUBLIC, visible
from engage.answers import Answer
from engage.citations import Citation
from engage.questions import Question
from moderation import similarity

LEAST, MOST_COMPARED = 0.12, 400  # characters of the body that are searched by


@dataclass(frozen=True, slots=True)
class Likeness:
    question_id: int
    title: str
    agency_id: int
    short: str
    citations: Sequence[Citation]


async def of(db: AsyncSession, question: Question, limit: int) -> list[Likeness]:
    near = await search.resembling(db, f"{question.title} {question.body[:MOST_COMPARED]}")
    titles = await archive.titles(db, [key for key in near if key != question.id])
    scored = sorted(((similarity.near(question.title, title), key) for key, title in titles.items()), reverse=True)
    best = [key for score, key in scored if score >= LEAST][: 4 * limit]
    given = await _answers(db, best)
    ranked = sorted((key for key in best if key in given), key=lambda key: given[key].agency_id != question.agency_id)
    cited = await _citations(db, [given[key].key for key in ranked[:limit]])
    return [
        Likeness(key, titles[key], given[key].agency_id, given[key].short, cited.get(given[key].key, ()))
        for key in ranked[:limit]
    ]


async def _answers(db: AsyncSession, question_ids: Sequence[int]) -> Mapping[int, Answer]:
    """Only of questions that readers see, and none that was marked as outdated."""
    chosen = select(Answer).join(Question, col(Question.id) == Answer.question_id)
    chosen = chosen.where(
        col(Answer.question_id).in_(question_ids),
        *answers.IS_OUT,
        col(Answer.outdated_on).is_(None),
        visible(Question, PUBLIC),
    )
    return {answer.question_id: answer for answer in (await db.exec(chosen)).all()}


async def _citations(db: AsyncSession, answer_ids: Sequence[int]) -> Mapping[int, Sequence[Citation]]:
    chosen = select(Citation).where(col(Citation.answer_id).in_(answer_ids))
    found: dict[int, list[Citation]] = {}
    for row in (await db.exec(chosen.order_by(col(Citation.answer_id), col(Citation.place)))).all():
        found.setdefault(row.answer_id, []).append(row)
    return found
