"""The moderator's desk: the queue, one case with every reason it was held, the decision, and texts without an agency."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, archive, assignments, circles, people, policies, publication, questions, review, routing
from engage.access import Moderation
from engage.ask import Line
from engage.db import MOST_ID, now
from engage.deadlines import is_overdue
from engage.errors import Conflict, Failure, NotFound, Refused
from engage.questions import Question
from engage.review import Decision
from engage.web import kit, load, marks, words
from engage.web.attachments import listed as files_of
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.language import localized
from engage.web.origin import note_sealed_read
from engage.web.views import View, paragraphs
from moderation import cases
from moderation.cases import Case

TRAY = 50


class RouteForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agency: str = Field(default="", max_length=80)
    other: str = Field(default="", max_length=80)
    reason: Line = Field(default="", max_length=1000)

    @property
    def slug(self) -> str:
        return self.other if self.agency in {"", "other"} else self.agency


async def queue(request: Request) -> Response:
    if request.query_params.get("tab") == "unrouted":
        return await _unrouted(request, request.query_params.get("question", ""), Filled())
    return await _page(request, None, Filled())


async def case(request: Request) -> Response:
    await note_sealed_read(request, request.path_params["id"])
    return await _page(request, request.path_params["id"], Filled())


async def next_(request: Request) -> Response:
    """Take the oldest case that nobody holds."""
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        taken = await review.claim_next(db, actor(request))
        return kit.see_other(request, db, f"/review/cases/{taken.id}" if taken else "/review")


async def claim(request: Request) -> Response:
    await kit.form(request, Nothing)
    case_id = request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            await review.claim(db, actor(request), case_id)
            return kit.see_other(request, db, f"/review/cases/{case_id}")
    except Conflict as conflict:
        return await _lost(request, case_id, conflict, Filled())


async def release(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        await review.release(db, actor(request), request.path_params["id"])
        return kit.see_other(request, db, "/review")


async def decide(request: Request) -> Response:
    """The decision goes to the version that was read. Then on to the next case."""
    form, case_id = await kit.form(request, Decision), request.path_params["id"]
    if form.model is None:
        return await _page(request, case_id, form)
    try:
        async with kit.transaction(request) as db:
            await review.decide(db, actor(request), case_id, form.model)
            taken = await review.claim_next(db, actor(request))
            return kit.see_other(request, db, f"/review/cases/{taken.id}" if taken else "/review")
    except (Refused, Conflict) as failure:
        return await _lost(request, case_id, failure, form)


async def route(request: Request) -> Response:
    """Send a question that nobody has, or override where it was sent."""
    form, question_id = await kit.form(request, RouteForm), request.path_params["id"]
    if form.model is None:
        return await _unrouted(request, str(question_id), form)
    try:
        async with kit.transaction(request) as db:
            question = await questions.seen_by(db, actor(request), question_id)
            chosen = await agencies.chosen(db, form.model.slug, field="other")
            await assignments.reroute(db, actor(request), question, chosen.id or 0, form.model.reason)
            await publication.note_transfer(db, question)
            return kit.see_other(request, db, "/review?tab=unrouted")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _unrouted(request, str(question_id), form)


async def _lost(request: Request, case_id: int, failure: Failure, form: Filled[Any]) -> Response:
    """Nothing was written; the page says why, and keeps what was typed."""
    form.refuse(failure, kit.translator(request))
    return await _page(request, case_id, form)


async def _page(request: Request, case_id: int | None, form: Filled[Any]) -> Response:
    who = actor(request)
    view = await load.view(request)
    async with kit.reading(request) as db:
        found = await review.one(db, who, case_id) if case_id is not None else None
        context: dict[str, Any] = {
            **await _tray(db, view, who.may_unseal, who.person_id, case_id),
            "tab": "waiting",
            "case": await _case(db, view, found, who.person_id or 0) if found else None,
            "attached": await files_of(db, view, request, found.surface, found.thing_id) if found else [],
            "unrouted": None,
            "reasons": await _reasons(db, view),
            "agencies": _answering(view),
        }
    return kit.page(request, "review/show.html", status=form.answer_status, form=form, **context)


async def _unrouted(request: Request, question_id: str, form: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        waiting = await archive.unrouted(db, TRAY)
        passed = await circles.passed(db, [question.key for question in waiting])
        picked = await _picked(request, db, question_id)
        context: dict[str, Any] = {
            "tray": [
                _lost_item(view, question, picked, now(db)) | {"passed": passed.get(question.key, 0)}
                for question in waiting
            ],
            "count": len(waiting),
            "tab": "unrouted",
            "case": None,
            "unrouted": await _without_agency(db, view, picked) if picked else None,
            "reasons": [],
            "agencies": _answering(view),
        }
    return kit.page(request, "review/show.html", status=form.answer_status, form=form, **context)


async def _picked(request: Request, db: AsyncSession, question_id: str) -> Question | None:
    """One without an agency, or one that went to a wrong one: any accepted question can be sent elsewhere."""
    if not question_id.isdecimal() or int(question_id) > MOST_ID:
        return None
    try:
        question = await questions.seen_by(db, actor(request), int(question_id))
    except NotFound:
        return None
    return question if question.moderation == Moderation.ACCEPTED else None


async def _tray(db: AsyncSession, view: View, cleared: bool, mine: int | None, current: int | None) -> dict[str, Any]:
    waiting = await cases.waiting(db, cleared, TRAY)
    names = await people.names(db, [case.claimed_by for case in waiting])
    titles = await archive.titles(db, [case.thing_id for case in waiting])
    at = now(db)
    items = [
        {
            "url": localized(f"/review/cases/{case.id}", view.translator.language),
            "title": view.translator.say(words.SEALED_TITLE) if case.sealed else titles.get(case.thing_id, ""),
            "surface": view.translator.say(words.SURFACES[case.surface]),
            "waited": view.waited(case.opened_at, at),
            "late": is_overdue(case.due_at, at),
            "taken_by": _holder(case, names, mine or 0, at),
            "current": case.id == current,
        }
        for case in waiting
    ]
    return {"tray": items, "count": await cases.count_waiting(db, cleared)}


async def _case(db: AsyncSession, view: View, case: Case, mine: int) -> dict[str, Any]:
    question = await questions.one(db, case.thing_id)
    names = await people.names(db, [case.claimed_by, case.decided_by])
    findings, at = case.verdict.findings, now(db)
    holder = case.holder(at)
    is_mine = holder is not None and holder[0] == mine
    return {
        "id": case.id,
        "version": case.version,
        "until": case.claimed_until,
        "mine": is_mine,
        "taken_by": _holder(case, names, mine, at),
        "decided": _decided(view, case, names),
        "question": view.question(question, await load.author_of(db, question), for_desk=True),
        "marked_title": marks.marked(question.title, "title", findings),
        "marked_body": marks.as_paragraphs(marks.marked(question.body, "body", findings)),
        "findings": [_finding(view, number, finding) for number, finding in enumerate(findings, start=1)],
        "denunciation": case.verdict.outcome == "denunciation",
        "personal": len(review.personal(case)),
        "routes": await _routes(db, view, question),
    }


def _holder(case: Case, names: Mapping[int, str], mine: int, at: datetime) -> str | None:
    """The colleague who has the case open now."""
    holder = case.holder(at)
    return names.get(holder[0]) if holder is not None and holder[0] != mine else None


def _decided(view: View, case: Case, names: Mapping[int, str]) -> dict[str, Any] | None:
    if case.decided_at is None or case.decided_by is None:
        return None
    said = words.STEPS[f"step_{case.decision}"]
    return {"by": names.get(case.decided_by, ""), "at": case.decided_at, "words": view.translator.say(said)}


def _finding(view: View, number: int, finding: Any) -> dict[str, Any]:
    return {
        "n": number,
        "words": view.translator.say(words.of_finding(finding)),
        "note": view.translator.say(words.CERTAINTY[finding.certainty]),
        "tone": words.TONES[finding.weight],
    }


async def _routes(db: AsyncSession, view: View, question: Question) -> list[dict[str, Any]]:
    found = await routing.routes(db, f"{question.title}\n{question.body}", await questions.place_of(db, question))
    return [
        {
            "agency": view.directory.agencies[route.agency_id],
            "words": view.reasons(route.reasons),
            "chosen": place == 0,
        }
        for place, route in enumerate(found)
    ]


async def _without_agency(db: AsyncSession, view: View, question: Question) -> dict[str, Any]:
    turns = await assignments.of(db, question)
    shown = view.question(question, await load.author_of(db, question), for_desk=True)
    return {
        "question": {**shown, "body": paragraphs(question.body)},
        "routes": await _routes(db, view, question),
        "why": turns[-1].ended_reason if turns else "",
    }


def _lost_item(view: View, question: Question, picked: Question | None, at: Any) -> dict[str, Any]:
    return {
        "url": localized(f"/review?tab=unrouted&question={question.id}", view.translator.language),
        "title": question.title,
        "surface": view.translator.say(words.SURFACES[questions.SURFACE]),
        "waited": view.waited(question.accepted_at or question.created_at, at),
        "late": False,
        "taken_by": None,
        "current": picked is not None and question.id == picked.id,
    }


async def _reasons(db: AsyncSession, view: View) -> list[dict[str, str]]:
    suffix = view.translator.language
    return [
        {"code": row.code, "words": getattr(row, f"name_{suffix}"), "letter": getattr(row, f"words_{suffix}")}
        for row in await policies.active_reasons(db)
    ]


def _answering(view: View) -> Sequence[Any]:
    return view.directory.choices["agencies"]
