"""Pieces: what a live room shows of a thing, as every reader sees it, in one language. A page includes the same template.

Nothing personal stands in a piece, no count that passes, and nothing that hangs on now but how far off a due date is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, attachments, enclosures, follow_ups, lists, questions, timeline
from engage.access import PUBLIC
from engage.attachments import Attachment
from engage.db import remembered
from engage.errors import NotFound
from engage.lists import Filters, Listed, Which
from engage.questions import Question
from engage.web import load, published
from engage.web.language import localized
from engage.web.templates import Templates
from engage.web.views import Directory, View

NEWEST = 50  # questions in the snapshot of the list


@dataclass(frozen=True, slots=True)
class Piece:
    """`rank` is where it stands among the others: the greatest first."""

    id: str
    html: str
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """What pieces are made with, in one language."""

    templates: Templates
    view: View

    @classmethod
    async def of(cls, db: AsyncSession, templates: Templates, language: str) -> "Press":
        async def read() -> Directory:
            return Directory.of(
                await agencies.every_agency(db), await agencies.every_topic(db), await agencies.every_province(db)
            )

        directory = await remembered(db, "pieces", agencies.CHANNEL, read)
        return cls(templates, View(templates.translators[language], directory))

    def print(self, template: str, **context: Any) -> str:
        language = self.view.translator.language
        context["url"] = partial(localized, language=language)
        return self.templates.get(template, language).render(context).strip()


def name(question_id: int) -> str:
    return f"question-{question_id}"


async def question(db: AsyncSession, press: Press, question_id: int) -> Piece | None:
    """None where readers have nothing to see."""
    try:
        found = await questions.seen_by(db, PUBLIC, question_id)
    except NotFound:
        return None
    files = await enclosures.seen(db, PUBLIC, attachments.QUESTION, question_id)
    context = await shown(db, press.view, found, files)
    return Piece(name(question_id), press.print("questions/_piece.html", votes=None, **context))


async def shown(db: AsyncSession, view: View, question: Question, files: Sequence[Attachment]) -> Mapping[str, Any]:
    """What `questions/_piece.html` is made of; `files` are those that the reader may see."""
    view = view.about(question.kind)
    said = view.question(question, await load.author_of(db, question))
    return {
        "dialogue_url": _in_dialogue(view, question),
        "question": {**said, "due": await load.why_due(db, view, question)},
        "attached": [view.file(row) for row in files],
        "answer": await published.answer(db, view, question),
        "steps": view.steps(timeline.for_readers(await timeline.of(db, question))),
        "follows_on": await load.linked(db, view, question.follows_on_id),
        "followed_by": await load.linked(db, view, await follow_ups.next_of(db, question)),
        "merged_into": await load.merged_into(db, view, question),
    }


def _in_dialogue(view: View, question: Question) -> str:
    """Where it is answered, if it was asked in a dialogue."""
    if question.dialogue_id is None:
        return ""
    return localized(f"/dialogues/{question.dialogue_id}/answers/{question.key}", view.translator.language)


async def lines(db: AsyncSession, press: Press, ids: Sequence[int], surface: str) -> dict[int, Piece]:
    """Of these questions those that stand in the lists of a surface."""
    return {int(one.id): piece for one, piece in await _lines(db, press, await lists.in_order(db, ids, surface))}


async def newest(db: AsyncSession, press: Press, surface: str) -> list[Piece]:
    found = await lists.listed(db, Filters(surface=surface, which=Which.ALL), NEWEST)
    return [piece for _, piece in await _lines(db, press, found)]


async def _lines(db: AsyncSession, press: Press, found: Sequence[Listed]) -> list[tuple[Listed, Piece]]:
    items = await load.lines(db, press.view, found, counted=False)
    return [
        (one, Piece(name(one.id), press.print("questions/_line.html", item=item), _rank(one)))
        for one, item in zip(found, items, strict=True)
    ]


def _rank(question: Listed) -> str:
    """By when it was let in, as the whole list is ordered; written so that texts compare like the times they are."""
    at, key = lists.place_of(question, Filters(which=Which.ALL))
    return f"{at:%Y%m%d%H%M%S%f}-{key:010}"
