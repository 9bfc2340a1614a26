"""More days for an answer: the desk's form."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, clocks
from engage.ask import Line
from engage.errors import Conflict, Refused
from engage.web import kit
from engage.web.desk_page import page
from engage.web.house import actor


class ExtensionForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(ge=-1_000, le=1_000)
    reason: Line = Field(default="", max_length=1000)


async def extend(request: Request) -> Response:
    form, question_id = await kit.form(request, ExtensionForm), request.path_params["id"]
    if form.model is None:
        return await page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            question = await archive.workable_one(db, actor(request), question_id)
            await clocks.extend(db, actor(request), question, form.model.days, form.model.reason)
            return kit.see_other(request, db, f"/desk/questions/{question_id}?done=extended.{question_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, question_id, form)
