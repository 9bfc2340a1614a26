"""Coordinating agencies: the lead asks for parts, the others give or decline them, the lead says whom the answer names."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, archive, desks, shares
from engage.access import Share
from engage.ask import Line, Lines
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.shares import MOST_OPEN, MOST_PART
from engage.web import kit
from engage.web.desk import act_on
from engage.web.desk_filters import back
from engage.web.desk_page import page, share_page
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor

MOST_DAYS = 60


class AskForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agencies: tuple[str, ...] = Field(default=(), max_length=MOST_OPEN)
    note: Line = Field(default="", max_length=1000)
    days: str = Field(default="", max_length=10)


class GiveForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    part: Lines = Field(default="", max_length=MOST_PART)


class DeclineForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(default="", max_length=1000)


class NameForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    named: bool = False


async def ask(request: Request) -> Response:
    form = await kit.form(request, AskForm, shape=_shaped, listed=("agencies",))

    async def act(db: AsyncSession, found: Question) -> None:
        days = int(form["days"]) if str(form["days"]).isdecimal() else 0
        if not 1 <= days <= MOST_DAYS:
            raise Refused("share_days_wrong", field="days")
        chosen = [await agencies.chosen(db, slug, field="agencies") for slug in form["agencies"]]
        ids = {agency.id or 0 for agency in chosen}
        await shares.ask(db, actor(request), found, ids, str(form["note"]), days)

    return await act_on(request, form, act)


async def show(request: Request) -> Response:
    return await share_page(request, request.path_params["id"], Filled())


async def give(request: Request) -> Response:
    form = await kit.form(request, GiveForm)

    async def act(db: AsyncSession, found: Question, share: Share) -> None:
        await shares.give(db, actor(request), found, share, form.model.part if form.model else "")

    return await _as_asked(request, form, act, done="part_given")


async def decline(request: Request) -> Response:
    form = await kit.form(request, DeclineForm)

    async def act(db: AsyncSession, found: Question, share: Share) -> None:
        await shares.decline(db, actor(request), found, share, form.model.reason if form.model else "")

    return await _as_asked(request, form, act, done="part_declined")


async def withdraw(request: Request) -> Response:
    form = await kit.form(request, Nothing)

    async def act(db: AsyncSession, found: Question, share: Share) -> None:
        await shares.withdraw(db, actor(request), found, share)

    return await _as_lead(request, form, act, done="part_withdrawn")


async def name(request: Request) -> Response:
    form = await kit.form(request, NameForm)

    async def act(db: AsyncSession, found: Question, share: Share) -> None:
        await shares.name(db, actor(request), found, share, named=bool(form.model and form.model.named))

    return await _as_lead(request, form, act)


async def _as_asked(request: Request, form: Filled[Any], act: Any, *, done: str) -> Response:
    share_id = request.path_params["id"]
    if form.model is None:
        return await share_page(request, share_id, form)
    try:
        async with kit.transaction(request) as db:
            share = await shares.asked_of(db, actor(request), share_id)
            await act(db, await desks.shared_one(db, actor(request), share), share)
            return kit.see_other(request, db, _list(request, f"{done}.{share_id}"))
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await share_page(request, share_id, form)


async def _as_lead(request: Request, form: Filled[Any], act: Any, *, done: str = "") -> Response:
    """The question is asked first: who does not lead it finds nothing here. What is said stands above, else the parts are shown."""
    async with kit.reading(request) as db:
        share = await shares.one(db, request.path_params["id"])
        question = await archive.workable_one(db, actor(request), share.thing_id)
    if form.model is None:
        return await page(request, question.key, form)
    try:
        async with kit.transaction(request) as db:
            found = await archive.workable_one(db, actor(request), share.thing_id)
            await act(db, found, await shares.one(db, share.key))
            desk = f"/desk/questions/{found.key}"
            to = back(request, desk, done=f"{done}.{share.key}") if done else back(request, desk) + "#parts"
            return kit.see_other(request, db, to)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, question.key, form)


def _list(request: Request, done: str) -> str:
    path = back(request, "/desk", done=done)
    return path if "tab=" in path else f"/desk?tab=shares&done={done}"


def _shaped(body: FormData) -> dict[str, Any]:
    chosen = dict.fromkeys(str(one) for one in body.getlist("agencies") if one)
    values = {name: value for name, value in flat(body).items() if name != "agencies"}
    return {**values, "agencies": tuple(chosen)}
