"""A dialogue as it is announced: what about, when, who answers, how to take part, and what one takes along."""

from collections.abc import Mapping, Sequence
from typing import Any

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from engage import covers, dialogues, guests
from engage.access import may_edit, may_sift
from engage.countdowns import WAITING
from engage.dialogues import Series, Step
from engage.web import kit, load, views, words
from engage.web.dialogues import event, schema, videos
from engage.web.house import actor, house, language
from engage.web.language import Translator, localized


async def calendar(request: Request) -> Response:
    """A file for the reader's own calendar; loaded again after a change, it replaces what stood there."""
    address = address_of(request, request.path_params["id"])
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
        steps = await dialogues.steps(db, dialogue.key)
    body = event.file(dialogue, steps, address)
    response = Response(body, media_type="text/calendar; charset=utf-8")
    response.headers["content-disposition"] = f'attachment; filename="doi-thoai-{dialogue.key}.ics"'
    response.headers["cache-control"] = "no-cache"
    return response


def address_of(request: Request, dialogue_id: int) -> str:
    """The whole address, as it is printed, scanned and written into calendars."""
    return house(request).settings.address + localized(f"/dialogues/{dialogue_id}", language(request))


def stage(translator: Translator, code: str) -> views.Stage:
    said, tone, icon = words.announcing.STAGES[code]
    return views.Stage(code, translator.say(said), tone, icon)


async def context(request: Request, dialogue_id: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, dialogues.SURFACE, dialogue_id, dialogues.channel(dialogue_id))
    view = await load.view(request)
    who, known = actor(request), view.directory
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, who, dialogue_id)
        invited, groups = await guests.of(db, dialogue_id), await guests.groups(db, dialogue_id)
        steps = await dialogues.steps(db, dialogue_id)
        series = await db.get(Series, dialogue.series_id) if dialogue.series_id else None
        video = await videos.shown(db, dialogue)
        cover = await covers.of(db, dialogue_id)
    address = address_of(request, dialogue_id)
    return {
        "live": live if dialogue.stage in WAITING else None,
        "dialogue": dialogue,
        "about": Markup(dialogue.about_html),  # noqa: S704 sanitised when stored
        "stage": stage(view.translator, dialogue.stage),
        "is_waited_for": dialogue.stage in WAITING,
        "guests": [(guest, known.agencies.get(guest.agency_id)) for guest in invited],
        "groups": [(group, known.agencies.get(group.agency_id)) for group in groups],
        "agency": known.agencies.get(dialogue.agency_id),
        "series": series,
        "steps": told(view.translator, steps),
        "why": next((step.reason for step in reversed(steps) if step.fact == "dialogue.cancelled"), ""),
        "video": video,
        "cover": cover,
        "address": address,
        "schema": schema.block(schema.event(dialogue, invited, address)),
        "square": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        "may_edit": may_edit(who, dialogue_id),
        "may_sift": may_sift(who, dialogue_id),
    }


def told(translator: Translator, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What readers are told of its way, with the reasons that were given."""
    said = words.announcing.STEPS_TOLD
    return [
        {"words": translator.say(said[step.fact]), "at": step.at, "note": step.reason, "kind": "done"}
        for step in steps
        if step.fact in said
    ]
