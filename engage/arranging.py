"""What an editor writes of a dialogue before it begins: its words, time, series, co-hosts; and what is still missing."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, countdowns, crews, dialogues, guests, markup
from engage.access import Actor, may_edit
from engage.crews import Crew, Part
from engage.db import now
from engage.deadlines import HERE
from engage.dialogues import BEFORE, OVER, Dialogue, Series, Stage
from engage.errors import Conflict, NotAllowed, Refused
from engage.guests import Group, Guest
from engage.people import by_login
from engage.staging import LEAST_REASON
from moderation.text import clean, fold, syllables

WRITTEN = "%d/%m/%Y %H:%M"
MOST_COHOSTS = 10
_COHOST = re.compile(r"^(.{1,160}?)[\s,;:|–-]*\s(https://[^\s<>\"']{4,400})$")


def _line(value: object) -> str:
    return " ".join(clean(str(value)).split())


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.strptime(_line(value), WRITTEN).replace(tzinfo=HERE)
    except ValueError:
        raise PydanticCustomError("moment_wrong", "") from None


Line = Annotated[str, BeforeValidator(_line)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Particulars(BaseModel):
    """What everybody will read of it. `version`: of what the editor had before them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Input(max_length=240)
    lead: Line = Input(default="", max_length=500)
    about: str = Input(default="", max_length=markup.LONGEST)
    place: Line = Input(default="", max_length=200)
    series: Line = Input(default="", max_length=80)
    new_series: Line = Input(default="", max_length=200)
    cohosts: str = Input(default="", max_length=4_000)
    agency: Line = Input(default="", max_length=80)
    video_url: Line = Input(default="", max_length=500)
    version: int = 0

    @field_validator("title")
    @classmethod
    def _titled(cls, value: str) -> str:
        if not value:
            raise PydanticCustomError("dialogue_title_missing", "")
        return value

    @field_validator("about")
    @classmethod
    def _readable(cls, value: str) -> str:
        if markup.has_too_many_marks(value):
            raise PydanticCustomError("too_many_marks", "")
        return clean(value)

    @field_validator("video_url")
    @classmethod
    def _secure(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[^\s<>\"']{4,}", value):
            raise PydanticCustomError("link_wrong", "")
        return value

    @field_validator("cohosts")
    @classmethod
    def _named(cls, value: str) -> str:
        lines = [line for line in map(_line, value.splitlines()) if line]
        if len(lines) > MOST_COHOSTS:
            raise PydanticCustomError("too_many_cohosts", "", {"most": MOST_COHOSTS})
        for line in lines:
            if not _COHOST.match(line):
                raise PydanticCustomError("cohost_wrong", "", {"line": line[:80]})
        return "\n".join(lines)


class DraftForm(Particulars):
    """A draft's time is still its editors' alone."""

    starts_at: Moment
    ends_at: Moment


async def begin(db: AsyncSession, actor: Actor, form: DraftForm) -> Dialogue:
    _must_be_in_order(form.starts_at, form.ends_at)
    dialogue = Dialogue(title="", starts_at=form.starts_at, ends_at=form.ends_at, created_by=0, created_at=now(db))
    await _take_over(db, dialogue, form)
    return await dialogues.create(db, actor, dialogue)


async def edit(db: AsyncSession, actor: Actor, dialogue: Dialogue, form: Particulars) -> None:
    """Two editors: the second to save is told, and sees what the first wrote."""
    _must_edit(actor, dialogue)
    if form.version != dialogue.version:
        raise Conflict("dialogue_changed")
    if isinstance(form, DraftForm) and dialogue.stage == Stage.DRAFT:
        _must_be_in_order(form.starts_at, form.ends_at)
        dialogue.starts_at, dialogue.ends_at = form.starts_at, form.ends_at
    await _take_over(db, dialogue, form)
    await _edited(db, actor, dialogue)


async def move_to(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, starts_at: datetime, ends_at: datetime, reason: str
) -> None:
    """Another time than was announced, with a reason that readers see."""
    _must_edit(actor, dialogue)
    if dialogue.stage not in BEFORE - {Stage.DRAFT}:
        raise Conflict("moved_on", state=dialogue.stage)
    if len(reason) < LEAST_REASON:
        raise Refused("dialogue_reason_missing", field="reason", least=LEAST_REASON)
    if starts_at <= now(db):
        raise Refused("dialogue_starts_in_the_past", field="starts_at")
    _must_be_in_order(starts_at, ends_at)
    dialogue.starts_at, dialogue.ends_at, dialogue.version = starts_at, ends_at, dialogue.version + 1
    db.add(dialogue)
    await countdowns.start_again(db, dialogue)
    await dialogues.moved(db, actor, dialogue, "dialogue.postponed", reason)


async def entrust(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, group: Group, agency_id: int | None, topic_id: int | None
) -> None:
    """Who answers later what time did not reach in a group, and the topic it belongs to."""
    _must_edit(actor, dialogue)
    group.agency_id, group.topic_id = agency_id, topic_id
    db.add(group)
    await _edited(db, actor, dialogue)


async def engage_by_login(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, login: str, part: Part, guest_id: int | None
) -> None:
    """Somebody with an account joins the crew."""
    _must_edit(actor, dialogue)
    person = await by_login(db, login.lower())
    if person is None or person.ended_at is not None:
        raise Refused("unknown_account", field="login")
    if guest_id is not None:
        await guests.one(db, dialogue.key, guest_id)
    await guests.take_on(db, actor, dialogue, person, part, guest_id)


def missing(
    dialogue: Dialogue, invited: Sequence[Guest], groups: Sequence[Group], crew: Sequence[Crew]
) -> list[tuple[str, bool]]:
    """The checklist before announcing: what, and whether it is there. The first three must be, the others had better."""
    parts = {row.part for row in crew}
    return [
        ("guests", bool(invited)),
        ("groups", bool(groups)),
        ("about", bool(dialogue.lead or dialogue.about)),
        ("confirmed", any(guest.confirmed_at for guest in invited)),
        ("host", crews.Part.HOST in parts),
        ("answers", bool(parts & {Part.GUEST, Part.OFFICER})),
        ("agency", dialogue.agency_id is not None),
    ]


async def _take_over(db: AsyncSession, dialogue: Dialogue, form: Particulars) -> None:
    dialogue.title, dialogue.lead, dialogue.place = form.title, form.lead, form.place
    dialogue.about, dialogue.about_html = form.about, str(markup.rendered(form.about)) if form.about else ""
    dialogue.video_url = form.video_url
    found = [match for line in form.cohosts.splitlines() if (match := _COHOST.match(line))]
    dialogue.cohosts = [[match[1], match[2]] for match in found]
    dialogue.agency_id = (await agencies.chosen(db, form.agency, field="agency")).id if form.agency else None
    dialogue.series_id = await _series(db, form)


async def _series(db: AsyncSession, form: Particulars) -> int | None:
    """A new name makes a series; one that is there already is meant."""
    if not form.new_series:
        return (await dialogues.series_by_slug(db, form.series)).id if form.series else None
    slug = "-".join(syllables(fold(form.new_series)))[:80] or "chuoi-doi-thoai"
    series = (await db.exec(select(Series).where(Series.slug == slug))).one_or_none()
    if series is None:
        series = Series(slug=slug, name=form.new_series)
        db.add(series)
        await db.flush()
    return series.id


async def _edited(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    dialogue.version += 1
    db.add(dialogue)
    await db.flush()
    dialogues.tell(db, dialogue, "dialogue.edited")
    await audit.note(db, actor.person_id, "dialogue.edited", dialogue=dialogue.key)


def _must_edit(actor: Actor, dialogue: Dialogue) -> None:
    if not may_edit(actor, dialogue.key):
        raise NotAllowed()
    if dialogue.stage in OVER:
        raise Refused("dialogue_is_over")


def _must_be_in_order(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused("dialogue_ends_before_it_starts", field="ends_at")
