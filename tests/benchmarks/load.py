"""A client that costs little: raw HTTP/1.1 on connections that stay open, and askers who carry their own form proof.

It knows the service's secret, so a submission needs no page first; everything else it meets as any browser does.
"""

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self, cast
from urllib.parse import urlencode

from engage import receipts
from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from tests.processes import HOST
from tests.visitor import new_address

TOPICS = ("bao-hiem-xa-hoi", "bao-hiem-y-te", "an-toan-thuc-pham", "an-ninh-trat-tu")
CLEAN = (
    "Tôi làm việc tại xã Tân Phú và đã nộp đủ giấy tờ theo hướng dẫn, nhưng chưa rõ thời hạn giải quyết là bao lâu, "
    "nộp hồ sơ ở đâu thì thuận tiện và cần mang theo những giấy tờ gì khi đến nhận kết quả. Xin cơ quan hướng dẫn. "
)
HELD = CLEAN + "Số điện thoại của tôi là 0912345678, mong được gọi lại."


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Empty when the answer has no such header."""
        for line in self.head.split(b"\r\n")[1:]:
            said, _, value = line.partition(b":")
            if said.lower() == name.encode():
                return value.strip().decode()
        return ""


class Gone(ConnectionError):
    """The server ended the connection, or never took it."""


class Wire(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def to(cls, port: int) -> Self:
        try:
            _, wire = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        except OSError as refused:
            raise Gone(str(refused)) from refused
        return wire

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or self._transport.is_closing():
            raise Gone("closed")
        self._received = b""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or self._waiting is None or self._waiting.done():
            return
        answer = Answer(int(head[9:12]), head, body)
        if len(body) >= int(answer.header("content-length") or 0):
            self._waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Gone("lost"))


def get(port: int, path: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nhost: {HOST}:{port}\r\n{lines}\r\n".encode()


def post(port: int, path: str, pairs: dict[str, str], visitor: str) -> bytes:
    body = urlencode(pairs)
    cookie = guards.visitor_cookie(DEMONSTRATION_SECRET, visitor)
    return (
        f"POST {path} HTTP/1.1\r\nhost: {HOST}:{port}\r\norigin: http://{HOST}:{port}\r\nsec-fetch-site: same-origin\r\n"
        f"x-forwarded-for: {new_address()}\r\ncookie: {guards.VISITOR}={cookie}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


# Titles are drawn from these, so that few resemble each other.
_WORDS = """
cầu đường trường lớp sách vở ruộng vườn sông suối rừng biển đảo tàu xe ga bến chợ phố làng đình chùa giếng mái cửa sân bếp
đèn điện nước gạo muối vải lụa gốm sứ giấy bút mực thư báo phim nhạc hội lễ mùa gió mưa nắng sương mây hoa lá cành rễ hạt quả
"""
SYLLABLES = tuple(_WORDS.split())


def some_title() -> str:
    return "Hỏi về " + " ".join(random.choice(SYLLABLES) for _ in range(8))


def some_name() -> str:
    """Letters only: a number could be taken for somebody's phone."""
    return "".join(random.choice("bcdghklmn") for _ in range(12))


@dataclass(slots=True)
class Asking:
    """One form, filled in by somebody new; sent again it is the very same submission. `seen`: asks although it was asked before."""

    body: str = CLEAN
    seen: bool = True
    title: str = field(default_factory=some_title)
    name: str = field(default_factory=some_name)
    visitor: str = field(default_factory=guards.new_visitor)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    answers: list[Answer] = field(default_factory=list)

    @property
    def receipt(self) -> Answer:
        """The first that said: it has arrived."""
        return next(answer for answer in self.answers if answer.status == 303)

    @property
    def code(self) -> str:
        """As the page that the asker was sent to would show it."""
        return receipts.code_for(DEMONSTRATION_SECRET, self.visitor, self.receipt.header("location").rpartition("/")[2])

    @property
    def is_acknowledged(self) -> bool:
        return any(answer.status == 303 for answer in self.answers)

    @property
    def pairs(self) -> dict[str, str]:
        """What the form holds, with a fresh proof that it is ours."""
        pairs = {
            "title": self.title,
            "body": f"{self.body} Hồ sơ mang tên {self.name}.",
            "topic": TOPICS[len(self.title) % len(TOPICS)],
            "province": "an-giang",
            "name": f"Nguyễn {self.name}",
            "email": f"{self.name}@example.vn",
            "consent": "yes",
            "seen": "yes" if self.seen else "no",
            "key": self.key,
        }
        return pairs | proof(self.visitor)

    def request(self, port: int) -> bytes:
        return post(port, "/questions", self.pairs, self.visitor)


def track(port: int, code: str, visitor: str) -> bytes:
    """Somebody types a receipt code."""
    return post(port, "/track", {"code": code, "key": secrets.token_urlsafe(18)} | proof(visitor), visitor)


def proof(visitor: str) -> dict[str, str]:
    return {"csrf": guards.form_token(DEMONSTRATION_SECRET, visitor, "", int(time.time()))}


async def crowd(size: int, one: Callable[[], Awaitable[None]], until: Callable[[], bool]) -> None:
    """So many at the same time, each again and again, until the moment has come."""

    async def again() -> None:
        while not until():
            await one()

    async with asyncio.TaskGroup() as group:
        for _ in range(size):
            group.create_task(again())
