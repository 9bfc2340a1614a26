"""Editing agencies, topics and provinces: add, change, undo. Nothing is deleted; what is no longer used is switched off.

A row's values are what its form and its sheet hold: names of other rows are slugs, lists are lists.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, histories
from engage.access import Actor
from engage.agencies import Agency, Province, Topic
from engage.db import locked
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.histories import Act
from engage.questions import Question
from live import log
from moderation.text import clean, fold, syllables

MOST_LIST, MOST_WORD = 60, 200
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WAYS = frozenset({"new", "import", "export"})  # addresses beside those of rows
UNDOABLE = frozenset({Act.EDITED, Act.IMPORTED, Act.UNDONE})
NO_VALUES = frozenset({"version", "slug"})  # of a form: what names a row is no value of it
Values = dict[str, Any]


def _line(value: object) -> str:
    return " ".join(clean(str(value)).split())


def _several(value: object) -> list[str]:
    """One a line, or between semicolons; each once."""
    parts = str(value).replace("\n", ";").split(";") if isinstance(value, str) else list(value)  # type: ignore[call-overload]  # a list from a sheet
    words = list(dict.fromkeys(word for part in parts if (word := _line(part))))
    if len(words) > MOST_LIST or any(len(word) > MOST_WORD for word in words):
        raise PydanticCustomError("list_too_long", "", {"most": MOST_LIST, "length": MOST_WORD})
    return words


def _named(value: object) -> str:
    line = _line(value)
    if not line:
        raise PydanticCustomError("row_name_missing", "")
    return line


Line = Annotated[str, BeforeValidator(_line)]
Name = Annotated[str, BeforeValidator(_named)]
Words = Annotated[list[str], BeforeValidator(_several)]


class RowForm(BaseModel):
    """What all three have. `version` is the last change somebody saw when they began to write."""

    model_config = ConfigDict(extra="forbid")

    name_vi: Name = Input(max_length=200)
    name_en: Name = Input(max_length=200)
    active: bool = False
    version: int = 0
    slug: Line = ""  # only of a row that is new; afterwards it is an address, and stays

    @property
    def values(self) -> Values:
        return self.model_dump(exclude=set(NO_VALUES))


class AgencyForm(RowForm):
    level: Line = Input(max_length=20, pattern=r"^(central|provincial)$")
    kind: Line = Input(max_length=40, pattern=r"^[a-z][a-z_]*$")
    parent: Line = Input(default="", max_length=80)
    province: Line = Input(default="", max_length=40)
    keywords: Words = []
    aliases: Words = []
    answers: bool = False


class TopicForm(RowForm):
    field: Line = Input(max_length=60, pattern=r"^[a-z][a-z-]*$")
    agency: Line = Input(max_length=80)
    keywords: Words = []
    note: Line = Input(default="", max_length=500)


class ProvinceForm(RowForm):
    name_vi: Name = Input(max_length=80)
    name_en: Name = Input(max_length=80)
    merged_from: Words = []
    aliases: Words = []


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of rows: its table, and the form of one."""

    name: str
    table: Any
    form: type[RowForm]
    longest_slug: int = 80


NOUNS: Mapping[str, Noun] = {
    "agencies": Noun("agency", Agency, AgencyForm),
    "topics": Noun("topic", Topic, TopicForm),
    "provinces": Noun("province", Province, ProvinceForm, 40),
}


def is_slug(noun: Noun, slug: str) -> bool:
    return len(slug) <= noun.longest_slug and SLUG.fullmatch(slug) is not None and slug not in WAYS


def slug_of(name: str) -> str:
    """An address made of a name: Bộ Y tế → bo-y-te."""
    return "-".join(syllables(fold(name)))


async def one(db: AsyncSession, noun: Noun, slug: str) -> Any:
    row = (await db.exec(locked(db, select(noun.table).where(noun.table.slug == slug)))).one_or_none()
    if row is None:
        raise NotFound()
    return row


async def every(db: AsyncSession, noun: Noun) -> Sequence[Any]:
    rows: Sequence[Any] = (await db.exec(locked(db, select(noun.table).order_by(noun.table.id)))).all()
    return rows


async def values_of(db: AsyncSession, noun: Noun, row: Any) -> Values:
    names = [name for name in noun.form.model_fields if name not in NO_VALUES]
    stored = {name: getattr(row, name) for name in names if hasattr(row, name)}
    values = {name: _several(value) if isinstance(value, list) else value for name, value in stored.items()}
    if noun.table is Agency:
        values |= {"parent": row.parent_slug or "", "province": row.province_slug or ""}
    if noun.table is Topic:
        agency = await db.get(Agency, row.agency_id)
        values["agency"] = agency.slug if agency else ""
    return {name: values[name] for name in names}


async def add(db: AsyncSession, actor: Actor, noun: Noun, slug: str, values: Values, act: Act = Act.ADDED) -> None:
    _may(actor)
    if not is_slug(noun, slug):
        raise Refused("slug_wrong", field="slug")
    if (await db.exec(select(noun.table).where(noun.table.slug == slug))).one_or_none() is not None:
        raise Refused("slug_taken", field="slug")
    row = noun.table(slug=slug, **await _columns(db, noun, slug, values))
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
    if before["active"] and not values["active"]:
        await _may_end(db, noun, row)
    for name, value in (await _columns(db, noun, slug, values)).items():
        setattr(row, name, value)
    await _stored(db, row)
    await keep(db, actor, noun, slug, act, before, values)
    return True


async def edit(db: AsyncSession, actor: Actor, noun: Noun, slug: str, form: RowForm) -> None:
    """What somebody else changed while this one was writing is not written over."""
    row = await one(db, noun, slug)
    last = await histories.last(db, noun.name, row.slug)
    if last and last[0].id != form.version:
        raise Conflict("row_changed", by=last[1], at=last[0].at)
    await change(db, actor, noun, slug, form.values)


async def undo(db: AsyncSession, actor: Actor, noun: Noun, slug: str, version: int) -> None:
    """The row as it was before its last change; undoing once more brings the change back."""
    last = await histories.last(db, noun.name, (await one(db, noun, slug)).slug)
    if last is None or last[0].id != version:
        raise Conflict("moved_on")
    if last[0].act not in UNDOABLE:
        raise Refused("not_undoable")
    form = noun.form.model_validate(last[0].before)  # a row from before a column was there gets what the form says
    await change(db, actor, noun, slug, form.values, Act.UNDONE)


async def keep(db: AsyncSession, actor: Actor, noun: Noun, slug: str, act: Act, before: Values, after: Values) -> None:
    """Every change of the directory passes here: its history, and the fact that makes all processes read anew."""
    await histories.keep(db, noun.name, slug, act, actor.person_id, before, after)
    log.record(db, agencies.CHANNEL, "directory.changed")
    await audit.note(db, actor.person_id, "directory.changed", reason=f"{noun.name}.{act}"[:40])


async def open_questions(db: AsyncSession, noun: Noun, row: Any) -> int:
    """How many that nobody has answered bear it."""
    column = getattr(Question, f"{noun.name}_id")
    counted = select(func.count()).where(column == row.id, col(Question.published_at).is_(None))
    return (await db.exec(counted)).one()


def _may(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed()


async def _may_end(db: AsyncSession, noun: Noun, row: Any) -> None:
    """Open questions would be on the desk of nobody, or of a topic nobody may choose: they go to a successor first."""
    if noun.table is not Province and (waiting := await open_questions(db, noun, row)):
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
