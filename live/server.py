"""Our two protocols inside uvicorn: one that closes what the HTTP door leaves open before a request is whole, and one that hands
an accepted websocket over to a slim viewer.

uvicorn takes both as classes (`http=`, `ws=`). They lean on its internals, which is why its version is pinned; a test notices
when they move.
"""

import asyncio
from collections import Counter
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from live import frames
from live.slim import Slim

HEAD_BYTES, HEAD_FIELDS, HEAD_SECONDS = 16 * 1024, 64, 10.0
HELD_BYTES = 16 * 1024  # what a client may say before it is let in
HANDOVER, FIRST = "live.handover", "live.first"  # the names of our extensions in a websocket's scope
ONCE = frozenset({b"host", b"origin", b"sec-websocket-key", b"sec-websocket-version"})
WITH_BODY = frozenset({b"content-length", b"transfer-encoding"})


class GuardedHttp(HttpToolsProtocol):
    """A head that is too big (431) or too slow in coming, and an upgrade that is not quite one (400), end here."""

    _head_bytes = 0
    _is_head = True
    _deadline: asyncio.TimerHandle | None = None
    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._unset_keepalive_if_required()
        self._head_bytes += len(data) if self._is_head else 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as found:
            self._upgrade(len(data) > found.args[0])
        except httptools.HttpParserError:
            self._refuse(b"400 Bad Request")
        else:
            if self._is_head and self._head_bytes > HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_head = True
        self._await_head()

    def on_headers_complete(self) -> None:
        self._head_came()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if len(self.headers) > HEAD_FIELDS or size > HEAD_BYTES:
            self._refuse(b"431 Request Header Fields Too Large")
        if not self._is_refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_refused:
            super().on_message_complete()

    def _upgrade(self, has_more: bool) -> None:
        if self._is_refused:
            return
        if not self._should_upgrade():
            self._unsupported_upgrade_warning()
            return
        names = Counter(name for name, _ in self.headers)
        is_plain = self.scope["method"] == "GET" and self.scope["http_version"] == "1.1" and not has_more
        if not is_plain or names.keys() & WITH_BODY or any(names[name] > 1 for name in ONCE):
            self._refuse(b"400 Bad Request")
            return
        self.handle_websocket_upgrade()

    def _refuse(self, status: bytes) -> None:
        self._is_refused = True
        self._head_came()
        self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()

    def _await_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def _head_came(self) -> None:
        self._is_head, self._head_bytes = False, 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self._refuse(b"408 Request Timeout")


class HandedOver(WebSocketsSansIOProtocol):
    """Leaves handshake and refusal to the application; once that hands the connection over, nothing of this object is in use."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._held = b""
        self._came = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._came.set()

    def data_received(self, data: bytes) -> None:
        """What comes after the handshake is kept for the viewer, unless it turns out that there will be none."""
        if not self.handshake_initiated:
            super().data_received(data)
            if self.conn.handshake_exc is not None and not self.handshake_initiated:
                self._refuse_head()
        elif self.close_sent:
            held, self._held = self._held, b""
            super().data_received(held + data)
        else:
            self._held += data
            self._came.set()
            if len(self._held) > HELD_BYTES:
                self.transport.abort()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[HANDOVER], extensions[FIRST] = self.hand_over, self.first

    async def send(self, message: Any) -> None:
        """Whoever went before the handshake was done is gone; uvicorn would blame the application for what it says next."""
        if not self.handshake_complete and self.transport.is_closing():
            raise ClientDisconnected()
        await super().send(message)

    async def first(self) -> frames.Message | None:
        """What the client says before anything is given to it; None when it is gone. Raises Broken."""
        while (found := frames.first(self._held)) is None:
            if self.disconnected or self.transport.is_closing():
                return None
            self._came.clear()
            await self._came.wait()
        message, self._held = found
        return message

    def hand_over(self, slim: Slim) -> bool:
        if self.disconnected or self.transport.is_closing():
            return False
        transport, self.transport = self.transport, _Gone()  # type: ignore[assignment]  # nothing of it is used but this
        self.stop_keepalive()
        self.connections.discard(self)
        transport.set_protocol(slim)
        slim.take_over(transport, self.connections)
        if self._held:
            slim.data_received(self._held)
        return True

    def _refuse_head(self) -> None:
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        head = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        self.transport.write(head)
        self.transport.close()


class _Gone:
    """Stands where the transport was, for the last steps of whoever had it."""

    def close(self) -> None:
        return

    def is_closing(self) -> bool:
        return True
