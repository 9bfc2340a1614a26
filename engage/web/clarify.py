"""An agency asks the asker what it must know before it can answer."""

from starlette.requests import Request
from starlette.responses import Response

from engage import archive, clarifications
from engage.clarifications import ClarifyForm
from engage.errors import Conflict, Refused
from engage.web import kit
from engage.web.desk_page import page
from engage.web.house import actor


async def ask(request: Request) -> Response:
    form, question_id = await kit.form(request, ClarifyForm), request.path_params["id"]
    if form.model is None:
        return await page(request, question_id, form)
    words = form.model.words
    try:
        async with kit.transaction(request) as db:
            question = await archive.workable_one(db, actor(request), question_id)
            await clarifications.ask(db, actor(request), question, words)
            return kit.see_other(request, db, f"/desk/questions/{question_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, question_id, form)
