"""Covering what should not be public in a text. The original is kept for its author and the desk, and nowhere else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import markup, revisions
from engage.errors import Conflict, Refused
from moderation.screening import Span, Submission
from moderation.text import clean

COVER = markup.COVER
FIELDS = ("title", "body")


class Coverable(Protocol):
    """A text of any kind that people wrote."""

    __tablename__: ClassVar[Any]
    title: str
    body: str
    body_html: str

    @property
    def key(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Redaction:
    """One time that something was covered: who, when, which places, and the text as it stood before."""

    by: int | None
    at: datetime
    text: Submission
    spans: tuple[Span, ...]
    taken_back_for: str = ""  # why it was uncovered again


async def redact(db: AsyncSession, text: Coverable, spans: Sequence[Span], *, by: int) -> None:
    places = [[span.field, span.start, span.end] for span in spans]
    await revisions.keep(db, text.__tablename__, text.key, by, {**_text(text), "covered": places})
    await _show(db, text, preview(Submission(text.title, text.body), spans))


async def of(db: AsyncSession, text: Coverable) -> list[Redaction]:
    """Every time, the first first."""
    made: list[Redaction] = []
    for kept in await revisions.of(db, text.__tablename__, text.key):
        if "covered" in kept.content:
            made.append(_read(kept.by, kept.at, kept.content))
        elif made and "uncovered" in kept.content:
            made.append(replace(made.pop(), taken_back_for=kept.content["uncovered"]))
    return made


async def wordings(db: AsyncSession, text: Coverable) -> list[tuple[datetime, str]]:
    """What readers may read of how it was put before, the oldest first, each with when it was changed. Nothing from before
    something was covered: older words may hold it, too."""
    kept = await revisions.of(db, text.__tablename__, text.key)
    since = max((place for place, one in enumerate(kept, start=1) if "covered" in one.content), default=0)
    return [(one.at, one.content["body"]) for one in kept[since:] if "uncovered" not in one.content]


async def can_uncover(db: AsyncSession, text: Coverable) -> bool:
    """Only the last change can be taken back, and only where nothing else was changed since."""
    return await _last(db, text) is not None


async def uncover(db: AsyncSession, text: Coverable, reason: str, *, by: int) -> None:
    last = await _last(db, text)
    if last is None:
        raise Conflict("changed_since_covered")
    await revisions.keep(db, text.__tablename__, text.key, by, {**_text(text), "uncovered": reason})
    await _show(db, text, last.text)


async def _last(db: AsyncSession, text: Coverable) -> Redaction | None:
    kept = (await revisions.of(db, text.__tablename__, text.key))[-1:]
    if not kept or "covered" not in kept[0].content:
        return None
    last = _read(kept[0].by, kept[0].at, kept[0].content)
    return last if preview(last.text, last.spans) == Submission(text.title, text.body) else None


def _read(by: int | None, at: datetime, content: dict[str, Any]) -> Redaction:
    spans = tuple(Span(*place) for place in content["covered"])
    return Redaction(by, at, Submission(content["title"], content["body"]), spans)


def _text(text: Coverable) -> dict[str, str]:
    return {"title": text.title, "body": text.body}


async def _show(db: AsyncSession, text: Coverable, as_it_reads: Submission) -> None:
    text.title, text.body = as_it_reads.title, as_it_reads.body
    if text.body_html:
        text.body_html = str(markup.plain(text.body))
    db.add(text)
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
