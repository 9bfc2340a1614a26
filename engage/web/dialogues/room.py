"""The room: where a dialogue is followed while it runs, and read afterwards."""

from starlette.requests import Request
from starlette.responses import Response

from engage.dialogues import Dialogue
from engage.web.dialogues import announcement


async def page(request: Request, dialogue: Dialogue) -> Response:
    return await announcement.page(request, dialogue)
