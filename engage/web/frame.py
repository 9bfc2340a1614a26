"""Around every request: an id, the security headers, one log line, one measurement. Knows no page and no person."""

import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

logger = structlog.get_logger("engage.request")


class Frame:
    """The outermost layer of our own: errors leave through it too."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self._headers = {**HEADERS, **({"strict-transport-security": STRICT_TRANSPORT} if is_https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = request_id = secrets.token_hex(8)
        began, status = time.perf_counter(), 500

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
        finally:
            UNDERWAY.dec()
            _note(scope, status, time.perf_counter() - began, request_id)


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
