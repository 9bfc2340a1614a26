"""The list of legal documents: staff read it, the portal desk keeps it; editors pick from it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import document_lists, documents, people, revisions
from engage.ask import Lines
from engage.db import now
from engage.deadlines import here
from engage.documents import Document, DocumentForm
from engage.errors import NotAllowed, Refused
from engage.web import kit, words
from engage.web.forms import BUILT_IN, Filled
from engage.web.house import actor
from engage.web.language import Translator
from engage.web.templates import query

PAGE, PICKED, MOST_HISTORY = 50, 8, 20
MOST_ID = 2**31 - 1


class KeptForm(DocumentForm):
    """`id` 0: a new one."""

    id: int = Field(default=0, ge=0, le=MOST_ID)


class ImportForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Lines = Field(default="", max_length=1_000_000)
    act: Literal["preview", "take"] = "preview"


async def listed(request: Request) -> Response:
    return await _page(request, Filled(), request.query_params.get("edit", ""))


async def keep(request: Request) -> Response:
    form = await kit.form(request, KeptForm)
    if form.model is None:
        return await _page(request, form, str(form["id"]))
    try:
        async with kit.transaction(request) as db:
            stored = await documents.one(db, form.model.id) if form.model.id else None
            document = await documents.keep(db, actor(request), stored, _plain(form.model))
            return kit.see_other(request, db, f"/review/documents?edit={document.id}")
    except Refused as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form, str(form["id"]))


async def find(request: Request) -> Response:
    """For the picker in an editor."""
    async with kit.reading(request) as db:
        typed = request.query_params.get("q", "")[:120].replace("\0", "")
        found = await documents.found(db, typed, PICKED, active_only=True) if typed.strip() else ()
        today = here(now(db))
    shown = [
        {"number": row.number, "title": row.title, "link": row.link, "ended": _has_ended(row, today)} for row in found
    ]
    return JSONResponse(shown, headers={"cache-control": "no-store"})


async def import_form(request: Request) -> Response:
    return await _import(request, Filled())


async def import_(request: Request) -> Response:
    form = await kit.form(request, ImportForm)
    if form.model is None or form.model.act == "preview":
        return await _import(request, form)
    try:
        async with kit.transaction(request) as db:
            await document_lists.take(db, actor(request), form.model.text)
            return kit.see_other(request, db, "/review/documents")
    except Refused as failure:
        form.refuse(failure, kit.translator(request))
        return await _import(request, form)


async def _page(request: Request, form: Filled[Any], edited: str) -> Response:
    typed = request.query_params.get("q", "")[:120].replace("\0", "")
    after = _number(request.query_params.get("after", ""))
    async with kit.reading(request) as db:
        found = await documents.found(db, typed, PAGE + 1, after=after)
        rows = found[:PAGE]
        number = _number(edited)
        stored = await documents.one(db, number) if number else None
        shown = [*rows, *([stored] if stored else [])]
        numbers = await documents.numbers(db, [row.replaced_by_id for row in shown])
        if stored is not None:
            form.values = {**_typed(stored, numbers), **form.values}
        history = await _history(request, db, stored) if stored else []
        today = here(now(db))
    more = query({"q": typed, "after": rows[-1].id}) if len(found) > PAGE else ""
    return kit.page(
        request,
        "review/documents.html",
        status=form.answer_status,
        form=form,
        rows=[
            {"row": row, "ended": _has_ended(row, today), "successor": numbers.get(row.replaced_by_id)} for row in rows
        ],
        typed=typed,
        more=more,
        stored=stored,
        history=history,
        can_keep=documents.may_maintain(actor(request)),
    )


async def _import(request: Request, form: Filled[Any]) -> Response:
    if not documents.may_maintain(actor(request)):
        raise NotAllowed()
    lines: list[document_lists.Line] = []
    if form.model is not None:
        async with kit.reading(request) as db:
            try:
                lines = await document_lists.read(db, form.model.text)
            except Refused as failure:
                form.refuse(failure, kit.translator(request))
    translator = kit.translator(request)
    shown = [
        {"line": line, "faults": _faults(translator, line), "changes": _named(translator, line.changes)}
        for line in lines
    ]
    counts = {kind: sum(line.kind == kind for line in lines) for kind in ("added", "changed", "same", "bad")}
    return kit.page(
        request,
        "review/documents_import.html",
        status=form.answer_status,
        form=form,
        lines=shown,
        counts=counts,
        columns=document_lists.COLUMNS,
        most_lines=document_lists.MOST_LINES,
    )


def _faults(translator: Translator, line: document_lists.Line) -> list[str]:
    said = []
    for name, code in line.faults:
        reason = words.REASONS.get(BUILT_IN.get(code, code), words.REASONS["wrong_value"])
        label = words.answering.DOCUMENT_FIELDS.get(name)
        said.append(f"{translator.say(label)}: {translator.say(reason)}" if label else translator.say(reason))
    return said


def _named(translator: Translator, changes: Any) -> list[tuple[str, str, str]]:
    return [(translator.say(words.answering.DOCUMENT_FIELDS[name]), old, new) for name, (old, new) in changes.items()]


async def _history(request: Request, db: AsyncSession, stored: Document) -> list[dict[str, Any]]:
    """Newest first: who changed what when."""
    kept = await revisions.of(db, documents.KIND, stored.id or 0)
    names = await people.names(db, [one.by for one in kept])
    shown = []
    for before, one in zip([None, *kept], kept, strict=False):
        old = before.content if before else {}
        changes = {
            name: (str(old.get(name) or ""), str(value or ""))
            for name, value in one.content.items()
            if before and old.get(name) != value
        }
        by = names.get(one.by, "") if one.by else ""
        shown.append({"at": one.at, "by": by, "changes": _named(kit.translator(request), changes)})
    return shown[: -MOST_HISTORY - 1 : -1]


def _typed(stored: Document, numbers: Any) -> dict[str, Any]:
    from_row = documents.content_of(stored, numbers)
    days = ("issued_on", "in_force_from", "in_force_until")
    return {"id": stored.id, **from_row, **{name: _day(from_row[name]) for name in days}}


def _day(iso: str | None) -> str:
    return "/".join(reversed(iso.split("-"))) if iso else ""


def _plain(model: KeptForm) -> DocumentForm:
    return DocumentForm(**model.model_dump(exclude={"id"}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _has_ended(row: Document, today: Any) -> bool:
    return row.in_force_until is not None and row.in_force_until < today
