"""Covering what should not be public in a question, before it is let out. The original is kept for its author and the desk."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import revisions
from engage.questions import SURFACE, Question
from moderation.screening import Span

COVER = "[đã che]"


async def redact(db: AsyncSession, question: Question, spans: Sequence[Span], *, by: int) -> None:
    await revisions.keep(db, SURFACE, question.key, by, {"title": question.title, "body": question.body})
    question.title = covered(question.title, [span for span in spans if span.field == "title"])
    question.body = covered(question.body, [span for span in spans if span.field == "body"])
    db.add(question)
    await db.flush()


def covered(text: str, spans: Sequence[Span]) -> str:
    """From the end, so that places stay right; spans may overlap."""
    for span in sorted(spans, key=lambda span: -span.start):
        text = text[: span.start] + COVER + text[max(span.end, span.start) :]
    return text
