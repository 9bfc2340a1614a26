"""A websocket client that may break every rule: raw frames, and the list of what is tried with them."""

import asyncio
import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from live.frames import Op

MASK = b"\x01\x02\x03\x04"


def masked(
    op: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bool = True, length: int = 0
) -> bytes:
    """One client frame. `length` forces a longer form of the length than needed: 2 or 8 bytes."""
    size = len(payload)
    bytes_of_length = length or (0 if size < 126 else 2 if size < 1 << 16 else 8)
    short = {0: size, 2: 126, 8: 127}[bytes_of_length]
    head = bytes(((0x80 if fin else 0) | rsv << 4 | op, (0x80 if mask else 0) | short))
    body = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload)) if mask else payload
    return head + (size.to_bytes(bytes_of_length) if bytes_of_length else b"") + (MASK if mask else b"") + body


def closing(code: int, reason: bytes = b"") -> bytes:
    return masked(Op.CLOSE, code.to_bytes(2) + reason)


@dataclass(frozen=True)
class Case:
    """`code` is what the connection is closed with; None when it stays open. `texts` are the messages that count as said."""

    name: str
    sent: bytes
    code: int | None = None
    texts: Sequence[str] = ()
    pongs: int = 0


HI = b'{"k":"hi"}'
CASES = (
    Case("a text", masked(Op.TEXT, HI), texts=(HI.decode(),)),
    Case("an empty text", masked(Op.TEXT), texts=("",)),
    Case("a text of 125 bytes", masked(Op.TEXT, b"x" * 125), texts=("x" * 125,)),
    Case("a text of 126 bytes", masked(Op.TEXT, b"x" * 126), texts=("x" * 126,)),
    Case("a text of 8192 bytes", masked(Op.TEXT, b"x" * 8192), texts=("x" * 8192,)),
    Case("a text of 8193 bytes", masked(Op.TEXT, b"x" * 8193), code=4413),
    Case("a length of 2^40 without the bytes", b"\x81\xff" + (1 << 40).to_bytes(8) + MASK, code=4413),
    Case("a length with the highest bit", b"\x81\xff" + (1 << 63).to_bytes(8) + MASK, code=1002),
    Case("a length in a longer form than needed", masked(Op.TEXT, b"x", length=2), code=1002),
    Case("a length in the longest form for little", masked(Op.TEXT, b"x" * 200, length=8), code=1002),
    Case("fragments", masked(1, b"ab", fin=False) + masked(0, b"cd", fin=False) + masked(0, b"ef"), texts=("abcdef",)),
    Case("a letter cut between fragments", masked(1, b"\xe1\xbb", fin=False) + masked(0, b"\x87"), texts=("ệ",)),
    Case("empty fragments", masked(1, fin=False) + masked(0, fin=False) * 50 + masked(0, b"x"), texts=("x",)),
    Case(
        "fragments that together are too large", masked(1, b"x" * 5000, fin=False) + masked(0, b"x" * 5000), code=4413
    ),
    Case(
        "a ping between fragments",
        masked(1, b"a", fin=False) + masked(9, b"p") + masked(0, b"b"),
        texts=("ab",),
        pongs=1,
    ),
    Case("a continuation of nothing", masked(0, b"x"), code=1002),
    Case("a new text inside fragments", masked(1, b"a", fin=False) + masked(1, b"b"), code=1002),
    Case("a binary message", masked(Op.BINARY, b"\x00\x01"), code=None),
    Case("the first reserved bit", masked(1, b"x", rsv=4), code=1002),
    Case("the second reserved bit", masked(1, b"x", rsv=2), code=1002),
    Case("the third reserved bit", masked(1, b"x", rsv=1), code=1002),
    Case("a reserved bit on a ping", masked(9, rsv=4), code=1002),
    *(Case(f"the unknown code {op}", masked(op, b"x"), code=1002) for op in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
    Case("no mask", masked(1, HI, mask=False), code=1002),
    Case("a ping without a mask", masked(9, mask=False), code=1002),
    Case("bad UTF-8", masked(1, b"\xc0\xaf"), code=1007),
    Case("a surrogate in UTF-8", masked(1, b"\xed\xa0\x80"), code=1007),
    Case("UTF-8 beyond the last letter", masked(1, b"\xf4\x90\x80\x80"), code=1007),
    Case("half a letter", masked(1, b"\xe1\xbb"), code=1007),
    Case("bad UTF-8 over two fragments", masked(1, b"a\xff", fin=False) + masked(0, b"b"), code=1007),
    Case("a ping", masked(9), pongs=1),
    Case("a ping of 125 bytes", masked(9, b"x" * 125), pongs=1),
    Case("a ping of 126 bytes", masked(9, b"x" * 126), code=1002),
    Case("a ping in fragments", masked(9, b"x", fin=False), code=1002),
    Case("a pong nobody asked for", masked(10, b"x")),
    Case("a close", masked(8), code=1005),
    Case("a close that says 1000", closing(1000, b"bye"), code=1000),
    Case("a close that says 1012", closing(1012), code=1012),
    Case("a close that says 3000", closing(3000), code=3000),
    Case("a close that says 4999", closing(4999), code=4999),
    *(
        Case(f"a close that says {code}", closing(code), code=1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000)
    ),
    Case("a close of one byte", masked(8, b"\x03"), code=1002),
    Case("a close of 126 bytes", masked(8, b"\x03\xe8" + b"x" * 124), code=1002),
    Case("a close with a bad reason", closing(1000, b"\xff"), code=1007),
    Case("a close in fragments", masked(8, b"\x03\xe8", fin=False), code=1002),
    Case("a text after a close", closing(1000) + masked(1, HI), code=1000),
    Case("not a frame at all", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", code=1002),
)


class RawClient:
    """A connection after the handshake, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(
        cls, host: str, port: int, path: str, headers: Sequence[tuple[str, str]] = (), **options: Any
    ) -> "RawClient":
        """Raises ConnectionRefusedError with the answer's first line when it is not 101. `options` are of the connection: TLS."""
        reader, writer = await asyncio.open_connection(host, port, **options)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: engage.live.1"]
        lines += [f"{name}: {value}" for name, value in headers]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise ConnectionRefusedError(head.split(b"\r\n")[0].decode())
        except BaseException:
            writer.close()
            raise
        return cls(reader, writer)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def frame(self, seconds: float = 5) -> tuple[int, bytes] | None:
        """The next frame of the server: code and payload. None at the end of the line."""
        async with asyncio.timeout(seconds):
            try:
                first, second = await self.reader.readexactly(2)
                size = second & 0x7F
                if size >= 126:
                    size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
                return first & 0x0F, await self.reader.readexactly(size)
            except (asyncio.IncompleteReadError, ConnectionResetError):
                return None

    async def until_closed(self) -> tuple[int | None, list[tuple[int, bytes]]]:
        """The close code (None without a close frame), and every frame before it."""
        seen = list[tuple[int, bytes]]()
        while (frame := await self.frame()) is not None:
            if frame[0] == Op.CLOSE:
                return int.from_bytes(frame[1][:2]) if frame[1] else 1005, seen
            seen.append(frame)
        return None, seen

    def close(self) -> None:
        self.writer.close()
