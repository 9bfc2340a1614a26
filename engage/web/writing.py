"""The answer on a desk: what is stored of it, what this person may do with it, and what helps to write or to judge it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    access,
    answers,
    approvals,
    companions,
    differences,
    likenesses,
    markup,
    people,
    revisions,
    snippets,
    standing,
    transcripts,
    translations,
)
from engage.access import Actor
from engage.answers import OUT, Answer
from engage.assigned import Answered, Assigned
from engage.questions import Question
from engage.web import citing, load, words
from engage.web.forms import Filled
from engage.web.language import localized
from engage.web.templates import day
from engage.web.views import View

CITE = ("number", "title", "article", "link")
CITE_ROWS = 5
ALIKE = 4


async def fill(db: AsyncSession, form: Filled[Any], draft: Answer | None) -> None:
    """What is stored stands in the editor, under what was typed."""
    stored = await load.citations(db, draft)
    form.lists = {"cite": cite_rows(form.rows("cite") or stored)}
    if draft is None:
        return
    as_of = day(draft.as_of) if draft.as_of else ""
    kept = draft.model_dump(include={"short", "full", "outcome", "signatory", "signatory_title"})
    form.values = {**kept, "as_of": as_of, **await _letter(db, draft), **form.values}


def cite_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """With empty ones to type in, at least two more than are used."""
    more = max(CITE_ROWS - len(rows), 2)
    return [*rows, *(dict.fromkeys(CITE, "") for _ in range(more))]


async def pane(db: AsyncSession, view: View, who: Actor, found: Question, draft: Answer | None) -> dict[str, Any]:
    """Everything about the answer that a desk's page shows beside the question."""
    is_out = found.answer in OUT
    may_write = await standing.may_write(db, who, found)
    lead = await companions.lead_of(db, found) if not is_out else None
    is_open = found.assignment == Assigned.ACCEPTED and lead is None and _is_open(found, draft)
    is_waiting = draft is not None and approvals.is_waiting(found, draft)
    judges = draft is not None and is_waiting and await standing.may_approve(db, who, found, draft.writers)
    can_approve = draft is not None and judges and await approvals.may_approve(db, who, found, draft)
    can_write = may_write and is_open
    return {
        "answer": await _draft(db, view, draft) if draft else None,
        "can_write": can_write,
        "can_send": can_write,
        "can_approve": can_approve,
        "can_return": judges,
        "why_not": _why_not(view, who, draft) if judges and not can_approve else None,
        "is_waiting": is_waiting,
        "is_correction": draft is not None and draft.first_id is not None and draft.published_at is None,
        "can_drop": can_write and draft is not None and draft.first_id is not None and draft.not_by is None,
        "transcribes": can_write and not access.can_write(who, found),
        "preview": markup.rendered(markup.cited(draft.full)) if draft and not can_write else None,
        "lead": _named(view, lead) if lead else None,
        "companions": [_named(view, one) for one in await companions.of(db, found)],
        "change": await _change(db, draft) if judges and draft else None,
        **await _helps(db, view, found, can_write),
        **await _afterwards(db, view, who, found, draft, may_write),
    }


def _is_open(found: Question, draft: Answer | None) -> bool:
    if found.answer in OUT:
        return draft is not None and draft.published_at is None and draft.sent_at is None
    return found.answer in {Answered.NONE, Answered.DRAFTING}


async def _draft(db: AsyncSession, view: View, draft: Answer) -> dict[str, Any]:
    names = await people.names(db, [draft.written_by, *draft.writers])
    cited = await load.citations(db, draft)
    return {
        "version": draft.version,
        "author": names.get(draft.written_by, ""),
        "writers": [names[one] for one in draft.writers if one in names],
        "written_at": draft.written_at,
        "returned_note": draft.returned_note,
        "reason": draft.reason,
        "for_all": draft.for_all,
        "is_published": draft.published_at is not None,
        "cites": await citing.shown(db, view, cited, draft.as_of),
    }


def _why_not(view: View, who: Actor, draft: Answer | None) -> str:
    """An approver who may not approve is told why the button is missing."""
    is_author = draft is not None and who.person_id in draft.writers
    return view.translator.say(words.REASONS["approver_is_author" if is_author else "approver_was_first"])


async def _letter(db: AsyncSession, draft: Answer) -> dict[str, str]:
    letter = await transcripts.of(db, draft.key)
    if letter is None:
        return {}
    return {"letter_number": letter.number, "letter_date": day(letter.dated) if letter.dated else ""}


async def _change(db: AsyncSession, draft: Answer) -> list[differences.Part] | None:
    """What a correction changes in the words that are published."""
    kept = await revisions.of(db, answers.KIND, draft.first_id) if draft.first_id else ()
    if not kept:
        return None
    before = kept[-1].content
    return differences.between(f"{before['short']}\n\n{before['full']}", f"{draft.short}\n\n{draft.full}")


async def _helps(db: AsyncSession, view: View, found: Question, can_write: bool) -> dict[str, Any]:
    if not can_write or found.agency_id is None:
        return {"snippets": (), "alike": ()}
    return {
        "snippets": await snippets.fitting(db, found.agency_id, found.topic_id),
        "alike": [
            {
                "url": localized(f"/questions/{one.question_id}", view.translator.language),
                "title": one.title,
                "agency": view.directory.agencies[one.agency_id],
                "short": one.short,
                "cites": [{name: getattr(row, name) for name in CITE} for row in one.citations],
            }
            for one in await likenesses.of(db, found, ALIKE)
        ],
    }


async def _afterwards(
    db: AsyncSession, view: View, who: Actor, found: Question, draft: Answer | None, may_write: bool
) -> dict[str, Any]:
    """What can be done once it is out: correct, mark as outdated, translate."""
    current = await answers.published(db, found.key) if found.answer in OUT else None
    is_ours = current is not None and current.agency_id == found.agency_id
    translates = is_ours and (translations.may_translate(who, found) or translations.may_judge(who, found))
    waiting = await translations.of(db, current) if translates and current else None
    return {
        "can_correct": is_ours and may_write and draft is not None and draft.published_at is not None,
        "can_mark": is_ours and (access.can_assign(who, found) or access.can_approve(who, found)),
        "mark": _mark(current) if current else None,
        "translation_url": localized(f"/translations/{found.id}", view.translator.language) if translates else None,
        "translation_waits": waiting is not None and waiting.approved_at is None,
    }


def _mark(current: Answer) -> dict[str, str]:
    return {
        "outdated_on": day(current.outdated_on) if current.outdated_on else "",
        "outdated_reason": current.outdated_reason,
        "newer": str(current.newer_question_id or ""),
    }


def _named(view: View, question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": question.title,
        "url": localized(f"/desk/questions/{question.id}", view.translator.language),
    }
