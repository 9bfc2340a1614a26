"""Around every request: an id, the security headers, one log line, one measurement. Knows no page and no person."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engage.errors import TooLarge
from engage.web.metrics import ANSWERS, SECONDS, UNDERWAY

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
DRAINED = 3  # times the bound
BOUNDARY = re.compile(r"^multipart/form-data\b.*?boundary=\"?([^\";]+)", re.IGNORECASE)
TAIL = 160  # bytes: a boundary has 70 at most
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

OnTrouble = Callable[[Request, Exception], Awaitable[Response]]

logger = structlog.get_logger("engage.request")


class Frame:
    """The outermost layer of our own: errors leave through it too, so `on_trouble` answers here what nobody else caught."""

    def __init__(self, app: ASGIApp, *, is_https: bool, on_trouble: OnTrouble) -> None:
        self.app = app
        self._on_trouble = on_trouble
        self._headers = {**HEADERS, **({"strict-transport-security": STRICT_TRANSPORT} if is_https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = request_id = secrets.token_hex(8)
        began, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = request_id
            await send(message)

        UNDERWAY.inc()
        try:
            await self.app(scope, receive, answer)
        except Exception as trouble:
            if status:  # the answer is on its way: all that is left is to break it off
                raise
            response = await self._on_trouble(Request(scope), trouble)
            await response(scope, receive, answer)
        finally:
            UNDERWAY.dec()
            _note(scope, status, time.perf_counter() - began, request_id)


@dataclass(slots=True)
class Bound:
    """How much of this request's body is read; a door that takes files or a sheet may widen it, and says what more is called."""

    most: int
    reason: str = ""
    tail: bytes = b""  # of what was read: shows whether a form came whole


def widen(scope: Scope, most: int, reason: str) -> None:
    scope["bound"].most, scope["bound"].reason = most, reason


def came_whole(scope: Scope) -> bool:
    """The parser takes a form that breaks off for one without its last field: a question would go out without its file."""
    kind = BOUNDARY.search(Headers(scope=scope).get("content-type", ""))
    return kind is None or scope["bound"].tail.rstrip().endswith(f"--{kind[1]}--".encode("latin-1"))


class Bounded:
    """Reads no body larger than its bound. Starlette's own bound answers past us: without words, without our headers."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self.app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bound = scope["bound"] = Bound(self._most)
        announced, read = Headers(scope=scope).get("content-length", ""), 0

        async def bounded() -> Message:
            nonlocal read
            if announced.isdecimal() and int(announced) > bound.most:
                raise await _too_large(bound, receive)
            message = await receive()
            read += len(message.get("body", b""))
            if read > bound.most:
                raise await _too_large(bound, receive)
            bound.tail = (bound.tail + message.get("body", b"")[-TAIL:])[-TAIL:]
            return message

        await self.app(scope, bounded, send)


async def _too_large(bound: Bound, receive: Receive) -> Exception:
    """Whoever is still sending files hears no answer, so some more is taken, and thrown away; not without end."""
    if not bound.reason:
        return HTTPException(413)
    left = bound.most * DRAINED
    while left > 0:
        message = await receive()
        left -= max(len(message.get("body", b"")), 1)
        if not message.get("more_body"):
            break
    return TooLarge(bound.reason, most=bound.most // (1024 * 1024))


def _note(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """The route, never the path: a path may name what only its asker knows."""
    route = getattr(scope.get("route"), "path", "none")
    SECONDS.labels(scope["method"], route).observe(seconds)
    ANSWERS.labels(route, status).inc()
    logger.info(
        "answered",
        id=request_id,
        method=scope["method"],
        route=route,
        status=status,
        ms=round(seconds * 1000, 2),
        language=scope.get("language"),
    )
