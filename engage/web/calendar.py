"""The calendar of an administrator: days by year, and the import that says first what it would do."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from engage import audit, calendars, deadlines, histories
from engage.calendars import DayForm, Plan
from engage.db import now
from engage.deadlines import CalendarDay, here
from engage.errors import Failure, Refused
from engage.web import cursors, kit, words
from engage.web.admin import showing
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query

MOST_CSV, CHANGES = 1_000_000, 50


class RemovalForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    day: str = Field(max_length=20)


class ImportForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    csv: str = Field(max_length=MOST_CSV)
    seen: str = Field(default="", max_length=64)  # names the plan that was read before pressing
    act: Literal["preview", "write"] = "preview"


async def days(request: Request) -> Response:
    return await _page(request, Filled())


async def change_day(request: Request) -> Response:
    form = await kit.form(request, DayForm)
    if form.model is None:
        return await _page(request, form)
    async with kit.transaction(request) as db:
        await calendars.change_day(db, actor(request).person_id, form.model)
        await audit.note(db, actor(request).person_id, "calendar.changed", day=form.model.day.toordinal())
        return kit.see_other(request, db, f"/admin/calendar?year={form.model.day.year}")


async def remove_day(request: Request) -> Response:
    form = await kit.form(request, RemovalForm)
    if form.model is None:
        return await _page(request, form)
    try:
        day = calendars.as_day(form.model.day)
    except ValueError:
        form.refuse(Refused("calendar_day_wrong"), kit.translator(request))
        return await _page(request, form)
    async with kit.transaction(request) as db:
        await calendars.remove_day(db, actor(request).person_id, day)
        await audit.note(db, actor(request).person_id, "calendar.changed", reason="removed", day=day.toordinal())
        return kit.see_other(request, db, f"/admin/calendar?year={day.year}")


async def history(request: Request) -> Response:
    return await _history(request, Filled())


async def undo(request: Request) -> Response:
    form = await kit.form(request, histories.UndoForm)
    if form.model is None:
        return await _history(request, form)
    try:
        async with kit.transaction(request) as db:
            day = await calendars.undo(db, actor(request).person_id, form.model.version)
            return kit.see_other(request, db, f"/admin/calendar?year={day.year}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _history(request, form)


async def _history(request: Request, form: Filled[Any]) -> Response:
    """Who changed which day. The last change of a day can be taken back."""
    translator, here = kit.translator(request), localized("/admin/calendar/history", language(request))
    before = cursors.number(request.query_params.get("before", ""))
    async with kit.reading(request) as db:
        found = await histories.of_noun(db, calendars.NOUN, CHANGES + 1, before=before)
        newest = {change.slug: await histories.last(db, calendars.NOUN, change.slug) for change, _ in found}
    shown = found[:CHANGES]
    changes = [
        {
            **showing.change(translator, change, by),
            "day": calendars.as_day(change.slug),
            "name": translator.named(SimpleNamespace(**(change.after or change.before))),
            "is_last": (last := newest[change.slug]) is not None and last[0].id == change.id,
        }
        for change, by in shown
    ]
    return kit.page(
        request,
        "admin/calendar_history.html",
        status=form.answer_status,
        form=form,
        changes=changes,
        first_url=here if before is not None else None,
        next_url=here + query({"before": shown[-1][0].id}) if len(found) > CHANGES else None,
    )


async def import_form(request: Request) -> Response:
    return _import_page(request, Filled(), None)


async def import_days(request: Request) -> Response:
    form = await kit.form(request, ImportForm)
    if form.model is None:
        return _import_page(request, form, None)
    async with kit.reading(request) as db:
        plan = await calendars.planned(db, form.model.csv)
    if form.model.act == "preview":
        return _import_page(request, form, plan)
    try:
        return await _write(request, form.model)
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return _import_page(request, form, plan)


async def _write(request: Request, model: ImportForm) -> Response:
    """Only what was read: a calendar that changed meanwhile is shown again first."""
    async with kit.transaction(request) as db:
        plan = await calendars.planned(db, model.csv)
        if plan.days and not plan.faults and _name(plan) != model.seen:
            raise Refused("calendar_moved_on")
        await calendars.apply(db, actor(request).person_id, plan)
        await audit.note(db, actor(request).person_id, "calendar.changed", reason="imported", days=len(plan.days))
        return kit.see_other(request, db, f"/admin/calendar?year={max(plan.days).year}")


async def _page(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        every, alarm, today = await deadlines.every_day(db), await calendars.alarm(db), here(now(db))
    years = sorted({row.day.year for row in every})
    year = _year(request, str(form["day"]), years, today.year)
    context = {"year": year, "years": years, "days": [row for row in every if row.day.year == year], "alarm": alarm}
    return kit.page(
        request, "admin/calendar.html", status=form.answer_status, form=form, today=today, **context, **_said(request)
    )


def _year(request: Request, typed: str, years: Sequence[int], this_year: int) -> int:
    asked = request.query_params.get("year", "")
    with suppress(ValueError):
        asked = asked or str(calendars.as_day(typed).year)
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    return wanted if wanted in years or not years else min(years, key=lambda one: abs(one - wanted))


def _import_page(request: Request, form: Filled[Any], plan: Plan | None) -> Response:
    say = kit.translator(request).say
    faults = (
        [(fault.line, say(words.REASONS[_code(fault.code)], **fault.figures)) for fault in plan.faults] if plan else []
    )
    context = {"plan": plan, "faults": faults, "seen": _name(plan) if plan else "", **_said(request)}
    return kit.page(request, "admin/calendar_import.html", status=form.answer_status, form=form, **context)


def _code(code: str) -> str:
    return "too_long_for_field" if code == "string_too_long" else code if code in words.REASONS else "wrong_value"


def _said(request: Request) -> dict[str, Any]:
    say = kit.translator(request).say
    tables = {"kinds": words.timing.DAY_KINDS, "certainties": words.timing.CERTAINTIES}
    return {name: {code: say(said) for code, said in table.items()} for name, table in tables.items()}


def _name(plan: Plan) -> str:
    """The same for the same changes."""
    forms = [(form.day, form.said) for form in (*plan.added, *plan.changed)]
    gone: list[CalendarDay] = list(plan.removed)
    return hashlib.sha256(repr((forms, [row.day for row in gone])).encode()).hexdigest()[:32]
