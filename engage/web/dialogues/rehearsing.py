"""A rehearsal's two buttons: one leads to the copy, the other wipes it and leads back."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, rehearsals
from engage.access import Actor
from engage.dialogues import Dialogue
from engage.errors import Failure
from engage.web import kit
from engage.web.dialogues import edit
from engage.web.forms import Nothing
from engage.web.house import actor

Verb = Callable[[AsyncSession, Actor, Dialogue], Awaitable[int]]


async def begin(request: Request) -> Response:
    return await _press(request, _begin)


async def wipe(request: Request) -> Response:
    return await _press(request, _wipe)


async def _press(request: Request, verb: Verb) -> Response:
    """`verb` says which dialogue is edited next. A refusal is said on the editor's page."""
    form = await kit.form(request, Nothing)
    if form.model is None:
        return await edit.page(request, typed={"rehearsal": form})
    try:
        async with kit.transaction(request) as db:
            dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
            return kit.see_other(request, db, f"/dialogues/{await verb(db, actor(request), dialogue)}/edit")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await edit.page(request, typed={"rehearsal": form})


async def _begin(db: AsyncSession, who: Actor, dialogue: Dialogue) -> int:
    return (await rehearsals.begin(db, who, dialogue)).key


async def _wipe(db: AsyncSession, who: Actor, rehearsal: Dialogue) -> int:
    original = rehearsal.rehearsal_of_id or rehearsal.key
    await rehearsals.wipe(db, who, rehearsal)
    return original
