"""An agency's snippets: everybody there reads them, the coordinator keeps them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import access, agencies, snippets
from engage.agencies import Post
from engage.errors import NotFound, Refused
from engage.snippets import SnippetForm
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.views import View


class OurForm(SnippetForm):
    """With the agency it is of: a coordinator may have two."""

    agency: str = ""


async def listed(request: Request) -> Response:
    return await _page(request, Filled(), request.query_params.get("agency", ""))


async def keep(request: Request) -> Response:
    form = await kit.form(request, OurForm)
    if form.model is None:
        return await _page(request, form, str(form["agency"]))
    try:
        async with kit.transaction(request) as db:
            agency = await agencies.by_slug(db, form.model.agency)
            if agency.id is None or agency.id not in actor(request).posts:
                raise NotFound()
            await snippets.keep(db, actor(request), agency.id, form.model)
            return kit.see_other(request, db, f"/desk/snippets?agency={agency.slug}")
    except Refused as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form, str(form["agency"]))


async def _page(request: Request, form: Filled[Any], slug: str) -> Response:
    who = actor(request)
    view = await load.view(request)
    mine = [view.directory.agencies[agency_id] for agency_id in who.posts]
    agency = next((one for one in mine if one.slug == slug), mine[0])
    async with kit.reading(request) as db:
        rows = await snippets.of_agency(db, agency.id or 0)
    return kit.page(
        request,
        "desk/snippets.html",
        status=form.answer_status,
        form=form,
        agency=agency,
        agencies=mine,
        rows=[_row(view, row) for row in rows],
        can_keep=access.holds(who, agency.id, Post.COORDINATOR),
        topic_groups=load.topic_groups(view),
    )


def _row(view: View, row: snippets.Snippet) -> dict[str, Any]:
    topic = view.directory.topics.get(row.topic_id)
    return {
        "id": str(row.id),
        "name": row.name,
        "text": row.text,
        "topic": topic.slug if topic else "",
        "topic_name": view.translator.named(topic) if topic else "",
        "active": row.active,
    }
