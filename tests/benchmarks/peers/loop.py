"""The floor: a Starlette application on stock uvicorn that sends to one socket after another."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

_here: dict[WebSocket, None] = {}


async def follow(socket: WebSocket) -> None:
    await socket.accept()
    _here[socket] = None
    await socket.send_text('{"k":"hello"}')
    try:
        async for _ in socket.iter_text():
            pass
    finally:
        _here.pop(socket, None)


async def publish(request: Request) -> Response:
    text = (await request.body()).decode()
    for socket in list(_here):
        await socket.send_text(text)
    return Response()


app = Starlette(routes=[WebSocketRoute("/room", follow), Route("/publish", publish, methods=["POST"])])
