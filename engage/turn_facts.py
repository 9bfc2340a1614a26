"""Who hears of a question's way through a dialogue: its room, its crew, and whoever asked it, on the page their code opens."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues
from engage.dialogues import Dialogue
from engage.questions import Question
from live import log


async def tell(db: AsyncSession, dialogue: Dialogue, question_id: int, fact: str) -> None:
    """Of what changes where it stands; to whom it was handed, and in which group it is, its asker does not see."""
    dialogues.tell(db, dialogue, fact, question=question_id)
    await tell_asker(db, question_id, fact)


async def tell_asker(db: AsyncSession, question_id: int, fact: str) -> None:
    author_id = (await db.exec(select(col(Question.author_id)).where(col(Question.id) == question_id))).one()
    log.record(db, f"person:{author_id}", fact, question=question_id)
