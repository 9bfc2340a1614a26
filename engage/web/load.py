"""What several pages load the same way: the directory, an answer with its citations, a due date as it stands."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import agencies, answers, deadlines, policies, questions, revisions, takedowns
from engage.access import Moderation
from engage.answers import Answer
from engage.archive import Listed
from engage.assigned import Answered, AssignedText
from engage.db import now
from engage.people import Person
from engage.questions import Question
from engage.web import kit, words
from engage.web.house import house
from engage.web.views import Directory, View
from moderation import cases


async def view(request: Request) -> View:
    """Look it up before the store is opened: when the directory has changed, it is read in a session of its own."""
    return View(kit.translator(request), await _directory(request))


async def _directory(request: Request) -> Directory:
    mine = house(request)

    async def read() -> Directory:
        async with mine.store.reading() as db:
            return Directory.of(
                await agencies.every_agency(db), await agencies.every_topic(db), await agencies.every_province(db)
            )

    # The position is known before the rows are read: what changes in between is read again.
    at = await mine.hub.epoch(), await mine.hub.position(agencies.CHANNEL)
    return await mine.directory.at(at, read)


async def lines(db: AsyncSession, view: View, found: Sequence[Listed]) -> list[dict[str, Any]]:
    given = await answers.shorts(db, [question.id for question in found if question.published_at])
    return [view.line(question, given.get(question.id)) for question in found]


async def author_of(db: AsyncSession, question: Question) -> Person | None:
    return await db.get(Person, question.author_id)


async def answer(db: AsyncSession, view: View, question: Question) -> dict[str, Any] | None:
    """The published answer, as the public sees it."""
    if question.answer not in {Answered.PUBLISHED, Answered.REVISED}:
        return None
    given = await answers.published(db, question.key)
    if given is None:
        return None
    kept = await revisions.of(db, "answer", given.id or 0)
    return view.answer(given, await answers.citations_of(db, given), len(kept))


async def due(db: AsyncSession, text: AssignedText) -> deadlines.Due | None:
    """The answer's due date as it stands now; none before an agency has the text or after it answered."""
    is_answered = text.answer in {Answered.PUBLISHED, Answered.REVISED}
    if text.answer_due_at is None or text.answer_from is None or is_answered:
        return None
    calendar = await deadlines.calendar(db)
    return deadlines.explained(calendar, text.answer_from, text.answer_days or 0, text.answer_due_at, now(db))


def topic_groups(view: View) -> list[tuple[str, list[Any]]]:
    """Topics by field, in the order of the directory."""
    groups: dict[str, list[Any]] = {}
    for topic in view.directory.topics.values():
        groups.setdefault(topic.field, []).append(topic)
    return [(view.translator.say(words.FIELDS.get(field, field)), rows) for field, rows in groups.items()]


def consent(view: View, version: str) -> dict[str, str]:
    return {"version": version, **{name: view.translator.say(said) for name, said in words.CONSENT.items()}}


async def citations(db: AsyncSession, given: Answer | None) -> list[dict[str, str]]:
    if given is None:
        return []
    fields = {"number", "title", "article", "link"}
    return [row.model_dump(include=fields) for row in await answers.citations_of(db, given)]


async def refusal(db: AsyncSession, question: Question, language: str) -> dict[str, str] | None:
    """Why a question was refused: the reason from the list, and the moderator's own words or the list's. None when it was not."""
    if question.moderation != Moderation.REFUSED:
        return None
    return await _why(db, question, "refuse", language)


async def returned(db: AsyncSession, question: Question, language: str) -> dict[str, str] | None:
    """What its author is asked to correct; None when it was not returned."""
    if question.moderation != Moderation.RETURNED:
        return None
    return await _why(db, question, "return", language)


async def hidden(db: AsyncSession, question: Question, language: str) -> dict[str, str] | None:
    """Why readers do not see it any more; None when they do."""
    made = await takedowns.standing(db, question.key)
    return await _said(db, made.reason, made.words, language) if made else None


async def _why(db: AsyncSession, question: Question, decision: str, language: str) -> dict[str, str]:
    decided = [case for case in await cases.of(db, questions.SURFACE, question.key) if case.decision == decision]
    last = decided[-1] if decided else None
    return await _said(db, last.reason if last else None, last.words if last else None, language)


async def _said(db: AsyncSession, code: str | None, own: str | None, language: str) -> dict[str, str]:
    reason = await policies.reason_of(db, code)
    listed = getattr(reason, f"words_{language}") if reason else ""
    return {"reason": getattr(reason, f"name_{language}") if reason else "", "words": own or listed}
