"""Posts and comments taken down by a moderator, with a reason, and put back: the same page for whatever is said in a place."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import people, remarks, removals
from engage.access import Moderation
from engage.errors import Conflict, NotFound, Refused
from engage.remarks import Remark, Said
from engage.takedowns import HideForm
from engage.web import kit, load
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.review import page as pages
from engage.web.views import View, paragraphs

Act = Callable[[AsyncSession, Remark], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`shown`: what its page needs besides, of where the remark stands."""

    surface: Said
    path: str
    template: str
    shown: Callable[[AsyncSession, View, Remark], Awaitable[Mapping[str, Any]]]


async def hide(request: Request, kind: Kind) -> Response:
    form = await kit.form(request, HideForm)

    async def hidden(db: AsyncSession, remark: Remark) -> None:
        await removals.hide(db, actor(request), remark, form.model or HideForm())

    return await act(request, kind, form, hidden)


async def restore(request: Request, kind: Kind) -> Response:
    form = await kit.form(request, Nothing)

    async def restored(db: AsyncSession, remark: Remark) -> None:
        await removals.restore(db, actor(request), remark)

    return await act(request, kind, form, restored)


async def act(request: Request, kind: Kind, form: Filled[Any], verb: Act) -> Response:
    if form.model is None:
        return await page(request, kind, form)
    try:
        async with kit.transaction(request) as db:
            remark = await _shown_once(db, request, kind)
            await verb(db, remark)
            return kit.see_other(request, db, f"{kind.path}/{remark.key}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, kind, form)


async def page(request: Request, kind: Kind, form: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        remark = await _shown_once(db, request, kind)
        where = await kind.shown(db, view, remark)
        made = await removals.standing(db, remark)
        names = await people.names(db, [made.by if made else None])
        reasons = await pages.reasons(db, view)
    return kit.page(
        request,
        kind.template,
        status=form.answer_status,
        form=form,
        door=f"{kind.path}/{remark.key}",
        **where,
        words=paragraphs(remark.body),
        is_shown=remark.moderation == Moderation.ACCEPTED,
        is_hidden=remark.moderation == Moderation.HIDDEN,
        removed={
            "by": names.get(made.by, ""),
            "at": made.at,
            "reason": next((one["words"] for one in reasons if one["code"] == made.reason), made.reason),
            "words": made.words,
        }
        if made
        else None,
        reasons=reasons,
    )


async def _shown_once(db: AsyncSession, request: Request, kind: Kind) -> Remark:
    """What waits to be let in is decided in its case."""
    remark = await remarks.seen_by(db, actor(request), request.path_params["id"])
    if remark.surface != kind.surface or remark.number is None:
        raise NotFound()
    return remark
