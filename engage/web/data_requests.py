"""Requests about personal data, for an administrator: due dates, decisions with words, a law that makes us keep it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import data_requests, deadlines, erasures, people, questions
from engage.data_requests import DataRequest, HoldForm, RequestDecision, State
from engage.db import now
from engage.errors import Conflict, Refused
from engage.web import cursors, kit, load, remains, words
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View, paragraphs

PAGE = "/admin/data-requests"
MOST = 50


async def listed(request: Request) -> Response:
    """One tab at a time: what waits by its date, what was decided from the newest on."""
    view, here = await load.view(request), localized(PAGE, language(request))
    is_decided, asked = request.query_params.get("state") == "decided", request.query_params
    after, before = cursors.read(asked.get("after", "")), cursors.number(asked.get("before", ""))
    async with kit.reading(request) as db:
        if is_decided:
            found = await data_requests.decided(db, MOST + 1, before=before)
        else:
            found = await data_requests.waiting(db, MOST + 1, after=after)
        shown = found[:MOST]
        rows = [await _line(db, view, one) for one in shown]
    state = {"state": "decided" if is_decided else ""}
    return kit.page(
        request,
        "admin/data_requests.html",
        rows=rows,
        is_decided=is_decided,
        first_url=here + query(state) if after or before else None,
        next_url=here + query({**state, **_place(shown[-1])}) if len(found) > MOST else None,
    )


def _place(last: DataRequest) -> dict[str, object]:
    if last.state != State.ASKED:
        return {"before": last.id}
    return {"after": cursors.written((last.due_at, last.id or 0))}


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def decide(request: Request) -> Response:
    form, request_id = await kit.form(request, RequestDecision), request.path_params["id"]
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            asked = await data_requests.one(db, request_id)
            left = await erasures.decide(db, actor(request), asked, form.model)
            await remains.remove_letters(request, left)
            response = kit.see_other(request, db, PAGE)
        await remains.remove_files(request, left)
        return response
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def hold(request: Request) -> Response:
    form, request_id = await kit.form(request, HoldForm), request.path_params["id"]
    if form.model is None:
        return await _page(request, form)
    why = form.model.hold
    try:
        async with kit.transaction(request) as db:
            await data_requests.set_hold(db, actor(request), await data_requests.one(db, request_id), why)
            return kit.see_other(request, db, f"{PAGE}/{request_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _page(request: Request, form: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        asked = await data_requests.one(db, request.path_params["id"])
        question = await questions.one(db, asked.question_id)
        names = await people.names(db, [asked.decided_by, asked.held_by])
        context = {
            "asked": await _line(db, view, asked),
            # What is sealed is repeated here to nobody who may not open it.
            "words": paragraphs(asked.words) if not question.sealed or actor(request).may_unseal else "",
            "question": view.question(question, await load.author_of(db, question), for_desk=True),
            "sealed": question.sealed,
            "answered": question.published_at is not None,
            "hold": asked.hold,
            "held_by": names.get(asked.held_by or 0, ""),
            "decided_by": names.get(asked.decided_by or 0, ""),
            "decided_at": asked.decided_at,
            "reply": paragraphs(asked.reply),
        }
    form.values = {"hold": asked.hold, **form.values}
    return kit.page(request, "admin/data_request.html", status=form.answer_status, form=form, **context)


async def _line(db: AsyncSession, view: View, one: DataRequest) -> dict[str, Any]:
    calendar, say = await deadlines.calendar(db), view.translator.say
    return {
        "id": one.id,
        "url": localized(f"{PAGE}/{one.id}", view.translator.language),
        "question_id": one.question_id,
        "wish": say(words.asking.WISHES[one.wish]),
        "state": say(words.asking.REQUEST_STATES[one.state]),
        "is_open": one.state == State.ASKED,
        "is_held": bool(one.hold),
        "asked_at": one.asked_at,
        "decided_at": one.decided_at,
        "due": view.due(deadlines.explained(calendar, one.asked_at, 0, one.due_at, now(db))),
    }
