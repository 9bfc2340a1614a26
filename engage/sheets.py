"""The directory as CSV, in the columns of `engage/data/`: written, read, compared row by row, and applied as it was shown.

A sheet adds and changes; rows it does not name stay as they are. Columns the house does not keep are named, not guessed at.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import directory
from engage.access import Actor
from engage.errors import Conflict, Refused
from engage.histories import Act
from engage.nouns import Noun, Values
from moderation.text import clean

MOST_ROWS = 2_000
YES, NO = {"yes", "true", "1", "có", "x"}, {"no", "false", "0", "không", ""}
# The heading of a column → the name of the value.
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "agency": {
        "name_vi": "name_vi",
        "name_en": "name_en",
        "level": "level",
        "type": "kind",
        "parent": "parent",
        "province": "province",
        "remit_keywords_vi": "keywords",
        "aliases_vi": "aliases",
        "answers": "answers",
        "active": "active",
    },
    "topic": {
        "name_vi": "name_vi",
        "name_en": "name_en",
        "default_agency_slug": "agency",
        "group": "field",
        "keywords_vi": "keywords",
        "routing_note": "note",
        "active": "active",
    },
    "province": {
        "name_vi": "name_vi",
        "name_en": "name_en",
        "merged_from": "merged_from",
        "aliases": "aliases",
        "active": "active",
    },
}
# What a spreadsheet would take for a formula: shown as text by an apostrophe, which reading takes off again.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class SheetForm(BaseModel):
    """`seen`: what the directory was when the sheet was looked through."""

    model_config = ConfigDict(extra="forbid")

    sheet: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: what it would do, or the reasons why it cannot."""

    number: int
    slug: str
    act: str  # added, changed, unchanged, bad
    values: Values = field(default_factory=dict)
    before: Values = field(default_factory=dict)
    faults: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()  # heading, reason, figures

    @property
    def fields(self) -> list[str]:
        return [name for name, value in self.values.items() if self.before.get(name) != value]


@dataclass(frozen=True, slots=True)
class Sheet:
    lines: Sequence[Line]
    unknown: Sequence[str]
    seen: str

    def of(self, act: str) -> list[Line]:
        return [line for line in self.lines if line.act == act]


def headings_of(noun: Noun) -> Mapping[str, str]:
    return HEADINGS.get(noun.name) or {name: name for name in noun.fields}


async def written(db: AsyncSession, noun: Noun) -> str:
    """All rows; the byte order mark tells spreadsheets that it is UTF-8."""
    headings = headings_of(noun)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["slug", *headings])
    for row in await directory.every(db, noun):
        values = await directory.values_of(db, noun, row)
        rows.writerow([noun.slug_of(row), *(_cell(values[name]) for name in headings.values())])
    return "\ufeff" + out.getvalue()


async def read(db: AsyncSession, noun: Noun, text: str) -> Sheet:
    """Compared with what is there. Raises Refused when it is no sheet of this kind at all."""
    table = _table(text)
    headings = headings_of(noun)
    known = {noun.slug_of(row): await directory.values_of(db, noun, row) for row in await directory.every(db, noun)}
    seen, lines = set[str](), []
    for number, cells in table:
        line = _line(noun, number, cells, known, seen)
        seen.add(line.slug)
        lines.append(line)
    unknown = [name for name in (table[0][1] if table else {}) if name not in headings and name != "slug"]
    return Sheet(lines, unknown, _digest(known))


async def apply(db: AsyncSession, actor: Actor, noun: Noun, text: str, seen: str) -> None:
    """Exactly what was shown, all of it or nothing."""
    sheet = await read(db, noun, text)
    if sheet.seen != seen:
        raise Conflict("directory_moved_on")
    if sheet.of("bad"):
        raise Refused("sheet_has_faults", field="sheet", n=len(sheet.of("bad")))
    for line in sheet.lines:
        try:
            if line.act == "added":
                await directory.add(db, actor, noun, line.slug, line.values, Act.IMPORTED)
            if line.act == "changed":
                await directory.change(db, actor, noun, line.slug, line.values, Act.IMPORTED)
        except Refused as refused:
            raise Refused("sheet_line_refused", field="sheet", line=line.number, slug=line.slug) from refused


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    """(line of the text, cells by heading)."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff").strip("\r\n")), strict=True)
    try:
        headings = [name.strip().removeprefix("\ufeff") for name in rows.fieldnames or []]
        rows.fieldnames = headings
        if "slug" not in headings or len(set(headings)) != len(headings):
            raise Refused("sheet_without_headings", field="sheet")
        table = [(rows.line_num, {name: value for name, value in row.items() if name}) for row in rows]
    except csv.Error:
        raise Refused("sheet_unreadable", field="sheet", line=rows.line_num) from None
    if len(table) > MOST_ROWS:
        raise Refused("sheet_too_long", field="sheet", most=MOST_ROWS)
    if not table:
        raise Refused("sheet_empty", field="sheet")
    return table


def _line(noun: Noun, number: int, cells: dict[str, str], known: Mapping[str, Values], seen: set[str]) -> Line:
    slug = clean(cells.get("slug") or "")
    if fault := _wrong(noun, slug, known, seen):
        return Line(number, slug, "bad", faults=(("slug", fault, {}),))
    before = known.get(slug, {})
    values: Values = {**(before or {"active": True, **({"answers": True} if noun.name == "agency" else {})})}
    for heading, name in headings_of(noun).items():
        if (cell := cells.get(heading)) is not None:
            values[name] = _value(noun, name, cell)
    if None in cells.values():
        return Line(number, slug, "bad", faults=(("slug", "sheet_short_line", {}),))
    try:
        values = noun.form.model_validate(values).values
    except ValidationError as wrong:
        titles = {name: heading for heading, name in headings_of(noun).items()}
        return Line(number, slug, "bad", faults=tuple(_fault(error, titles) for error in wrong.errors()))
    act = "unchanged" if values == before else "changed" if before else "added"
    return Line(number, slug, act, values, before)


def _wrong(noun: Noun, slug: str, known: Mapping[str, Values], seen: set[str]) -> str:
    if slug in seen:
        return "slug_twice"
    if noun.grows:
        return "" if noun.is_slug(slug) else "slug_wrong"
    return "" if slug in known else "slug_unknown"


def _fault(error: Any, titles: Mapping[str, str]) -> tuple[str, str, Mapping[str, Any]]:
    name = str(error["loc"][0]) if error["loc"] else ""
    return titles.get(name, name), str(error["type"]), error.get("ctx", {})


def _value(noun: Noun, name: str, cell: str) -> Any:
    text = cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
    if noun.form.model_fields[name].annotation is bool:
        word = text.strip().lower()
        return True if word in YES else False if word in NO else text
    return text


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ";".join(value) if isinstance(value, list) else str(value)
    return inert(text)


def inert(text: str) -> str:
    """A cell as every spreadsheet reads it: text, whatever it starts with."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _digest(known: Mapping[str, Values]) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
