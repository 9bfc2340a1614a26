"""After an answer is out: correct it, mark it as outdated; and answering several questions together."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, companions, revising
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.revising import CorrectionForm, OutdatedForm
from engage.web import kit
from engage.web.editor import AGENCY, ApprovalForm, Desk
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor
from engage.web.language import localized

# Fields of the desk's list, where questions are ticked.
BESIDE = frozenset({"at", "official", "complexity"})
Act = Callable[[AsyncSession, Question], Awaitable[object]]


class TogetherForm(BaseModel):
    """`ids`: what was ticked on the desk. `lead`: where the answer is written; 0 until it was chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: tuple[int, ...] = Field(default=(), max_length=companions.MOST + 1)
    lead: int = Field(default=0, ge=0, le=2**31 - 1)


async def correct(request: Request) -> Response:
    return await correct_at(request, AGENCY)


async def drop(request: Request) -> Response:
    return await drop_at(request, AGENCY)


async def outdated(request: Request) -> Response:
    form = await kit.form(request, OutdatedForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await revising.mark(db, actor(request), found, form.model or OutdatedForm())

    return await _act(request, AGENCY, form, act, done="marked" if form["outdated_on"] else "unmarked")


async def apart(request: Request) -> Response:
    form = await kit.form(request, Nothing)
    return await _act(request, AGENCY, form, lambda db, found: companions.leave(db, actor(request), found))


async def correct_at(request: Request, desk: Desk) -> Response:
    form = await kit.form(request, CorrectionForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await revising.begin(db, actor(request), found, form.model or CorrectionForm())

    return await _act(request, desk, form, act)


async def drop_at(request: Request, desk: Desk) -> Response:
    form = await kit.form(request, ApprovalForm)

    async def act(db: AsyncSession, found: Question) -> None:
        await revising.drop(db, actor(request), found, form.model.version if form.model else 0)

    return await _act(request, desk, form, act)


async def together(request: Request) -> Response:
    """First which question leads is asked; then they are one company, and the editor opens at that one."""
    form = await kit.form(request, TogetherForm, shape=_shaped, listed=("ids",))
    if form.model is None or form.model.lead == 0:
        return await _choosing(request, form)
    ids, lead_id = sorted({*form.model.ids}), form.model.lead
    try:
        async with kit.transaction(request) as db:
            found = {key: await archive.workable_one(db, actor(request), key) for key in sorted({*ids, lead_id})}
            lead = found.pop(lead_id)
            await companions.gather(db, actor(request), lead, list(found.values()))
            return kit.see_other(request, db, f"/desk/questions/{lead_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _choosing(request, form)


async def _choosing(request: Request, form: Filled[Any]) -> Response:
    ids = [int(text) for text in form["ids"] if text.isascii() and text.isdecimal() and len(text) < 10]
    async with kit.reading(request) as db:
        rows = [await archive.workable_one(db, actor(request), key) for key in sorted({*ids})[: companions.MOST + 1]]
    if len(rows) < 2 and not form.note and not form.errors:
        form.refuse(Refused("together_count", field="ids", most=companions.MOST), kit.translator(request))
    shown = [
        {
            "id": row.id,
            "title": row.title,
            "url": localized(f"/desk/questions/{row.id}", kit.translator(request).language),
        }
        for row in rows
    ]
    return kit.page(request, "desk/together.html", status=form.answer_status, form=form, rows=shown)


async def _act(request: Request, desk: Desk, form: Filled[Any], act: Act, *, done: str = "") -> Response:
    """One verb on one answer of this desk. What is refused is said beside the answer, with what was typed; `done` is told."""
    question_id = request.path_params["id"]
    if form.model is None:
        return await desk.page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            await act(db, await desk.find(db, actor(request), question_id))
            told = f"?done={done}.{question_id}" if done else ""
            return kit.see_other(request, db, f"{desk.path}/{question_id}{told}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await desk.page(request, question_id, form)


def _shaped(body: FormData) -> dict[str, Any]:
    """From the desk's list come its other fields too: none of them is about this."""
    values = {name: value for name, value in flat(body).items() if name not in BESIDE}
    return {**values, "ids": [text for text in body.getlist("ids") if isinstance(text, str)]}
