"""Why a text is refused: reasons an administrator changes while the service runs."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import audit, calendars, policies
from engage.policies import ReasonForm
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import actor


async def show(request: Request) -> Response:
    return await _reasons(request, Filled())


async def change(request: Request) -> Response:
    form = await kit.form(request, ReasonForm)
    if form.model is None:
        return await _reasons(request, form)
    async with kit.transaction(request) as db:
        await policies.change_reason(db, form.model)
        await audit.note(db, actor(request).person_id, "reason.changed", reason=form.model.code)
        return kit.see_other(request, db, "/admin/reasons")


async def _reasons(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        every, alarm = await policies.every_reason(db), await calendars.alarm(db)
    return kit.page(request, "admin/reasons.html", status=form.answer_status, form=form, reasons=every, alarm=alarm)
