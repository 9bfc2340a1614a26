"""Bytes to and from nginx: what no browser would send, and many requests in one moment."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.load import Answer
from tests.deploy.front import NAME, Front, trusting
from tests.processes import HOST

PATIENCE = 30


def get(front: Front, path: str, **headers: str) -> bytes:
    return request("GET", path, {"host": f"{NAME}:{front.port}", "connection": "close", **headers})


def request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def opened(front: Front, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    options = {"ssl": trusting(), "server_hostname": NAME} | options
    return await asyncio.open_connection(HOST, front.port, **options)


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side hangs up."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""


async def said(front: Front, sent: bytes, **options: Any) -> bytes:
    reader, writer = await opened(front, **options)
    writer.write(sent)
    came = await rest(reader)
    writer.close()
    return came


async def at_once(front: Front, requests: Sequence[bytes]) -> list[Answer]:
    """Everybody is connected first; then all ask in the same moment."""
    lines = await asyncio.gather(*(opened(front) for _ in requests))
    for (_, writer), sent in zip(lines, requests, strict=True):
        writer.write(sent)
    answers = await asyncio.gather(*(rest(reader) for reader, _ in lines))
    for _, writer in lines:
        writer.close()
    return [read(one) for one in answers]


def read(came: bytes) -> Answer:
    head, _, body = came.partition(b"\r\n\r\n")
    return Answer(int(head[9:12]) if head else 0, head, body)
