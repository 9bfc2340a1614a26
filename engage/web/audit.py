"""Who did what and when, for an administrator: a list, a file for a spreadsheet, and the access record behind a reason."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import audit, people, records
from engage.audit import Audit
from engage.db import MOST_ID
from engage.deadlines import HERE
from engage.errors import Failure
from engage.records import ReadingForm
from engage.sheets import inert
from engage.web import kit, words
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.origin import note_reading
from engage.web.templates import iso, query

PAGE, MOST_ROWS = 100, 10_000


async def listed(request: Request) -> Response:
    asked = {name: request.query_params.get(name, "")[:60] for name in ("who", "kind", "since")}
    await note_reading(request, "audit.read")
    async with kit.reading(request) as db:
        actors = await audit.actors(db)
        found = await audit.newest(db, PAGE + 1, before=_number(request, "before"), **await _wanted(db, asked))
    here = localized("/admin/audit", language(request))
    return kit.page(
        request,
        "admin/audit.html",
        rows=[_row(row, actors) for row in found[:PAGE]],
        filters=asked,
        people=sorted(actors.values(), key=lambda one: one[1]),
        kinds=words.accounts.ACTS,
        export_url=localized("/admin/audit.csv", language(request)) + query(asked),
        first_url=here + query(asked) if "before" in request.query_params else None,
        next_url=here + query({**asked, "before": found[PAGE - 1].id}) if len(found) > PAGE else None,
    )


async def export(request: Request) -> Response:
    """The newest ten thousand rows that fit; no cell can start a formula."""
    asked = {name: request.query_params.get(name, "")[:60] for name in ("who", "kind", "since")}
    await note_reading(request, "audit.exported")
    async with kit.reading(request) as db:
        actors = await audit.actors(db)
        found = await audit.newest(db, MOST_ROWS, **await _wanted(db, asked))
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(["row", "at", "person", "name", "act", "reason", "ids", "times"])
    for row in found:
        person_id, name = actors.get(row.actor, ("", ""))
        ids = " ".join(f"{key}:{number}" for key, number in sorted(row.ids.items()))
        cells = [row.id, iso(row.at), person_id, name, row.kind, row.reason, ids, row.times]
        table.writerow([inert(str(cell)) for cell in cells])
    headers = {"content-disposition": 'attachment; filename="audit.csv"', "cache-control": "no-store"}
    return Response("\ufeff" + lines.getvalue(), media_type="text/csv", headers=headers)


async def access(request: Request) -> Response:
    return _access(request, Filled())


async def open_access(request: Request) -> Response:
    typed = await kit.form(request, ReadingForm)
    if typed.model is None:
        return _access(request, typed)
    try:
        async with kit.transaction(request) as db:
            reading = await records.open_reading(db, actor(request).person_id or 0, typed.model)
            return kit.see_other(request, db, f"/admin/access/{reading.id}")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return _access(request, typed)


async def read_access(request: Request) -> Response:
    async with kit.reading(request) as db:
        reading = await records.reading_of(db, actor(request).person_id or 0, request.path_params["id"])
        found = await records.found(db, reading, PAGE + 1, before=_number(request, "before"))
        names = await people.names(db, [row.person_id for row in found])
    here = localized(f"/admin/access/{reading.id}", language(request))
    return kit.page(
        request,
        "admin/access_rows.html",
        reading=reading,
        recorded=words.accounts.RECORDED,
        rows=[(row, names.get(row.person_id, "")) for row in found[:PAGE]],
        first_url=here if "before" in request.query_params else None,
        next_url=here + query({"before": found[PAGE - 1].id}) if len(found) > PAGE else None,
    )


def _access(request: Request, typed: Filled[Any]) -> Response:
    return kit.page(request, "admin/access.html", status=typed.answer_status, form=typed)


async def _wanted(db: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    who = asked["who"]
    is_number = who.isascii() and who.isdecimal() and int(who) <= MOST_ID
    return {
        "actor": await audit.mark_of(db, int(who)) if is_number else "",
        "kind": asked["kind"],
        "since": _day(asked["since"]),
    }


def _row(row: Audit, actors: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    person_id, name = actors.get(row.actor, (None, ""))
    ids: Sequence[tuple[str, int]] = sorted(row.ids.items())
    return {"row": row, "person_id": person_id, "name": name, "ids": ids}


def _day(typed: str) -> datetime | None:
    """A day as people write it, from its first minute here; what is no day is no filter."""
    try:
        return datetime.strptime(typed.strip(), "%d/%m/%Y").replace(tzinfo=HERE).astimezone(UTC)
    except ValueError:
        return None


def _number(request: Request, name: str) -> int | None:
    typed = request.query_params.get(name, "")
    return min(int(typed), MOST_ID) if typed.isascii() and typed.isdecimal() and len(typed) <= 10 else None
