"""A dialogue in figures: a page with a chart and its table, and the same as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, figures, guests
from engage.access import PUBLIC
from engage.dialogues import Dialogue, Stage
from engage.errors import NotFound
from engage.figures import Figures, Slot
from engage.sheets import inert
from engage.web import kit, load
from engage.web.dialogues.minuted import Minuted
from engage.web.house import house
from engage.web.templates import clock, iso

WIDTH, HEIGHT, BAR = 600, 160, 16  # of the chart, in its own units
MOST_LETTERS = 48  # of a name in it, on a phone


async def show_figures(request: Request) -> Response:
    dialogue_id = request.path_params["id"]

    async def build() -> dict[str, Any]:
        return await _read(request)

    channels = [dialogues.channel(dialogue_id)]
    return await kit.public_page(
        request, "dialogues/figures.html", f"/dialogues/{dialogue_id}/figures", channels, build
    )


async def sheet(request: Request) -> Response:
    read = await _read(request)
    lines = io.StringIO()
    table, say = csv.writer(lines), kit.translator(request).say
    table.writerows((inert(words), times) for words, times in read["told"])
    table.writerow((say("Nhóm chủ đề"), say("Hỏi"), say("Trả lời")))
    table.writerows((inert(name), asked, answered) for name, asked, answered in read["groups"])
    table.writerow((say("Từ lúc"), say("Hỏi"), say("Trả lời")))
    table.writerows((iso(slot.at), slot.asked, slot.answered) for slot in read["slots"])
    headers = {
        "content-disposition": f'attachment; filename="so-lieu-{request.path_params["id"]}.csv"',
        "cache-control": "no-cache",
    }
    return Response("\ufeff" + lines.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def _read(request: Request) -> dict[str, Any]:
    """Of a dialogue that has taken place; before that there is nothing to count."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, PUBLIC, request.path_params["id"])
        if dialogue.stage not in {Stage.ENDED, Stage.PUBLISHED}:
            raise NotFound()
        counted = await figures.of(db, dialogue)
        names = {group.key: group.name for group in await guests.groups(db, dialogue.key)}
    minuted = Minuted(view, lambda path: house(request).settings.address + path)
    groups = _by_group(counted, names, minuted.say("no_group"))
    return _shown(dialogue, counted, list(minuted.told(counted)), groups)


def _by_group(counted: Figures, names: Mapping[int, str], other: str) -> Sequence[tuple[str, int, int]]:
    """In the order that was announced, what has no group last."""
    order = [*names, None]
    rows = sorted(counted.by_group, key=lambda row: order.index(row[0]))
    return [(names.get(group or 0, other), asked, answered) for group, asked, answered in rows]


def _shown(
    dialogue: Dialogue, counted: Figures, told: Sequence[tuple[str, int]], groups: Sequence[tuple[str, int, int]]
) -> dict[str, Any]:
    most = max((max(slot.asked, slot.answered) for slot in counted.over_time), default=0)
    return {
        "dialogue": dialogue,
        "told": told,
        "groups": groups,
        "slots": counted.over_time,
        "bars": [_bar(slot, place, len(counted.over_time), most) for place, slot in enumerate(counted.over_time)],
        "most": most,
        "lines": [_line(row, groups) for row in groups],
        "most_of_group": max((asked for _, asked, _ in groups), default=0),
    }


def _line(row: tuple[str, int, int], groups: Sequence[tuple[str, int, int]]) -> Mapping[str, Any]:
    """Two bars below the group's name, each with its number at the end. The table has the name that is too long here."""
    name, *times = row
    most = max(asked for _, asked, _ in groups)
    asked, answered = (round((WIDTH - 40) * number / max(most, 1)) for number in times)
    shown = name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS].rstrip()}…"
    return {"name": shown, "asked": asked, "answered": answered, "times": times}


def _bar(slot: Slot, place: int, of: int, most: int) -> Mapping[str, Any]:
    """Two bars side by side, and the hour below every third."""
    x = 40 + round(place * (WIDTH - 40) / max(of, 1))
    asked, answered = (round(HEIGHT * number / max(most, 1)) for number in (slot.asked, slot.answered))
    label = clock(slot.at) if place % 3 == 0 else ""
    return {"x": x, "width": BAR, "asked": asked, "answered": answered, "label": label}
