"""The floor: a Starlette application without anything, which answers every path with the bytes it was given."""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = "PLAIN_BODY"


async def same(request: Request) -> Response:
    return Response(request.app.state.body, media_type="text/html")


def app() -> Starlette:
    """Made by the server process; the variable names the file that holds the bytes."""
    application = Starlette(routes=[Route("/{path:path}", same)])
    application.state.body = Path(os.environ[BODY]).read_bytes()
    return application
