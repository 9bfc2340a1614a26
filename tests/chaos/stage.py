"""The rooms of a hurt service that a crowd follows: made by people who ask, and followed through the doors that people use."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from engage import receipts
from engage.db import Store
from live.broker import RedisBroker
from tests.benchmarks.load import HELD, Asking, Gone, Wire, get, track
from tests.chaos import lines
from tests.chaos.crowd import Crowd, Hinting, Stage, gathered
from tests.chaos.listeners import Room
from tests.chaos.scene import Scene
from tests.processes import eventually, outside
from tests.site import Site

PUBLIC, FLEETING = 2, 3
QUESTIONS = Room("/live/questions/0", "questions")


def staged(site: Site) -> Stage:
    """Questions that everybody may follow, some that will be hidden and restored, and one that only its asker may see."""
    public, private = [Asking() for _ in range(PUBLIC + FLEETING)], Asking(HELD)
    cookie = outside(_ask(site, [*public, private]))
    ids = [_id(site, asking) for asking in public]
    states = "select count(*) from question where moderation = 'accepted' and id in"
    listed = ", ".join(map(str, ids))
    eventually(lambda: site.rows(f"{states} ({listed})")[0][0] == len(ids), 30, site.log)
    rooms = [QUESTIONS, *(Room(f"/live/question/{id}", f"question:{id}") for id in ids[:PUBLIC])]
    own = _id(site, private)
    author = site.rows("select author_id from question where id = :id", id=own)[0][0]
    mine = [
        Room(f"/live/question/{own}", f"question:{own}", cookie),
        Room(f"/live/mine/{own}", f"person:{author}", cookie),
    ]
    fleeting = [(id, asking.title) for id, asking in zip(ids[PUBLIC:], public[PUBLIC:], strict=True)]
    return Stage(rooms, mine, fleeting, [private.title, private.name, "0912345678"])


@asynccontextmanager
async def followed(
    scene: Scene, stage: Stage, seed: int, fault: str, *, sockets: bool = False, **options: Any
) -> AsyncIterator[Crowd]:
    """A crowd at the doors of the hurt service, and a writer beside it, as one more process. Without Redis nobody hints."""
    if sockets:
        options |= {"ladder": [lines.socket], "comes_and_goes": False}
    store = Store(scene.site.database_url, pool_size=3)
    broker = RedisBroker(scene.line.url) if scene.line else None
    store.teller = Hinting(broker) if broker else None
    try:
        async with gathered([store], stage, [scene.site.port], seed=seed, fault=fault, **options) as crowd:
            yield crowd
    finally:
        if broker:
            await broker.close()
        await store.close()


async def at_the_door(site: Site, path: str) -> int:
    """What somebody who opens a page is answered; 0 when the line breaks."""
    try:
        wire = await Wire.to(site.port)
    except Gone:
        return 0
    try:
        return (await wire.ask(get(site.port, path))).status
    except Gone:
        return 0
    finally:
        wire.close()


def without_private(stage: Stage) -> Stage:
    return replace(stage, private=())


async def _ask(site: Site, askings: Sequence[Asking]) -> str:
    """All are received; the cookie of the last asker, who typed their code."""
    wire = await Wire.to(site.port)
    for asking in askings:
        asking.answers.append(await wire.ask(asking.request(site.port)))
        assert asking.is_acknowledged, asking.answers[-1].head
    last = askings[-1]
    answer = await wire.ask(track(site.port, last.code, last.visitor))
    wire.close()
    await asyncio.sleep(0)
    cookies = [line[12:] for line in answer.head.decode().split("\r\n") if line.lower().startswith("set-cookie: ")]
    return "; ".join(cookie.partition(";")[0] for cookie in cookies)


def _id(site: Site, asking: Asking) -> int:
    return int(site.rows("select id from question where code = :code", code=receipts.hashed(asking.code))[0][0])
