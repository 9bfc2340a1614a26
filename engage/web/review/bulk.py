"""Several cases at once: each decided by itself, on the version that stood in the list; what was not done is said one by one."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, decisions, review
from engage.ask import Lines
from engage.decisions import Decision
from engage.errors import Failure, NotFound, Refused
from engage.web import kit
from engage.web.forms import Filled, flat, said_by
from engage.web.house import actor
from engage.web.review import page

MOST = 30


class BulkForm(BaseModel):
    """`cases`: the number of each and the version that was read, `17:2`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cases: tuple[str, ...] = ()
    decision: Literal["accept", "refuse", "return"]
    reason: str = Field(default="", max_length=40)
    words: Lines = Field(default="", max_length=1000)


async def decide(request: Request) -> Response:
    form = await kit.form(request, BulkForm, shape=_shape, listed=("cases",))
    if form.model is None:
        return await page.show(request, None, form)
    chosen = [pair for pair in map(_pair, form.model.cases) if pair]
    if not chosen or len(chosen) > MOST:
        failure = (
            Refused("too_many_chosen", field="cases", most=MOST) if chosen else Refused("none_chosen", field="cases")
        )
        form.refuse(failure, kit.translator(request))
        return await page.show(request, None, form)
    done, left = 0, []
    for case_id, version in chosen:
        try:
            async with kit.transaction(request) as db:
                await _decide(db, request, case_id, version, form.model)
            done += 1
        except Failure as failure:
            left.append({"id": case_id, "words": said_by(failure, kit.translator(request))})
    return await _result(request, form, done, left)


async def _decide(db: AsyncSession, request: Request, case_id: int, version: int, form: BulkForm) -> None:
    case = await review.one(db, actor(request), case_id)
    decisions.must_be_plain(case)
    decision = Decision(version=version, decision=form.decision, reason=form.reason, words=form.words)
    await review.decide(db, actor(request), case_id, decision)


async def _result(request: Request, form: Filled[BulkForm], done: int, left: list[dict[str, Any]]) -> Response:
    async with kit.reading(request) as db:
        for one in left:
            try:
                case = await review.one(db, actor(request), one["id"])
                one["title"] = "" if case.sealed else (await archive.titles(db, [case.thing_id])).get(case.thing_id, "")
            except NotFound:
                one["title"] = ""
    return await page.show(request, None, form, bulk={"done": done, "left": left, "decision": form["decision"]})


def _shape(body: FormData) -> dict[str, Any]:
    return {**flat(body), "cases": tuple(str(one) for one in body.getlist("cases"))}


def _pair(typed: str) -> tuple[int, int] | None:
    case_id, _, version = typed.partition(":")
    fits = case_id.isdecimal() and version.isdecimal() and len(case_id) <= 10 and 0 < len(version) <= 6
    return (int(case_id), int(version)) if fits and int(version) else None
