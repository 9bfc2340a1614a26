"""An agency's desk: accept, decline, give back, transfer, say how hard a question is."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, archive, assignments, circles, publication
from engage.ask import Line
from engage.deadlines import Complexity
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.web import kit
from engage.web.desk_filters import back
from engage.web.desk_page import page
from engage.web.forms import Filled, Nothing
from engage.web.house import actor

# What is said of passing on in a circle; said once, it can be overruled.
CIRCLES = ("had_it_before", "exchanged_often")


class GiveBackForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(default="", max_length=1000)


class TransferForm(GiveBackForm):
    """`sure`: the warning of a circle was read. `to`: the portal desk may be asked to choose instead."""

    agency: str = Field(default="", max_length=80)
    sure: bool = False
    to: Literal["agency", "desk"] = "agency"


class DeclineForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decline_reason: Line = Field(default="", max_length=1000)


class ComplexityForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    complexity: Literal["simple", "complex"]


async def desk(request: Request) -> Response:
    return await page(request, None, Filled())


async def question(request: Request) -> Response:
    return await page(request, request.path_params["id"], Filled())


async def accept(request: Request) -> Response:
    form = await kit.form(request, Nothing)
    return await act_on(request, form, lambda db, found: assignments.accept(db, actor(request), found))


async def decline(request: Request) -> Response:
    form = await kit.form(request, DeclineForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await assignments.decline(db, actor(request), found, str(form["decline_reason"]))
        await publication.note_transfer(db, found)

    return await act_on(request, form, act, leaves=True)


async def give_back(request: Request) -> Response:
    form = await kit.form(request, GiveBackForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await assignments.give_back(db, actor(request), found, str(form["reason"]))

    return await act_on(request, form, act, leaves=True)


async def transfer(request: Request) -> Response:
    form = await kit.form(request, TransferForm)

    async def act(db: AsyncSession, found: Question) -> None:
        if form["to"] == "desk":
            await assignments.give_back(db, actor(request), found, str(form["reason"]))
            return
        target = await agencies.chosen(db, str(form["agency"]), field="agency")
        circle = await circles.between(db, found, target.id or 0)
        if circle and not form["sure"] and target.id != found.agency_id:
            raise Refused(circle.code, field="agency", agency=kit.translator(request).named(target), times=circle.times)
        await assignments.transfer(db, actor(request), found, target.id or 0, str(form["reason"]))
        await publication.note_transfer(db, found)

    return await act_on(request, form, act, leaves=True)


async def complexity(request: Request) -> Response:
    form = await kit.form(request, ComplexityForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await assignments.set_complexity(db, actor(request), found, Complexity(form["complexity"]))

    return await act_on(request, form, act)


async def act_on(request: Request, form: Filled[Any], act: Any, *, leaves: bool = False) -> Response:
    """One verb on one question of this desk. What is refused is said beside the question, with what was typed.

    `leaves`: the question is gone from this desk, and the list says where it went.
    """
    question_id = request.path_params["id"]
    if form.model is None:
        return await page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            await act(db, await archive.workable_one(db, actor(request), question_id))
            if leaves:
                return kit.see_other(request, db, back(request, "/desk", done=f"sent.{question_id}"))
            return kit.see_other(request, db, back(request, f"/desk/questions/{question_id}"))
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, question_id, form, circle=failure.reason in CIRCLES)
