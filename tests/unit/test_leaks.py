"""Random histories over every verb: no word of what is not public reaches an anonymous page, feed, search, live room or mail."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email.header import decode_header, make_header
from pathlib import Path

import httpx2
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from engage import mails
from engage.access import PUBLIC, visible
from engage.app import create_app
from engage.notices import Notice
from engage.policies import SEEDED, Rates
from engage.questions import Question
from engage.settings import Settings
from engage.web.house import House
from engage.web.templates import Templates, folder
from live.log import Event
from tests.unit.leaks import ASKING, World, happen
from tests.unit.leaks import VERBS as FIRST
from tests.unit.leaks_flagged import FLAGGED
from tests.unit.leaks_later import LATER
from tests.unit.town import HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
STEPS, SEARCHED = 22, 6
SEARCHES = ("/questions/search?q=", "/feedback/search?q=")
VERBS = (*FIRST, *LATER, *FLAGGED)
PAGES = (
    "/",
    "/questions?stage=answered",
    "/questions?stage=open",
    "/questions?stage=overdue",
    "/en/questions?stage=all",
    "/questions/search?q=truong+hop",
    "/questions/search?q=truong+hop&order=newest&stage=open",
    "/questions/near?q=truong+hop+thi+hoi+o+dau+cho+dung+viec",
    "/topics/bao-hiem-xa-hoi",
    f"/agencies/{INSURANCE}",
    f"/agencies/{HEALTH}",
    "/agencies",
    "/feed.xml",
    "/feed.xml?topic=bao-hiem-xa-hoi",
    f"/en/feed.xml?agency={INSURANCE}",
    "/rules",
    "/live/questions/0/events?after=0",
    "/en/live/questions/0/events?after=0",
    "/live/questions/0/snapshot.json",
    "/en/live/questions/0/snapshot.json",
    "/feedback",
    "/en/feedback?kind=proposal",
    "/feedback?stage=answered",
    "/feedback/search?q=truong+hop",
    "/feedback/new",
    "/feedback/feed.xml",
    f"/en/feedback/feed.xml?agency={INSURANCE}",
    "/live/feedback/0/events?after=0",
    "/live/feedback/0/snapshot.json",
    "/en/live/feedback/0/snapshot.json",
    "/robots.txt",
    "/sitemap.xml",
)
OF_A_QUESTION = (
    *("/feedback/{}", "/en/feedback/{}", "/questions/{}", "/en/questions/{}"),
    *("/questions/{}/follow", "/live/question/{}/events?after=0"),
    *("/live/question/{}/snapshot.json", "/en/live/question/{}/snapshot.json"),
)


# Everything readers may be told; anything else on a channel of theirs is a leak, if only of how much happens.
FACTS = frozenset(
    {
        *("question.received", "question.accepted", "question.corrected", "question.withdrawn", "question.renamed"),
        *("question.name_hidden", "question.sorted", "question.covered", "question.uncovered", "question.merged"),
        *("question.parted", "question.erased", "question.hidden", "question.restored", "mention.changed"),
        *("attachment.published", "attachment.hidden", "attachment.scanned"),
        *("assignment.offered", "assignment.accepted", "assignment.reopened", "assignment.transferred"),
        *("assignment.given_back", "assignment.declined", "assignment.rerouted", "assignment.due_changed"),
        *("assignment.shared", "answer.given", "answer.corrected", "answer.reopened", "answer.marked"),
        *("translation.published", "translation.taken_back"),
    }
)


@asynccontextmanager
async def opened(town: Town, tmp_path: Path) -> AsyncIterator[Starlette]:
    """The application on the town's own store, with room to look as often as this. Its hub reads on a store of its own."""
    url = town.store.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(data_dir=tmp_path, database_url=url))
    house: House = app.state.house
    town.store.teller, town.store.known = house.hub, house.hub.known
    for door in SEEDED:
        house.limits._rates[door] = Rates(*["1000000/minute"] * 3)
    app.state.house = replace(house, store=town.store)
    try:
        yield app
    finally:
        await house.store.close()


