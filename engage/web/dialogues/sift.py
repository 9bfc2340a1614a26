"""The sifting desk: choose many, see what one press would do, press, and take it back."""

from collections import Counter
from typing import Any

from pydantic import Field, field_validator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import Response

from engage import guests, sifting, strokes
from engage.access import Actor
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.errors import Failure, Refused
from engage.strokes import Act, Plan, Stroke
from engage.web import kit, load
from engage.web.cursors import number
from engage.web.dialogues import desk
from engage.web.dialogues.desk import SIFT, Frozen
from engage.web.dialogues.sift_page import Filter, page, row_of
from engage.web.forms import Filled, flat
from engage.web.house import actor
from engage.web.language import Translator
from engage.web.words import sifting as words

TARGETS = {Act.GROUP: "to_group", Act.HAND: "to_guest"}


class StrokeForm(Frozen):
    """`ids`: of all that were chosen, with commas between."""

    ids: tuple[int, ...] = Field(default=(), max_length=strokes.MOST)
    act: Act
    to: int | None = Field(default=None, ge=1, le=MOST_ID)

    @field_validator("to", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return value or None


class BatchForm(Frozen):
    batch: int = Field(ge=1, le=MOST_ID)


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def preview(request: Request) -> Response:
    """Nothing is written, so that it may be reloaded and left with the browser's own button."""
    chosen, form, who = Filter.of(request), Filled[StrokeForm](), actor(request)
    view = await load.view(request)
    try:
        async with kit.reading(request) as db:
            dialogue = await SIFT.find(db, who, request.path_params["id"])
            stroke = await _stroke(db, dialogue, chosen, request.query_params)
            planned = await strokes.plan(db, who, dialogue, stroke)
            context = await desk.frame(request, db, view, dialogue)
            groups = await guests.groups(db, dialogue.key)
            lines = await sifting.of(db, dialogue, _named(planned))
            context |= {
                "rows": [row_of(view, line, context["guests"], groups) for line in lines],
                "becomes": {after["id"]: _after(after, groups) for _, after in planned.changes},
                **_told(view.translator, stroke, planned),
            }
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)
    context |= {"desk": SIFT.name, "chosen": chosen, "stroke": stroke, "form": form}
    return kit.page(request, "dialogues/sift_preview.html", **context)


async def carry_out(request: Request) -> Response:
    chosen = Filter.of(request)

    async def verb(db: AsyncSession, who: Actor, dialogue: Dialogue, model: StrokeForm) -> str:
        stroke = Stroke(model.act, model.ids, model.to)
        done, batch = await strokes.carry_out(db, who, dialogue, stroke)
        return _told_in(chosen, str(model.act), done, batch)

    return await desk.act(request, SIFT, await kit.form(request, StrokeForm, shape=_shape), page, verb)


async def undo(request: Request) -> Response:
    chosen = Filter.of(request)

    async def verb(db: AsyncSession, who: Actor, dialogue: Dialogue, model: BatchForm) -> str:
        return _told_in(chosen, "undo", await strokes.undo(db, who, dialogue, model.batch), 0)

    return await desk.act(request, SIFT, await kit.form(request, BatchForm), page, verb)


def _told_in(chosen: Filter, act: str, done: Plan, batch: int) -> str:
    return chosen.query(
        after=chosen.after, done=f"{act}.{len(done.changes)}", left=len(done.left) or "", batch=batch or ""
    )


async def _stroke(db: AsyncSession, dialogue: Dialogue, chosen: Filter, said: QueryParams) -> Stroke:
    """`every`: all that the list holds, also on its further pages."""
    try:
        act = Act(said.get("act", ""))
    except ValueError:
        raise Refused("unknown_choice", field="act") from None
    ids = [int(one) for one in said.getlist("ids") if number(one)]
    if said.get("every"):
        ids = list(await sifting.ids(db, dialogue, chosen.sieve, strokes.MOST))
    to = number(said.get(TARGETS[act], "")) if act in TARGETS else None
    return Stroke(act, tuple(dict.fromkeys(ids)), to or None)


def _named(planned: Plan) -> list[int]:
    """What changes; with the one that the others go on as."""
    ids = [after["id"] for _, after in planned.changes]
    into = {after["into"] for _, after in planned.changes} - {None}
    return [*into, *ids]


def _after(after: Any, groups: Any) -> str:
    return next((group.name for group in groups if group.id == after["group"]), "")


def _told(translator: Translator, stroke: Stroke, planned: Plan) -> dict[str, Any]:
    n = len(planned.changes)
    return {
        "would": translator.say(words.WOULD[stroke.act], n=n),
        "button": translator.say(words.BUTTONS[stroke.act], n=n),
        "left": [translator.say(words.LEFT[why], n=times) for why, times in Counter(planned.left.values()).items()],
        "leader": next((after["into"] for _, after in planned.changes), None),
    }


def _shape(body: FormData) -> dict[str, Any]:
    values = flat(body)
    ids = [one for one in str(values.get("ids", "")).split(",") if number(one)]
    return {**values, "ids": tuple(map(int, ids))}
