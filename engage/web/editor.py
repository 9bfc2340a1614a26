"""Writing an answer: save, preview, send for approval, approve, return. Two editors of one answer see each other.

The portal desk, which types signed letters in for agencies without accounts, writes in the same editor at another address.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import answers, approvals, archive, attachments, markup, people
from engage.access import Actor
from engage.answering import AnswerForm
from engage.answers import Answer
from engage.ask import Line
from engage.attachments import State
from engage.errors import Conflict, Failure, Refused
from engage.questions import Question
from engage.web import desk_page, kit, uploads
from engage.web.desk_filters import back
from engage.web.forms import Filled, flat, said_by
from engage.web.house import actor
from engage.web.templates import clock
from engage.web.writing import CITE

CITE_NAMES = tuple(f"cite_{name}" for name in CITE)


class EditorForm(AnswerForm):
    """The answer, the version it was written over, and which button was pressed; none when it saves itself."""

    version: int = Field(ge=0, le=1_000_000)
    act: Literal["save", "send", "preview", "autosave"] = "save"
    sure: bool = False  # a law that is not in force is cited on purpose


class ApprovalForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=1_000_000)


class ReturnForm(ApprovalForm):
    note: Line = Field(default="", max_length=1000)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the editor stands: its address, which questions it finds, and the page around it."""

    path: str
    find: Callable[[AsyncSession, Actor, int], Awaitable[Question]]
    page: Callable[..., Awaitable[Response]]
    leaves: bool = False  # what is judged here is then found elsewhere


AGENCY = Desk("/desk/questions", archive.workable_one, desk_page.page)


async def save(request: Request) -> Response:
    return await save_at(request, AGENCY)


async def approve(request: Request) -> Response:
    return await judge_at(request, AGENCY, await kit.form(request, ApprovalForm))


async def return_(request: Request) -> Response:
    return await judge_at(request, AGENCY, await kit.form(request, ReturnForm))


async def save_at(request: Request, desk: Desk) -> Response:
    form = await kit.form(request, EditorForm, shape=_shaped, listed=CITE_NAMES, files=True)
    form.lists = {"cite": list(form["citations"])}
    question_id = request.path_params["id"]
    if form["act"] == "autosave":
        return await _autosave(request, desk, form)
    await uploads.receive(request, form, attachments.ANSWER)
    if form.model is None:
        _beside_the_rows(form)
        return await desk.page(request, question_id, form)
    if form.model.act == "preview" and not form.enclosed.remove:
        return await desk.page(request, question_id, form, preview=markup.rendered(markup.cited(form.model.full)))
    try:
        return await _store(request, desk, form, form.model)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        if failure.reason == "answer_moved_on":  # no editor stands there any more: mine is shown beside what was sent
            mine, form.values, form.lists = form.values, {}, {}
            return await desk.page(request, question_id, form, mine=mine)
        theirs = await _theirs(request, desk) if failure.reason == "answer_changed" else None
        return await desk.page(request, question_id, form, theirs=theirs)


async def judge_at(request: Request, desk: Desk, form: Filled[Any]) -> Response:
    question_id = request.path_params["id"]
    if form.model is None:
        return await desk.page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            question = await desk.find(db, actor(request), question_id)
            if isinstance(form.model, ReturnForm):
                done = f"returned.{question_id}"
                await approvals.return_(db, actor(request), question, form.model.version, form.model.note)
            else:
                done = f"published.{question_id}"
                await approvals.approve(db, actor(request), question, form.model.version)
            there = desk.path if desk.leaves else back(request, f"{desk.path}/{question_id}", done=done)
            return kit.see_other(request, db, there)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await desk.page(request, question_id, form)


async def _store(request: Request, desk: Desk, form: Filled[EditorForm], model: EditorForm) -> Response:
    """What is sent for approval is saved first, in the same transaction: nothing is sent that was not written."""
    question_id = request.path_params["id"]
    async with kit.transaction(request) as db:
        question = await desk.find(db, actor(request), question_id)
        answer = await answers.write(db, actor(request), question, model, model.version)
        await _enclose(db, request, form, answer)
        if model.act == "send":
            await answers.send_for_approval(db, actor(request), question, answer, is_sure=model.sure)
        done = f"approval.{question_id}" if model.act == "send" else ""
        return kit.see_other(request, db, back(request, f"{desk.path}/{question_id}", done=done))


async def _enclose(db: AsyncSession, request: Request, form: Filled[EditorForm], answer: Answer) -> None:
    """The files of the draft: new ones come to it, the one whose button was pressed goes, and each says what it shows."""
    channels = {"channel": f"question:{answer.question_id}", "owner": f"agency:{answer.agency_id}"}
    await uploads.bind(db, request, form, attachments.ANSWER, answer.key, **channels)
    mine = [row for row in await attachments.of(db, attachments.ANSWER, answer.key) if row.state == State.PRIVATE]
    await attachments.describe(db, mine, form.enclosed.about)
    await attachments.drop(db, [row for row in mine if row.key == form.enclosed.remove])


async def _autosave(request: Request, desk: Desk, form: Filled[EditorForm]) -> Response:
    """For the script: the new version, or why nothing was saved and what somebody else saved meanwhile."""
    if form.model is None:
        return JSONResponse({"words": form.note or next(iter(form.errors.values()), "")}, form.status)
    try:
        async with kit.transaction(request) as db:
            question = await desk.find(db, actor(request), request.path_params["id"])
            answer = await answers.write(
                db, actor(request), question, form.model, form.model.version, quietly=form.model.version > 0
            )
    except (Refused, Conflict) as failure:
        return await _not_saved(request, desk, failure)
    return JSONResponse({"version": answer.version, "at": clock(answer.written_at)})


async def _not_saved(request: Request, desk: Desk, failure: Failure) -> Response:
    theirs = await _theirs(request, desk) if failure.reason == "answer_changed" else None
    shown = kit.page(request, "desk/_theirs.html", theirs=theirs).body if theirs else b""
    said = said_by(failure, kit.translator(request))
    return JSONResponse({"words": said, "theirs": bytes(shown).decode()}, failure.status)


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


async def _theirs(request: Request, desk: Desk) -> dict[str, Any] | None:
    """What somebody else saved meanwhile, to read beside one's own."""
    async with kit.reading(request) as db:
        question = await desk.find(db, actor(request), request.path_params["id"])
        draft = await answers.draft_of(db, question)
        if draft is None:
            return None
        names = await people.names(db, [draft.written_by])
    return {
        "author": names.get(draft.written_by, ""),
        "short": draft.short,
        "full": draft.full,
        "version": draft.version,
    }
