"""The desks of a dialogue with twenty thousand questions: `python -m tests.benchmarks.hall [questions] [sqlite|postgres]`.

Milliseconds of CPU, so that a busy machine tells the same: of the server for a whole page, as its own person asks for it, and of
what the desks and the room read of the floor.
"""

import asyncio
import random
import sys
import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import boards, dialogues, floors, guests, turns
from engage.access import Actor
from engage.boards import Narrowed, Order
from engage.crews import Crew, Part
from engage.db import Store
from engage.dialogues import Stage
from engage.guests import Guest
from engage.people import Person
from engage.turns import Floor, Turn
from tests.benchmarks import cpu
from tests.benchmarks.advance import SEED, fill, gather
from tests.benchmarks.lines import Ask, on_each, report
from tests.site import Site

PAGES, READS, QUEUED = 60, 40, 100
WHO = "quan-tri@engage.example"  # at every desk


async def furnished(store: Store, count: int) -> int:
    """On air: four groups, two guests, a queue, and most questions handed to somebody."""
    dialogue_id, _ = await fill(store, count)
    async with store.transaction() as db:
        dialogue = await dialogues.one(db, dialogue_id)
        dialogue.stage = Stage.LIVE
        db.add(dialogue)
        boss = (await db.exec(select(col(Person.id)).where(Person.login == WHO))).one() or 0
        actor = Actor(person_id=boss, is_administrator=True)
        await guests.set_groups(db, actor, dialogue, [f"Nhóm {number}" for number in range(4)])
        groups = [group.key for group in await guests.groups(db, dialogue_id)]
        came = [
            Guest(dialogue_id=dialogue_id, name=f"Khách {place}", title="Vụ trưởng", place=place) for place in (1, 2)
        ]
        db.add_all(came)
        await db.flush()
        db.add_all(
            Crew(
                dialogue_id=dialogue_id, person_id=boss, part=part, guest_id=came[0].key if part == Part.GUEST else None
            )
            for part in (Part.HOST, Part.SCRIBE, Part.GUEST)
        )
        await _spread(db, dialogue_id, groups, [guest.key for guest in came])
    return dialogue_id


async def _spread(db: AsyncSession, dialogue_id: int, groups: Sequence[int], came: Sequence[int]) -> None:
    chance = random.Random(SEED)
    ids = (await db.exec(select(col(Turn.id)).where(Turn.dialogue_id == dialogue_id))).all()
    rows = [{"at": one, "of": chance.choice(groups), "to": chance.choice([*came, None])} for one in ids]
    spread = sa.update(Turn).where(col(Turn.id) == sa.bindparam("at"))
    spread = spread.values(group_id=sa.bindparam("of"), guest_id=sa.bindparam("to"))
    await (await db.connection()).execute(spread, rows)
    queued = sa.update(Turn).where(col(Turn.id).in_(ids[:QUEUED]))
    await db.exec(queued.values(floor=Floor.QUEUED, queued_at=Turn.entered_at))


async def report_cpu(name: str, rounds: int, ask: Ask) -> None:
    await report(name, rounds, ask, clock=time.process_time)


async def reads(store: Store, dialogue_id: int) -> None:
    async with store.reading() as db:
        dialogue = await dialogues.one(db, dialogue_id)
        group = (await guests.groups(db, dialogue_id))[0].key
        waiting = {Floor.WAITING}
        for order in (Order.VOTES, Order.OLDEST, Order.NEWEST):
            await report_cpu(
                f"by {order}", READS, lambda _, order=order: boards.listed(db, dialogue, Narrowed(waiting, order))
            )
        in_group = Narrowed(waiting, Order.VOTES, group_id=group)
        await report_cpu("by votes, one group", READS, lambda _: boards.listed(db, dialogue, in_group))
        late = Narrowed(waiting, Order.VOTES, after=(0, 1))
        await report_cpu("by votes, those without", READS, lambda _: boards.listed(db, dialogue, late))
        await report_cpu("how many stand where", READS, lambda _: turns.counts(db, dialogue))
        await report_cpu("most asked, for readers", READS, lambda _: floors.most_asked(db, dialogue, 5))


def pages(site: Site, dialogue_id: int) -> None:
    staff, anyone = site.staff(WHO), site.visitor()
    base = f"/dialogues/{dialogue_id}"
    group = site.rows("select id from topic_group where dialogue_id = :id order by id", id=dialogue_id)[0].id
    guest = site.rows("select id from guest where dialogue_id = :id order by id", id=dialogue_id)[0].id
    orders = [f"/host?order={order}" for order in ("newest", "group", "guest")]
    narrowed = [f"/host?group={group}", f"/host?guest={guest}", f"/host?group={group}&guest={guest}"]
    desks = [(staff, path) for path in ("/host", *orders, *narrowed, "/sift", "/scribe", "/guest")]
    public = [(who, path) for who in (staff, anyone) for path in ("/screen", "")]
    for visitor, path in [*desks, *public]:
        visitor.get(base + path)
        began, pid = time.monotonic(), site.processes["serve"].pid
        spent = cpu.spent(pid)
        for _ in range(PAGES):
            answer = visitor.get(base + path)
            assert answer.status_code == 200, answer.text
        spent, took = (cpu.spent(pid) - spent) / PAGES * 1000, (time.monotonic() - began) / PAGES * 1000
        name = (path or "the room") + ", by anyone" * (visitor is anyone)
        size = len(answer.content) // 1024
        print(f"{name:<34} {spent:6.1f} ms, {took:.0f} ms until it was here, {size} KB", flush=True)


def measure(site: Site, count: int) -> None:
    site.prepare()
    began = time.monotonic()

    async def filled() -> int:
        async with site.database() as store:
            dialogue_id = await furnished(store, count)
            print(f"filled in {time.monotonic() - began:.0f} s")
            await gather(store, dialogue_id)  # or the worker does it while pages are counted
            await reads(store, dialogue_id)
            return dialogue_id

    dialogue_id = asyncio.run(filled())
    site.start()
    try:
        pages(site, dialogue_id)
    finally:
        site.stop()


def main(count: int, kinds: Sequence[str]) -> None:
    on_each(kinds, lambda site: measure(site, count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000, sys.argv[2:] or ("sqlite", "postgres"))
