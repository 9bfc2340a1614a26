"""One channel of the log as JSON lines: a head that says which channel and life of the log, then a fact a line, in order."""

from collections.abc import AsyncIterator
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import Store
from engage.errors import NotFound
from live import log, wire

PAGE = 1_000


class Ahead(Exception):
    """Asked for what follows a number that no fact has yet. `top` is the newest."""

    def __init__(self, top: int) -> None:
        super().__init__(top)
        self.top = top


class Changed(Exception):
    """The log was trimmed or restored while it was read: what came so far is not whole."""


async def lines(store: Store, channel: str, after: int = 0) -> AsyncIterator[str]:
    """A page at a time, up to the newest fact there was at the start. Raises NotFound for a channel without a fact,
    Ahead, or Changed."""
    async with store.reading() as db:
        epoch, top = await log.epoch(db), (await log.tops(db, [channel]))[channel]
        if not top:
            raise NotFound()
        if after > top:
            raise Ahead(top)
        kept = await log.floor(db, channel)
    head = {"channel": channel, "epoch": epoch, "top": top, "kept_from": kept}
    yield wire.encode(head)
    number = max(after, (kept or top + 1) - 1)
    while number < top:
        async with store.reading() as db:
            events = await _page(db, channel, number, min(PAGE, top - number), epoch)
        for event in events:
            yield wire.encode(_line(event))
        number = events[-1].number


async def _page(db: AsyncSession, channel: str, after: int, limit: int, epoch: str) -> list[log.Event]:
    events = await log.since(db, channel, after, limit)
    if not events or events[0].number != after + 1 or await log.epoch(db) != epoch:
        raise Changed()
    return events


def _line(event: log.Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "type": event.type,
        "ids": event.ids,
        "revision": event.revision,
        "at": wire.moment(event.at),
    }
