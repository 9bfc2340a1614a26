"""What a reader sees when something went wrong: words, what to do, and an id to report. Never a traceback."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from engage import audit
from engage.errors import Failure, Unavailable
from engage.web import kit, words
from engage.web.forms import said_by
from engage.web.house import actor, house, language
from engage.web.kit import Repeated
from engage.web.language import localized
from engage.web.templates import clock

RETRY_SECONDS = 10
DESKS = ("/review", "/desk", "/admin")

logger = structlog.get_logger("engage.trouble")


async def failure(request: Request, trouble: Exception) -> Response:
    """A verb or a door said no, and no form was there to say it beside."""
    assert isinstance(trouble, Failure)  # noqa: S101 registered for this class only
    text = said_by(trouble, kit.translator(request)) if trouble.reason in words.REASONS else ""
    headers: dict[str, str] = {}
    if trouble.status == 403:
        await _count_refusal(request, trouble)
    if trouble.status == 503:
        logger.error("store.unavailable", id=request.scope.get("request_id"), cause=type(trouble.__cause__).__name__)
        headers["retry-after"] = str(RETRY_SECONDS)
    until = trouble.figures.get("until")
    if isinstance(until, datetime) and trouble.status == 429:
        headers["retry-after"] = str(max(int((until - datetime.now(UTC)).total_seconds()), 1))
    return _answer(request, trouble.status, text, headers, until)


async def _count_refusal(request: Request, trouble: Failure) -> None:
    """Of somebody known: in a transaction of its own, for it outlives the refusal."""
    by = actor(request).person_id
    if by is None:
        return
    try:
        async with house(request).store.transaction() as db:
            await audit.count(db, by, "access.refused", reason=trouble.reason)
    except Unavailable:
        logger.warning("refusal.not_counted", id=request.scope.get("request_id"))


async def repeated(_request: Request, again: Exception) -> Response:
    assert isinstance(again, Repeated)  # noqa: S101 registered for this class only
    return RedirectResponse(again.location, status_code=again.status)


async def http(request: Request, trouble: Exception) -> Response:
    """What the framework itself refuses: no such address, wrong method, too large."""
    assert isinstance(trouble, HTTPException)  # noqa: S101 registered for this class only
    status = trouble.status_code if trouble.status_code in words.ERRORS else 400
    return _answer(request, status, "", dict(trouble.headers or {}))


async def unexpected(request: Request, trouble: Exception) -> Response:
    logger.error("unexpected", id=request.scope.get("request_id"), exc_info=trouble)
    return _answer(request, 500, "", {})


def _ways_on(request: Request) -> dict[str, Any]:
    """Back to where somebody works, else to the reader's first page."""
    path = request.scope["path"].removeprefix("/en")
    root = next((one for one in DESKS if path.startswith(one)), "/")
    return {"back": localized(root, language(request)), "is_desk": root != "/"}


def _answer(request: Request, status: int, text: str, headers: Mapping[str, str], until: Any = None) -> Response:
    heading, usual = words.ERRORS[status]
    say = kit.translator(request).say
    said = {"heading": say(heading), "text": text or say(usual)}
    if request.scope["path"].startswith("/live/"):
        return JSONResponse({"error": said["heading"], "words": said["text"]}, status, headers=dict(headers))
    response = kit.page(
        request,
        "error.html",
        status=status,
        **said,
        request_id=request.scope.get("request_id", "") if status >= 500 else "",
        retry=say(words.RETRY, at=clock(until)) if until else None,
        **_ways_on(request),
    )
    response.headers.update(headers)
    return response
