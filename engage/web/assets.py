"""Styles, scripts, fonts and icons, from memory: they are few, small, and named by release."""

from starlette.requests import Request
from starlette.responses import Response

from engage.errors import NotFound
from engage.web.house import house

FOR_EVER = "public, max-age=31536000, immutable"


async def asset(request: Request) -> Response:
    mine = house(request).templates
    found = mine.assets.get(request.path_params["path"])
    if found is None:
        raise NotFound()
    # A page kept from the last release asks for the old address and gets the new content, but must not keep it.
    is_current = request.path_params["release"] == mine.release
    headers = {"cache-control": FOR_EVER if is_current else "no-cache"}
    return Response(found.body, media_type=found.media_type, headers=headers)
