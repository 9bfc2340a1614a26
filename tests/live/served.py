"""An application with all the doors of `live`, on a real server inside the test's own loop: ours, or a stock one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from live.hub import Hub
from live.server import GuardedHttp, HandedOver
from live.socket import INTRODUCED_WITHIN, Meet, Sockets, Vote, no_votes
from live.stream import Room
from tests.live.client import RawClient
from tests.live.kit import eventually

Kind = Literal["ours", "stock"]
PROTOCOLS: dict[Kind, dict[str, Any]] = {"ours": {"http": GuardedHttp, "ws": HandedOver}, "stock": {}}


class Server(uvicorn.Server):
    """Serves inside the test's own loop, and says where."""

    async def __aenter__(self) -> str:
        self._serving = asyncio.create_task(self.serve())
        await eventually(lambda: self.started)
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self.should_exit = True
        await self._serving


class Served:
    """Where it is, and what it holds."""

    def __init__(self, hub: Hub, sockets: Sockets, server: uvicorn.Server) -> None:
        self.hub = hub
        self.sockets = sockets
        self.server = server
        self.clients: list[RawClient] = []
        self.port = int(server.servers[0].sockets[0].getsockname()[1])

    async def client(self, query: str = "", *headers: tuple[str, str]) -> RawClient:
        client = await RawClient.open("127.0.0.1", self.port, f"/socket{query}", headers)
        self.clients.append(client)
        return client


@asynccontextmanager
async def served(
    hub: Hub,
    kind: Kind = "ours",
    room: Room | None = None,
    vote: Vote = no_votes,
    meet: Meet | None = None,
    within: float = INTRODUCED_WITHIN,
) -> AsyncIterator[Served]:
    sockets = Sockets(hub, vote)
    where = room or Room("a", "vi", "/snapshot.json")

    async def door(socket: WebSocket) -> None:
        if meet is None:
            await sockets.serve(socket, where)
        else:
            await sockets.introduced(socket, meet, within)

    app = Starlette(routes=[WebSocketRoute("/socket", door)])
    config = uvicorn.Config(
        app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=5, ws_max_size=8192, **PROTOCOLS[kind]
    )
    server = Server(config)
    async with server:
        there = Served(hub, sockets, server)
        try:
            yield there
        finally:
            for client in there.clients:
                client.close()
