"""Random histories of comments: no word of what readers may not see reaches a fragment, a page, the search or a live room."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from engage import authoring, remarks, removals, work
from engage.access import Moderation, is_public
from engage.takedowns import HideForm
from tests.unit.commenting import Paper, paper
from tests.unit.leaks import canary
from tests.unit.test_leaks import opened, reading
from tests.unit.town import DENUNCIATION, Town

pytestmark = pytest.mark.anyio
STEPS = 16


@dataclass
class Told:
    id: int
    word: str


@dataclass
class World:
    paper: Paper
    chance: random.Random
    told: list[Told]

    async def say(self, more: str = "") -> None:
        word = canary()
        answered = [one.id for one in self.told if await self.is_public(one)]
        to = self.chance.choice(answered) if answered and self.chance.random() < 0.5 else None
        made = await self.paper.say(f"Ý kiến {word} về tuyến xe. {more}", to)
        self.told.append(Told(made.key, word))

    async def settle(self) -> None:
        await work.settle_received(self.paper.town.store)

    async def decide(self) -> None:
        held = [one for one in self.told if await self.stands(one) == Moderation.HELD]
        if held:
            one = self.chance.choice(held)
            async with self.paper.town.store.reading() as db:
                remark = await remarks.one(db, one.id)
            decision = {"decision": self.chance.choice(("accept", "refuse", "seal")), "reason": "out_of_scope"}
            await self.paper.town.decide(await self.paper.case_of(remark), "cleared", **decision)

    async def hide(self) -> None:
        await self.change(Moderation.ACCEPTED, self._hide)

    async def restore(self) -> None:
        await self.change(Moderation.HIDDEN, self._restore)

    async def withdraw(self) -> None:
        await self.change(Moderation.ACCEPTED, lambda db, remark: authoring.withdraw_comment(db, remark))

    async def change(self, at: Moderation, act: Callable[..., Awaitable[object]]) -> None:
        found = [one for one in self.told if await self.stands(one) == at]
        if found:
            async with self.paper.town.store.transaction() as db:
                remark = await remarks.one(db, self.chance.choice(found).id)
                if not remark.sealed:
                    await act(db, remark)

    async def _hide(self, db: object, remark: remarks.Remark) -> None:
        await removals.hide(db, self.paper.town["moderator"], remark, HideForm(reason="out_of_scope"))  # type: ignore[arg-type]  # a session

    async def _restore(self, db: object, remark: remarks.Remark) -> None:
        await removals.restore(db, self.paper.town["moderator"], remark)  # type: ignore[arg-type]  # a session

    async def stands(self, one: Told) -> str:
        async with self.paper.town.store.reading() as db:
            return (await remarks.one(db, one.id)).moderation

    async def is_public(self, one: Told) -> bool:
        async with self.paper.town.store.reading() as db:
            return is_public(await remarks.one(db, one.id))


async def _seen(reader: httpx2.AsyncClient, article_id: int) -> dict[str, str]:
    asked = "/embed/comments?site=bao&article=123"
    paths = [asked, f"{asked}&order=oldest&lang=en", f"{asked}&order=useful", f"/articles/{article_id}"]
    paths += [f"/live/article/{article_id}/events?after=0", "/embed/counts?site=bao&article=123"]
    return {path: (await reader.get(path)).text.casefold() for path in paths}


@pytest.mark.parametrize("seed", range(2))
async def test_no_word_of_what_is_not_public_is_shown(town: Town, tmp_path: Path, seed: int) -> None:
    world = World(await paper(town), random.Random(seed), [])
    first = await world.paper.said("Xe chạy êm.")
    acts: list[Callable[[], Awaitable[None]]] = [
        world.say,
        lambda: world.say("Gọi tôi số 0912 345 678."),
        lambda: world.say(DENUNCIATION),
        *(world.settle, world.decide, world.hide, world.restore, world.withdraw),
    ]
    async with opened(town, tmp_path) as app, reading(app) as reader:
        for _ in range(STEPS):
            await world.chance.choice(acts)()
            shown = await _seen(reader, first.place_id)
            for one in world.told:
                is_public = await world.is_public(one)
                leaks = [path for path, text in shown.items() if one.word in text]
                assert is_public or not leaks, leaks
                assert not is_public or leaks, one.id  # what may be seen is
