"""Finding a comment useful, and taking that back. Pages of comments are the same for everybody; what is one's own stands here."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from engage import articles, comments, votes
from engage.access import PUBLIC
from engage.errors import Refused
from engage.web import kit, load, voters
from engage.web.comments import shown
from engage.web.forms import Filled
from engage.web.house import actor


class UsefulForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True


async def form(request: Request) -> Response:
    return await _form(request, Filled())


async def find(request: Request) -> Response:
    typed, remark_id = await kit.form(request, UsefulForm), request.path_params["id"]
    if typed.model is None:
        return await _form(request, typed)
    voter, source = voters.of_comment(request, actor(request))
    try:
        async with kit.transaction(request) as db:
            await comments.find_useful(db, remark_id, voter, source, on=typed.model.on)
            return kit.see_other(request, db, f"/comments/{remark_id}/useful")
    except Refused as failure:
        typed.refuse(failure, kit.translator(request))
        return await _form(request, typed)


async def _form(request: Request, typed: Filled[UsefulForm]) -> Response:
    view, voter = await load.view(request), voters.voter_of(request, actor(request))
    async with kit.reading(request) as db:
        remark = await comments.one(db, PUBLIC, request.path_params["id"])
        titles = await articles.titles(db, [remark.place_id])
        has_voted = bool(voter) and await votes.has_voted(db, voter, comments.SURFACE, remark.key)
    return kit.page(
        request,
        "comments/useful.html",
        status=typed.answer_status,
        form=typed,
        title=titles.get(remark.place_id, ""),
        comment=shown.comment(view, remark),
        has_voted=has_voted,
    )