def reading(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8000")


async def seen(reader: httpx2.AsyncClient, world: World) -> dict[str, str]:
    """Everything somebody without an account may open, by address."""
    paths = [*PAGES, *(path.format(one.id) for one in world.told for path in OF_A_QUESTION)]
    paths += [path + word for word in list(world.secrets)[-SEARCHED:] for path in SEARCHES]
    return {path: (await reader.get(path)).text for path in paths}


def leaks(world: World, path: str, text: str) -> list[str]:
    """What a page says that it may not. A page repeats what was looked for: that much is the reader's own."""
    own = path.partition("?q=")[2]
    return [what for word, what in world.secrets.items() if word != own and word in text.casefold()]


def found(path: str, text: str) -> bool:
    """Whether a search for a word nobody may know has a result: there it would be even if it did not show the word."""
    return path.startswith(tuple(f"{search}kimtuoc" for search in SEARCHES)) and '<li id="question-' in text


async def mailed(town: Town, settings: Settings, templates: Templates) -> list[tuple[str, str]]:
    """(to, text) of every mail as it would be sent now."""
    sent = []
    async with town.store.reading() as db:
        for notice in (await db.exec(select(Notice).order_by(col(Notice.id)))).all():
            if message := await mails.compose(db, notice, templates, settings):
                said = message.get_payload(decode=True)
                assert isinstance(said, bytes)
                subject = str(make_header(decode_header(str(message["Subject"]))))
                sent.append((str(message["To"]), f"{subject}\n{said.decode()}".casefold()))
    return sent


async def public_ids(town: Town) -> set[int]:
    async with town.store.reading() as db:
        return {*(await db.exec(select(col(Question.id)).where(visible(Question, PUBLIC)))).all()}


async def told_too_much(town: Town, known: set[int]) -> list[str]:
    """Facts on readers' channels that are not for them, or that name a question nobody outside has ever seen."""
    async with town.store.reading() as db:
        events = (
            await db.exec(select(Event).where(col(Event.channel).regexp_match("^(question|topic|feedback)")))
        ).all()
    return [
        f"{one.channel}: {one.type}"
        for one in events
        if one.type not in FACTS
        or not {*one.ids} <= {"question", "attachment"}
        or (not one.channel.startswith("question:") and one.ids["question"] not in known)
    ]


async def step(world: World, chance: random.Random) -> str:
    """One thing that may happen next, and what it was."""
    possible = [(verb, told) for told in world.told for verb in VERBS if verb.may_happen(told)]
    if not possible or chance.random() < 0.25:
        number = chance.randrange(len(ASKING))
        await ASKING[number](world)
        return f"asked {number}"
    verb, told = chance.choice(possible)
    was = told.state
    await happen(world, verb, told)
    return f"question {told.id}: {was} → {told.state}"


@pytest.mark.parametrize("seed", range(3))
async def test_no_word_of_what_is_not_public_is_shown_found_or_mailed(town: Town, tmp_path: Path, seed: int) -> None:
    chance, world, history, templates = random.Random(seed), World(town), list[str](), Templates(folder())
    known: set[int] = set()
    async with opened(town, tmp_path) as app, reading(app) as reader:
        settings: Settings = app.state.house.settings
        for number in range(STEPS):
            history.append(await step(world, chance))
            known |= await public_ids(town)
            assert not await told_too_much(town, known), history
            town.clock.move(700)  # past what a page's tag stands for
            for path, text in (await seen(reader, world)).items():
                assert not leaks(world, path, text), f"{path} after {history}"
                assert not found(path, text), f"{path} after {history}"
            if number % 6 == 5:
                for to, text in await mailed(town, settings, templates):
                    said = [what for word, what in world.secrets.items() if word in text and word not in world.own(to)]
                    assert not said, f"a mail to {to} after {history}"
        for path in (search + word for word in world.secrets for search in SEARCHES):
            assert not found(path, (await reader.get(path)).text), path
        await _is_no_empty_promise(reader, world)


async def _is_no_empty_promise(reader: httpx2.AsyncClient, world: World) -> None:
    """What the test holds for public really is: a world that showed nothing would leak nothing."""
    for one in world.told:
        for path in (f"/{one.shelf}/{{}}", "/live/question/{}/snapshot.json"):
            text = (await reader.get(path.format(one.id))).text.casefold()
            missing = [kind for kind in one.public if one.words[kind] not in text]
            assert not missing or one.state in {"elsewhere"}, f"question {one.id} ({one.state}): {missing}"


def test_every_state_can_be_reached() -> None:
    """A verb whose states no other verb leads to would never happen."""
    reached = {"received", "held", "sealed-case", "offered"} | {verb.to for verb in VERBS}
    assert not {state for verb in VERBS for state in verb.at} - reached
