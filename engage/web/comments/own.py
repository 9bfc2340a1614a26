"""An author's own comment: where it stands, writing other words, taking it back; and what it said before, for everybody."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import articles, authoring, comments, review
from engage.access import PUBLIC
from engage.comments import EditForm
from engage.errors import Conflict, Failure, Refused, TooMany
from engage.surfaces import LEAST_REMARK
from engage.web import kit, load, wordings, words
from engage.web.comments import shown
from engage.web.forms import Filled, Nothing
from engage.web.forum.own import why
from engage.web.house import actor
from moderation.screening import Submission


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def edit(request: Request) -> Response:
    typed = await kit.form(request, EditForm)
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with kit.judging(request) as db:
            text = Submission("", typed.model.body)
            verdict = await review.examine(db, comments.SURFACE, text, least=LEAST_REMARK)
        async with kit.transaction(request) as db:
            remark = await comments.own(db, actor(request), request.path_params["id"])
            await comments.edit(db, remark, typed.model, verdict)
            return kit.see_other(request, db, f"/comments/{remark.key}")
    except Failure as failure:
        if not isinstance(failure, Refused | TooMany | Conflict):
            raise
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def withdraw(request: Request) -> Response:
    typed = await kit.form(request, Nothing)
    try:
        async with kit.transaction(request) as db:
            remark = await comments.own(db, actor(request), request.path_params["id"])
            await authoring.withdraw_comment(db, remark)
            return kit.see_other(request, db, f"/comments/{remark.key}")
    except (Refused, Conflict) as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def _page(request: Request, typed: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        remark = await comments.own(db, actor(request), request.path_params["id"])
        article = await articles.one(db, remark.place_id)
        address = await articles.address_of(db, article)
        reasons = await why(db, remark, view.translator.language)
        can_edit = await comments.may_edit(db, remark)
    if "body" not in typed.values:
        typed.values = {"body": remark.body}
    typed.values = {
        **typed.values,
        "version": remark.version,
    }  # the words above are what the next ones are written over
    return kit.page(
        request,
        "comments/own.html",
        status=typed.answer_status,
        form=typed,
        comment=shown.standing(view, remark),
        title=article.title,
        address=address,
        why=reasons,
        can_edit=can_edit,
        can_withdraw=comments.may_withdraw(remark),
        hint="" if remark.has_marks else words.commenting.MARKS,
    )


async def versions(request: Request) -> Response:
    """What it said before its author changed it, newest first."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        remark = await comments.one(db, PUBLIC, request.path_params["id"])
        worded = await wordings.of(db, remark)
        titles = await articles.titles(db, [remark.place_id])
    return kit.page(
        request,
        "comments/revisions.html",
        title=titles.get(remark.place_id, ""),
        comment=shown.comment(view, remark),
        versions=worded,
    )
