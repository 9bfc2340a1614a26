"""Promises of the queue: narrowed by what was found, counted as it is narrowed, and never a window into what is sealed."""

import pytest

from engage import presence, queues, review
from engage.agencies import every_topic
from engage.queues import Wanted
from engage.sorting import likely, sort
from engage.surfaces import SURFACES
from moderation import queue
from moderation.cases import Case
from tests.unit.town import BODY, DENUNCIATION, Town

pytestmark = pytest.mark.anyio
LINK = f"{BODY} Xem https://kiem-tien.example nhé."


async def waiting(town: Town, wanted: Wanted, who: str = "moderator") -> list[int]:
    async with town.store.reading() as db:
        found = await queue.waiting(db, town[who].may_unseal, 50, None, wanted.wheres(town.clock.now))
    return [case.thing_id for case in found]


async def test_the_queue_is_narrowed_by_kind_lateness_topic_and_words_without_marks(town: Town) -> None:
    phone, _ = await town.held(title="Tôi muốn hỏi về lương hưu của cha tôi?")
    link, _ = await town.held(title="Bao giờ sửa con đường qua xã tôi?", body=LINK, topic="giao-thong-van-tai")
    assert await waiting(town, Wanted()) == [phone, link]
    assert await waiting(town, Wanted(kind="personal")) == [phone]
    assert await waiting(town, Wanted(kind="link")) == [link]
    assert await waiting(town, Wanted(words="con duong")) == [link]
    assert await waiting(town, Wanted(words="CON ĐƯỜNG xã")) == [link]
    assert await waiting(town, Wanted(words="100%_")) == []
    async with town.store.reading() as db:
        topic_id = next(topic.id for topic in await every_topic(db) if topic.slug == "bao-hiem-xa-hoi")
    assert await waiting(town, Wanted(topic_id=topic_id)) == [phone]
    assert await waiting(town, Wanted(is_late=True)) == []
    town.clock.move(days=9)
    assert await waiting(town, Wanted(is_late=True)) == [phone, link]


async def test_counts_say_what_each_filter_would_find(town: Town) -> None:
    await town.held()
    await town.held(title="Bao giờ sửa con đường qua xã tôi?", body=LINK)
    await town.held(title="Chuyện ở xã tôi thì báo cho ai được?", body=DENUNCIATION)
    async with town.store.reading() as db:
        for who, every in (("moderator", 2), ("cleared", 3)):
            counts = await queues.tally(db, town[who].may_unseal, town.clock.now)
            assert counts["all"] == every
            for kind in ("denunciation", "personal", "link", "other"):
                assert counts[kind] == len(await waiting(town, Wanted(kind=kind), who)), kind


async def test_a_sealed_case_is_found_by_no_words_and_only_by_who_is_cleared(town: Town) -> None:
    sealed, _ = await town.held(body=DENUNCIATION)
    assert await waiting(town, Wanted(is_sealed=True), "cleared") == [sealed]
    assert await waiting(town, Wanted(is_sealed=True)) == []
    assert await waiting(town, Wanted(words="nhan hoi lo"), "cleared") == []


async def test_the_words_of_a_case_are_gone_once_it_is_decided(town: Town) -> None:
    _, case_id = await town.held()
    await town.decide(case_id, decision="accept")
    async with town.store.reading() as db:
        case = await db.get(Case, case_id)
    assert case is not None
    assert case.folded == ""


async def test_the_next_case_is_one_of_those_looked_at_and_skipping_goes_on(town: Town) -> None:
    phone, _ = await town.held()
    link, _ = await town.held(title="Bao giờ sửa con đường qua xã tôi?", body=LINK)
    async with town.store.transaction() as db:
        only = Wanted(kind="link").wheres(town.clock.now)
        taken = await review.claim_next(db, town["moderator"], wheres=only)
        assert taken is not None
        assert taken.thing_id == link
        await review.release(db, town["moderator"], taken.id or 0)
        first = await review.claim_next(db, town["moderator"])
        assert first is not None
        assert first.thing_id == phone
        await review.release(db, town["moderator"], first.id or 0)
        skipped = await review.claim_next(db, town["moderator"], after=(first.opened_at, first.id or 0))
    assert skipped is not None
    assert skipped.thing_id == link


async def test_whoever_was_seen_within_a_minute_is_here(town: Town) -> None:
    async with town.store.transaction() as db:
        await presence.note(db, "review", town.id("colleague"))
        await presence.note(db, "review", town.id("colleague"))
        assert await presence.others(db, "review", town.id("moderator")) == [town.id("colleague")]
        assert await presence.others(db, "review", town.id("colleague")) == []
        town.clock.move(61)
        assert await presence.others(db, "review", town.id("moderator")) == []


async def test_a_topic_is_suggested_and_routing_follows_it(town: Town) -> None:
    question_id, _ = await town.held(topic="giao-thong-van-tai")
    async with town.store.transaction() as db:
        question = await SURFACES["question"].one(db, question_id)
        topics = {topic.id: topic.slug for topic in await every_topic(db)}
        assert "bao-hiem-xa-hoi" in [topics[topic_id] for topic_id in await likely(db, question)]
        await sort(db, question, "bao-hiem-xa-hoi")
        assert topics[question.topic_id] == "bao-hiem-xa-hoi"
