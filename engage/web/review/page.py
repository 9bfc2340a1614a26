"""A case as its page shows it: the text with its findings, where it may go, what it may be merged into, what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import (
    appeals,
    archive,
    attachments,
    decisions,
    flagging,
    merges,
    people,
    policies,
    questions,
    redactions,
    review,
    routing,
    seals,
    sorting,
)
from engage.access import Text
from engage.db import now
from engage.errors import Failure
from engage.questions import Question
from engage.redactions import Coverable
from engage.surfaces import SURFACES
from engage.web import kit, load, marks, sealed_reads, words
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.review import flagged, spoken, tray
from engage.web.views import View
from moderation import entries
from moderation.cases import Case, of
from moderation.kinds import BITS
from moderation.screening import Span, Submission

ALIKE, ALIKE_FROM = 5, 0.2
SAID = 80


async def show(
    request: Request,
    case_id: int | None,
    form: Filled[Any],
    covered: Submission | None = None,
    tab: str = "waiting",
    bulk: Mapping[str, Any] | None = None,
) -> Response:
    """The desk with a case, or without one. `covered`: how the text would read."""
    who = actor(request)
    view = await load.view(request)
    if case_id is not None:
        await sealed_reads.of_case(request, case_id)
    live = await tray.room(request)
    async with kit.reading(request) as db:
        found = await review.one(db, who, case_id) if case_id is not None else None
        context: dict[str, Any] = {
            **await tray.of(db, request, view, case_id),
            **(await tray.sealed(db, request, view, case_id) if tab == "sealed" else {}),
            "tab": tab,
            "live": live,
            "case": await _case(db, view, found, who.person_id or 0) if found else None,
            "appeal": await appeals.of(db, found) if found else None,
            "attached": await _files(db, view, found) if found else [],
            "covered": covered,
            "bulk": bulk,
            "reasons": await reasons(db, view),
            "agencies": answering(view),
            "may_unseal": who.may_unseal,
        }
    return kit.page(request, "review/show.html", status=form.answer_status, form=form, **context)


async def lost(request: Request, case_id: int, failure: Failure, form: Filled[Any]) -> Response:
    """Nothing was written; the page says why, and keeps what was typed."""
    form.refuse(failure, kit.translator(request))
    return await show(request, case_id, form)


async def _case(db: AsyncSession, view: View, case: Case, mine: int) -> dict[str, Any]:
    kind = SURFACES[case.surface]
    text = await kind.one(db, case.thing_id)
    told = await (_question(db, view, case, text) if isinstance(text, Question) else spoken.shown(db, view, text))
    names = await people.names(db, [case.claimed_by, case.decided_by])
    findings, at = case.verdict.findings, now(db)
    holder = case.holder(at)
    is_decided = case.decided_at is not None
    is_flagged = flagging.is_flagged(case)
    return {
        "id": case.id,
        "version": case.version,
        "until": case.claimed_until,
        "mine": holder is not None and holder[0] == mine,
        "taken_by": tray.holder_of(case, names, mine, at),
        "is_barred": case.barred is not None and case.barred == mine,
        "decided": _decided(view, case, names),
        "is_sealed": case.sealed,
        "along": (await entries.others(db, [case])).get(case.id or 0, 0),
        "decisions": flagging.DECISIONS if is_flagged else kind.decisions,
        "flags": await flagged.shown(db, view, case) if is_flagged else None,
        "called": view.translator.say(words.SURFACES[case.surface])
        if text.body
        else "",  # what has no title of its own
        "marked_title": marks.marked(text.title, "title", [] if is_decided else findings),
        "marked_body": marks.as_paragraphs(marks.marked(text.body, "body", [] if is_decided else findings)),
        "findings": [_finding(view, number, finding) for number, finding in enumerate(findings, start=1)],
        "denunciation": bool(case.kinds & BITS["denunciation"]) or case.verdict.outcome == "denunciation",
        "personal": len(decisions.personal(case)),
        "spans": [] if is_decided else _spans(text, decisions.personal(case)),
        "has_original": not text.sealed and bool(await redactions.of(db, text)),
        "seal": await _seal(db, case, text) if case.sealed else None,
        **told,
    }


async def _question(db: AsyncSession, view: View, case: Case, question: Question) -> dict[str, Any]:
    """What only a question has: where it may go, and what it may be merged into."""
    return {
        "question": view.question(question, await load.author_of(db, question), for_desk=True),
        "routes": await routes(db, view, question),
        "likely": [view.directory.topics[topic_id] for topic_id in await sorting.likely(db, question)],
        "alike": [] if case.sealed else await alike(db, view, question),
        "returned_before": any(one.decision == "return" for one in await of(db, case.surface, case.thing_id)),
        "merged_into": await merged_into(db, view, question),
    }


async def _files(db: AsyncSession, view: View, case: Case) -> list[dict[str, Any]]:
    """Whoever opens the case sees what came with its text."""
    return [view.file(row) for row in await attachments.of(db, case.surface, case.thing_id)]


def _spans(text: Coverable, spans: Sequence[Span]) -> list[dict[str, str]]:
    """What was found, as ticks: where it stands and what it says."""
    said = {field: getattr(text, field) for field in redactions.FIELDS}
    return [
        {"place": f"{span.field}:{span.start}:{span.end}", "words": said[span.field][span.start : span.end][:SAID]}
        for span in spans
        if span.field in said
    ]


def _decided(view: View, case: Case, names: Mapping[int, str]) -> dict[str, Any] | None:
    if case.decided_at is None or case.decided_by is None:
        return None
    told = words.flagging.DECIDED.get(case.decision or "") if flagging.is_flagged(case) else None
    said = told or words.STEPS[f"step_{case.decision}"]
    return {"by": names.get(case.decided_by, ""), "at": case.decided_at, "words": view.translator.say(said)}


def _finding(view: View, number: int, finding: Any) -> dict[str, Any]:
    return {
        "n": number,
        "words": view.translator.say(words.of_finding(finding)),
        "note": view.translator.say(words.CERTAINTY[finding.certainty]),
        "tone": words.TONES[finding.weight],
    }


async def _seal(db: AsyncSession, case: Case, text: Text) -> dict[str, Any]:
    """Who read a sealed case, and what became of it."""
    read, done = await seals.reads(db, case.id or 0), await seals.hand_over_of(db, case.id or 0)
    ids = [row.person_id for row in read] + ([done.by, done.erased_by] if done else [])
    names = await people.names(db, ids)
    return {
        "reads": [{"name": names.get(row.person_id, ""), "at": row.at} for row in read],
        "done": done,
        "done_by": names.get(done.by, "") if done else "",
        "erased_by": names.get(done.erased_by or 0, "") if done else "",
        "is_decided": text.sealed and case.decided_at is not None and case.undo_until is None,
    }


async def alike(db: AsyncSession, view: View, question: Question) -> list[dict[str, Any]]:
    """Public questions that this one may be merged into."""
    near = await archive.near(db, question.title, ALIKE + 1, ALIKE_FROM, question.surface)
    lines = [(row, view.line(row, None)) for row in near if row.id != question.id][:ALIKE]
    return [{"id": row.id, "title": line["title"], "url": line["url"], "stage": line["stage"]} for row, line in lines]


async def merged_into(db: AsyncSession, view: View, question: Question) -> dict[str, Any] | None:
    if question.merged_into_id is None:
        return None
    target = await questions.one(db, await merges.last_of(db, question.key))
    url = localized(f"/questions/{target.id}", view.translator.language)
    return {"id": target.id, "title": target.title if not target.sealed else "", "url": url}


async def routes(db: AsyncSession, view: View, question: Question) -> list[dict[str, Any]]:
    found = await routing.routes(db, f"{question.title}\n{question.body}", await questions.place_of(db, question))
    return [
        {
            "agency": view.directory.agencies[route.agency_id],
            "words": view.reasons(route.reasons, view.directory.agencies[route.agency_id]),
            "chosen": place == 0,
        }
        for place, route in enumerate(found)
    ]


async def reasons(db: AsyncSession, view: View) -> list[dict[str, str]]:
    suffix = view.translator.language
    return [
        {"code": row.code, "words": getattr(row, f"name_{suffix}"), "letter": getattr(row, f"words_{suffix}")}
        for row in await policies.active_reasons(db)
    ]


def answering(view: View) -> Sequence[Any]:
    return view.directory.choices["agencies"]
