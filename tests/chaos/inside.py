"""Two server processes as far as `live` can tell, inside the test's own loop: what needs a clock that jumps, or a broker that
misbehaves by chance, without a second machine."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import uvicorn
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from engage.db import Store, utc_now
from live import log, stream
from live.broker import Broker
from live.hub import Hub
from live.socket import Sockets
from live.stream import Room
from tests.chaos import listeners
from tests.chaos.crowd import Stage
from tests.live.kit import FaultyBroker, eventually
from tests.live.served import PROTOCOLS, Server

NAMES = ("a", "b", "c")
# One transaction may tell of several rooms; none of them is secret, and no words are in the log.
STAGE = Stage([listeners.Room(f"/live/{name}", name) for name in NAMES], (), (), ("bí mật",))


@dataclass
class Jumping:
    """The machine's clock, until somebody sets it wrong."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Process:
    store: Store
    hub: Hub
    clock: Jumping
    port: int


@asynccontextmanager
async def processes(database_url: str, brokers: Sequence[Broker]) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_process(database_url, broker)) for broker in brokers]


def faulty(seed: int, loses: float = 0.3, doubles: float = 0.3, delays: float = 0.3) -> list[FaultyBroker]:
    """Those of two processes: what one tells, the other may hear."""
    pair = [FaultyBroker(seed * 10 + number, loses, doubles, delays) for number in range(2)]
    for broker, other in zip(pair, reversed(pair), strict=True):
        broker.others = [other]
    return pair


@asynccontextmanager
async def _process(database_url: str, broker: Broker) -> AsyncIterator[Process]:
    clock = Jumping()
    store = Store(database_url, pool_size=10, clock=clock)
    underway = 0

    @asynccontextmanager
    async def reading() -> AsyncIterator[AsyncSession]:
        nonlocal underway
        underway += 1
        try:
            async with store.reading() as db:
                yield db
        finally:
            underway -= 1

    store.teller = hub = Hub(reading, broker, _show, clock)
    sockets = Sockets(hub)
    config = uvicorn.Config(_app(hub, sockets), port=0, log_config=None, lifespan="off", **PROTOCOLS["ours"])
    server = Server(config)
    async with server:
        running = asyncio.create_task(hub.run())
        try:
            yield Process(store, hub, clock, int(server.servers[0].sockets[0].getsockname()[1]))
        finally:
            hub.drain()
    # What is cut off while it reads would leave its connection to nobody: it ends between two readings.
    await eventually(lambda: not underway)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


def _app(hub: Hub, sockets: Sockets) -> Starlette:
    async def socket(line: WebSocket) -> None:
        await sockets.serve(line, _room(line.path_params["name"]))

    async def events(request: Request) -> Response:
        return await stream.events(request, hub, _room(request.path_params["name"]))

    async def listen(request: Request) -> Response:
        return await stream.stream(request, hub, _room(request.path_params["name"]))

    doors = [Route("/live/{name}/events", events), Route("/live/{name}/stream", listen)]
    return Starlette(routes=[*doors, WebSocketRoute("/live/{name}/socket", socket)])


def _room(name: str) -> Room:
    return Room(name, "vi", f"/live/{name}/snapshot.json")


async def _show(_db: AsyncSession, events: list[log.Event], _language: str) -> list[dict[str, Any]]:
    return [{"type": event.type, "data": event.ids} for event in events]
