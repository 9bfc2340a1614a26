"""Asking clamd about a file, over its INSTREAM command. Whoever gets no answer holds the file back."""

import asyncio
from enum import StrEnum

import anyio

CHUNK = 64 * 1024
PATIENCE, LONG_PATIENCE = 5.0, 60.0


class Scan(StrEnum):
    WAITING = "scanning"
    CLEAN = "clean"
    INFECTED = "infected"


async def scan(address: str, content: bytes, *, patience: float = PATIENCE) -> Scan:
    """What clamd says; WAITING when it cannot be asked. `address`: host:port, or the path of a socket; empty: nobody to ask."""
    if not address:
        return Scan.CLEAN
    try:
        with anyio.fail_after(patience):
            return _meaning(await _ask(address, content))
    except (OSError, TimeoutError, EOFError):
        return Scan.WAITING


async def _ask(address: str, content: bytes) -> str:
    reader, writer = await _connected(address)
    try:
        writer.write(b"zINSTREAM\0")
        for at in range(0, len(content), CHUNK):
            chunk = content[at : at + CHUNK]
            writer.write(len(chunk).to_bytes(4, "big") + chunk)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        return (await reader.read(4096)).rstrip(b"\0").decode("utf-8", "replace")
    finally:
        writer.close()


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host.strip("[]"), int(port))


def _meaning(said: str) -> Scan:
    if said.endswith(" FOUND"):
        return Scan.INFECTED
    return Scan.CLEAN if said.endswith(": OK") else Scan.WAITING
