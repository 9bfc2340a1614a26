from typing import Any

import pytest

from engage import agencies, assignments, directory, histories, intake, questions, routing, successions
from engage.access import actor_of
from engage.errors import Conflict, Failure, NotAllowed, NotFound, Refused
from engage.nouns import NOUNS, Noun, Values
from engage.routing import Place
from engage.successions import SuccessionForm
from tests.unit.town import FINANCE, HEALTH, INSURANCE, UMBRELLA, Town, an_answer, an_ask

pytestmark = pytest.mark.anyio
AGENCIES, TOPICS, PROVINCES = (NOUNS[plural] for plural in ("agencies", "topics", "provinces"))
TOPIC, OTHER_TOPIC = "bao-hiem-xa-hoi", "lao-dong-viec-lam"
NEW = {"name_vi": "Bộ Thử", "name_en": "Ministry of Trying", "level": "central", "kind": "ministry", "answers": True}


def form(noun: Noun, **values: Any) -> Any:
    return noun.form.model_validate({"active": True, **values})


async def values(town: Town, noun: Noun, slug: str) -> Values:
    async with town.store.reading() as db:
        return await directory.values_of(db, noun, await directory.one(db, noun, slug))


async def edit(town: Town, noun: Noun, slug: str, *, version: int | None = None, **changes: Any) -> None:
    was = await values(town, noun, slug)
    at = await last(town, noun, slug) if version is None else version
    async with town.store.transaction() as db:
        await directory.edit(
            db, town["administrator"], noun, slug, noun.form.model_validate({**was, **changes, "version": at})
        )


async def last(town: Town, noun: Noun, slug: str) -> int:
    async with town.store.reading() as db:
        found = await histories.last(db, noun.name, slug)
    return (found[0].id or 0) if found else 0


async def acts(town: Town, noun: Noun, slug: str) -> list[str]:
    async with town.store.reading() as db:
        return [change.act for change, _ in await histories.of(db, noun.name, slug, 9)]


async def refusal(town: Town, verb: Any, *given: Any) -> Failure:
    with pytest.raises(Failure) as failed:
        async with town.store.transaction() as db:
            await verb(db, town["administrator"], *given)
    return failed.value


# Adding and editing


async def test_a_new_agency_may_be_asked_at_once_and_its_history_says_who_added_it(town: Town) -> None:
    async with town.store.transaction() as db:
        await directory.add(
            db, town["administrator"], AGENCIES, "bo-thu", form(AGENCIES, **NEW, keywords="ngựa gỗ\nngựa gỗ;cù").values
        )
    async with town.store.reading() as db:
        assert (await intake.find_directory(db, an_ask(agency="bo-thu"))).agency
        ((change, by),) = await histories.of(db, "agency", "bo-thu", 9)
    assert (change.act, change.before, by) == ("added", {}, "administrator của cơ quan")
    assert (await values(town, AGENCIES, "bo-thu"))["keywords"] == ["ngựa gỗ", "cù"]
    assert "directory.changed" in await town.facts(agencies.CHANNEL)


@pytest.mark.parametrize(
    "slug", ["", "Bo-Y-Te", "bo y te", "new", "import", "export", "a" * 81, "-a", "a--b", INSURANCE]
)
async def test_an_address_must_be_new_and_well_spelled(town: Town, slug: str) -> None:
    failed = await refusal(town, directory.add, AGENCIES, slug, form(AGENCIES, **NEW).values)
    assert (type(failed), failed.field) == (Refused, "slug")


async def test_nobody_but_an_administrator_edits(town: Town) -> None:
    for who in ("moderator", "coordinator"):
        with pytest.raises(NotAllowed):
            async with town.store.transaction() as db:
                await directory.add(db, town[who], AGENCIES, "bo-thu", form(AGENCIES, **NEW).values)


