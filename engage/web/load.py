"""What several pages load the same way: the directory, an answer with its citations, a due date as it stands."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import (
    agencies,
    answers,
    archive,
    deadlines,
    due_changes,
    merges,
    policies,
    questions,
    ratings,
    takedowns,
    voting,
)
from engage.access import PUBLIC, Moderation, is_public, visible
from engage.answers import Answer
from engage.assigned import Answered, AssignedText
from engage.db import now
from engage.lists import Listed
from engage.people import Person
from engage.questions import SURFACE, Question
from engage.web import kit, words
from engage.web.house import house
from engage.web.language import localized
from engage.web.views import Directory, View
from moderation import cases

DECISIONS = {Moderation.REFUSED.value: "refuse", Moderation.RETURNED.value: "return"}


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


async def lines(db: AsyncSession, view: View, found: Sequence[Listed], *, counted: bool = True) -> list[dict[str, Any]]:
    """`counted` False: without the counts that pass."""
    given = await answers.gists(db, [question.id for question in found if question.published_at])
    asked_too = await voting.counts(db, [question.id for question in found if counted])
    newer = await archive.public_titles(
        db, [gist.newer_question_id for gist in given.values() if gist.newer_question_id]
    )
    return [view.line(one, given.get(one.id), asked_too.get(one.id, 0), newer) for one in found]


async def suggested(
    db: AsyncSession, view: View, title: str, limit: int, least: float, surface: str = SURFACE
) -> list[dict[str, Any]]:
    """What was asked before and resembles a title; whose answer does not hold any more comes last."""
    found = await lines(db, view, await archive.near(db, title, 2 * limit, least, surface))
    return sorted(found, key=lambda line: line["is_outdated"])[:limit]


async def author_of(db: AsyncSession, question: Question) -> Person | None:
    return await db.get(Person, question.author_id)


async def due(db: AsyncSession, text: AssignedText) -> deadlines.Due | None:
    """The answer's due date as it stands now; none before an agency has the text or after it answered."""
    text = await _goes_on_as(db, text)
    is_answered = text.answer in {Answered.PUBLISHED, Answered.REVISED}
    if text.answer_due_at is None or text.answer_from is None or is_answered:
        return None
    calendar, term, due_at = await deadlines.calendar(db), text.answer_days or 0, text.answer_due_at
    return deadlines.explained(calendar, text.answer_from, term, due_at, now(db), text.paused_at)


async def owed(db: AsyncSession, text: AssignedText) -> deadlines.Due | None:
    """What a desk counts to: the date of the new answer where one is asked for."""
    if text.again_due_at is None:
        return await due(db, text)
    return deadlines.explained(await deadlines.calendar(db), text.again_due_at, 0, text.again_due_at, now(db))


async def why_due(db: AsyncSession, view: View, text: AssignedText) -> dict[str, Any] | None:
    """The same as a page shows it, with everything that ever moved it."""
    found = await due(db, text)
    return view.due(found, changes=await due_changes.of(db, await _goes_on_as(db, text))) if found else None


async def _goes_on_as(db: AsyncSession, text: AssignedText) -> AssignedText:
    """A merged question is answered where it went, and by that date."""
    if not isinstance(text, Question) or text.merged_into_id is None:
        return text
    return await questions.one(db, await merges.last_of(db, text.key))


async def linked(db: AsyncSession, view: View, question_id: int | None) -> dict[str, str] | None:
    """Another question's title and page, where it is public."""
    if question_id is None:
        return None
    found = select(Question).where(Question.id == question_id, visible(Question, PUBLIC))
    question = (await db.exec(found)).one_or_none()
    if question is None:
        return None
    return {"title": question.title, "url": localized(question.path, view.translator.language)}


def topic_groups(view: View) -> list[tuple[str, list[Any]]]:
    """Topics by field, in the order of the directory."""
    groups: dict[str, list[Any]] = {}
    for topic in view.directory.choices["topics"]:
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
    """Why a question was refused, or returned to be corrected: the reason from the list, and the moderator's own words or the
    list's. None when it was neither."""
    wanted = DECISIONS.get(question.moderation)
    if wanted is None:
        return None
    return await _why(db, question, wanted, language)


async def hidden(db: AsyncSession, question: Question, language: str) -> dict[str, str] | None:
    """Why readers do not see it any more; None when they do."""
    made = await takedowns.standing(db, question)
    return await _said(db, made.reason, made.words, language) if made else None


async def _why(db: AsyncSession, question: Question, decision: str, language: str) -> dict[str, str]:
    decided = [case for case in await cases.of(db, question.surface, question.key) if case.decision == decision]
    last = decided[-1] if decided else None
    return await _said(db, last.reason if last else None, last.words if last else None, language)


async def _said(db: AsyncSession, code: str | None, own: str | None, language: str) -> dict[str, str]:
    reason = await policies.reason_of(db, code)
    listed = getattr(reason, f"words_{language}") if reason else ""
    return {"reason": getattr(reason, f"name_{language}") if reason else "", "words": own or listed}


async def merged_into(db: AsyncSession, view: View, question: Question) -> dict[str, str] | None:
    """Where a merged question goes on; without a name when readers may not see that one any more."""
    if question.merged_into_id is None:
        return None
    target = await questions.one(db, await merges.last_of(db, question.key))
    title = target.title if is_public(target) else ""
    return {"url": localized(target.path, view.translator.language), "title": title}


async def satisfaction(db: AsyncSession, view: View, agency_id: int) -> dict[str, Any] | None:
    """What askers said of an agency's answers: (words, times, percent) each, and how many said anything."""
    totals = await ratings.totals(db, agency_id)
    times, say = sum(totals.values()), view.translator.say
    said = [
        (say(told), totals[code], round(100 * totals[code] / times))
        for code, told in words.administering.SAID_OF_ANSWERS.items()
        if code in totals
    ]
    return {"times": times, "said": said} if totals else None
