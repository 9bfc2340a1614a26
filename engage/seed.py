"""The directory from its data files, and the rules a fresh installation starts with. Run twice, it changes nothing."""

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, documents
from engage.agencies import Agency, Province, Topic
from engage.db import Store
from engage.deadlines import CalendarDay, Term
from engage.documents import Document, DocumentForm, key_of
from engage.flags import FlagReason
from engage.office_hours import OfficeHours
from engage.policies import CHANNEL, Limit, Policy, Reason, seeded_limits
from engage.retention import Retention
from engage.sections import Section
from live import log

DATA = Path(__file__).parent / "data"
# A people's committee and a Party committee answer for one province each, and are named by it.
OF_PROVINCE = re.compile(r"(?:ubnd|tinh-uy|thanh-uy)-(.+)")


async def directory(store: Store) -> bool:
    """True when it was empty and is filled now."""
    async with store.transaction() as db:
        if (await db.exec(select(func.count()).select_from(Agency))).one():
            return False
        await _add(db, _agencies())
        by_slug = {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}
        await _add(db, _provinces())
        await _add(db, _topics(by_slug))
        await _add(db, _calendar())
        await _add(db, _rules())
        await _add_documents(db)
        log.record(db, "directory", "directory.seeded", agencies=len(by_slug))
    return True


async def newer_rules(store: Store) -> int:
    """Rules that a newer release brings to a filled directory; what somebody edited stays as it is. How many were added."""
    async with store.transaction() as db:
        if not (await db.exec(select(func.count()).select_from(Agency))).one():
            return 0
        missing = [
            row
            for row in _rules()
            if await db.get(type(row), sa.inspect(type(row)).primary_key_from_instance(row)) is None
        ]
        await _add(db, iter(missing))
        await _add_documents(db)
        if missing:
            log.record(db, CHANNEL, "rules.added")
    return len(missing)


async def _add_documents(db: AsyncSession) -> None:
    """Those whose numbers are not known yet; successors may stand further down."""
    forms = [DocumentForm.model_validate({**row, "active": True}) for row in _rows("documents.csv")]
    known = dict((await db.exec(select(Document.key, Document.id))).all())
    missing = [form for form in forms if key_of(form.number) not in known]
    for form in missing:
        document = documents.stored(form)
        db.add(document)
        await db.flush()
        known[document.key] = document.id
    for form in missing:
        if form.replaced_by:
            row = await documents.one(db, known[key_of(form.number)] or 0)
            row.replaced_by_id = known[key_of(form.replaced_by)]
            db.add(row)
    await db.flush()
    if missing:
        log.record(db, agencies.CHANNEL, "document.changed")


async def _add(db: AsyncSession, rows: Iterator[SQLModel]) -> None:
    db.add_all(list(rows))
    await db.flush()


def _agencies() -> Iterator[SQLModel]:
    for row in _rows("agencies.csv"):
        slug = row["slug"]
        of_province = OF_PROVINCE.fullmatch(slug)
        yield Agency(
            slug=slug,
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            level=row["level"],
            kind=row["type"],
            parent_slug=row["parent"] or None,
            province_slug=of_province[1] if of_province else None,
            keywords=_several(row["remit_keywords_vi"]),
            aliases=_several(row["aliases_vi"]),
            answers=row["type"] != "umbrella",
        )


def _provinces() -> Iterator[SQLModel]:
    for row in _rows("provinces.csv"):
        yield Province(
            slug=row["slug"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            merged_from=_several(row["merged_from"]),
            aliases=_several(row["aliases"]),
        )


def _topics(agencies: dict[str, int]) -> Iterator[SQLModel]:
    for row in _rows("topics.csv"):
        yield Topic(
            slug=row["slug"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            field=row["group"],
            agency_id=agencies[row["default_agency_slug"]],
            keywords=_several(row["keywords_vi"]),
            note=row["routing_note"],
        )


def _calendar() -> Iterator[SQLModel]:
    for row in _rows("calendar.csv"):
        yield CalendarDay(
            day=date.fromisoformat(row["date"]),
            kind=row["kind"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            certainty=row["certainty"],
        )


def _rules() -> Iterator[SQLModel]:
    rules = tomllib.loads((DATA / "rules.toml").read_text(encoding="utf-8"))
    yield from (Policy(**row) for row in rules["policy"])
    yield from (Section(**row) for row in rules["section"])
    yield from (Term(**row) for row in rules["term"])
    yield from (OfficeHours(**row) for row in rules["office_hours"])
    yield from (Reason(place=place, **row) for place, row in enumerate(rules["reason"], start=1))
    yield from (FlagReason(place=place, **row) for place, row in enumerate(rules["flag_reason"], start=1))
    yield from (Retention(**row) for row in rules["retention"])
    for door, rates in seeded_limits().items():
        yield Limit(door=door, per_caller=rates.per_caller, per_address=rates.per_address, overall=rates.overall)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
