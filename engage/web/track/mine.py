"""My data: everything kept about an asker, on a page and as a file; corrected at once; requests with their clock."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import data_requests, deadlines, personal
from engage.ask import Contact
from engage.data_requests import RequestForm, State
from engage.deadlines import Step
from engage.errors import Conflict, Refused
from engage.web import kit, naming, words
from engage.web.forms import Filled
from engage.web.language import Translator
from engage.web.origin import note_posted
from engage.web.templates import moment
from engage.web.track.page import opened, opened_id

PAGE = "/track/question/data"
OF_OTHERS = frozenset({"votes", "follows"})  # what its author did about questions of others
CODED: Mapping[str, Mapping[str, str]] = {
    "verdict": words.asking.VERDICTS,
    "why": words.asking.WHYS,
    "wish": words.asking.WISHES,
    "state": words.asking.REQUEST_STATES,
    "kind": words.asking.MAILS,
    "language": words.asking.LANGUAGES,
}


async def show(request: Request) -> Response:
    return await _page(request, Filled(), Filled())


async def file(request: Request) -> Response:
    async with kit.reading(request) as db:
        kept = await personal.everything(db, await opened(request, db))
    response = Response(json.dumps(kept, ensure_ascii=False, indent=2), media_type="application/json")
    response.headers["cache-control"] = "no-store"
    response.headers["content-disposition"] = f'attachment; filename="engage-{opened_id(request)}.json"'
    return response


async def correct(request: Request) -> Response:
    form = await kit.form(request, Contact)
    if form.model is None:
        return await _page(request, form, Filled())
    typed = form.model
    async with kit.reading(request) as db:
        is_new = await personal.is_new_address(db, await opened(request, db), typed.email)
    try:
        if is_new and not kit.may_write_to(request, typed.email):
            raise Refused("address_had_enough", field="email")
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await personal.correct(db, question, typed)
            await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except Refused as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form, Filled())


async def ask(request: Request) -> Response:
    form = await kit.form(request, RequestForm)
    if form.model is None:
        return await _page(request, Filled(), form)
    try:
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await data_requests.ask(db, question, form.model)
            if form.model.words:
                await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, Filled(), form)


async def _page(request: Request, contact: Filled[Contact], form: Filled[RequestForm]) -> Response:
    async with kit.reading(request) as db:
        question = await opened(request, db)
        kept = await personal.everything(db, question)
        made = await data_requests.of(db, question)
        days = await deadlines.days_for(db, question.surface, Step.REQUEST)
    stored = {name: kept["person"][name] or "" for name in ("name", "email", "phone")}
    contact.values = {**stored, **contact.values}
    wrong = contact if contact.errors or contact.note else form
    return kit.page(
        request,
        "track/data.html",
        status=wrong.answer_status,
        wrong=wrong,
        form=form,
        contact=contact,
        kind=question.kind,
        parts=_parts(kept, kit.translator(request), question.kind),
        requests=made,
        is_open=any(one.state == State.ASKED for one in made),
        days=days,
    )


def _parts(kept: Mapping[str, Any], translator: Translator, kind: str) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Under a heading, rows of (what, value) that have a value."""
    parts = []
    for code, heading in words.asking.KEPT.items():
        rows = kept[code] if isinstance(kept[code], list) else [kept[code]]
        named = translator if code in OF_OTHERS else naming.about(translator, kind)
        parts.append((named.say(heading), [_row(row, translator) for row in rows]))
    return parts


def _row(row: Mapping[str, Any], translator: Translator) -> list[tuple[str, str]]:
    said = words.asking.KEPT_FIELDS
    return [(translator.say(said[name]), _value(name, row[name], translator)) for name in said if row.get(name)]


def _value(name: str, value: Any, translator: Translator) -> str:
    if name in {"at", "since"} or name.endswith("_at"):
        return moment(datetime.fromisoformat(value))
    if value is True:
        return translator.say(words.asking.TICKED)
    said = CODED.get(name, {}).get(value)
    return translator.say(said) if said else str(value)
