"""Which questions name another one on their pages: merged into it, followed up by it, answered anew by it. They hear of it."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import merges
from engage.access import PUBLIC, visible
from engage.answers import Answer
from engage.questions import Question, note_mention


async def tell(db: AsyncSession, question: Question) -> None:
    """Readers see this question no more, or again, or with another title: whatever names it shows that. Others hear nothing of
    which question it was."""
    replaced = set(await db.exec(select(Answer.question_id).where(Answer.newer_question_id == question.id)))
    newer = set(await db.exec(select(Answer.newer_question_id).where(Answer.question_id == question.id)))
    around = select(col(Question.id)).where(Question.follows_on_id == question.id)
    family = {*await db.exec(around), question.follows_on_id, *await merges.below(db, question.key)}
    named_by = select(col(Question.id)).where(
        col(Question.id).in_({*replaced, *newer, *family} - {None}), visible(Question, PUBLIC)
    )
    for key in sorted(int(one or 0) for one in await db.exec(named_by)):
        note_mention(db, key, in_lists=key in replaced)