async def test_a_change_can_be_undone_and_the_undoing_too(town: Town) -> None:
    before = await values(town, TOPICS, TOPIC)
    await edit(town, TOPICS, TOPIC, name_vi="Bảo hiểm", agency=HEALTH)
    after = await values(town, TOPICS, TOPIC)
    assert (after["name_vi"], after["agency"]) == ("Bảo hiểm", HEALTH)
    for expected in (before, after):
        version = await last(town, TOPICS, TOPIC)
        async with town.store.transaction() as db:
            await directory.undo(db, town["administrator"], TOPICS, TOPIC, version)
        assert await values(town, TOPICS, TOPIC) == expected
    assert await acts(town, TOPICS, TOPIC) == ["undone", "undone", "edited"]


async def test_what_changes_nothing_leaves_no_trace(town: Town) -> None:
    await edit(town, PROVINCES, "ha-noi")
    assert await acts(town, PROVINCES, "ha-noi") == []


async def test_a_colleagues_change_is_not_written_over(town: Town) -> None:
    await edit(town, TOPICS, TOPIC, note="một")
    with pytest.raises(Conflict, match="row_changed"):
        await edit(town, TOPICS, TOPIC, version=0, note="hai")
    assert (await refusal(town, directory.undo, TOPICS, TOPIC, 0)).reason == "moved_on"
    assert (await values(town, TOPICS, TOPIC))["note"] == "một"


async def test_no_agency_is_above_itself(town: Town) -> None:
    await edit(town, AGENCIES, HEALTH, parent=FINANCE)
    for slug, parent in ((FINANCE, HEALTH), (HEALTH, HEALTH)):
        with pytest.raises(Refused, match="parent_is_below"):
            await edit(town, AGENCIES, slug, parent=parent)


async def test_names_that_stand_for_nothing_are_refused_beside_their_field(town: Town) -> None:
    for noun, slug, changes in (
        (AGENCIES, HEALTH, {"parent": "khong-co"}),
        (AGENCIES, HEALTH, {"province": "khong-co"}),
        (TOPICS, TOPIC, {"agency": "khong-co"}),
        (TOPICS, TOPIC, {"agency": UMBRELLA}),
    ):
        with pytest.raises(Refused) as failed:
            await edit(town, noun, slug, **changes)
        assert failed.value.field == next(iter(changes))
    with pytest.raises(NotFound):
        await edit(town, TOPICS, "khong-co")


# Ending


async def test_what_is_switched_off_is_offered_to_nobody_and_old_questions_keep_it(town: Town) -> None:
    old = await town.answered()
    await edit(town, PROVINCES, "ha-noi", active=False)
    await edit(town, TOPICS, TOPIC, active=False)
    for asked in ({"province": "ha-noi"}, {"province": "", "topic": TOPIC}):
        with pytest.raises(Refused, match="unknown_choice"):
            async with town.store.reading() as db:
                await intake.find_directory(db, an_ask(**asked))
    async with town.store.reading() as db:
        topic = await directory.one(db, TOPICS, TOPIC)
        assert (await questions.one(db, old)).topic_id == topic.id


async def test_what_open_questions_bear_is_not_switched_off(town: Town) -> None:
    await town.accepted()
    for noun, slug in ((TOPICS, TOPIC), (AGENCIES, INSURANCE)):
        with pytest.raises(Refused, match="has_open_questions"):
            await edit(town, noun, slug, active=False)
    with pytest.raises(Refused, match="agency_has_topics"):
        await edit(town, AGENCIES, HEALTH, active=False)


async def test_a_topic_that_ends_gives_its_open_questions_to_its_successor(town: Town) -> None:
    answered, waiting, (held, _) = await town.answered(), await town.accepted(), await town.held()
    async with town.store.transaction() as db:
        await successions.retire_topic(db, town["administrator"], TOPIC, SuccessionForm(successor=OTHER_TOPIC))
    async with town.store.reading() as db:
        old, new = await directory.one(db, TOPICS, TOPIC), await directory.one(db, TOPICS, OTHER_TOPIC)
        topics = [(await questions.one(db, one)).topic_id for one in (answered, waiting, held)]
    assert topics == [old.id, new.id, new.id]
    assert (old.active, old.successor_id) == (False, new.id)
    assert (
        await refusal(town, directory.undo, TOPICS, TOPIC, await last(town, TOPICS, TOPIC))
    ).reason == "not_undoable"
    assert (
        await refusal(town, successions.retire_topic, TOPIC, SuccessionForm(successor=HEALTH))
    ).reason == "row_has_ended"


