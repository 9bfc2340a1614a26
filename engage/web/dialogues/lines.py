"""The live doors under a dialogue's own address: the same as those of any room."""

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from engage import dialogues
from engage.web import live, snapshots


async def events(request: Request) -> Response:
    _name_room(request)
    return await live.events(request)


async def listen(request: Request) -> Response:
    _name_room(request)
    return await live.listen(request)


async def snapshot(request: Request) -> Response:
    _name_room(request)
    return await snapshots.show(request)


async def socket(connection: WebSocket) -> None:
    _name_room(connection)
    await live.socket(connection)


def _name_room(connection: HTTPConnection) -> None:
    connection.path_params["kind"] = dialogues.SURFACE
