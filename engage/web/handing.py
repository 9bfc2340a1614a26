"""Who inside the agency has a question: hand it on, take it, take it back; and the same for a selection of many."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, assignments, batches, officials
from engage.batches import Item
from engage.db import MOST_ID
from engage.deadlines import Complexity
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.questions import Question
from engage.web import kit
from engage.web.desk import act_on
from engage.web.desk_filters import back
from engage.web.desk_page import page
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor

MOST_PICKED = 100


class SeenForm(BaseModel):
    """`at`: when the page was made that this form stood on, in microseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: int = Field(default=0, ge=0, le=4_000_000_000_000_000)

    @property
    def seen_at(self) -> datetime:
        return datetime.fromtimestamp(self.at // 1_000_000, UTC).replace(microsecond=self.at % 1_000_000)


class HandForm(SeenForm):
    official: str = Field(default="", max_length=10)


class PickedForm(HandForm):
    ids: tuple[int, ...] = Field(default=(), max_length=MOST_PICKED)
    act: Literal["hand", "accept", "complexity", "take"]
    complexity: Literal["simple", "complex"] = "simple"


class BatchForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    batch: int = Field(ge=1, le=MOST_ID)


Lost = list[tuple[int, str]]
Verb = Callable[[AsyncSession, Question], Awaitable[object]]


async def hand(request: Request) -> Response:
    form = await kit.form(request, HandForm)

    async def act(db: AsyncSession, found: Question) -> None:
        if form.model:
            await _hand(db, request, form.model, found)

    return await act_on(request, form, act)


async def take(request: Request) -> Response:
    form = await kit.form(request, Nothing)
    return await act_on(request, form, lambda db, found: officials.take(db, actor(request), found))


async def take_back(request: Request) -> Response:
    form = await kit.form(request, SeenForm)

    async def act(db: AsyncSession, found: Question) -> None:
        if form.model:
            await officials.take_back(db, actor(request), found, seen_at=form.model.seen_at)

    return await act_on(request, form, act)


async def many(request: Request) -> Response:
    """Each question on its own: one that cannot be done does not keep the others from it, and is named with its reason."""
    form: Filled[PickedForm] = await kit.form(request, PickedForm, shape=_shaped, listed=("ids",))
    if form.model is None:
        return await page(request, None, form)
    try:
        return await _each(request, form.model)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, None, form)


async def _each(request: Request, model: PickedForm) -> Response:
    if not model.ids:
        raise Refused("nothing_picked", field="picked")
    done: list[tuple[Item, Item]] = []

    async def act(db: AsyncSession, found: Question) -> None:
        before = batches.as_it_is(found)
        await _act(request, model)(db, found)
        done.append((before, batches.as_it_is(found)))

    lost = await _on_each(request, model.ids, act)
    async with kit.transaction(request) as db:
        batch = await batches.keep(db, actor(request), model.act, done) if done else 0
        return kit.see_other(request, db, _outcome(request, model.act, len(done), lost, batch))


async def undo(request: Request) -> Response:
    """All that was done with one button; what others did with it meanwhile stays, and is named."""
    form = await kit.form(request, BatchForm)
    if form.model is None:
        return await page(request, None, form)
    try:
        async with kit.transaction(request) as db:
            batch = await batches.close(db, actor(request), form.model.batch)
            pairs = {before["id"]: (before, after) for before, after in batch.items}
    except Conflict as conflict:
        form.refuse(conflict, kit.translator(request))
        return await page(request, None, form)

    async def act(db: AsyncSession, found: Question) -> None:
        await batches.put_back(db, actor(request), found, *pairs[found.key])

    lost = await _on_each(request, list(pairs), act)
    async with kit.transaction(request) as db:
        return kit.see_other(request, db, _outcome(request, "undo", len(pairs) - len(lost), lost, 0))


async def _on_each(request: Request, ids: Sequence[int], act: Verb) -> Lost:
    """One transaction a question. Returns those that could not be done, and why."""
    lost: Lost = []
    for question_id in ids:
        try:
            async with kit.transaction(request) as db:
                await act(db, await archive.workable_one(db, actor(request), question_id))
        except (Refused, Conflict, NotFound, NotAllowed) as failure:
            if failure.field == "official":  # true of all of them, and it stands beside its field
                raise
            lost.append((question_id, failure.reason))
    return lost


def _act(request: Request, model: PickedForm) -> Verb:
    who = actor(request)
    verbs: dict[str, Verb] = {
        "hand": lambda db, found: _hand(db, request, model, found),
        "take": lambda db, found: officials.take(db, who, found),
        "accept": lambda db, found: assignments.accept(db, who, found),
        "complexity": lambda db, found: assignments.set_complexity(db, who, found, Complexity(model.complexity)),
    }
    return verbs[model.act]


async def _hand(db: AsyncSession, request: Request, model: HandForm, found: Question) -> None:
    person_id = int(model.official) if model.official.isdecimal() else 0
    await officials.hand(db, actor(request), found, min(person_id, MOST_ID), seen_at=model.seen_at)


def _outcome(request: Request, act: str, done: int, lost: Lost, batch: int) -> str:
    """The result stands in the address: reloading tells it again and does nothing again."""
    told = f"done={act}.{done}" + (f"&batch={batch}" if batch else "")
    told += "&lost=" + "-".join(f"{one}.{reason}" for one, reason in lost) if lost else ""
    path = back(request, "/desk")
    return path + ("&" if "?" in path else "?") + told


def _shaped(body: FormData) -> dict[str, Any]:
    ids = {int(one) for one in body.getlist("ids") if isinstance(one, str) and one.isdecimal() and len(one) < 10}
    values = {name: value for name, value in flat(body).items() if name != "ids"}
    return {**values, "ids": tuple(sorted(ids))}
