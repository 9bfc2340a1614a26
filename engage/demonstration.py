"""A demonstration: invented people with some hundred questions in every stage, made by the verbs themselves at invented times.

Agencies and document numbers are real; people, questions and answers are not.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    comment_scenes,
    deadlines,
    desk_scenes,
    dialogue_scenes,
    feedback_scenes,
    flag_scenes,
    forum_scenes,
    notices,
    people,
    scenes,
    stories,
)
from engage.access import actor_of
from engage.agencies import Membership
from engage.db import Store
from engage.deadlines import Step, Term
from engage.people import DEMONSTRATION_PASSWORD, Kind, Person
from engage.questions import SURFACE
from engage.seed import DATA
from engage.storage import Storage
from engage.stories import Cast, Past, Row, Story

ACCOUNTS = (
    ("moderator", "kiem-duyet-1@engage.example"),
    ("moderator", "kiem-duyet-2@engage.example"),
    ("coordinator, BHXH Việt Nam", "dau-moi.bhxh@engage.example"),
    ("official, BHXH Việt Nam", "can-bo.bhxh@engage.example"),
    ("approver, BHXH Việt Nam", "duyet.bhxh@engage.example"),
    ("host of the live dialogue", dialogue_scenes.HOST),
    *(("scribe", scribe) for scribe in dialogue_scenes.SCRIBES),
    ("guest", "khach-1@engage.example"),
    ("guest", "khach-2@engage.example"),
    ("administrator", "quan-tri@engage.example"),
)
SCENES: Mapping[str, Any] = {**scenes.SCENES, **desk_scenes.SCENES}


ORIGINS = ("http://localhost:8001", "http://127.0.0.1:8001")  # of the portal in it, unless somebody says another


async def write(store: Store, storage: Storage, origins: Sequence[str] = ORIGINS) -> None:
    """On an empty, seeded store: all of it or nothing. Every row comes from a verb, so the demonstration cannot show what the
    product cannot do."""
    told = _told()
    password = await people.hashed(DEMONSTRATION_PASSWORD)
    clock = Past(store.clock())
    (present, store.clock), (asks_time, store.asks_time) = (store.clock, clock), (store.asks_time, False)
    try:
        async with store.transaction() as db:
            cast = await _cast(db, clock, told["staff"], password)
            for number, row in enumerate([*sorted(told["question"], key=_age), *told["further"]]):
                await _tell(Story(db, clock, cast, storage, number, row))
            for number, row in enumerate(told["later"]):
                await _go_on(Story(db, clock, cast, storage, number, row))
            for row in told["dialogue"]:
                await dialogue_scenes.Scene(db, clock, cast, row).tell()
            await forum_scenes.tell(db, clock, cast, told["thread"])
            await comment_scenes.tell(db, clock, cast, told["article"], origins)
            await feedback_scenes.tell(db, clock, cast, storage, told)
            await flag_scenes.tell(db, clock, cast, told["flag"])
            clock.at = clock.present
            await desk_scenes.furnish(db, cast, told)
            await notices.note_past(db)  # else six hundred mails would go out before a visitor's own
    finally:
        store.clock, store.asks_time = present, asks_time


def _told() -> dict[str, list[Row]]:
    """People, and questions by field, in one file each. `further` ones come after the others, whenever they were asked; `later`
    is what happened to a question that another file tells of."""
    told: dict[str, list[Row]] = {}
    for path in sorted((DATA / "demonstration").glob("*.toml")):
        for kind, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            told.setdefault(kind, []).extend(rows)
    return told


def _age(row: Row) -> int:
    return -int(row["days_ago"])


async def _tell(story: Story) -> None:
    await story.tell()
    await _play(story)


async def _go_on(story: Story) -> None:
    """From when the answer went out, or the last thing that happened."""
    await story.resume()
    await _play(story)


async def _play(story: Story) -> None:
    for step in story.row.get("then", ()):
        story.worked(step.get("after", 1))
        await SCENES[step["do"]](story, step)
        await story.noted()


async def _cast(db: AsyncSession, clock: Past, rows: list[Row], password: str) -> Cast:
    agencies = await stories.agency_ids(db)
    staff = {row["email"]: await _join(db, clock, agencies, row, password) for row in rows}
    terms = (await db.exec(select(Term).where(Term.surface == SURFACE, Term.step == Step.ANSWER))).all()
    return Cast(
        staff={email: person.id or 0 for email, person in staff.items()},
        moderators=[actor_of(staff[email], {}) for role, email in ACCOUNTS if role == "moderator"],
        agencies=agencies,
        calendar=await deadlines.calendar(db),
        terms={term.complexity: term.days for term in terms},
        posts=await stories.posts(db),
    )


async def _join(db: AsyncSession, clock: Past, agencies: Mapping[str, int], row: Row, password: str) -> Person:
    person = Person(
        kind=Kind.STAFF,
        name=row["name"],
        login=row["email"],
        email=row["email"],
        password=password,
        is_moderator="moderator" in row["roles"],
        is_administrator="administrator" in row["roles"],
        may_unseal=row["email"] == ACCOUNTS[0][1],
        created_at=clock.present,
    )
    db.add(person)
    await db.flush()
    for membership in row.get("memberships", ()):
        agency_id = agencies[membership["agency"]]
        db.add(Membership(person_id=person.id or 0, agency_id=agency_id, post=membership["role"]))
    await db.flush()
    return person
