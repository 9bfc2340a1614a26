"""What moderators do with threads and posts that readers have: close, reopen, pin; take a post down, put it back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import forum, forwarding, marking, people
from engage.ask import Line
from engage.errors import Conflict, Refused
from engage.forum import Thread
from engage.remarks import Remark, Said
from engage.votes import Standing
from engage.web import kit, load, removing
from engage.web.forms import Filled
from engage.web.forum import polls, shown
from engage.web.house import actor
from engage.web.removing import Kind
from engage.web.views import View


class ThreadAct(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    act: Literal["close", "reopen", "pin", "unpin", "suggest"] = "close"
    why: Line = Field(default="", max_length=500)


async def thread(request: Request) -> Response:
    return await page(request, Filled())


async def change_thread(request: Request) -> Response:
    form, who = await kit.form(request, ThreadAct), actor(request)
    if form.model is None:
        return await page(request, form)
    wished = form.model
    acts: dict[str, Callable[[AsyncSession, Thread, Remark], Awaitable[None]]] = {
        "close": lambda db, one, _: forum.close(db, who, one, wished.why),
        "reopen": lambda db, one, _: forum.reopen(db, who, one),
        "pin": lambda db, one, _: forum.pin(db, who, one),
        "unpin": lambda db, one, _: forum.unpin(db, who, one),
        "suggest": lambda db, one, opening: forwarding.suggest(db, who, one, opening),
    }
    try:
        async with kit.transaction(request) as db:
            found, opening = await forum.seen_by(db, who, request.path_params["id"])
            await acts[wished.act](db, found, opening)
            return kit.see_other(request, db, f"/review/threads/{found.key}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def page(request: Request, form: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        found, opening = await forum.seen_by(db, actor(request), request.path_params["id"])
        section = await forum.section_of(db, found)
        names = await people.names(db, [found.closed_by])
        poll = await polls.of(db, view, found.key)
        aside = await marking.voters(db, [poll["id"]], Standing.QUARANTINED) if poll else {}
    return kit.page(
        request,
        "forum/manage.html",
        status=form.answer_status,
        form=form,
        title=opening.title,
        address=shown.url_of(view, found.key),
        section=shown.section(view, section),
        thread=found,
        poll=poll,
        aside=sum(aside.values()),
        closed_by=names.get(found.closed_by or 0, ""),
    )


async def post(request: Request) -> Response:
    return await removing.page(request, POST, Filled())


async def hide(request: Request) -> Response:
    return await removing.hide(request, POST)


async def restore(request: Request) -> Response:
    return await removing.restore(request, POST)


async def _where(db: AsyncSession, view: View, remark: Remark) -> Mapping[str, Any]:
    titles = await forum.titles(db, [remark.place_id])
    return {"post": shown.post(view, remark, {}), "title": titles.get(remark.place_id, "")}


POST = Kind(Said.POST, "/review/posts", "forum/remove.html", _where)
