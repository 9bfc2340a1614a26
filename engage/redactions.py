"""Covering what should not be public in a question. The original is kept for its author and the desk, and nowhere else."""

from collections.abc import Iterator, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import markup, revisions
from engage.errors import Refused
from engage.questions import SURFACE, Question
from moderation.screening import Span, Submission
from moderation.text import clean

COVER = markup.COVER
FIELDS = ("title", "body")


async def redact(db: AsyncSession, question: Question, spans: Sequence[Span], *, by: int) -> None:
    await revisions.keep(db, SURFACE, question.key, by, {"title": question.title, "body": question.body})
    shown = preview(Submission(question.title, question.body), spans)
    question.title, question.body = shown.title, shown.body
    if question.body_html:
        question.body_html = str(markup.plain(question.body))
    db.add(question)
    await db.flush()


def preview(text: Submission, spans: Sequence[Span]) -> Submission:
    title, body = ([span for span in spans if span.field == field] for field in FIELDS)
    return Submission(covered(text.title, title), covered(text.body, body))


def chosen(text: Submission, picked: Sequence[str], typed: str, *, is_every: bool) -> list[Span]:
    """What a moderator wants covered: places by their numbers (`body:12:20`), and words that stand in the text."""
    spans = [_span(text, place) for place in picked]
    for line in filter(None, (line.strip() for line in clean(typed).splitlines())):
        found = list(_occurrences(text, line))
        if not found:
            raise Refused("words_not_in_the_text", field="cover", words=line)
        spans += found if is_every else found[:1]
    return spans


def covered(text: str, spans: Sequence[Span]) -> str:
    """From the end, so that places stay right; spans may overlap, and then they are one."""
    for start, end in reversed(_joined(spans)):
        text = text[:start] + COVER + text[end:]
    return text


def _joined(spans: Sequence[Span]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _span(text: Submission, place: str) -> Span:
    field, _, numbers = place.partition(":")
    first, _, last = numbers.partition(":")
    if field not in FIELDS or not (first.isdecimal() and last.isdecimal()):
        raise Refused("wrong_value", field="cover")
    span = Span(field, int(first), int(last))
    if not span.start < span.end <= len(getattr(text, field)):
        raise Refused("wrong_value", field="cover")
    return span


def _occurrences(text: Submission, words: str) -> Iterator[Span]:
    for field in FIELDS:
        said, start = getattr(text, field), 0
        while (place := said.find(words, start)) >= 0:
            yield Span(field, place, place + len(words))
            start = place + len(words)
