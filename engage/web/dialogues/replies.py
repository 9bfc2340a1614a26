"""Writing a guest's reply: take it, save it, hand it up; a guest lets it out. The scribe's desk and the guest's share these doors.

Nothing typed is lost: what cannot be saved comes back on the page, beside what somebody else saved meanwhile.
"""

from typing import Any, Literal

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import guests, people, questions, replies, turns
from engage.access import Actor
from engage.ask import Line
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.errors import Failure, NotFound
from engage.replies import Reply, Written
from engage.web import kit
from engage.web.dialogues import desk, drafting, guest, scribe
from engage.web.dialogues.desk import DESKS, Desk, Frozen
from engage.web.forms import Filled, said_by
from engage.web.house import actor
from engage.web.templates import clock

PAGES = {"scribe": scribe.page, "guest": guest.page}
Where = Literal["scribe", "guest"]


class BeginForm(Frozen):
    """`take`: from whoever holds it."""

    desk: Where
    question: int = Field(ge=1, le=MOST_ID)
    guest: int = Field(ge=1, le=MOST_ID)
    take: bool = False


class WriteForm(Frozen):
    """`release` is a guest's; a scribe hands up. `reason` is for readers, when what is out is corrected."""

    desk: Where
    reply: int = Field(ge=1, le=MOST_ID)
    version: int = Field(ge=0, le=1_000_000)
    text: str = Field(default="", max_length=replies.MOST)
    reason: Line = Field(default="", max_length=500)
    act: Literal["save", "hand_up", "release", "free", "autosave"] = "save"


async def begin(request: Request) -> Response:
    form = await kit.form(request, BeginForm)
    return await desk.act(request, _desk(form), form, _page(form), _begin)


async def write(request: Request) -> Response:
    form = await kit.form(request, WriteForm)
    if form["act"] == "autosave":
        return await _autosave(request, form)
    return await desk.act(request, _desk(form), form, _page(form), _write)


async def _begin(db: AsyncSession, who: Actor, dialogue: Dialogue, model: BeginForm) -> str:
    turn, guest = await turns.one(db, dialogue.key, model.question), await guests.one(db, dialogue.key, model.guest)
    reply = await replies.of_guest(db, turn.question_id, guest.key)
    if reply is not None and model.take:
        await replies.take_over(db, who, dialogue, reply)
    else:
        reply = await replies.begin(db, who, dialogue, await questions.one(db, turn.question_id), guest.key)
    if reply.state == Written.HANDED_UP and model.desk == "guest":
        await replies.hand_back(db, who, dialogue, reply, "")
    return at(reply)


async def _write(db: AsyncSession, who: Actor, dialogue: Dialogue, model: WriteForm) -> str:
    """What is stored already is not saved again, whatever version the page saw: it may have saved it by itself a moment ago, and
    whoever lets a draft go need not hold it."""
    reply = await replies.one(db, dialogue.key, model.reply)
    if model.text != reply.draft:
        await replies.write(db, who, dialogue, reply, model.text, model.version)
    if model.act == "hand_up":
        await replies.hand_up(db, who, dialogue, reply)
    elif model.act == "release":
        await replies.release(db, who, dialogue, reply, reply.version, reason=model.reason)
    elif model.act == "free":
        await replies.let_go(db, who, dialogue, reply)
    return at(reply) if model.act == "save" else ""


def at(reply: Reply) -> str:
    return f"?question={reply.question_id}&guest={reply.guest_id}"


async def _autosave(request: Request, form: Filled[WriteForm]) -> Response:
    """For the script: the new version, or why nothing was saved and what somebody else saved meanwhile."""
    if form.model is None:
        return JSONResponse({"words": form.note or next(iter(form.errors.values()), "")}, form.status)
    try:
        async with kit.transaction(request) as db:
            dialogue = await _desk(form).find(db, actor(request), request.path_params["id"])
            reply = await replies.one(db, dialogue.key, form.model.reply)
            await replies.write(db, actor(request), dialogue, reply, form.model.text, form.model.version)
        return JSONResponse({"version": reply.version, "at": clock(reply.written_at)})
    except NotFound:
        raise
    except Failure as failure:
        return await _not_saved(request, form.model, failure)


async def _not_saved(request: Request, model: WriteForm, failure: Failure) -> Response:
    shown: dict[str, Any] = {"words": said_by(failure, kit.translator(request)), "theirs": ""}
    if failure.reason in {"reply_changed", "reply_is_held"}:
        async with kit.reading(request) as db:
            reply = await replies.one(db, request.path_params["id"], model.reply)
            names = await people.names(db, [reply.written_by])
        theirs = drafting.beside(reply, names.get(reply.written_by, ""), model.text)
        body = kit.page(request, "dialogues/_theirs.html", theirs=theirs).body
        shown["theirs"] = bytes(body).decode()
    return JSONResponse(shown, failure.status)


def _desk(form: Filled[Any]) -> Desk:
    return DESKS["guest" if form["desk"] == "guest" else "scribe"]


def _page(form: Filled[Any]) -> desk.Page:
    return PAGES["guest" if form["desk"] == "guest" else "scribe"]
