"""Random histories of threads, comments and flags: no word of what is not public reaches a page, fragment, feed, search or mail."""

import random
from pathlib import Path

import httpx2
import pytest
from sqlmodel import col, select

from engage.access import PUBLIC, visible
from engage.remarks import Remark
from engage.settings import Settings
from engage.web.templates import Templates, folder
from live.log import Event
from tests.unit.leaks import happen
from tests.unit.leaks_said import SAYING, SECTION, TALKED, Talk, talk
from tests.unit.test_leaks import leaks, mailed, opened, reading
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
STEPS, SEARCHED = 20, 4
SEARCH = "/forum/search?q="
COMMENTS = "/embed/comments?site=bao&article=123"
PAGES = (
    *("/", "/forum", f"/forum/{SECTION}", f"/en/forum/{SECTION}", "/forum/feed.xml", f"{SEARCH}o+xa", "/sitemap.xml"),
    *(COMMENTS, f"{COMMENTS}&order=oldest&lang=en", f"{COMMENTS}&order=useful"),
    *("/embed/counts?site=bao&article=123", "/questions/search?q=o+xa", "/feed.xml"),
)
OF_PLACES = {
    "thread": ("/forum/threads/{}", "/forum/threads/{}/feed.xml", "/live/thread/{}/events?after=0"),
    "post": ("/forum/threads/{}", "/forum/threads/{}/feed.xml", "/live/thread/{}/events?after=0"),
    "comment": ("/articles/{}", "/live/article/{}/events?after=0"),
}
OF_ONE = {
    "thread": ("/forum/posts/{}", "/forum/posts/{}/revisions", "/flags/new?thing=post&id={}"),
    "post": ("/forum/posts/{}", "/forum/posts/{}/revisions", "/flags/new?thing=post&id={}"),
    "comment": (
        "/comments/{}/answers",
        "/comments/{}/revisions",
        "/comments/{}/useful",
        "/flags/new?thing=comment&id={}",
    ),
}
# Everything readers of a place may be told.
FACTS = frozenset(
    {
        *("remark.accepted", "remark.hidden", "remark.restored", "remark.corrected", "remark.withdrawn"),
        *("remark.picked", "remark.unpicked"),
    }
)


async def _seen(reader: httpx2.AsyncClient, world: Talk) -> dict[str, str]:
    """Everything somebody without an account may open, by address."""
    paths = {path.format(one.place) for one in world.told for path in OF_PLACES[one.shelf]}
    paths |= {path.format(one.id) for one in world.told for path in OF_ONE[one.shelf]}
    paths |= {SEARCH + word for word in list(world.secrets)[-SEARCHED:]}
    return {path: (await reader.get(path)).text for path in (*PAGES, *sorted(paths))}


async def _public_ids(town: Town) -> set[int]:
    async with town.store.reading() as db:
        return {*(await db.exec(select(col(Remark.id)).where(visible(Remark, PUBLIC)))).all()}


async def _told_too_much(town: Town, known: set[int]) -> list[str]:
    """Facts on readers' channels that are not for them, or that name what nobody outside has ever seen."""
    async with town.store.reading() as db:
        events = (
            await db.exec(select(Event).where(col(Event.channel).regexp_match("^(thread:|article:|forum)")))
        ).all()
    return [
        f"{one.channel}: {one.type}"
        for one in events
        if one.type not in FACTS or not {*one.ids} <= {"remark", "thread", "article"} or one.ids["remark"] not in known
    ]


async def _step(world: Talk, chance: random.Random) -> str:
    """One thing that may happen next, and what it was."""
    possible = [(verb, told) for told in world.told for verb in TALKED if verb.may_happen(told)]
    if not possible or chance.random() < 0.3:
        shelf, more = chance.choice(SAYING)
        await world.say(shelf, more)
        return f"{shelf} {more}"
    least = min(world.played[verb] for verb, _ in possible)
    verb, told = chance.choice([one for one in possible if world.played[one[0]] == least])
    world.played[verb] += 1
    was = told.state
    await happen(world, verb, told)
    return f"{told.shelf} {told.id}: {was} → {told.state}"


@pytest.mark.parametrize("seed", range(3))
async def test_no_word_of_what_is_not_public_is_shown_found_or_mailed(town: Town, tmp_path: Path, seed: int) -> None:
    chance, world, history, templates = random.Random(seed), await talk(town), list[str](), Templates(folder())
    known = await _public_ids(town)
    async with opened(town, tmp_path) as app, reading(app) as reader:
        settings: Settings = app.state.house.settings
        for number in range(STEPS):
            history.append(await _step(world, chance))
            known |= await _public_ids(town)
            assert not await _told_too_much(town, known), history
            town.clock.move(700)  # past what a page's tag stands for
            for path, text in (await _seen(reader, world)).items():
                assert not leaks(world, path, text), f"{path} after {history}"
                assert not (path.startswith(f"{SEARCH}kimtuoc") and 'class="gist"' in text), f"{path} after {history}"
            if number % 6 == 5:
                for to, text in await mailed(town, settings, templates):
                    said = [what for word, what in world.secrets.items() if word in text and word not in world.own(to)]
                    assert not said, f"a mail to {to} after {history}"
        await _is_no_empty_promise(reader, world)


async def _is_no_empty_promise(reader: httpx2.AsyncClient, world: Talk) -> None:
    """What the test holds for public really is: a world that showed nothing would leak nothing."""
    for one in world.told:
        text = (await reader.get(OF_PLACES[one.shelf][0].format(one.place))).text.casefold()
        older = {"body"} if "later" in one.words else set[str]()
        missing = [kind for kind in one.public - older if one.words[kind] not in text]
        assert not missing, f"{one.shelf} {one.id} ({one.state}): {missing}"


def test_every_state_can_be_reached() -> None:
    reached = {"sent", "sent-held", "sent-sealed", "shown"} | {verb.to for verb in TALKED}
    assert not {state for verb in TALKED for state in verb.at} - reached
