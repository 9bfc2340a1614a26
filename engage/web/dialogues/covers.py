"""The cover picture of a dialogue: handed out by the dialogue's own address, and the editor's form for it."""

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import covers, dialogues
from engage.access import Actor, may_edit
from engage.ask import Line
from engage.attachments import MOST_ABOUT
from engage.dialogues import SURFACE, Dialogue
from engage.errors import Failure, NotAllowed, NotFound
from engage.web import attachments, kit, uploads
from engage.web.dialogues import edit
from engage.web.forms import Filled
from engage.web.house import actor


class CoverForm(BaseModel):
    """`cover_about`: what the picture shows; the picture itself comes as a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cover_about: Line = Field(default="", max_length=MOST_ABOUT)
    act: Literal["save", "remove"] = "save"


async def show(request: Request) -> Response:
    """From this very address: pages take pictures from nowhere else. Who may not see the dialogue finds none."""
    dialogue_id = request.path_params["id"]
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        cover = await covers.of(db, dialogue_id)
    if cover is None:
        raise NotFound()
    return await attachments.handed_out(request, cover, is_public=dialogue.is_public)


async def save(request: Request) -> Response:
    form = await kit.form(request, CoverForm, files=True)
    try:
        if form.model is None:
            return await edit.page(request, typed={"cover": form})
        if form.model.act == "save" and form.enclosed.files:
            await _bring(request, form)
        async with kit.transaction(request) as db:
            dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
            await _act(db, actor(request), dialogue, form.model)
            return kit.see_other(request, db, f"/dialogues/{dialogue.key}/edit#cover-section")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await edit.page(request, typed={"cover": form})
    finally:
        await form.enclosed.close()


async def _bring(request: Request, form: Filled[Any]) -> None:
    """In a transaction of its own: a browser cannot be given a file back, so it is kept though its description is missing."""
    kit.must_be_ours(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
    if not may_edit(actor(request), dialogue.key):
        raise NotAllowed()
    stored = await uploads.stored(request, form.enclosed.files[0], SURFACE)
    async with kit.transaction(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue.key)
        await covers.bring(db, actor(request), dialogue, **asdict(stored))


async def _act(db: AsyncSession, who: Actor, dialogue: Dialogue, form: CoverForm) -> None:
    if form.act == "remove":
        await covers.remove(db, who, dialogue)
    else:
        await covers.describe(db, who, dialogue, form.cover_about)
