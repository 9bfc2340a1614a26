"""What moderators do under articles: close one, put two together; take a comment down, put it back, pick it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import articles, comments, namings, people
from engage.articles import Article
from engage.ask import Line
from engage.errors import Conflict, Refused
from engage.remarks import Remark, Said
from engage.web import kit, removing
from engage.web.comments import shown
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.removing import Kind
from engage.web.views import View


class ArticleAct(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    act: Literal["close", "reopen", "merge"] = "close"
    why: Line = Field(default="", max_length=500)
    external: Line = Field(default="", max_length=100)


class PickForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True


async def article(request: Request) -> Response:
    return await _article(request, Filled())


async def change_article(request: Request) -> Response:
    form, who = await kit.form(request, ArticleAct), actor(request)
    if form.model is None:
        return await _article(request, form)
    wished = form.model
    acts: dict[str, Callable[[AsyncSession, Article], Awaitable[Any]]] = {
        "close": lambda db, one: articles.close(db, who, one, wished.why),
        "reopen": lambda db, one: articles.reopen(db, who, one),
        "merge": lambda db, one: namings.merge(db, who, one, wished.external),
    }
    try:
        async with kit.transaction(request) as db:
            found = await articles.one(db, request.path_params["id"])
            await acts[wished.act](db, found)
            return kit.see_other(request, db, f"/review/articles/{found.merged_into_id or found.key}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _article(request, form)


async def _article(request: Request, form: Filled[Any]) -> Response:
    async with kit.reading(request) as db:
        found = await articles.one(db, request.path_params["id"])
        address = await articles.address_of(db, found)
        names = await people.names(db, [found.closed_by])
    return kit.page(
        request,
        "comments/manage.html",
        status=form.answer_status,
        form=form,
        article=found,
        address=address,
        closed_by=names.get(found.closed_by or 0, ""),
    )


async def comment(request: Request) -> Response:
    return await removing.page(request, COMMENT, Filled())


async def hide(request: Request) -> Response:
    return await removing.hide(request, COMMENT)


async def restore(request: Request) -> Response:
    return await removing.restore(request, COMMENT)


async def pick(request: Request) -> Response:
    form, who = await kit.form(request, PickForm), actor(request)

    async def picked(db: AsyncSession, remark: Remark) -> None:
        await comments.pick(db, who, remark, on=bool(form.model and form.model.on))

    return await removing.act(request, COMMENT, form, picked)


async def _where(db: AsyncSession, view: View, remark: Remark) -> Mapping[str, Any]:
    titles = await articles.titles(db, [remark.place_id])
    post = {**shown.comment(view, remark), "opens": False}
    return {"post": post, "title": titles.get(remark.place_id, "")}


COMMENT = Kind(Said.COMMENT, "/review/comments", "comments/remove.html", _where)
