"""What its author, or a rule, keeps from readers: the desk and its agency work on it as on any other; nobody else hears of it."""

from pathlib import Path

import pytest

from engage import access, archive, companions, lists, merges, policies, questions, voting
from engage.access import PUBLIC
from engage.errors import NotFound, Refused
from engage.lists import Filters, Which
from engage.questions import FEEDBACK
from engage.votes import Ballot, of_visitor
from moderation import cases
from tests.unit.town import TITLE, Town

pytestmark = pytest.mark.anyio
RESTRICTED = {"kind": "proposal", "restricted": True}
OPEN = {"kind": "proposal"}


async def test_only_its_author_the_desk_and_its_agency_find_it(town: Town) -> None:
    question_id = await town.accepted(more=RESTRICTED)
    async with town.store.reading() as db:
        question = await questions.one(db, question_id)
        assert not access.is_public(question)
        assert questions.reader_channels(question) == []
        for who in (PUBLIC, town["coordinator"], town["administrator"]):
            with pytest.raises(NotFound):
                await questions.seen_by(db, who, question_id)
        assert (await questions.seen_by(db, town["moderator"], question_id)).id == question_id
        assert (await archive.workable_one(db, town["coordinator"], question_id)).id == question_id
        with pytest.raises(NotFound):
            await archive.workable_one(db, town["elsewhere"], question_id)


async def test_it_is_in_no_list_and_takes_no_vote(town: Town) -> None:
    question_id = await town.accepted(more=RESTRICTED)
    async with town.store.transaction() as db:
        for surface in questions.SURFACES:
            assert not await lists.listed(db, Filters(surface=surface, which=Which.ALL), 20)
        assert not await archive.near(db, TITLE, 5, 0.1)
        assert await voting.cast(db, [Ballot("question", question_id, of_visitor("a"))]) == [voting.NOWHERE]


async def test_feedback_and_questions_are_in_lists_of_their_own(town: Town) -> None:
    asked, proposed = await town.accepted(), await town.accepted(more=OPEN)
    async with town.store.reading() as db:
        found = {
            surface: [one.id for one in await lists.listed(db, Filters(surface=surface, which=Which.ALL), 20)]
            for surface in questions.SURFACES
        }
    assert found == {"question": [asked], "feedback": [proposed]}


async def test_it_is_merged_into_nothing_that_readers_see(town: Town) -> None:
    restricted, proposed, asked = (
        await town.accepted(more=RESTRICTED),
        await town.accepted(more=OPEN),
        await town.accepted(),
    )
    async with town.store.reading() as db:
        with pytest.raises(Refused, match="merge_restricted"):
            await merges.target_of(db, restricted, str(proposed))
        with pytest.raises(Refused, match="merge_target_missing"):
            await merges.target_of(db, proposed, str(restricted))
        with pytest.raises(Refused, match="merge_of_another_kind"):
            await merges.target_of(db, proposed, str(asked))


async def test_it_shares_no_answer_with_what_readers_see(town: Town) -> None:
    first, second = await town.taken(more=RESTRICTED), await town.taken(more=OPEN)
    async with town.store.transaction() as db:
        lead, other = await questions.one(db, first), await questions.one(db, second)
        with pytest.raises(Refused, match="together_kind"):
            await companions.gather(db, town["official"], lead, [other])


async def test_its_cases_and_terms_are_those_of_feedback(town: Town) -> None:
    question_id, _ = await town.held(more=RESTRICTED)
    async with town.store.reading() as db:
        (case,) = await cases.of(db, FEEDBACK, question_id)
        assert case.surface == FEEDBACK
        assert (await policies.policy_of(db, FEEDBACK)).readership == policies.Readership.CHOICE


def test_the_seal_of_an_older_release_covers_it() -> None:
    """A release that knows no restricted texts would show them: going back seals them first."""
    (migration,) = Path("engage/migrations/versions").glob("202611280100*")
    down = migration.read_text(encoding="utf-8").split("def downgrade")[1]
    assert down.index("sealed = true where restricted") < down.index('drop_column("restricted")')
