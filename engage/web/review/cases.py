"""Working through the queue: take a case, skip it, decide it, take the decision back."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import decisions, flagging, presence, questions, redactions, review, sorting
from engage.db import now
from engage.decisions import Decision
from engage.errors import Conflict, Failure, NotFound, Refused
from engage.surfaces import SURFACES
from engage.web import kit, load
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor
from engage.web.review import page, tray, unrouted, wanted


class TopicForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str = Field(default="", max_length=80)


async def queue(request: Request) -> Response:
    tab = request.query_params.get("tab", "")
    if tab == "unrouted":
        return await unrouted.page(request, request.query_params.get("question", ""), Filled())
    return await page.show(request, None, Filled(), tab="sealed" if tab == "sealed" else "waiting")


async def case(request: Request) -> Response:
    return await page.show(request, request.path_params["id"], Filled())


async def next_(request: Request) -> Response:
    """Take the oldest case that nobody holds, of those looked at."""
    await kit.form(request, Nothing)
    return await _on(request)


async def claim(request: Request) -> Response:
    await kit.form(request, Nothing)
    case_id = request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            await review.claim(db, actor(request), case_id)
            await presence.note(db, tray.DESK, actor(request).person_id or 0)
            return kit.see_other(request, db, wanted.case_path(request, case_id))
    except (Refused, Conflict) as failure:
        return await page.lost(request, case_id, failure, Filled())


async def release(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        await review.release(db, actor(request), request.path_params["id"])
        return kit.see_other(request, db, "/review" + wanted.kept(request))


async def skip(request: Request) -> Response:
    """Back on the queue, and on to the one behind it."""
    await kit.form(request, Nothing)
    who, view = actor(request), await load.view(request)
    async with kit.transaction(request) as db:
        passed = await review.one(db, who, request.path_params["id"])
        await review.release(db, who, passed.id or 0)
        wheres = wanted.wanted(request, view).wheres(now(db))
        taken = await review.claim_next(db, who, wheres=wheres, after=(passed.opened_at, passed.id or 0))
        return kit.see_other(request, db, wanted.case_path(request, taken.id if taken else None))


async def decide(request: Request) -> Response:
    """The decision goes to the version that was read. Then on to the next case."""
    form, case_id = await kit.form(request, Decision, shape=shape, listed=("spans",)), request.path_params["id"]
    if form.model is None:
        return await page.show(request, case_id, form)
    view = await load.view(request)
    try:
        async with kit.transaction(request) as db:
            await flagging.decide(db, actor(request), case_id, form.model)
            wheres = wanted.wanted(request, view).wheres(now(db))
            taken = await review.claim_next(db, actor(request), wheres=wheres)
            await presence.note(db, tray.DESK, actor(request).person_id or 0)
            return kit.see_other(request, db, wanted.case_path(request, taken.id if taken else None))
    except (Refused, Conflict) as failure:
        return await page.lost(request, case_id, failure, form)


async def preview(request: Request) -> Response:
    """How the text would read; nothing is written."""
    form, case_id = await kit.form(request, Decision, shape=shape, listed=("spans",)), request.path_params["id"]
    if form.model is None:
        return await page.show(request, case_id, form)
    try:
        async with kit.reading(request) as db:
            found = await review.one(db, actor(request), case_id)
            kind = SURFACES[found.surface]
            text = kind.text(await kind.one(db, found.thing_id))
            covered = redactions.preview(text, decisions.spans_of(found, text, form.model))
    except Refused as failure:
        return await page.lost(request, case_id, failure, form)
    return await page.show(request, case_id, form, covered)


async def undo(request: Request) -> Response:
    await kit.form(request, Nothing)
    case_id = request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            await review.undo(db, actor(request), case_id)
            return kit.see_other(request, db, wanted.case_path(request, case_id))
    except Conflict as conflict:
        return await page.lost(request, case_id, conflict, Filled())


async def topic(request: Request) -> Response:
    form, case_id = await kit.form(request, TopicForm), request.path_params["id"]
    if form.model is None:
        return await page.show(request, case_id, form)
    try:
        async with kit.transaction(request) as db:
            found = await review.one(db, actor(request), case_id)
            if found.surface != questions.SURFACE:
                raise NotFound()
            await sorting.sort(db, await questions.one(db, found.thing_id), form.model.topic)
            return kit.see_other(request, db, wanted.case_path(request, case_id))
    except Failure as failure:
        if not isinstance(failure, (Refused, Conflict)):
            raise
        return await page.lost(request, case_id, failure, form)


def shape(body: FormData) -> dict[str, Any]:
    """Places to cover are ticked, so there may be several."""
    shaped = flat(body)
    if "spans" in shaped:
        shaped["spans"] = tuple(str(place) for place in body.getlist("spans"))
    return shaped


async def _on(request: Request) -> Response:
    view = await load.view(request)
    async with kit.transaction(request) as db:
        taken = await review.claim_next(db, actor(request), wheres=wanted.wanted(request, view).wheres(now(db)))
        await presence.note(db, tray.DESK, actor(request).person_id or 0)
        return kit.see_other(request, db, wanted.case_path(request, taken.id if taken else None))
