"""Rehearsals: a copy of a dialogue in which its crew practises on the real desks, and which leaves nothing behind.

What is asked in one is held and never let in (`admissions`), so whatever shows public questions cannot show it.
"""

import secrets
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, audit, crews, dialogues, guests, intake, questions, staging, turns
from engage.access import Actor, may_edit
from engage.ask import Ask
from engage.crews import Crew, Part
from engage.db import now
from engage.dialogues import Dialogue
from engage.errors import Conflict, NotAllowed, Refused
from engage.guests import Group, Guest
from engage.intake import Directory
from engage.people import Kind, Person
from engage.questions import Question
from live import log
from live.log import Event

SAMPLES = Path(__file__).parent / "data" / "rehearsal.toml"
FORGOTTEN = timedelta(days=1)
# What an editor wrote, and the crew practises with; all else begins anew.
COPIED = {
    "title",
    "lead",
    "about",
    "about_html",
    "place",
    "cohosts",
    "video_url",
    "series_id",
    "agency_id",
    "most_each",
}


async def begin(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> Dialogue:
    """A copy that starts now, with its crew on their desks and sample questions before them. One at a time."""
    by = _editor(actor, dialogue)
    if dialogue.is_rehearsal or dialogue.stage in dialogues.OVER:
        raise Refused("dialogue_is_over")
    if (there := await of(db, dialogue.key)) is not None:
        raise Conflict("rehearsal_is_on", dialogue=there.key)
    copy = await _copied(db, dialogue, by)
    editor = Actor(person_id=by, parts={copy.key: frozenset({Part.EDITOR})})
    await staging.announce(db, editor, copy)
    await staging.open_intake(db, editor, copy)
    await _ask_samples(db, copy)
    dialogues.tell_crew(db, dialogue, "rehearsal.begun")
    await audit.note(db, by, "rehearsal.begun", dialogue=dialogue.key)
    return copy


async def wipe(db: AsyncSession, actor: Actor, rehearsal: Dialogue) -> None:
    """Whatever was said and done in it is gone."""
    by = _editor(actor, rehearsal)
    if not rehearsal.is_rehearsal:
        raise Refused("only_rehearsals_are_wiped")
    await _wipe(db, rehearsal, by)


async def wipe_forgotten(db: AsyncSession) -> int:
    """The worker's: those of yesterday that nobody ended."""
    old = select(Dialogue).where(
        col(Dialogue.rehearsal_of_id).is_not(None), col(Dialogue.created_at) < now(db) - FORGOTTEN
    )
    left = (await db.exec(old.with_for_update(skip_locked=True))).all()
    for rehearsal in left:
        await _wipe(db, rehearsal, None)
    return len(left)


async def of(db: AsyncSession, dialogue_id: int) -> Dialogue | None:
    return (await db.exec(select(Dialogue).where(Dialogue.rehearsal_of_id == dialogue_id))).first()


# The copy


async def _copied(db: AsyncSession, dialogue: Dialogue, by: int) -> Dialogue:
    at = now(db)
    copy = Dialogue(
        **dialogue.model_dump(include=COPIED),
        starts_at=at,
        ends_at=at + (dialogue.ends_at - dialogue.starts_at),
        rehearsal_of_id=dialogue.key,
        created_by=by,
        created_at=at,
    )
    db.add(copy)
    await db.flush()
    came = {guest.key: await _guest(db, copy, guest) for guest in await guests.of(db, dialogue.key)}
    for group in await guests.groups(db, dialogue.key):
        db.add(Group(**group.model_dump(exclude={"id", "dialogue_id"}), dialogue_id=copy.key))
    crew = {(row.person_id, row.part, row.guest_id) for row in await crews.of(db, dialogue.key)}
    for person_id, part, guest_id in sorted(crew | {(by, Part.EDITOR, None)}, key=str):
        db.add(Crew(dialogue_id=copy.key, person_id=person_id, part=part, guest_id=came.get(guest_id or 0)))
    await db.flush()
    return copy


async def _guest(db: AsyncSession, copy: Dialogue, guest: Guest) -> int:
    """Whoever practises has come."""
    same = guest.model_dump(exclude={"id", "dialogue_id", "confirmed_at"})
    practising = Guest(**same, dialogue_id=copy.key, confirmed_at=now(db))
    db.add(practising)
    await db.flush()
    return practising.key


async def _ask_samples(db: AsyncSession, copy: Dialogue) -> None:
    groups = await guests.groups(db, copy.key)
    samples = tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["question"]
    for number, sample in enumerate(samples):
        ask = Ask(**sample, email="dien-tap@engage.example", anonymous=False, consent=True)
        code = secrets.token_hex()  # nobody has it: what becomes of a sample is seen on the desks
        sent = await intake.submit(db, ask, Directory(None, None, None), code=code, language="vi", dialogue=copy)
        await turns.enter(db, sent.id, copy, groups[number % len(groups)].key)
        await admissions.accept(db, await questions.one(db, sent.id), by=None)


# Its end


async def _wipe(db: AsyncSession, rehearsal: Dialogue, by: int | None) -> None:
    original_id = rehearsal.rehearsal_of_id or 0
    asked = select(col(Question.id), col(Question.author_id)).where(Question.dialogue_id == rehearsal.key)
    authors = {one or 0: author for one, author in (await db.exec(asked)).all()}
    strangers = await _only_here(db, rehearsal, authors.values())
    channels = [dialogues.channel(rehearsal.key), dialogues.crew_channel(rehearsal.key)]
    channels += [f"{questions.SURFACE}:{one}" for one in authors] + [f"person:{one}" for one in strangers]
    await _delete(db, Question, list(authors))
    await _delete(db, Dialogue, [rehearsal.key])
    await _delete(db, Person, strangers)
    # A channel keeps its newest number: whoever still listens, or is given the id after it, goes on from there.
    await db.exec(sa.delete(Event).where(col(Event.channel).in_(channels)))
    log.record(db, dialogues.crew_channel(original_id), "rehearsal.wiped", dialogue=original_id)
    await audit.note(db, by, "rehearsal.wiped", dialogue=original_id)


async def _only_here(db: AsyncSession, rehearsal: Dialogue, authors: Iterable[int]) -> Sequence[int]:
    """Whoever is known by a form of this rehearsal alone."""
    elsewhere = select(Question).where(Question.author_id == Person.id, col(Question.dialogue_id) != rehearsal.key)
    nowhere = select(Question).where(Question.author_id == Person.id, col(Question.dialogue_id).is_(None))
    known = select(col(Person.id)).where(col(Person.id).in_(set(authors)), Person.kind == Kind.GUEST)
    return [one or 0 for one in (await db.exec(known.where(~elsewhere.exists(), ~nowhere.exists()))).all()]


async def _delete(db: AsyncSession, table: Any, ids: Sequence[int]) -> None:
    """These rows, and before them all that refer to them: a table of tomorrow needs no line here."""
    if not ids:
        return
    rows: sa.Table = getattr(table, "__table__", table)
    for other in SQLModel.metadata.tables.values():
        for refers in _references(other, rows, ids):
            below = await _ids(db, other, refers)
            await _delete(db, other, [one for one in below if other is not rows or one not in ids])
            await db.exec(sa.delete(other).where(refers))
    await db.exec(sa.delete(rows).where(rows.c.id.in_(ids)))


def _references(other: sa.Table, rows: sa.Table, ids: Sequence[int]) -> Iterator[sa.ColumnElement[bool]]:
    """By a foreign key, or by the name of a surface and an id."""
    for key in other.foreign_keys:
        if key.column.table is rows:
            yield key.parent.in_(ids)
    for named in ("surface", "kind"):
        if named in other.c and "thing_id" in other.c:
            yield sa.and_(other.c[named] == rows.name, other.c.thing_id.in_(ids))


async def _ids(db: AsyncSession, table: sa.Table, where: sa.ColumnElement[bool]) -> Sequence[int]:
    if "id" not in table.c:
        return []
    return list((await (await db.connection()).execute(sa.select(table.c.id).where(where))).scalars())


def _editor(actor: Actor, dialogue: Dialogue) -> int:
    if actor.person_id is None or not may_edit(actor, dialogue.key):
        raise NotAllowed()
    return actor.person_id
