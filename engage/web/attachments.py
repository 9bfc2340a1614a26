"""Handing out attachments, and a moderator's decision on each that an asker sent."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engage import attachments, enclosures, questions
from engage.access import PUBLIC
from engage.ask import Line
from engage.attachments import MOST_NOTE, Attachment
from engage.db import MOST_ID
from engage.errors import Conflict, NotFound, Refused
from engage.filetypes import FORMS, Kind
from engage.web import guards, kit, load, sealed_reads
from engage.web.forms import Filled
from engage.web.house import actor, house, is_attachments_host
from engage.web.views import View

SHOWN = 50
SANDBOX = "sandbox; default-src 'none'"


class DecisionForm(BaseModel):
    """`case`: where the moderator came from, to go on there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal["publish", "keep", "refuse"]
    note: Line = Field(default="", max_length=MOST_NOTE)
    case: int = Field(default=0, ge=0, le=MOST_ID)


async def download(request: Request) -> Response:
    """The bytes, to whoever may see them. Where another origin hands files out, this one only says who may go there."""
    mine, key = house(request), request.path_params["key"]
    is_there, now = is_attachments_host(request), int(time.time())
    token = request.query_params.get("pass", "")
    has_pass = is_there and guards.is_pass(mine.settings.secret, key, token, now)
    row, is_public = await _found(request, key, has_pass=has_pass)
    if mine.settings.attachments_origin and not is_there:
        asked = "" if is_public else f"?pass={guards.pass_for(mine.settings.secret, key, now)}"
        address = f"{mine.settings.attachments_origin}/attachments/{key}{asked}"
        return RedirectResponse(address, 303, headers={"cache-control": "no-store"})
    return await handed_out(request, row, is_public=is_public)


async def handed_out(request: Request, row: Attachment, *, is_public: bool) -> Response:
    """To whoever was let through."""
    headers = _headers(row, is_public)
    if is_public and request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    content = await house(request).storage.get(row.key)
    return Response(content, headers=headers, media_type=FORMS[Kind(row.kind)].media_type)


async def waiting(request: Request) -> Response:
    """Files that no moderator has looked at; or all of one question's."""
    return await _page(request, request.query_params.get("question", ""), Filled())


async def decide(request: Request) -> Response:
    form, key = await kit.form(request, DecisionForm), request.path_params["key"]
    async with kit.reading(request) as db:
        question_id = (await enclosures.one(db, actor(request), key)).thing_id
    if form.model is None:
        return await _page(request, str(question_id), form, key)
    try:
        async with kit.transaction(request) as db:
            await _decided(db, request, form.model, await enclosures.one(db, actor(request), key))
            back = f"/cases/{form.model.case}" if form.model.case else f"/attachments?question={question_id}"
            return kit.see_other(request, db, f"/review{back}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, str(question_id), form, key)


async def listed(db: AsyncSession, view: View, request: Request, surface: str, thing_id: int) -> list[dict[str, Any]]:
    """What a page shows of a text's files to whoever asks for it."""
    return [view.file(row) for row in await enclosures.seen(db, actor(request), surface, thing_id)]


async def _found(request: Request, key: str, *, has_pass: bool) -> tuple[Attachment, bool]:
    """The file, and whether everybody may have it."""
    async with kit.reading(request) as db:
        with suppress(NotFound):
            return await enclosures.opened(db, PUBLIC, key), True
        if has_pass:
            return await attachments.by_key(db, key), False
        with suppress(NotFound):
            return await enclosures.opened(db, actor(request), key), False
    return await sealed_reads.of_file(request, key), False


def _headers(row: Attachment, is_public: bool) -> dict[str, str]:
    """Saved, never shown in our page's name. A private file is stored by nobody on the way."""
    plain = f"tep.{FORMS[Kind(row.kind)].endings[0]}"
    return {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name, safe='')}",
        "content-security-policy": SANDBOX,
        "cross-origin-resource-policy": "same-origin",
        "etag": f'"{guards.digest(row.key)[:24]}"',
        "cache-control": "public, no-cache" if is_public else "no-store",
    }


async def _decided(db: AsyncSession, request: Request, form: DecisionForm, row: Attachment) -> None:
    if form.decision == "publish":
        await attachments.publish(db, actor(request), row)
    elif form.decision == "keep":
        await attachments.keep_private(db, actor(request), row)
    else:
        await attachments.refuse(db, actor(request), row, form.note)


async def _page(request: Request, asked: str, form: Filled[Any], key: str = "") -> Response:
    """`key`: the file whose form came back."""
    question_id = int(asked) if asked.isdecimal() and asked.isascii() and int(asked[:12]) <= MOST_ID else 0
    view = await load.view(request)
    async with kit.reading(request) as db:
        groups = await (_of_one(db, view, request, question_id) if question_id else _undecided(db, view, request))
    context = {"groups": groups, "question_id": question_id, "tried": key}
    return kit.page(request, "review/attachments.html", status=form.answer_status, form=form, **context)


async def _of_one(db: AsyncSession, view: View, request: Request, question_id: int) -> list[dict[str, Any]]:
    question = await questions.seen_by(db, actor(request), question_id)
    rows = await enclosures.seen(db, actor(request), attachments.QUESTION, question_id)
    return [_group(view, question, rows)]


async def _undecided(db: AsyncSession, view: View, request: Request) -> list[dict[str, Any]]:
    found = await enclosures.undecided(db, actor(request), SHOWN)
    by_question = {question.key: question for _, question in found}
    return [
        _group(view, question, [row for row, of in found if of.key == question.key])
        for question in by_question.values()
    ]


def _group(view: View, question: Any, rows: Sequence[Attachment]) -> dict[str, Any]:
    return {"id": question.key, "title": question.title, "files": [view.file(row) for row in rows]}
