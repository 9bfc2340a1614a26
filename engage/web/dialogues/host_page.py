"""What the host sees: the stage, the queue as it is called, what waits narrowed as they asked, the crew."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import Field, ValidationError, field_validator
from starlette.requests import Request
from starlette.responses import Response

from engage import boards, guests, turns
from engage.boards import Line, Narrowed, Order
from engage.db import MOST_ID
from engage.turns import Floor
from engage.web import kit, load
from engage.web.dialogues import desk, drafting, polls_page
from engage.web.dialogues.desk import HOST, Frozen
from engage.web.dialogues.drafting import Sitting
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.templates import query

LIMIT = 30  # of either list: each line has a form of its own
CURSOR = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


class Filter(Frozen):
    """As it stands in the address. `aside`: what was put aside, instead of what waits."""

    order: Order = Order.VOTES
    group: int | None = Field(default=None, ge=1, le=MOST_ID)
    guest: int | None = Field(default=None, ge=1, le=MOST_ID)
    aside: bool = False
    after: str = Field(default="", pattern=rf"^({CURSOR.pattern})?$")

    @field_validator("group", "guest", mode="before")
    @classmethod
    def _all(cls, value: object) -> object:
        return value or None

    @property
    def narrowed(self) -> Narrowed:
        return Narrowed(
            {Floor.ASIDE} if self.aside else {Floor.WAITING},
            self.order,
            self.group,
            None if self.guest is None else {self.guest},
            tuple(map(int, self.after.split("-"))) if self.after else None,  # type: ignore[arg-type]  # two, says the pattern
            LIMIT,
        )


async def page(request: Request, form: Filled[Any]) -> Response:
    who, dialogue_id, chosen = actor(request), request.path_params["id"], _filter(request)
    live, view = await desk.live_room(request, dialogue_id), await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await HOST.find(db, who, dialogue_id)
        context = await desk.frame(request, db, view, dialogue)
        came = context["guests"]
        queued = await boards.listed(db, dialogue, Narrowed({Floor.QUEUED}, Order.CALLED, limit=LIMIT))
        waiting = await boards.listed(db, dialogue, chosen.narrowed)
        context |= {
            "queue": [desk.shown(view, line, came) for line in queued],
            "waiting": [desk.shown(view, line, came) for line in waiting],
            "counts": await turns.counts(db, dialogue),
            "groups": await guests.groups(db, dialogue.key),
            "drafts": await drafting.drafts(db, Sitting(HOST, dialogue, who.person_id), came),
            "chosen": chosen,
            "next_url": _next(request, waiting),
            **await polls_page.shown(request, db, view, dialogue, form),
        }
    context |= {"crew": await desk.crew_here(request, dialogue_id), "live": live, "desk": HOST.name, "form": form}
    return kit.page(request, "dialogues/host.html", status=form.answer_status, **context)


def _filter(request: Request) -> Filter:
    """An address that says nothing we know is the whole list."""
    try:
        return Filter.model_validate({name: request.query_params.get(name, "") for name in _named(request)})
    except ValidationError:
        return Filter()


def _named(request: Request) -> set[str]:
    return {name for name in Filter.model_fields if request.query_params.get(name)}


def _next(request: Request, waiting: Sequence[Line]) -> str:
    if len(waiting) < LIMIT:
        return ""
    last, language = waiting[-1], kit.translator(request).language
    pairs = {name: request.query_params.get(name, "") for name in _named(request)}
    path = HOST.path(request.path_params["id"])
    return localized(path, language) + query(pairs | {"after": f"{last.votes}-{last.turn.key}"})
