"""A month of an invented portal with a clock of its own: questions come in, agencies answer or do not, the worker chases.

`python -m tests.simulation.month [questions]` tells one of 2,000 questions over 30 agencies, checks it, and prints what it saw.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    agencies,
    answers,
    approvals,
    assignments,
    calendars,
    chasing,
    clarifications,
    clocks,
    deadlines,
    digests,
    migrate,
    questions,
    recounts,
    seed,
)
from engage import work as worker
from engage.access import Actor
from engage.agencies import Agency, Post, Topic
from engage.assigned import Answered, Assigned
from engage.calendars import DayForm
from engage.db import Store
from engage.deadlines import HERE, here
from engage.errors import Refused
from engage.people import Kind, Person
from engage.questions import Question
from moderation.screening import Verdict
from tests.unit.town import Town, an_answer

START, DAYS = date(2026, 8, 24), 32  # National Day, 2 September, falls into it
TICKS = (8, 12, 16)  # hours of a day in Viet Nam
NEW_HOLIDAY = date(2026, 9, 18)
SLOW = 0.2  # of all agencies hardly do anything


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float = 0, *, days: float = 0) -> None:
        self.now += timedelta(seconds=seconds, days=days)


@dataclass
class Month:
    """`seen` counts what the month itself made happen: the test's own tally, to be compared with the rows."""

    store: Store
    clock: Clock
    chance: random.Random
    town: Town
    staff: Mapping[int, Mapping[Post, Actor]]
    topics: list[tuple[str, int]]
    open: list[int] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def is_slow(self, agency_id: int) -> bool:
        return agency_id % round(1 / SLOW) == 0


