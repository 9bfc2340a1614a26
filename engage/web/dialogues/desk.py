"""What the desks of a dialogue have in common: who finds which desk, what stands on stage, who else of the crew is there.

A page is whole in itself: the browser that opens it anew, on whatever machine, shows the truth.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import boards, dialogues, guests, people, presence, turns
from engage.access import Actor, has_part, may_edit, may_lead, may_sift
from engage.boards import Line
from engage.crews import Part
from engage.db import now
from engage.dialogues import Dialogue
from engage.errors import Failure, NotFound
from engage.guests import Guest
from engage.web import kit, words
from engage.web.forms import Filled, Model
from engage.web.house import actor, house
from engage.web.language import localized
from engage.web.views import View

Page = Callable[[Request, Filled[Any]], Awaitable[Response]]
Verb = Callable[[AsyncSession, Actor, Dialogue, Model], Awaitable[str]]


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def leads(who: Actor, dialogue_id: int) -> bool:
    return may_lead(who, dialogue_id)


def speaks(who: Actor, dialogue_id: int) -> bool:
    """A guest, or who helps one."""
    return has_part(who, dialogue_id, Part.GUEST, Part.OFFICER)


def types(who: Actor, dialogue_id: int) -> bool:
    return has_part(who, dialogue_id, Part.SCRIBE) or may_edit(who, dialogue_id)


def writes(who: Actor, dialogue_id: int) -> bool:
    return types(who, dialogue_id) or speaks(who, dialogue_id)


@dataclass(frozen=True, slots=True)
class Desk:
    """`name` is the last part of its address; for whom it is not, it is missing."""

    name: str
    is_of: Callable[[Actor, int], bool]

    def path(self, dialogue_id: int) -> str:
        return f"/dialogues/{dialogue_id}/{self.name}"

    async def find(self, db: AsyncSession, who: Actor, dialogue_id: int) -> Dialogue:
        if not self.is_of(who, dialogue_id):
            raise NotFound()
        return await dialogues.seen_by(db, who, dialogue_id)


HOST, GUEST, SCRIBE = Desk("host", leads), Desk("guest", speaks), Desk("scribe", types)
SIFT, CLUSTERS = Desk("sift", may_sift), Desk("clusters", may_sift)
DESKS = {desk.name: desk for desk in (HOST, GUEST, SCRIBE, SIFT)}


async def act(request: Request, desk: Desk, form: Filled[Model], page: Page, verb: Verb[Model]) -> Response:
    """A button of a desk. `verb` says where it leads, after the desk's address. What was refused is said on the desk, with what
    was typed."""
    if form.model is None:
        return await page(request, form)
    dialogue_id = request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            dialogue = await desk.find(db, actor(request), dialogue_id)
            return kit.see_other(
                request, db, desk.path(dialogue_id) + await verb(db, actor(request), dialogue, form.model)
            )
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def frame(request: Request, db: AsyncSession, view: View, dialogue: Dialogue) -> dict[str, Any]:
    """Around every desk: the dialogue, what is on stage, who answers."""
    who, came = actor(request), await guests.of(db, dialogue.key)
    on_stage = await turns.on_stage(db, dialogue.key)
    found = await boards.line(db, dialogue, on_stage.question_id) if on_stage else None
    return {
        "dialogue": dialogue,
        "may_edit": may_edit(who, dialogue.key),
        "base": f"/dialogues/{dialogue.key}",
        "state": words.hosting.STAGES[dialogue.stage],
        "on_stage": shown(view, found, came) if found else None,
        "guests": came,
        "now": now(db),
        "moderates": who.is_moderator,
        "desks": [
            (desk.name, localized(desk.path(dialogue.key), view.translator.language))
            for desk in DESKS.values()
            if desk.is_of(who, dialogue.key)
        ],
    }


def shown(view: View, line: Line, came: Sequence[Guest]) -> dict[str, Any]:
    """A question as a desk shows it: what readers see of it, and whom it was handed to."""
    province = view.directory.provinces.get(line.question.province_id)
    return {
        "id": line.question.key,
        "title": line.question.title,
        "body": line.question.body,
        "asker": line.asker or view.translator.say(words.ANONYMOUS),
        "place": view.translator.named(province) if province else line.question.country or "",
        "votes": line.votes,
        "turn": line.turn,
        "guest": next((guest for guest in came if guest.id == line.turn.guest_id), None),
    }


async def live_room(request: Request, dialogue_id: int) -> Any:
    return await kit.live_room(request, "crew", dialogue_id, dialogues.crew_channel(dialogue_id))


async def crew_here(request: Request, dialogue_id: int) -> list[str]:
    """Who else of the crew has a desk open; from now on the reader is one of them."""
    desk, person_id = f"dialogue:{dialogue_id}", actor(request).person_id or 0
    async with house(request).store.transaction() as db:
        await presence.note(db, desk, person_id)
        ids = await presence.others(db, desk, person_id)
        names = await people.names(db, ids)
    return [names[one] for one in ids if one in names]
