"""Writing an answer: save, preview, send for approval, approve, return. Two editors of one answer see each other."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import answers, archive, attachments, markup, people
from engage.answers import AnswerForm
from engage.ask import Line
from engage.attachments import State
from engage.errors import Conflict, Refused
from engage.web import kit, uploads
from engage.web.desk_filters import back
from engage.web.desk_page import CITE, page
from engage.web.forms import Filled, flat
from engage.web.house import actor

CITE_NAMES = tuple(f"cite_{name}" for name in CITE)


class EditorForm(AnswerForm):
    """The answer, the version it was written over, and which button was pressed."""

    version: int = Field(ge=0, le=1_000_000)
    act: Literal["save", "send", "preview"] = "save"


class ApprovalForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=1_000_000)


class ReturnForm(ApprovalForm):
    note: Line = Field(default="", max_length=1000)


async def save(request: Request) -> Response:
    form = await kit.form(request, EditorForm, shape=_shaped, listed=CITE_NAMES, files=True)
    form.lists = {"cite": list(form["citations"])}
    question_id = request.path_params["id"]
    await uploads.receive(request, form, attachments.ANSWER)
    if form.model is None:
        _beside_the_rows(form)
        return await page(request, question_id, form)
    if form.model.act == "preview" and not form.enclosed.remove:
        return await page(request, question_id, form, preview=markup.rendered(markup.cited(form.model.full)))
    try:
        return await _store(request, question_id, form, form.model)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        if failure.reason == "answer_moved_on":  # no editor stands there any more: mine is shown beside what was sent
            mine, form.values, form.lists = form.values, {}, {}
            return await page(request, question_id, form, mine=mine)
        theirs = await _theirs(request, question_id) if failure.reason == "answer_changed" else None
        return await page(request, question_id, form, theirs=theirs)


async def _store(request: Request, question_id: int, form: Filled[EditorForm], model: EditorForm) -> Response:
    """What is sent for approval is saved first, in the same transaction: nothing is sent that was not written."""
    async with kit.transaction(request) as db:
        question = await archive.workable_one(db, actor(request), question_id)
        answer = await answers.write(db, actor(request), question, model, model.version)
        await _enclose(db, request, form, question_id, answer.id or 0)
        if model.act == "send":
            await answers.send_for_approval(db, actor(request), question, answer)
        return kit.see_other(request, db, back(request, f"/desk/questions/{question_id}"))


async def _enclose(
    db: AsyncSession, request: Request, form: Filled[EditorForm], question_id: int, answer_id: int
) -> None:
    """The files of the draft: new ones come to it, the one whose button was pressed goes, and each says what it shows."""
    await uploads.bind(db, request, form, attachments.ANSWER, answer_id, f"question:{question_id}")
    mine = [row for row in await attachments.of(db, attachments.ANSWER, answer_id) if row.state == State.PRIVATE]
    await attachments.describe(db, mine, form.enclosed.about)
    await attachments.drop(db, [row for row in mine if row.key == form.enclosed.remove])


async def approve(request: Request) -> Response:
    form, question_id = await kit.form(request, ApprovalForm), request.path_params["id"]
    return await _judge(request, form, question_id)


async def return_(request: Request) -> Response:
    form, question_id = await kit.form(request, ReturnForm), request.path_params["id"]
    return await _judge(request, form, question_id)


async def _judge(request: Request, form: Filled[Any], question_id: int) -> Response:
    if form.model is None:
        return await page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            question = await archive.workable_one(db, actor(request), question_id)
            if isinstance(form.model, ReturnForm):
                await answers.return_(db, actor(request), question, form.model.version, form.model.note)
            else:
                await answers.approve(db, actor(request), question, form.model.version)
            return kit.see_other(request, db, back(request, f"/desk/questions/{question_id}"))
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, question_id, form)


def _shaped(body: FormData) -> dict[str, Any]:
    """The citation columns as rows; rows without a number are dropped only when nothing else stands in them."""
    values = {name: value for name, value in flat(body).items() if name not in CITE_NAMES}
    columns = [[str(value) for value in body.getlist(f"cite_{name}")] for name in CITE]
    rows = [dict(zip(CITE, row, strict=True)) for row in zip(*columns, strict=False)]
    return {**values, "citations": [row for row in rows if any(text.strip() for text in row.values())]}


def _beside_the_rows(form: Filled[Any]) -> None:
    """A fault inside a citation is shown at the citations."""
    if "citations" in form.errors:
        form.errors["cite"] = form.errors.pop("citations")


async def _theirs(request: Request, question_id: int) -> dict[str, Any] | None:
    """What somebody else saved meanwhile, to read beside one's own."""
    async with kit.reading(request) as db:
        question = await archive.workable_one(db, actor(request), question_id)
        draft = await answers.draft_of(db, question)
        if draft is None:
            return None
        names = await people.names(db, [draft.written_by])
    return {"author": names.get(draft.written_by, ""), "short": draft.short, "full": draft.full}
