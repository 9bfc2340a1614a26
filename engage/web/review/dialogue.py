"""The switches with which moderators stem a flood of questions: they see it first, at the desk narrowed to one dialogue."""

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, staging
from engage.web import kit
from engage.web.dialogues.host import SwitchForm
from engage.web.house import actor
from engage.web.review import page, wanted


async def switch(request: Request) -> Response:
    form, dialogue_id = await kit.form(request, SwitchForm), request.path_params["id"]
    async with kit.reading(request) as db:
        await dialogues.seen_by(db, actor(request), dialogue_id)
    if form.model is None:
        return await page.show(request, None, form)
    async with kit.transaction(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        await staging.switch(db, actor(request), dialogue, **form.model.model_dump())
        return kit.see_other(request, db, "/review" + wanted.kept(request))