async def told(store: Store, clock: Clock, size: int, agency_count: int, chance: random.Random) -> Month:
    """From the first morning to the last evening."""
    month = await _begun(store, clock, agency_count, chance)
    per_tick = size / (DAYS * len(TICKS))
    asked = 0
    for number in range(DAYS * len(TICKS)):
        day, hour = START + timedelta(days=number // len(TICKS)), TICKS[number % len(TICKS)]
        clock.now = datetime.combine(day, datetime.min.time(), HERE).astimezone(UTC) + timedelta(hours=hour)
        while asked < round(per_tick * (number + 1)):
            await _ask(month)
            asked += 1
        if day == START + timedelta(days=14) and hour == TICKS[0]:
            await _change_calendar(month)
        await _work(month)
        if (await _calendar_says_work(month)) and hour != TICKS[0]:
            await _agencies_work(month)
        await _work(month)
    await _one_more_morning(month)
    return month


async def _one_more_morning(month: Month) -> None:
    """Nobody at an agency has done anything yet: what has come is what the rows must say."""
    month.clock.now += timedelta(hours=24 + TICKS[0] - TICKS[-1])
    while not await _calendar_says_work(month):
        month.clock.move(days=1)
    await _work(month)


async def _begun(store: Store, clock: Clock, agency_count: int, chance: random.Random) -> Month:
    async with store.transaction() as db:
        topics = (await db.exec(select(Topic).order_by(Topic.slug))).all()
        answering = {row.id: row for row in (await db.exec(select(Agency))).all() if row.may_answer}
        chosen = list(dict.fromkeys(one.agency_id for one in topics if one.agency_id in answering))[:agency_count]
        staff = {agency_id: await _staffed(db, agency_id, clock.now) for agency_id in chosen}
    town = Town(store, clock, {row.slug: row.id or 0 for row in answering.values()}, {}, {})
    mine = [(one.slug, one.agency_id) for one in topics if one.agency_id in staff]
    return Month(store, clock, chance, town, staff, mine)


async def _staffed(db: AsyncSession, agency_id: int, at: datetime) -> dict[Post, Actor]:
    staff = {}
    for post in Post:
        person = Person(
            kind=Kind.STAFF, name=f"{post} {agency_id}", email=f"{post}-{agency_id}@co-quan.example", created_at=at
        )
        db.add(person)
        await db.flush()
        db.add(agencies.Membership(person_id=person.id or 0, agency_id=agency_id, post=post))
        await db.flush()
        staff[post] = Actor(person_id=person.id, name=person.name, posts={agency_id: frozenset({post})})
    return staff


async def _ask(month: Month) -> None:
    topic, _ = month.chance.choice(month.topics)
    number = month.seen["asked"]
    question_id = await month.town.ask(
        topic=topic,
        title=f"Trường hợp thứ {number} của tôi thì nộp hồ sơ ở đâu và chờ bao lâu?",
        body=f"Tôi đã nộp giấy tờ lần thứ {number} tại nơi cư trú mà chưa rõ kết quả. Xin hỏi tôi phải làm gì tiếp theo?",
        email=f"hoi-{number}@thu.example",
    )
    month.seen["asked"] += 1
    month.open.append(question_id)


async def _change_calendar(month: Month) -> None:
    """A day off is announced in the middle of the month: dates that run over it move."""
    form = DayForm(
        day=NEW_HOLIDAY, kind="holiday", name_vi="Ngày nghỉ bù", name_en="Substitute holiday", certainty="official"
    )
    async with month.store.transaction() as db:
        await calendars.change_day(db, None, form)


async def _work(month: Month) -> None:
    """Everything the worker would have done by now."""
    drains: tuple[Callable[[Store], Awaitable[int]], ...] = (
        worker.settle_received,
        worker.carry_out_decisions,
        recounts.drain,
        worker.lapse_clarifications,
        chasing.chase,
        digests.gather,
    )
    for drain in drains:
        while await drain(month.store):
            pass


async def _calendar_says_work(month: Month) -> bool:
    async with month.store.reading() as db:
        return (await deadlines.calendar_now(db)).is_working(here(month.clock.now))


async def _agencies_work(month: Month) -> None:
    for question_id in list(month.open):
        async with month.store.transaction() as db:
            question = await questions.one(db, question_id)
            act = _next(month, question)
            if act is not None:
                month.seen[await act(month, db, question)] += 1


Act = Callable[[Month, AsyncSession, Question], Awaitable[str]]


def _next(month: Month, question: Question) -> Act | None:
    """What somebody at the agency does about it now, if anything."""
    if question.agency_id not in month.staff:
        return None
    pace, luck = (0.02 if month.is_slow(question.agency_id) else 0.35), month.chance.random()
    if question.paused_at is not None:
        return _reply if luck < 0.25 else None
    if luck > pace:
        return None
    if question.assignment == Assigned.OFFERED:
        return _transfer if luck < pace * 0.06 else _accept
    if question.answer == Answered.NONE:
        return _clarify if luck < pace * 0.15 else _extend if luck < pace * 0.25 else _send
    if question.answer == Answered.DRAFTING:
        return _send
    if question.answer == Answered.IN_APPROVAL:
        return _return if luck < pace * 0.1 else _approve
    return None


async def _accept(month: Month, db: AsyncSession, question: Question) -> str:
    await assignments.accept(db, month.staff[question.agency_id or 0][Post.COORDINATOR], question)
    return "accepted"


async def _transfer(month: Month, db: AsyncSession, question: Question) -> str:
    others = [agency_id for agency_id in month.staff if agency_id != question.agency_id]
    coordinator = month.staff[question.agency_id or 0][Post.COORDINATOR]
    try:
        await assignments.transfer(
            db, coordinator, question, month.chance.choice(others), "Việc này thuộc nơi nhận chuyển."
        )
    except Refused:
        return "transfer refused"
    return "transferred"


async def _clarify(month: Month, db: AsyncSession, question: Question) -> str:
    try:
        words = "Ông cho biết giấy tờ nộp ngày nào và ở đâu?"
        await clarifications.ask(db, month.staff[question.agency_id or 0][Post.OFFICIAL], question, words)
    except Refused:
        return "clarification refused"
    return "asked back"


async def _reply(_month: Month, db: AsyncSession, question: Question) -> str:
    form = clarifications.ReplyForm(answer="Tôi nộp ngày 12 tháng 8 tại nơi cư trú.")
    await clarifications.reply(db, question, form, Verdict())
    return "replied"


async def _extend(month: Month, db: AsyncSession, question: Question) -> str:
    coordinator = month.staff[question.agency_id or 0][Post.COORDINATOR]
    try:
        await clocks.extend(db, coordinator, question, month.chance.randint(1, 5), "Cần xác minh thêm tại địa phương.")
    except Refused:
        return "extension refused"
    return "extended"


async def _send(month: Month, db: AsyncSession, question: Question) -> str:
    official = month.staff[question.agency_id or 0][Post.OFFICIAL]
    draft = await answers.draft_of(db, question)
    answer = await answers.write(db, official, question, an_answer(), draft.version if draft else 0)
    await answers.send_for_approval(db, official, question, answer)
    return "sent"


async def _approve(month: Month, db: AsyncSession, question: Question) -> str:
    draft = await answers.draft_of(db, question)
    await approvals.approve(
        db, month.staff[question.agency_id or 0][Post.APPROVER], question, draft.version if draft else 0
    )
    month.open.remove(question.key)
    return "answered"


async def _return(month: Month, db: AsyncSession, question: Question) -> str:
    draft = await answers.draft_of(db, question)
    approver = month.staff[question.agency_id or 0][Post.APPROVER]
    await approvals.return_(db, approver, question, draft.version if draft else 0, "Nêu rõ điều khoản áp dụng.")
    return "returned"


async def main(size: int) -> None:
    from tests.simulation import checks

    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(datetime(2026, 8, 24, tzinfo=UTC))
        store = Store(f"sqlite+aiosqlite:///{Path(folder) / 'month.sqlite3'}", clock=clock)
        await migrate.up(store)
        await seed.directory(store)
        month = await told(store, clock, size, 30, random.Random(20_260_824))
        for line in await checks.of(month):
            print(line)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 2_000))
