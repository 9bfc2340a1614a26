"""The application, wired: settings in, ASGI out. The only place that knows all the parts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import structlog
from slowapi import Limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route, WebSocketRoute

from engage import agencies, logs, policies, polling, sites, storage, voting, work
from engage.db import Store
from engage.errors import Failure
from engage.policies import LimitsNow
from engage.routes import DOORS, SOCKETS
from engage.settings import Settings, load
from engage.web import door, peaks, seating, tallying, troubles, voters, windows
from engage.web.arrivals import Arrivals
from engage.web.frame import Bounded, Frame
from engage.web.house import House
from engage.web.kit import Repeated
from engage.web.language import Language
from engage.web.metrics import FACT_LAG, LOOP_DELAY, VOTES_TOGETHER
from engage.web.rooms import Rooms
from engage.web.templates import Templates, folder
from live.ballots import Ballots
from live.broker import Broker, MemoryBroker, RedisBroker
from live.hub import Hub
from live.log import Event
from live.shutdown import draining
from live.socket import Sockets

BODY_BYTES = 64 * 1024
REFRESH_SECONDS = 2.0
LOOP_SECONDS = 0.5
# Redis is asked on the event loop: a stalled one must not hold everybody for long.
REDIS_PATIENCE: Any = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}

logger = structlog.get_logger(__name__)


def from_environment() -> Starlette:
    """What each server process runs."""
    settings = load()
    logs.as_json(settings.log_level)
    return create_app(settings)


def create_app(settings: Settings) -> Starlette:
    store = Store(settings.database, pool_size=settings.pool_size)
    broker = broker_of(settings)
    templates = Templates(folder(), settings.address)
    hub = hub_of(store, broker, templates)
    store.teller = tallying.Desks(hub)
    store.known = hub.known
    ballots = Ballots(partial(voting.write, store), wrote=VOTES_TOGETHER.observe)
    marks = Ballots(partial(polling.write, store), wrote=VOTES_TOGETHER.observe)
    sockets = Sockets(hub, voters.by_socket(ballots, settings.secret, store.clock))
    kept = storage.of(settings)
    house = House(settings, store, hub, sockets, templates, LimitsNow(), kept, ballots, marks, Arrivals(store))
    limiter = _limiter(settings)
    app = Starlette(
        # Sockets first: a herd that comes back should not be compared with a hundred pages.
        routes=[WebSocketRoute(path, socket) for path, socket in SOCKETS.items()]
        + [
            Route(one.path, door.opened(one, limiter, house), methods=one.methods, name=f"{one.method} {one.path}")
            for one in DOORS
        ],
        middleware=[
            Middleware(Frame, is_https=settings.is_https, on_trouble=troubles.unexpected),
            Middleware(Bounded, most=BODY_BYTES),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.every_host), www_redirect=False),
            Middleware(Language),
        ],
        exception_handlers={
            Failure: troubles.failure,
            Repeated: troubles.repeated,
            HTTPException: troubles.http,
        },
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False  # it would forget the language, and behind TLS the scheme
    app.state.house, app.state.limiter, app.state.broker = house, limiter, broker
    app.state.doors = DOORS  # the page of roles tells what they say
    return app


def hub_of(store: Store, broker: Broker, templates: Templates) -> Hub:
    def seen(event: Event) -> None:
        FACT_LAG.observe(max((store.clock() - event.at).total_seconds(), 0))

    return Hub(
        store.reading,
        broker,
        Rooms(templates).say,
        store.clock,
        tally=tallying.tally,
        permit=seating.permit,
        counted=seating.is_counted,
        seen=seen,
    )


def broker_of(settings: Settings) -> Broker:
    return RedisBroker(settings.redis_url) if settings.redis_url else MemoryBroker()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """The hub listens, the limits stay fresh, and the worker lives inside when there is only this one process."""
    house: House = app.state.house
    await _refresh(house)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(house.hub.run)
        tasks.start_soon(house.sockets.run)
        tasks.start_soon(_keep_fresh, house)
        tasks.start_soon(_watch_the_loop)
        tasks.start_soon(peaks.run, house.store, house.hub.presence.shown)
        if not house.settings.redis_url:
            tasks.start_soon(work.run, house.settings, house.store)
        with draining(house.hub.drain):
            yield
        tasks.cancel_scope.cancel()
    await app.state.broker.close()
    await house.store.close()


async def _keep_fresh(house: House) -> None:
    while True:
        await anyio.sleep(REFRESH_SECONDS)
        await _refresh(house)


async def _watch_the_loop() -> None:
    """How late a short sleep ends says whether something holds the loop."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await anyio.sleep(LOOP_SECONDS)
        LOOP_DELAY.observe(max(loop.time() - began - LOOP_SECONDS, 0))


async def _refresh(house: House) -> None:
    try:
        house.store.note_epoch(await house.hub.epoch())
        async with house.store.reading() as db:
            await house.limits.refresh(db)
        for channel in (
            agencies.CHANNEL,
            policies.CHANNEL,
            sites.CHANNEL,
        ):  # followed from the start: what the store remembers hangs on it
            await house.hub.position(channel)
    except Failure:
        logger.warning("limits.kept")  # the last good ones stay in force


def _limiter(settings: Settings) -> Limiter:
    """Counts in Redis when there is one; when it fails, each process counts for itself until it is back."""
    return Limiter(
        key_func=lambda: "everybody",
        key_style="endpoint",
        strategy="moving-window",
        storage_uri=settings.redis_url or f"{windows.SCHEME}://",
        storage_options=REDIS_PATIENCE if settings.redis_url else {},
        in_memory_fallback_enabled=bool(settings.redis_url),
    )
