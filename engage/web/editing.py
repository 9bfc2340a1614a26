"""Who else has a draft open: each open editor says that it is, and shows the others. Hinders nobody from saving."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, in_place, people, presence, standing
from engage.access import Actor
from engage.errors import NotAllowed
from engage.questions import Question
from engage.web import kit
from engage.web.forms import Nothing
from engage.web.house import actor, house

Find = Callable[[AsyncSession, Actor, int], Awaitable[Question]]


async def here(request: Request) -> Response:
    return await _here(request, archive.workable_one)


async def here_in_place(request: Request) -> Response:
    return await _here(request, in_place.one)


async def others(request: Request, question_id: int) -> list[str]:
    """At load, with or without a script: whoever reads the editor's page has it open."""
    async with house(request).store.transaction() as db:
        return await _noted(db, actor(request), question_id)


async def _here(request: Request, find: Find) -> Response:
    await kit.form(request, Nothing)
    who = actor(request)
    async with kit.transaction(request) as db:
        found = await find(db, who, request.path_params["id"])
        if not await standing.may_write(db, who, found):
            raise NotAllowed()
        return kit.page(request, "desk/_editing.html", editing=await _noted(db, who, found.key))


async def _noted(db: AsyncSession, who: Actor, question_id: int) -> list[str]:
    """Names of colleagues who have the editor of this answer open; from now on the reader is one of them."""
    desk, person_id = f"draft:{question_id}", who.person_id or 0
    await presence.note(db, desk, person_id)
    ids = await presence.others(db, desk, person_id)
    names = await people.names(db, ids)
    return [names[one] for one in ids if one in names]
