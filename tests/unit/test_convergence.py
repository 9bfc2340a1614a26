"""An old snapshot with the facts since is what a fresh snapshot shows: for everything that may happen to a question."""

import random

import pytest

from engage import takedowns
from engage.web import pieces
from tests.house.test_words import _table
from tests.unit import stories_told, test_merges
from tests.unit.leaks import World
from tests.unit.stories_told import STORIES
from tests.unit.test_leaks import FACTS, step
from tests.unit.town import Town
from tests.unit.watching import Watching

pytestmark = pytest.mark.anyio
# What desks, askers and the house itself are told.
NOT_FOR_READERS = frozenset(
    {
        *("absence.begun", "absence.ended", "agency.called", "answer.dropped", "answer.rated", "answer.returned"),
        *("answer.sent", "answer.written", "assignment.handed", "assignment.taken_back", "attachment.refused"),
        *("calendar.changed", "case.claimed", "case.decided", "case.erased", "case.handed_over", "case.released"),
        *("case.reopened", "clarification.asked", "clarification.given", "clarification.held", "clarification.lapsed"),
        *("directory.changed", "directory.seeded", "document.changed", "look.asked", "look.closed", "look.sent_back"),
        *("official.left", "person.changed", "question.appealed", "question.refused", "question.returned"),
        *("question.sealed", "receipt.renewed", "request.decided", "request.held", "request.hold_lifted"),
        *("request.received", "rule.changed", "rules.added", "share.asked", "share.declined", "share.given"),
        *("share.withdrawn", "translation.written"),
    }
)

# What these nouns go through is walked in test_rooms_of_dialogues, test_threads, test_campaigns and test_sites.
ELSEWHERE = frozenset(
    {
        *("dialogue", "turn", "guest", "reply", "minutes", "poll", "rehearsal"),
        *("remark", "thread", "campaign", "site", "article"),
    }
)


@pytest.fixture
async def watching(town: Town) -> Watching:
    watching = Watching(town)
    await watching.compare()
    town.store.teller = watching
    return watching


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_is_the_same_for_who_followed_it_and_who_comes_later(
    town: Town, watching: Watching, name: str
) -> None:
    story = STORIES[name]
    await story.tell(town)
    await watching.compare()
    await watching.compare_all()
    assert story.facts <= watching.walked <= FACTS


def test_every_fact_that_readers_are_told_occurs_in_a_story() -> None:
    walked = {fact for story in STORIES.values() for fact in story.facts}
    assert walked == FACTS


def test_every_fact_of_the_glossary_is_for_readers_or_is_known_not_to_be() -> None:
    """A new fact is put on one of the two lists; what readers are told must then occur in a story."""
    every = {row[0].strip("`") for row in _table("Facts")}
    listed = {fact for fact in every if fact.partition(".")[0] not in ELSEWHERE}
    assert listed == FACTS | NOT_FOR_READERS
    assert not FACTS & NOT_FOR_READERS


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [2, 50])
async def test_whatever_happens_who_followed_sees_what_a_newcomer_sees(
    town: Town, watching: Watching, monkeypatch: pytest.MonkeyPatch, seed: int, most: int
) -> None:
    """`most`: where the list is cut, for what comes back below the cut must not come into it."""
    monkeypatch.setattr(pieces, "NEWEST", most)
    chance, world = random.Random(seed), World(town)
    for _ in range(14):
        town.clock.move(60)
        await step(world, chance)
        await watching.compare()
    await watching.compare_all()


async def test_a_list_that_was_cut_takes_in_what_is_new_and_not_what_comes_back_below(
    town: Town, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "NEWEST", 2)
    asked = []
    for _ in range(4):
        town.clock.move(60)
        asked.append(await town.accepted())
    async with town.store.reading() as db:
        cut = (await watching.look(db, "vi"))["questions", "vi"]
    for question_id in (asked[0], asked[3]):
        await test_merges._hide(town, question_id)
        await stories_told.act(town, takedowns.restore, "moderator", question_id)
    newest = await town.accepted()
    async with town.store.reading() as db:
        held = await watching.follow(db, ("questions", "vi"), cut)
    assert [one["id"] for one in held.pieces] == [f"question-{one}" for one in (newest, asked[3], asked[2])]
