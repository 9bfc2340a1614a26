"""Several cases at once: each decided by itself, on the version that stood in the list; what was not done is said one by one.

All of it is taken back with one button, as far as each decision still can be.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import decisions, review, surfaces
from engage.ask import Lines
from engage.db import now
from engage.decisions import Decision
from engage.errors import Failure, NotFound, Refused
from engage.web import kit
from engage.web.forms import Filled, flat, said_by
from engage.web.house import actor
from engage.web.review import page
from moderation.cases import Case

MOST = 30
Act = Callable[[AsyncSession, int, int], Awaitable[Case]]


class BulkForm(BaseModel):
    """`cases`: the number of each and the version that was read, `17:2`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cases: tuple[str, ...] = ()
    decision: Literal["accept", "refuse", "return"]
    reason: str = Field(default="", max_length=40)
    words: Lines = Field(default="", max_length=1000)


class UndoForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    cases: tuple[str, ...] = ()


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
    model = form.model

    async def decided(db: AsyncSession, case_id: int, version: int) -> Case:
        return await _decide(db, request, case_id, version, model)

    done, left = await _each(request, chosen, decided)
    return await _result(request, form, form["decision"], done, left)


async def undo(request: Request) -> Response:
    """Back on the queue, in nobody's hands: whoever is on duty takes the next."""
    form = await kit.form(request, UndoForm, shape=_shape, listed=("cases",))
    chosen = [pair for pair in map(_pair, form.model.cases if form.model else ()) if pair]
    if form.model is None:
        return await page.show(request, None, form)
    if not chosen or len(chosen) > MOST:
        form.refuse(Refused("none_chosen", field="cases"), kit.translator(request))
        return await page.show(request, None, form)

    async def undone(db: AsyncSession, case_id: int, _version: int) -> Case:
        case = await review.undo(db, actor(request), case_id)
        await review.release(db, actor(request), case_id)
        return case

    done, left = await _each(request, chosen, undone)
    return await _result(request, form, "undo", done, left)


async def _each(request: Request, chosen: list[tuple[int, int]], act: Act) -> tuple[list[Case], list[dict[str, Any]]]:
    """What was done, and what was not, with the reason in words."""
    done, left = [], []
    for case_id, version in chosen:
        try:
            async with kit.transaction(request) as db:
                done.append(await act(db, case_id, version))
        except Failure as failure:
            left.append({"id": case_id, "words": said_by(failure, kit.translator(request))})
    return done, left


async def _decide(db: AsyncSession, request: Request, case_id: int, version: int, form: BulkForm) -> Case:
    case = await review.one(db, actor(request), case_id)
    decisions.must_be_plain(case)
    decision = Decision(version=version, decision=form.decision, reason=form.reason, words=form.words)
    return await review.decide(db, actor(request), case_id, decision)


async def _result(
    request: Request, form: Filled[Any], told: str, done: list[Case], left: list[dict[str, Any]]
) -> Response:
    async with kit.reading(request) as db:
        still = min((case.undo_until for case in done if case.undo_until), default=None)
        seconds = int((still - now(db)).total_seconds()) if still and told != "undo" else 0
        for one in left:
            try:
                case = await review.one(db, actor(request), one["id"])
                about = case.surface, case.thing_id
                one["title"] = "" if case.sealed else (await surfaces.titles(db, [about])).get(about, "")
            except NotFound:
                one["title"] = ""
    cases = [f"{case.id}:{case.version}" for case in done]
    bulk = {"done": len(done), "left": left, "decision": told, "cases": cases, "seconds": max(seconds, 0)}
    return await page.show(request, None, form, bulk=bulk)


def _shape(body: FormData) -> dict[str, Any]:
    return {**flat(body), "cases": tuple(str(one) for one in body.getlist("cases"))}


def _pair(typed: str) -> tuple[int, int] | None:
    case_id, _, version = typed.partition(":")
    fits = case_id.isdecimal() and version.isdecimal() and len(case_id) <= 10 and 0 < len(version) <= 6
    return (int(case_id), int(version)) if fits and int(version) else None
