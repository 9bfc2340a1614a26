"""The scribe's desk: what is on stage one press away, one reply open, who holds which, what went out lately."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import boards
from engage.boards import Narrowed, Order
from engage.turns import Floor
from engage.web import kit, load
from engage.web.dialogues import desk, drafting
from engage.web.dialogues.desk import SCRIBE
from engage.web.dialogues.drafting import Sitting
from engage.web.forms import Filled
from engage.web.house import actor

NEXT = 30


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def page(request: Request, form: Filled[Any]) -> Response:
    who, dialogue_id = actor(request), request.path_params["id"]
    live, view = await desk.live_room(request, dialogue_id), await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await SCRIBE.find(db, who, dialogue_id)
        context = await desk.frame(request, db, view, dialogue)
        came, at = context["guests"], Sitting(SCRIBE, dialogue, who.person_id)
        lines = await boards.listed(db, dialogue, Narrowed({Floor.QUEUED}, Order.CALLED, limit=NEXT))
        context["lines"] = [desk.shown(view, line, came) for line in lines]
        context["recent"] = await drafting.released(db, dialogue, came)
        context["drafts"] = await drafting.drafts(db, at, came)
        chosen = await drafting.chosen_of(db, request, dialogue, form)
        context["work"] = await drafting.work(db, view, at, chosen, form)
    context |= {"crew": await desk.crew_here(request, dialogue_id), "live": live, "desk": SCRIBE.name, "form": form}
    return kit.page(request, "dialogues/scribe.html", status=form.answer_status, **context)
