"""What the host sees: the stage, the queue as it is called, what waits narrowed as they asked, the crew."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pydantic import Field, ValidationError, field_validator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import boards, guests, turns
from engage.boards import NONE, SECTIONS, Line, Narrowed, Order
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.turns import Floor
from engage.web import kit, load, words
from engage.web.dialogues import desk, drafting, polls_page
from engage.web.dialogues.desk import HOST, Frozen
from engage.web.dialogues.drafting import Sitting
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View

LIMIT = 30  # of either list: each line has a form of its own
CURSOR = re.compile(r"([0-9]{1,9}-){1,2}[0-9]{1,9}")


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
    def place(self) -> tuple[int, ...]:
        """Of the last line of the page before: in an order of sections its section, then its votes and its turn."""
        return tuple(map(int, self.after.split("-"))) if self.after else ()

    @property
    def narrowed(self) -> Narrowed:
        return Narrowed(
            {Floor.ASIDE} if self.aside else {Floor.WAITING},
            self.order,
            self.group,
            None if self.guest is None else {self.guest},
            self.place[-2:] or None,  # type: ignore[arg-type]  # two at least, says the pattern
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
        names = await _names(db, dialogue, chosen, view)
        waiting = await _waiting(db, dialogue, chosen, list(names))
        context |= {
            "queue": [desk.shown(view, line, came) for line in queued],
            "sections": [
                (names.get(section, ""), [desk.shown(view, line, came) for line in lines])
                for section, lines in groupby(waiting, lambda line: boards.section_of(line, chosen.order))
            ],
            "counts": await turns.counts(db, dialogue),
            "groups": await guests.groups(db, dialogue.key),
            "drafts": await drafting.drafts(db, Sitting(HOST, dialogue, who.person_id), came),
            "chosen": chosen,
            "next_url": _next(request, chosen, waiting),
            **await polls_page.shown(request, db, view, dialogue, form),
        }
    context |= {"crew": await desk.crew_here(request, dialogue_id), "live": live, "desk": HOST.name, "form": form}
    return kit.page(request, "dialogues/host.html", status=form.answer_status, **context)


async def _names(db: AsyncSession, dialogue: Dialogue, chosen: Filter, view: View) -> dict[int, str]:
    """Of the sections, in their order; what is in none of them comes last."""
    if chosen.order is Order.GROUP:
        named, only = {group.key: group.name for group in await guests.groups(db, dialogue.key)}, chosen.group
    elif chosen.order is Order.GUEST:
        named, only = {guest.key: guest.name for guest in await guests.of(db, dialogue.key)}, chosen.guest
    else:
        return {}
    named[NONE] = view.translator.say(words.hosting.SECTIONLESS[chosen.order])
    return {key: name for key, name in named.items() if only in (None, key)}


async def _waiting(db: AsyncSession, dialogue: Dialogue, chosen: Filter, sections: Sequence[int]) -> Sequence[Line]:
    if chosen.order not in SECTIONS:
        return await boards.listed(db, dialogue, chosen.narrowed)
    begin = chosen.place[0] if len(chosen.place) > 2 else None
    return await boards.in_sections(db, dialogue, chosen.narrowed, sections, begin)


def _filter(request: Request) -> Filter:
    """An address that says nothing we know is the whole list."""
    try:
        return Filter.model_validate({name: request.query_params.get(name, "") for name in _named(request)})
    except ValidationError:
        return Filter()


def _named(request: Request) -> set[str]:
    return {name for name in Filter.model_fields if request.query_params.get(name)}


def _next(request: Request, chosen: Filter, waiting: Sequence[Line]) -> str:
    if len(waiting) < LIMIT:
        return ""
    last, language = waiting[-1], kit.translator(request).language
    pairs = {name: request.query_params.get(name, "") for name in _named(request)}
    path = HOST.path(request.path_params["id"])
    section = f"{boards.section_of(last, chosen.order)}-" if chosen.order in SECTIONS else ""
    return localized(path, language) + query(pairs | {"after": f"{section}{last.votes}-{last.turn.key}"})
