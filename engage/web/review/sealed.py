"""What becomes of a sealed text: its hand-over, and its erasure after it."""

from starlette.requests import Request
from starlette.responses import Response

from engage import seals
from engage.errors import Conflict, Refused
from engage.seals import HandOverForm
from engage.web import kit, remains
from engage.web.forms import Nothing
from engage.web.house import actor
from engage.web.review import page


async def hand_over(request: Request) -> Response:
    form, case_id = await kit.form(request, HandOverForm), request.path_params["id"]
    if form.model is None:
        return await page.show(request, case_id, form)
    try:
        async with kit.transaction(request) as db:
            await seals.hand_over(db, actor(request), case_id, form.model)
            return kit.see_other(request, db, f"/review/cases/{case_id}")
    except (Refused, Conflict) as failure:
        return await page.lost(request, case_id, failure, form)


async def erase(request: Request) -> Response:
    form, case_id = await kit.form(request, Nothing), request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            left = await seals.erase(db, actor(request), case_id)
            await remains.remove_letters(request, left)
            response = kit.see_other(request, db, f"/review/cases/{case_id}")
        await remains.remove_files(request, left)
        return response
    except (Refused, Conflict) as failure:
        return await page.lost(request, case_id, failure, form)
