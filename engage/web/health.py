"""Is the process alive, can it serve, and how is it doing. Details are for this machine or for a token, not for the public."""

import hmac
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from engage import beats, queues
from engage.db import now
from engage.errors import Failure, NotFound
from engage.web import kit
from engage.web.house import house
from engage.web.metrics import LET_GO, LIVE_FAILURES, OLDEST, REGISTRY, VIEWERS, WAITING
from live import viewers


async def alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """503 while the database is away, not migrated, or the worker has been silent."""
    try:
        async with kit.reading(request) as db:
            lag = await beats.lag(db, now(db))
            is_migrated = await beats.is_migrated(db)
    except Failure:
        lag, is_migrated = None, False
    is_ready = is_migrated and lag is not None and lag < beats.SILENT
    seen = {"ready": is_ready}
    if _may_look(request):
        seconds = lag.total_seconds() if lag is not None else None
        seen |= {"migrated": is_migrated, "worker_lag_seconds": seconds}  # type: ignore[dict-item]  # details beside a flag
    return JSONResponse(seen, status_code=200 if is_ready else 503, headers={"cache-control": "no-store"})


async def metrics(request: Request) -> Response:
    if not _may_look(request):
        raise NotFound()
    mine = house(request)
    VIEWERS.set(mine.hub.viewers)
    LIVE_FAILURES.set(mine.hub.failures)
    for code, times in viewers.let_go.items():
        LET_GO.labels(str(code)).set(times)
    async with kit.reading(request) as db:
        for queue in await queues.every(db):
            WAITING.labels(queue.name).set(queue.waiting)
            OLDEST.labels(queue.name).set((now(db) - queue.oldest).total_seconds() if queue.oldest else 0)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _may_look(request: Request) -> bool:
    token = house(request).settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))
    is_forwarded = "x-forwarded-for" in request.headers
    try:
        return not is_forwarded and ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
