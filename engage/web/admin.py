"""Rules an administrator edits while the service runs: limits and reasons."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import calendars, policies
from engage.policies import LimitForm, ReasonForm
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import house


async def limits(request: Request) -> Response:
    return await _limits(request, Filled())


async def change_limit(request: Request) -> Response:
    form, door = await kit.form(request, LimitForm), request.path_params["door"]
    if form.model is None:
        form.values = {**form.values, "door": door}
        return await _limits(request, form)
    async with kit.transaction(request) as db:
        await policies.change_limit(db, door, form.model)
        response = kit.see_other(request, db, "/admin/limits")
    async with kit.reading(request) as db:  # the other processes follow within their next refresh
        await house(request).limits.refresh(db)
    return response


async def reasons(request: Request) -> Response:
    return await _reasons(request, Filled())


async def change_reason(request: Request) -> Response:
    form = await kit.form(request, ReasonForm)
    if form.model is None:
        return await _reasons(request, form)
    async with kit.transaction(request) as db:
        await policies.change_reason(db, form.model)
        return kit.see_other(request, db, "/admin/reasons")


async def _limits(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        every, alarm = await policies.every_limit(db), await calendars.alarm(db)
    return kit.page(request, "admin/limits.html", status=form.answer_status, form=form, limits=every, alarm=alarm)


async def _reasons(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        every, alarm = await policies.every_reason(db), await calendars.alarm(db)
    return kit.page(request, "admin/reasons.html", status=form.answer_status, form=form, reasons=every, alarm=alarm)
