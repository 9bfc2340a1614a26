"""The directory as CSV: taken along, and brought back after looking through what it would change."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import sheets
from engage.errors import Failure
from engage.nouns import NOUNS
from engage.sheets import Line, Sheet, SheetForm
from engage.web import kit, words
from engage.web.admin import showing
from engage.web.admin.rows import in_force
from engage.web.forms import BUILT_IN, Filled
from engage.web.house import actor

SHOWN = 200  # lines of each kind; the numbers count them all


async def export(request: Request) -> Response:
    plural = request.path_params["noun"]
    async with kit.reading(request) as db:
        text = await sheets.written(db, NOUNS[plural])
    headers = {"content-disposition": f'attachment; filename="{plural}.csv"', "cache-control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def form(request: Request) -> Response:
    return _page(request, Filled(), None)


async def look_through(request: Request) -> Response:
    """Nothing is written: the sheet comes back with what it would do."""
    form = await kit.form(request, SheetForm)
    return await _looked_through(request, form)


async def apply(request: Request) -> Response:
    plural = request.path_params["noun"]
    form = await kit.form(request, SheetForm)
    if form.model is None:
        return await _looked_through(request, form)
    try:
        async with kit.transaction(request) as db:
            await sheets.apply(db, actor(request), NOUNS[plural], form.model.sheet, form.model.seen)
            response = kit.see_other(request, db, f"/admin/{plural}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _looked_through(request, form)
    await in_force(request, NOUNS[plural])
    return response


async def _looked_through(request: Request, form: Filled[SheetForm]) -> Response:
    sheet = None
    try:
        async with kit.reading(request) as db:
            sheet = await sheets.read(db, NOUNS[request.path_params["noun"]], str(form["sheet"]))
    except Failure as failure:
        if not form.errors:
            form.refuse(failure, kit.translator(request))
    return _page(request, form, sheet)


def _page(request: Request, form: Filled[Any], sheet: Sheet | None) -> Response:
    plural = request.path_params["noun"]
    say = kit.translator(request).say
    acts = ("bad", "added", "changed", "unchanged")
    return kit.page(
        request,
        "admin/sheet.html",
        status=form.answer_status,
        plural=plural,
        title=say(words.directing.NOUNS[plural]),
        headings=["slug", *sheets.headings_of(NOUNS[plural])],
        form=form,
        sheet=sheet,
        unknown=sheet.unknown if sheet else [],
        counts=[(act, say(words.directing.SHEET[act]), len(sheet.of(act))) for act in acts] if sheet else [],
        lines={act: [_shown(request, line) for line in sheet.of(act)[:SHOWN]] for act in acts} if sheet else {},
        grows=NOUNS[plural].grows,
        most_shown=SHOWN,
        most_rows=sheets.MOST_ROWS,
    )


def _shown(request: Request, line: Line) -> dict[str, Any]:
    translator = kit.translator(request)
    say = translator.say
    return {
        "number": line.number,
        "slug": line.slug,
        "name": line.values.get("name_vi", ""),
        "faults": [
            (heading, say(words.REASONS.get(BUILT_IN.get(code, code), words.REASONS["wrong_value"]), **figures))
            for heading, code, figures in line.faults
        ],
        "fields": [
            {
                "name": showing.column(translator, name),
                "before": showing.value(translator, line.before.get(name)),
                "after": showing.value(translator, line.values.get(name)),
            }
            for name in line.fields
        ],
    }
