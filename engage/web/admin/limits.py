"""How fast one may write: limits an administrator changes while the service runs."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import audit, calendars, policies
from engage.policies import LimitForm
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import actor, house


async def show(request: Request) -> Response:
    return await _limits(request, Filled())


async def change(request: Request) -> Response:
    form, door = await kit.form(request, LimitForm), request.path_params["door"]
    if form.model is None:
        form.values = {**form.values, "door": door}
        return await _limits(request, form)
    async with kit.transaction(request) as db:
        await policies.change_limit(db, door, form.model)
        await audit.note(db, actor(request).person_id, "limit.changed", reason=door)
        response = kit.see_other(request, db, "/admin/limits")
    async with kit.reading(request) as db:  # the other processes follow within their next refresh
        await house(request).limits.refresh(db)
    return response


async def _limits(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        every, alarm = await policies.every_limit(db), await calendars.alarm(db)
    return kit.page(request, "admin/limits.html", status=form.answer_status, form=form, limits=every, alarm=alarm)
