"""The dialogues somebody works in: by what comes next, each with the way to the desk of their part."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues
from engage.access import Actor, may_edit, may_sift
from engage.crews import Part
from engage.dialogues import BEFORE, ON_AIR, Dialogue, Stage
from engage.web import kit, words
from engage.web.dialogues import listing
from engage.web.house import actor
from engage.web.language import Translator

# The desk of each part.
DESKS = {Part.HOST: "host", Part.GUEST: "guest", Part.OFFICER: "guest", Part.SCRIBE: "scribe"}
MINUTED = frozenset({Stage.ENDED, Stage.PUBLISHED})


async def mine(request: Request) -> Response:
    who, translator = actor(request), kit.translator(request)
    async with kit.reading(request) as db:
        rows = await dialogues.of_crew(db, who)
        names = {row.id: row for row in await dialogues.every_series(db)}
    lines = [(row, _line(translator, who, row, names)) for row in rows]
    coming = BEFORE - {Stage.DRAFT}
    return kit.page(
        request,
        "dialogues/mine.html",
        on_air=[line for row, line in lines if row.stage in ON_AIR],
        coming=[line for row, line in reversed(lines) if row.stage in coming],
        drafts=[line for row, line in lines if row.stage == Stage.DRAFT],
        over=[line for row, line in lines if row.stage in dialogues.OVER],
        may_begin=who.is_moderator or who.is_administrator,
    )


def _line(translator: Translator, who: Actor, row: Dialogue, names: Any) -> dict[str, Any]:
    held = who.parts.get(row.key, frozenset())
    desks = {desk: words.announcing.DESKS[desk] for part, desk in DESKS.items() if part in held}
    if may_sift(who, row.key):
        desks["sift"] = words.announcing.DESKS["sift"]
    if may_edit(who, row.key):
        desks["edit"] = words.announcing.DESKS["edit"]
        if row.stage in MINUTED:
            desks["minutes/edit"] = words.announcing.DESKS["minutes/edit"]
    ways = [(f"/dialogues/{row.key}/{desk}", translator.say(said)) for desk, said in desks.items()]
    return {**listing.line(translator, row, names, {}), "ways": ways, "is_rehearsal": row.is_rehearsal}
