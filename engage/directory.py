"""Editing rows of the directory and of the rules: add, change, undo. Nothing is deleted; what is not used is switched off."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, histories, policies, retention
from engage.access import Actor
from engage.agencies import Agency, Province, Topic
from engage.db import locked
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.histories import Act
from engage.nouns import Noun, RowForm, Values, several
from engage.office_hours import OfficeHours
from engage.questions import Question
from engage.retention import Retention
from live import log
from moderation.text import fold, syllables

UNDOABLE = frozenset({Act.EDITED, Act.IMPORTED, Act.UNDONE})
MOST_REASON = 40  # of an audit row
ENDING = (Agency, Topic)  # open questions bear them


def slug_of(name: str) -> str:
    """An address made of a name: Bộ Y tế → bo-y-te."""
    return "-".join(syllables(fold(name)))


async def one(db: AsyncSession, noun: Noun, slug: str) -> Any:
    parts = slug.split(".")
    if len(parts) != len(noun.keys):
        raise NotFound()
    named = [getattr(noun.table, key) == part for key, part in zip(noun.keys, parts, strict=True)]
    row = (await db.exec(locked(db, select(noun.table).where(*named)))).one_or_none()
    if row is None:
        raise NotFound()
    return row


async def every(db: AsyncSession, noun: Noun) -> Sequence[Any]:
    order = sa.inspect(noun.table).primary_key
    rows: Sequence[Any] = (await db.exec(locked(db, select(noun.table).order_by(*order)))).all()
    return rows


async def values_of(db: AsyncSession, noun: Noun, row: Any) -> Values:
    values = {name: _value(noun, name, getattr(row, name)) for name in noun.fields if hasattr(row, name)}
    if noun.table is Agency:
        values |= {"parent": row.parent_slug or "", "province": row.province_slug or ""}
    if noun.table is Topic:
        agency = await db.get(Agency, row.agency_id)
        values["agency"] = agency.slug if agency else ""
    return {name: values[name] for name in noun.fields}


def _value(noun: Noun, name: str, stored: Any) -> Any:
    if isinstance(stored, list):
        return several(stored)
    if isinstance(stored, time):
        return stored.strftime("%H:%M")
    return noun.form.model_fields[name].default if stored is None else stored


async def add(db: AsyncSession, actor: Actor, noun: Noun, slug: str, values: Values, act: Act = Act.ADDED) -> None:
    _may(actor)
    if not noun.grows:
        raise NotFound()
    if not noun.is_slug(slug):
        raise Refused("slug_wrong", field="slug")
    (key,) = noun.keys
    if (await db.exec(select(noun.table).where(getattr(noun.table, key) == slug))).one_or_none() is not None:
        raise Refused("slug_taken", field="slug")
    row = noun.table(**{key: slug}, **await _columns(db, noun, slug, values))
    await _stored(db, row)
    await keep(db, actor, noun, slug, act, {}, values)


async def change(db: AsyncSession, actor: Actor, noun: Noun, slug: str, values: Values, act: Act = Act.EDITED) -> bool:
    """Whether anything differs from what was there."""
    _may(actor)
    row = await one(db, noun, slug)
    before = await values_of(db, noun, row)
    if before == values:
        return False
    if getattr(row, "successor_id", None) is not None:
        raise Refused("row_has_ended")
    if noun.table in ENDING and before["active"] and not values["active"]:
        await _may_end(db, noun, row)
    for name, value in (await _columns(db, noun, slug, values)).items():
        setattr(row, name, value)
    await _stored(db, row)
    await keep(db, actor, noun, slug, act, before, values)
    return True


async def edit(db: AsyncSession, actor: Actor, noun: Noun, slug: str, form: RowForm) -> None:
    """What somebody else changed while this one was writing is not written over."""
    row = await one(db, noun, slug)
    last = await histories.last(db, noun.name, noun.slug_of(row))
    if last and last[0].id != form.version:
        raise Conflict("row_changed", by=last[1], at=last[0].at)
    await change(db, actor, noun, slug, form.values)


async def undo(db: AsyncSession, actor: Actor, noun: Noun, slug: str, version: int) -> None:
    """The row as it was before its last change; undoing once more brings the change back."""
    last = await histories.last(db, noun.name, noun.slug_of(await one(db, noun, slug)))
    if last is None or last[0].id != version:
        raise Conflict("moved_on")
    if last[0].act not in UNDOABLE:
        raise Refused("not_undoable")
    form = noun.form.model_validate(last[0].before)  # a row from before a column was there gets what the form says
    await change(db, actor, noun, slug, form.values, Act.UNDONE)


async def keep(db: AsyncSession, actor: Actor, noun: Noun, slug: str, act: Act, before: Values, after: Values) -> None:
    """Every change passes here: its history, and the fact that makes all processes read anew."""
    await histories.keep(db, noun.name, slug, act, actor.person_id, before, after)
    await audit.note(db, actor.person_id, "row.changed", reason=f"{noun.name} {slug}"[:MOST_REASON])
    if noun.is_rule:
        log.record(db, policies.CHANNEL, "rule.changed")
    else:
        log.record(db, agencies.CHANNEL, "directory.changed")


async def open_questions(db: AsyncSession, noun: Noun, row: Any) -> int:
    """How many that nobody has answered bear it."""
    if noun.table not in ENDING:
        return 0
    column = getattr(Question, f"{noun.name}_id")
    counted = select(func.count()).where(column == row.id, col(Question.published_at).is_(None))
    return (await db.exec(counted)).one()


def _may(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed()


async def _may_end(db: AsyncSession, noun: Noun, row: Any) -> None:
    """Open questions would be on the desk of nobody, or of a topic nobody may choose: they go to a successor first."""
    if waiting := await open_questions(db, noun, row):
        raise Refused(f"{noun.name}_has_open_questions", field="active", n=waiting)
    if noun.table is not Agency:
        return
    leading = select(Topic).where(Topic.agency_id == row.id, col(Topic.active).is_(True)).limit(1)
    if (topic := (await db.exec(leading)).one_or_none()) is not None:
        raise Refused("agency_has_topics", field="active", topic=topic.name_vi)


async def _columns(db: AsyncSession, noun: Noun, slug: str, values: Values) -> Values:
    """The values as columns: names of other rows looked up. Raises Refused on the field whose name stands for nothing."""
    if noun.table is Agency:
        columns = {name: value for name, value in values.items() if name not in {"parent", "province"}}
        await _is_a_tree(db, slug, values["parent"])
        if values["province"]:
            await _known(db, Province, values["province"], "province")
        return columns | {"parent_slug": values["parent"] or None, "province_slug": values["province"] or None}
    if noun.table is Topic:
        agency = await _known(db, Agency, values["agency"], "agency")
        if values["active"] and not agency.may_answer:
            raise Refused("agency_does_not_answer", field="agency")
        return {name: value for name, value in values.items() if name != "agency"} | {"agency_id": agency.id}
    if noun.table is OfficeHours:
        return {name: time.fromisoformat(value) for name, value in values.items()}
    if noun.table is Retention:
        retention.must_be_kept(slug, values["days"])
    return values


async def _known(db: AsyncSession, table: Any, slug: str, field: str) -> Any:
    row = (await db.exec(select(table).where(table.slug == slug))).one_or_none()
    if row is None:
        raise Refused("unknown_choice", field=field)
    return row


async def _is_a_tree(db: AsyncSession, slug: str, parent: str) -> None:
    """No agency is above itself."""
    passed = {slug}
    while parent:
        if parent in passed:
            raise Refused("parent_is_below", field="parent")
        passed.add(parent)
        parent = (await _known(db, Agency, parent, "parent")).parent_slug or ""


async def _stored(db: AsyncSession, row: SQLModel) -> None:
    db.add(row)
    await db.flush()
