"""Our engine without the application: log on SQLite, hub, uvicorn with our two protocols. Somebody else writes the facts.

`python -m tests.benchmarks.peers.engine PORT DATABASE [alone]`: `alone` sends each event in a frame of its own, as soon as it can.
"""

import gc
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from engage.db import Store
from live import feeds, pumps, seats
from live import hub as hubs
from live.broker import Hint, MemoryBroker
from live.hub import Hub
from live.log import Event
from live.server import GuardedHttp, HandedOver
from live.socket import Sockets
from live.stream import Room

CHANNEL = "room"
# No peer has caps; what a seat costs is measured, not how many there may be.
hubs.MOST_IN_ROOM = seats.MOST_HERE = 20_000
FRAME_BYTES = 300


async def show(_db: AsyncSession, events: list[Event], _language: str) -> list[dict[str, Any]]:
    return [{"type": "answer.given", "data": _padded(event)} for event in events]


def _padded(event: Event) -> dict[str, Any]:
    """The whole message has the size that all peers send."""
    head = {"k": "fact", "c": CHANNEL, "n": event.number, "type": "answer.given", "at": "2026-11-25T08:00:00.000Z"}
    said = head | {"data": {**event.ids, "words": ""}}
    return {**event.ids, "words": "x" * (FRAME_BYTES - len(json.dumps(said, separators=(",", ":"))))}


def application(database: str) -> Starlette:
    store = Store(f"sqlite+aiosqlite:///{database}")
    broker = MemoryBroker()
    hub = Hub(store.reading, broker, show, store.clock)
    sockets = Sockets(hub)
    room = Room(CHANNEL, "vi")

    async def follow(socket: WebSocket) -> None:
        await sockets.serve(socket, room)

    async def publish(request: Request) -> Response:
        broker.on_hint(Hint(CHANNEL, int(await request.body())))
        return Response()

    async def collect(_request: Request) -> Response:
        return Response(str(gc.collect()))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hub.run)
            tasks.start_soon(sockets.run)
            yield
            tasks.cancel_scope.cancel()

    doors = [Route("/publish", publish, methods=["POST"]), Route("/collect", collect, methods=["POST"])]
    return Starlette(routes=[WebSocketRoute("/room", follow), *doors], lifespan=lifespan)


def main(port: int, database: str, *how: str) -> None:
    if "alone" in how:
        feeds.LEAST_WINDOW = feeds.MOST_WINDOW = 0.0
        pumps.BATCH = 1
    uvicorn.run(
        application(database),
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_max_size=8192,
        ws_per_message_deflate=False,
        http=GuardedHttp,
        ws=HandedOver,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