@pytest.mark.parametrize("successor", ["", TOPIC, "khong-co"])
async def test_a_topic_needs_another_one_to_follow(town: Town, successor: str) -> None:
    failed = await refusal(town, successions.retire_topic, TOPIC, SuccessionForm(successor=successor))
    assert (failed.reason, failed.field) == ("successor_missing", "successor")


MERGER = SuccessionForm(successor=FINANCE, reason="Sáp nhập theo Nghị quyết 18.")


async def merged(town: Town) -> None:
    async with town.store.transaction() as db:
        await successions.merge_agency(db, town["administrator"], INSURANCE, MERGER)


async def test_a_merged_agencys_open_questions_and_people_move_along(town: Town) -> None:
    answered, offered, drafted = await town.answered(), await town.accepted(), await town.drafted()
    approval = await town.sent_for_approval()
    clock = (await town.question(drafted)).answer_due_at
    await merged(town)
    new = town.agencies[FINANCE]
    rows = [await town.question(one) for one in (offered, drafted, approval)]
    assert [row.agency_id for row in rows] == [new] * 3
    assert [(row.assignment, row.answer) for row in rows] == [
        ("offered", "none"),
        ("accepted", "drafting"),
        ("accepted", "in_approval"),
    ]
    assert (await town.question(drafted)).answer_due_at == clock
    assert (await town.question(answered)).agency_id == town.agencies[INSURANCE]
    assert (await town.draft(drafted)).agency_id == new
    async with town.store.reading() as db:
        posts = await agencies.posts_of(db, town.id("official"))
        turns = await assignments_of(db, drafted)
        led = [topic.slug for topic in await agencies.every_topic(db) if topic.agency_id == town.agencies[INSURANCE]]
        routes = await routing.routes(db, "bảo hiểm xã hội", Place(topic_id=rows[0].topic_id))
    assert set(posts) == {new}
    assert [(turn.agency_id, turn.outcome) for turn in turns] == [
        (town.agencies[INSURANCE], "transferred"),
        (new, None),
    ]
    assert led == []
    assert next(route.agency_id for route in routes) == new
    assert "transferred" in await town.notices(offered)


async def assignments_of(db: Any, question_id: int) -> Any:
    return await assignments.of(db, await questions.one(db, question_id))


async def test_a_merged_agency_is_remembered_by_name_and_takes_nothing_more(town: Town) -> None:
    await merged(town)
    new = await values(town, AGENCIES, FINANCE)
    assert "Bảo hiểm xã hội Việt Nam" in new["aliases"]
    async with town.store.reading() as db:
        old = await directory.one(db, AGENCIES, INSURANCE)
    assert (old.active, old.successor_id) == (False, town.agencies[FINANCE])
    with pytest.raises(Refused, match="row_has_ended"):
        await edit(town, AGENCIES, INSURANCE, active=True)
    assert (await refusal(town, successions.merge_agency, INSURANCE, MERGER)).reason == "row_has_ended"


async def test_the_writers_go_on_under_the_new_name(town: Town) -> None:
    drafted = await town.drafted()
    await merged(town)
    async with town.store.reading() as db:
        official = actor_of(town.people["official"], await agencies.posts_of(db, town.id("official")))
    town.actors = {**town.actors, "official": official}
    await town.write(drafted, "official", 1, short=an_answer().short + " Nay do Bộ Tài chính trả lời.")
    assert (await town.draft(drafted)).agency_id == town.agencies[FINANCE]


@pytest.mark.parametrize(
    ("successor", "reason", "field"),
    [
        (INSURANCE, MERGER.reason, "successor"),
        ("", MERGER.reason, "successor"),
        (UMBRELLA, MERGER.reason, "successor"),
        (FINANCE, "ừ", "reason"),
    ],
)
async def test_a_merger_needs_somebody_who_answers_and_a_reason(
    town: Town, successor: str, reason: str, field: str
) -> None:
    failed = await refusal(
        town, successions.merge_agency, INSURANCE, SuccessionForm(successor=successor, reason=reason)
    )
    assert failed.field == field
