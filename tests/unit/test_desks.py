"""Promises of an agency's list: the most urgent first, narrowed by what one asks for, page after page without a gap."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import desks, officials, questions
from engage.desks import NOBODY, Wanted
from engage.questions import Question
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio


async def listed(town: Town, wanted: Wanted, limit: int = 50, after: desks.Place | None = None) -> list[int]:
    async with town.store.reading() as db:
        found = await desks.listed(db, town["coordinator"], town.agencies[INSURANCE], wanted, limit, after)
    return [one.key for one in found]


async def due_in(town: Town, question_id: int, days: int) -> int:
    due = town.clock.now + timedelta(days=days)
    async with town.store.transaction() as db:
        await db.exec(sa.update(Question).where(col(Question.id) == question_id).values(answer_due_at=due))
    return question_id


async def test_a_list_is_paged_by_what_was_seen_last_without_a_gap_or_a_double(town: Town) -> None:
    due = {await due_in(town, await town.taken(), days): days for days in (3, 1, 1, 2, 3)}
    urgent = sorted(due, key=lambda one: (due[one], one))
    seen: list[int] = []
    after = None
    for _ in range(3):
        async with town.store.reading() as db:
            page = await desks.listed(db, town["coordinator"], town.agencies[INSURANCE], Wanted("working"), 2, after)
        seen += [one.key for one in page]
        after = desks.place_of(page[-1], "working")
    assert seen == urgent
    assert await listed(town, Wanted("working"), after=after) == []


async def test_a_list_is_narrowed_by_due_date(town: Town) -> None:
    late, week, later = [await due_in(town, await town.taken(), days) for days in (-1, 1, 30)]
    for due, wanted in (("late", [late]), ("week", [week]), ("later", [later]), ("", [late, week, later])):
        assert await listed(town, Wanted("working", due=due)) == wanted


async def test_a_list_is_narrowed_by_who_has_it_by_topic_and_by_words_without_marks(town: Town) -> None:
    handed, other = await town.taken(), await town.taken(title="Thai sản cho lao động tự do tính từ tháng nào?")
    async with town.store.transaction() as db:
        question = await questions.one(db, handed)
        await officials.hand(db, town["coordinator"], question, town.id("official"), seen_at=town.clock.now)
    official = frozenset({town.id("official")})
    assert await listed(town, Wanted("working", officials=official)) == [handed]
    assert await listed(town, Wanted("working", officials=frozenset({NOBODY}))) == [other]
    assert await listed(town, Wanted("working", typed="thai san")) == [other]
    assert await listed(town, Wanted("working", typed="khong co chu nay")) == []
    assert await listed(town, Wanted("working", typed="?!")) == []
    topic = (await town.question(other)).topic_id
    assert await listed(town, Wanted("working", topic_id=topic)) == [handed, other]
    assert await listed(town, Wanted("working", topic_id=(topic or 0) + 1)) == []


async def test_counts_say_what_lies_in_each_tab_and_stop_where_a_number_says_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.accepted()
    for _ in range(3):
        await town.taken()
    await town.sent_for_approval()
    await town.answered()

    async def counts() -> dict[str, int]:
        async with town.store.reading() as db:
            agency, mine = town.agencies[INSURANCE], frozenset({town.id("official")})
            return dict(await desks.counts(db, town["coordinator"], agency, "working", mine))

    assert await counts() == {
        "offered": 1, "working": 3, "approval": 1, "answered": 1, "mine": 0, "nobody": 3, "shares": 0
    }  # fmt: skip
    monkeypatch.setattr(desks, "MOST_COUNTED", 2)
    assert (await counts())["working"] == 2
