"""Who takes part: guests, the topic groups they answer, the crew. Each form leads back to the editor's page."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, arranging, dialogues, guests
from engage.agencies import Topic
from engage.arranging import Line
from engage.crews import Crew, Part
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.errors import Failure, NotFound, Refused
from engage.guests import Group
from engage.nouns import several
from engage.web import kit
from engage.web.dialogues import edit
from engage.web.forms import Filled
from engage.web.house import actor

LONGEST_GROUP = 160
Id = Annotated[int, Input(ge=1, le=MOST_ID)]
Act = Callable[[AsyncSession, Dialogue], Awaitable[None]]


class GuestForm(BaseModel):
    """`guest` names the one to change; empty: one more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    guest: Id | Literal[""] = ""
    guest_name: Line = Input(default="", max_length=120)
    guest_title: Line = Input(default="", max_length=300)
    guest_agency: Line = Input(default="", max_length=80)
    guest_place: Id | Literal[""] = ""
    act: Literal["save", "confirm", "unconfirm", "remove"] = "save"


def _names(typed: object) -> list[str]:
    """A group a line."""
    names = several(typed)
    if any(len(name) > LONGEST_GROUP for name in names):
        raise PydanticCustomError("group_name_too_long", "", {"most": LONGEST_GROUP})
    return names


class GroupsForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: Annotated[list[str], BeforeValidator(_names)] = []


class GroupForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Id
    group_agency: Line = Input(default="", max_length=80)
    group_topic: Line = Input(default="", max_length=80)


class CrewForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    login: Line = Input(default="", max_length=254)
    part: Part
    crew_guest: Id | Literal[""] = ""


class LetGoForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    crew: Id


async def guest(request: Request) -> Response:
    form = await kit.form(request, GuestForm)

    async def act(db: AsyncSession, dialogue: Dialogue) -> None:
        if form.model:
            await _guest(db, request, dialogue, form.model)

    return await _done(request, form, "guest", act)


async def groups(request: Request) -> Response:
    form = await kit.form(request, GroupsForm)

    async def act(db: AsyncSession, dialogue: Dialogue) -> None:
        if form.model:
            await guests.set_groups(db, actor(request), dialogue, form.model.groups)

    return await _done(request, form, "groups", act)


async def group(request: Request) -> Response:
    form = await kit.form(request, GroupForm)

    async def act(db: AsyncSession, dialogue: Dialogue) -> None:
        if form.model is None:
            return
        found = await db.get(Group, form.model.group)
        if found is None or found.dialogue_id != dialogue.key:
            raise NotFound()
        agency_id = await _agency(db, form.model.group_agency, "group_agency")
        topic_id = await _topic(db, form.model.group_topic)
        await arranging.entrust(db, actor(request), dialogue, found, agency_id, topic_id)

    return await _done(request, form, "group", act)


async def crew(request: Request) -> Response:
    form = await kit.form(request, CrewForm)

    async def act(db: AsyncSession, dialogue: Dialogue) -> None:
        if form.model:
            guest_id = form.model.crew_guest or None
            await arranging.engage_by_login(db, actor(request), dialogue, form.model.login, form.model.part, guest_id)

    return await _done(request, form, "crew", act)


async def let_go(request: Request) -> Response:
    form = await kit.form(request, LetGoForm)

    async def act(db: AsyncSession, dialogue: Dialogue) -> None:
        found = await db.get(Crew, form.model.crew) if form.model else None
        if found is None or found.dialogue_id != dialogue.key:
            raise NotFound()
        await guests.let_go(db, actor(request), dialogue, found)

    return await _done(request, form, "crew", act)


async def _done(request: Request, form: Filled[Any], section: str, act: Act) -> Response:
    """Back to the section, or the page with what was typed."""
    dialogue_id = request.path_params["id"]
    if form.model is None:
        return await edit.page(request, typed={section: form})
    try:
        async with kit.transaction(request) as db:
            await act(db, await dialogues.seen_by(db, actor(request), dialogue_id))
            return kit.see_other(request, db, f"/dialogues/{dialogue_id}/edit#{section}-section")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await edit.page(request, typed={section: form})


async def _guest(db: AsyncSession, request: Request, dialogue: Dialogue, form: GuestForm) -> None:
    who = actor(request)
    found = await guests.one(db, dialogue.key, form.guest) if form.guest else None
    if found and form.act in {"confirm", "unconfirm"}:
        await guests.confirm(db, who, dialogue, found, comes=form.act == "confirm")
        return
    if found and form.act == "remove":
        await guests.uninvite(db, who, dialogue, found)
        return
    if not form.guest_name:
        raise Refused("guest_name_missing", field="guest_name")
    if not form.guest_title:
        raise Refused("guest_title_missing", field="guest_title")
    agency_id = await _agency(db, form.guest_agency, "guest_agency")
    if found is None:
        await guests.invite(db, who, dialogue, form.guest_name, form.guest_title, agency_id)
        return
    found.name, found.title, found.agency_id = form.guest_name, form.guest_title, agency_id
    found.place = min(max(form.guest_place - 1, 0), guests.MOST) if form.guest_place else found.place
    await guests.change(db, who, dialogue, found)


async def _agency(db: AsyncSession, slug: str, field: str) -> int | None:
    return (await agencies.chosen(db, slug, field=field)).id if slug else None


async def _topic(db: AsyncSession, slug: str) -> int | None:
    if not slug:
        return None
    topic = (await db.exec(select(Topic).where(Topic.slug == slug))).one_or_none()
    if topic is None:
        raise Refused("unknown_choice", field="group_topic")
    return topic.id
