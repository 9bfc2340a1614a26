"""How many days each step may take, and when agencies get mail: rows that an administrator edits."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import audit, calendars, deadlines, office_hours, questions
from engage.deadlines import Step, TermForm
from engage.office_hours import HoursForm
from engage.web import kit, words
from engage.web.forms import Filled
from engage.web.house import actor

# In the order of a question's way.
ORDER = tuple(f"{step}_{kind}" for step in Step for kind in ("simple", "complex"))


async def terms(request: Request) -> Response:
    return await _page(request, Filled())


async def change_term(request: Request) -> Response:
    form = await kit.form(request, TermForm)
    if form.model is None:
        return await _page(request, form)
    async with kit.transaction(request) as db:
        await deadlines.change_term(db, questions.SURFACE, form.model)
        await audit.note(db, actor(request).person_id, "term.changed", reason=form.model.step, days=form.model.days)
        return kit.see_other(request, db, "/admin/terms")


async def change_hours(request: Request) -> Response:
    form = await kit.form(request, HoursForm)
    if form.model is None:
        return await _page(request, form)
    async with kit.transaction(request) as db:
        await office_hours.change(db, form.model)
        await audit.note(db, actor(request).person_id, "hours.changed")
        return kit.see_other(request, db, "/admin/terms")


async def _page(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        rows = {f"{row.step}_{row.complexity}": row for row in await deadlines.every_term(db, questions.SURFACE)}
        hours, alarm = await office_hours.of(db), await calendars.alarm(db)
    named = {**words.TERMS, **words.timing.TERMS}
    say = kit.translator(request).say
    shown = [(name, say(named[name]), rows[name]) for name in ORDER if name in rows and name in named]
    context = {"terms": shown, "hours": hours, "alarm": alarm, "times": Step.EXTENSIONS}
    return kit.page(request, "admin/terms.html", status=form.answer_status, form=form, **context)
