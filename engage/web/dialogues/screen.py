"""The hall's screen: one question in letters that are read from ten metres. Anyone may put it on a wall.

It shows what readers see and nothing else: what is taken from them leaves it with the next fact.
"""

from collections.abc import Mapping
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response

from engage import boards, dialogues, floors, guests, turns
from engage.db import now
from engage.web import kit, load, words
from engage.web.dialogues import desk, polled
from engage.web.dialogues.room import MOST_COUNTED
from engage.web.house import actor, house
from engage.web.language import localized

STANDS = 10  # seconds that votes, which record no fact, and a timer that is over may be behind


async def show(request: Request) -> Response:
    """Built once for all walls, as long as nothing happens in the room."""
    dialogue_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        return await _context(request, dialogue_id)

    channels, path = [dialogues.channel(dialogue_id)], f"/dialogues/{dialogue_id}/screen"
    return await kit.public_page(request, "dialogues/screen.html", path, channels, build, stands=STANDS)


async def _context(request: Request, dialogue_id: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "dialogue", dialogue_id, dialogues.channel(dialogue_id))
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        came, there = await guests.of(db, dialogue.key), await turns.on_stage(db, dialogue.key)
        line = await boards.line(db, dialogue, there.question_id) if there else None
        room = localized(f"/dialogues/{dialogue.key}", view.translator.language)
        context: dict[str, Any] = {
            "dialogue": dialogue,
            "state": words.hosting.STAGES[dialogue.stage],
            "poll": await polled.on_screen(db, view, dialogue),
            "on_stage": desk.shown(view, line, came) if line else None,
            "votes": line.votes if line else 0,
            "is_answered": bool(line and line.turn.answered_at),
            "timer_at": dialogue.timer_at if dialogue.timer_at and dialogue.timer_at > now(db) else None,
            "answered": await floors.count_answered(db, dialogue),
            "waiting": await floors.count_waiting(db, dialogue, MOST_COUNTED),
            "most_counted": MOST_COUNTED,
            "live": live,
        }
    address = house(request).settings.address.rstrip("/") + room
    square = segno.make(address, error="m").svg_data_uri(scale=8, border=2, dark="#000", light="#fff")
    return {**context, "square": square, "address": address}
