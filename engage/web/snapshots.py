"""The snapshot of a live room: what it shows, and the position to follow from. Built once for all who ask.

It is what every reader sees, whoever asks: of what readers may not see there is none.
"""

from collections.abc import Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from engage.access import PUBLIC
from engage.errors import NotFound
from engage.web import kit, pieces, seating
from engage.web.house import house, language
from engage.web.language import localized
from engage.web.pages import Page
from engage.web.pieces import Piece, Press
from engage.web.rooms import KINDS
from live import stream, wire

JSON = "application/json"


def address(kind: str, room_id: int, spoken: str) -> str:
    """Empty where a room has none: there a reader opens the page anew."""
    return localized(f"/live/{kind}/{room_id}/snapshot.json", spoken) if KINDS[kind].pieces else ""


async def show(request: Request) -> Response:
    """Unchanged is a 304 without a query; known is sent again; of many who meet a new one, one builds it."""
    kind, room_id = request.path_params["kind"], request.path_params["id"]
    room = KINDS.get(kind)
    if room is None or room.pieces is None:
        raise NotFound()
    mine, channel = house(request), room.channel_of(room_id, PUBLIC)
    key, tag = address(kind, room_id, language(request)), await kit.tag_of(request, [channel])
    page = mine.pages.get(key, tag)
    if page is None:
        page = await mine.snapshots.share((key, tag), lambda: _built(request, kind, room_id, tag))
        mine.pages.put(key, page)
    headers = {"etag": tag, "cache-control": "no-cache"}
    # Only now: a tag guessed for what is not public must find the same 404 as anything else.
    if tag in stream.tags(request):
        return Response(status_code=304, headers=headers)
    return Response(page.body, media_type=page.media_type, headers=headers)


async def _built(request: Request, kind: str, room_id: int, tag: str) -> Page:
    """The position is known before the rows are read: what changes in between is met again as a fact."""
    mine, room = house(request), KINDS[kind]
    assert room.pieces is not None  # noqa: S101 asked before
    epoch, number = await mine.hub.epoch(), await mine.hub.position(room.channel_of(room_id, PUBLIC))
    async with kit.reading(request) as db:
        await seating.enter(db, kind, room_id, PUBLIC)
        press = await Press.of(db, mine.templates, language(request))
        shown = await room.pieces(db, press, room_id)
    state = {"epoch": epoch, "n": number, "pieces": [asdict(one) for one in shown], "floor": floor(shown)}
    return Page(tag, wire.encode(state).encode(), JSON)


def floor(shown: Sequence[Piece]) -> str:
    """Of a list that was cut, the rank of its end: what stands lower is not in it and does not come into it."""
    return shown[-1].rank if len(shown) >= pieces.NEWEST else ""
