"""Websocket frames (RFC 6455), both ways: what the server sends is bytes that everyone can share; what a client sends is judged.

It knows bytes only: no connection, no loop, no clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from live import wire

try:
    from websockets.speedups import apply_mask
except ImportError:  # a machine without a compiler or a wheel
    from websockets.utils import apply_mask


class Op(IntEnum):
    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


CONTROL_BYTES = 125  # the most a control frame may carry (5.5)
FIN, RESERVED, MASKED = 0x80, 0x70, 0x80
LONG, LONGER = 126, 127  # what the seven bits say when the length follows in two or eight bytes (5.2)
KNOWN = frozenset(Op)
CONTROLS = frozenset({Op.CLOSE, Op.PING, Op.PONG})

# Close codes of the standard (7.4.1) that a frame may carry; 1004 to 1006 and 1015 are never sent.
NORMAL, PROTOCOL_ERROR, UNSUPPORTED, NO_CODE, GONE, BAD_TEXT = 1000, 1002, 1003, 1005, 1006, 1007
SENDABLE = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})
OWN_CODES = range(3000, 5000)  # of libraries and applications (7.4.2)


class Broken(Exception):
    """What the client sent ends the connection with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message, or a control frame. `code` is what a close frame said."""

    op: Op
    payload: bytes = b""
    code: int = NO_CODE


def text(payload: bytes) -> bytes:
    """One unfragmented text frame as a server sends it: not masked, so the same bytes serve every reader."""
    return _framed(Op.TEXT, payload)


def ping(payload: bytes = b"") -> bytes:
    return _framed(Op.PING, payload)


def pong(payload: bytes) -> bytes:
    return _framed(Op.PONG, payload)


def close(code: int, reason: str = "") -> bytes:
    """`reason` is for people and is cut to what a control frame holds."""
    if code == NO_CODE:
        return _framed(Op.CLOSE, b"")
    said = reason.encode()[: CONTROL_BYTES - 2].decode(errors="ignore").encode()
    return _framed(Op.CLOSE, code.to_bytes(2) + said)


def _framed(op: Op, payload: bytes) -> bytes:
    size = len(payload)
    if size < LONG:
        return bytes((FIN | op, size)) + payload
    if size < 1 << 16:
        return bytes((FIN | op, LONG)) + size.to_bytes(2) + payload
    return bytes((FIN | op, LONGER)) + size.to_bytes(8) + payload


@dataclass(slots=True)
class _Head:
    op: Op
    is_final: bool
    begin: int  # where the payload begins in the buffer
    end: int
    mask: bytes


class Incoming:
    """What one client sends, in whatever pieces it comes. Holds bytes only while a message is unfinished."""

    __slots__ = ("_begun", "_buffer", "_fragments", "_is_closed", "_op")
    LIMIT: ClassVar[int] = 8 * 1024  # bytes of one message, all its fragments together
    MOST_FRAGMENTS: ClassVar[int] = 128  # of one message: an empty one costs as much as any

    def __init__(self) -> None:
        self._buffer = b""
        self._op: Op | None = None  # of the message whose fragments are coming
        self._begun = b""  # what came of it
        self._fragments = 0  # and in how many pieces
        self._is_closed = False  # what follows a close frame is not read (5.5.1)

    def feed(self, received: bytes) -> Iterator[Message]:
        """The messages that are whole now, one by one: who has heard enough asks for no more. Raises Broken for what no honest
        client sends; then nothing more may be fed."""
        buffer, at = self._buffer + received if self._buffer else received, 0
        while not self._is_closed and (head := self._head(buffer, at)) is not None and len(buffer) >= head.end:
            payload, at = buffer[head.begin : head.end], head.end
            message = self._judged(head, apply_mask(payload, head.mask) if payload else b"")
            if message is not None:
                self._is_closed = message.op is Op.CLOSE
                yield message
        self._buffer = buffer[at:]

    @property
    def is_between(self) -> bool:
        """Nothing is unfinished."""
        return not self._buffer and self._op is None and not self._is_closed

    def _head(self, buffer: bytes, start: int) -> _Head | None:
        """The head of the frame that begins there, judged before its payload is waited for; None while it is not all there."""
        if len(buffer) < start + 2:
            return None
        op = self._allowed(buffer[start], buffer[start + 1])
        size, at = buffer[start + 1] & ~MASKED, start + 2
        if size >= LONG:
            if op in CONTROLS:
                raise Broken(PROTOCOL_ERROR)
            at += 2 if size == LONG else 8
            if len(buffer) < at:
                return None
            size = _size(buffer[start + 2 : at])
        if op not in CONTROLS and len(self._begun) + size > self.LIMIT:
            raise Broken(wire.TOO_LARGE)
        if len(buffer) < at + 4:
            return None
        return _Head(op, bool(buffer[start] & FIN), at + 4, at + 4 + size, buffer[at : at + 4])

    def _allowed(self, first: int, second: int) -> Op:
        """Reserved bits and codes, a missing mask, broken control frames, fragments out of order (5.2, 5.4, 5.5)."""
        code, is_final = first & 0x0F, bool(first & FIN)
        if first & RESERVED or code not in KNOWN or not second & MASKED:
            raise Broken(PROTOCOL_ERROR)
        op = Op(code)
        is_out_of_order = (op is Op.CONTINUATION) != (self._op is not None)
        if is_out_of_order if op not in CONTROLS else not is_final:
            raise Broken(PROTOCOL_ERROR)
        return op

    def _judged(self, head: _Head, payload: bytes) -> Message | None:
        if head.op is Op.CLOSE:
            return _closing(payload)
        if head.op in CONTROLS:
            return Message(head.op, payload)
        op = head.op if self._op is None else self._op
        self._begun += payload
        self._fragments += 1
        if self._fragments > self.MOST_FRAGMENTS:
            raise Broken(wire.TOO_LARGE)
        if not head.is_final:
            self._op = op
            return None
        whole, self._op, self._begun, self._fragments = self._begun, None, b"", 0
        if op is Op.TEXT:
            _must_be_text(whole)
        return Message(op, whole)


def first(received: bytes) -> tuple[Message, bytes] | None:
    """The first message, in one frame as every browser sends a short one, and what came after it; None while it is not all there.
    Raises Broken."""
    incoming = Incoming()
    head = incoming._head(received, 0)
    if head is None or len(received) < head.end:
        return None
    for message in incoming.feed(received[: head.end]):
        return message, received[head.end :]
    raise Broken(PROTOCOL_ERROR)


def _size(said: bytes) -> int:
    """The length as it follows the head: the shortest form only, and never with the highest bit (5.2)."""
    size = int.from_bytes(said)
    least = LONG if len(said) == 2 else 1 << 16
    if size < least or size >> 63:
        raise Broken(PROTOCOL_ERROR)
    return size


def _closing(payload: bytes) -> Message:
    if not payload:
        return Message(Op.CLOSE)
    code = int.from_bytes(payload[:2])
    if len(payload) == 1 or not (code in SENDABLE or code in OWN_CODES):
        raise Broken(PROTOCOL_ERROR)
    _must_be_text(payload[2:])
    return Message(Op.CLOSE, payload[2:], code)


def _must_be_text(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise Broken(BAD_TEXT) from None
