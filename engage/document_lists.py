"""Legal documents pasted as CSV: what each line would add or change, and why a line is not read. Stores only what was looked at."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import documents
from engage.access import Actor
from engage.documents import Document, DocumentForm, key_of
from engage.errors import NotAllowed, Refused

MOST_LINES = 1_000
COLUMNS = ("number", "title", "issuer", "issued_on", "link", "in_force_from", "in_force_until", "replaced_by", "note")


@dataclass(frozen=True, slots=True)
class Line:
    """`place` counts from the line under the heading. `changes`: field → (before, after). `faults`: reasons of the form."""

    place: int
    number: str
    title: str
    kind: Literal["added", "changed", "same", "bad"]
    form: DocumentForm | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    faults: Sequence[tuple[str, str]] = ()


async def read(db: AsyncSession, text: str) -> list[Line]:
    """Nothing is written. A line that leaves a column out keeps what is stored there."""
    rows = _rows(text)
    keys = [key_of(row.get("number", "")) for row in rows]
    stored = (await db.exec(select(Document).where(col(Document.key).in_(keys)))).all()
    numbers = await documents.numbers(db, [row.replaced_by_id for row in stored])
    before = {row.key: documents.content_of(row, numbers) for row in stored}
    pasted, lines = set(await documents.known(db)) | set(keys), []
    for place, (row, key) in enumerate(zip(rows, keys, strict=True), start=1):
        is_twice = key in keys[: place - 1]
        lines.append(_line(place, row, before.get(key), pasted, is_twice))
    return lines


async def take(db: AsyncSession, actor: Actor, text: str) -> int:
    """Store the lines that can be read; how many. Successors may stand further down, so they are named last."""
    if not documents.may_maintain(actor):
        raise NotAllowed()
    forms = [line.form for line in await read(db, text) if line.form and line.kind in {"added", "changed"}]
    if not forms:
        raise Refused("document_import_empty", field="text")
    for form in forms:
        await _keep(db, actor, form.model_copy(update={"replaced_by": ""}) if form.replaced_by else form)
    for form in forms:
        if form.replaced_by:
            await _keep(db, actor, form)
    return len(forms)


async def _keep(db: AsyncSession, actor: Actor, form: DocumentForm) -> None:
    await documents.keep(db, actor, await documents.by_number(db, form.number), form)


def _rows(text: str) -> list[dict[str, str]]:
    """Commas, semicolons or tabs, as spreadsheets here write them."""
    head, _, rest = text.strip().lstrip("\ufeff").partition("\n")
    if not rest.strip():
        raise Refused("document_import_empty", field="text")
    comma = max(",;\t", key=head.count)
    try:
        rows = _dicts(csv.DictReader(io.StringIO(f"{head}\n{rest}"), delimiter=comma))
    except csv.Error:
        raise Refused("document_import_broken", field="text") from None
    if len(rows) > MOST_LINES:
        raise Refused("document_import_large", field="text", most=MOST_LINES)
    return rows


def _dicts(reader: "csv.DictReader[str]") -> list[dict[str, str]]:
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"number", "title"} <= set(names):
        raise Refused("document_import_columns", field="text")
    reader.fieldnames = names
    return [{name: row.get(name) or "" for name in COLUMNS if name in names} for row in reader if any(row.values())]


def _line(
    place: int, row: Mapping[str, str], before: Mapping[str, Any] | None, known: set[str], is_twice: bool
) -> Line:
    told = (row.get("number", ""), row.get("title", ""))
    if is_twice:
        return Line(place, *told, "bad", faults=(("number", "document_known"),))
    try:
        form = DocumentForm.model_validate({**(before or {"active": True}), **row})
    except ValidationError as wrong:
        faults = [(str(one["loc"][0]), one["type"]) for one in wrong.errors(include_url=False, include_input=False)]
        return Line(place, *told, "bad", faults=faults)
    if form.replaced_by and key_of(form.replaced_by) not in known:
        return Line(place, *told, "bad", faults=(("replaced_by", "document_unknown"),))
    if form.replaced_by and key_of(form.replaced_by) == key_of(form.number):
        return Line(place, *told, "bad", faults=(("replaced_by", "document_replaces_itself"),))
    if form.in_force_from and form.in_force_until and form.in_force_until < form.in_force_from:
        return Line(place, *told, "bad", faults=(("in_force_until", "document_ends_before_it_begins"),))
    after = form.model_dump(mode="json")
    if before is None:
        return Line(place, *told, "added", form)
    changes = {name: (str(before[name] or ""), str(after[name] or "")) for name in after if after[name] != before[name]}
    return Line(place, *told, "changed" if changes else "same", form, changes)
