"""A dialogue's next stage, each on a page that says what follows before the button is pressed."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from starlette.requests import Request
from starlette.responses import Response

from engage import arranging, dialogues, staging
from engage.access import may_edit
from engage.arranging import WRITTEN, Line, Moment
from engage.dialogues import Dialogue, Stage
from engage.errors import Conflict, Failure, NotAllowed, NotFound
from engage.web import kit, words
from engage.web.dialogues import announcement
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.templates import local

# From which stages each may be taken; a verb decides all the same.
STEPS = {
    "announce": {Stage.DRAFT},
    "intake": {Stage.SCHEDULED},
    "time": {Stage.SCHEDULED, Stage.INTAKE, Stage.LOBBY},
    "cancel": {Stage.SCHEDULED, Stage.INTAKE, Stage.LOBBY, Stage.PAUSED},
}


class ReasonForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Input(default="", max_length=500)


class TimeForm(ReasonForm):
    starts_at: Moment
    ends_at: Moment


MODELS: dict[str, type[BaseModel]] = {"announce": Nothing, "intake": Nothing, "time": TimeForm, "cancel": ReasonForm}


async def ask(request: Request) -> Response:
    return await _page(request, None)


async def take(request: Request) -> Response:
    name, dialogue_id = _named(request), request.path_params["id"]
    form: Filled[Any] = await kit.form(request, MODELS[name])
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
            await _take(db, request, name, dialogue, form.model)
            return kit.see_other(request, db, f"/dialogues/{dialogue_id}/edit")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _take(db: Any, request: Request, name: str, dialogue: Dialogue, form: Any) -> None:
    who = actor(request)
    match name:
        case "announce":
            await staging.announce(db, who, dialogue)
        case "intake":
            await staging.open_intake(db, who, dialogue)
        case "time":
            await arranging.move_to(db, who, dialogue, form.starts_at, form.ends_at, form.reason)
        case _:
            await staging.cancel(db, who, dialogue, form.reason)


async def _page(request: Request, form: Filled[Any] | None) -> Response:
    name, who = _named(request), actor(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, who, request.path_params["id"])
    if not may_edit(who, dialogue.key):
        raise NotAllowed()
    if form is None and dialogue.stage not in STEPS[name]:
        raise Conflict("moved_on")
    times = {"starts_at": dialogue.starts_at, "ends_at": dialogue.ends_at}
    form = form or Filled(values={field: local(at).strftime(WRITTEN) for field, at in times.items()})
    say = kit.translator(request).say
    title, follows, button = words.announcing.NEXT[name]
    return kit.page(
        request,
        "dialogues/step.html",
        status=form.answer_status,
        dialogue=dialogue,
        stage=announcement.stage(kit.translator(request), dialogue.stage),
        step=name,
        step_title=say(title),
        follows=[say(one) for one in follows],
        button=say(button),
        form=form,
    )


def _named(request: Request) -> str:
    name = str(request.path_params["step"])
    if name not in STEPS:
        raise NotFound()
    return name
