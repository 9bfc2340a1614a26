"""Proceedings: what readers see of a dialogue's minutes, put together from the rows as they are at this moment.

Every form of the minutes (page, DOCX, JSON) is written from this one reading, so that what was hidden, covered or corrected is so
in all of them at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import crews, dialogues, figures, guests, marking, minutes, people, polling, replies, revisions, voting
from engage.access import PUBLIC, visible
from engage.assigned import Answered
from engage.crews import Part
from engage.dialogues import Dialogue, Step
from engage.figures import Figures
from engage.guests import Group, Guest
from engage.marking import Result
from engage.minutes import Minutes
from engage.people import Person
from engage.polls import State
from engage.questions import Question
from engage.replies import Reply
from engage.turns import Floor, Turn


@dataclass(frozen=True, slots=True)
class Correction:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one guest answered."""

    guest: Guest
    reply: Reply
    corrections: Sequence[Correction]


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    question: Question
    title: str
    author: Person | None
    group_id: int | None
    votes: int
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Proceedings:
    dialogue: Dialogue
    minutes: Minutes
    guests: Sequence[Guest]
    hosts: Sequence[str]
    groups: Sequence[tuple[Group | None, Sequence[Item]]]
    later: Sequence[Question]  # answered by an agency since
    steps: Sequence[Step]
    results: Sequence[Result]
    figures: Figures

    @property
    def items(self) -> Sequence[Item]:
        return [item for _, items in self.groups for item in items]

    @property
    def is_corrected(self) -> bool:
        """Whether something was corrected since they were published."""
        published = self.dialogue.published_at
        made = [one for item in self.items for said in item.said for one in said.corrections]
        return published is not None and any(one.at > published for one in made)


async def of(db: AsyncSession, dialogue: Dialogue) -> Proceedings:
    """Raises NotFound where nobody has begun any."""
    written = await minutes.one(db, dialogue.key)
    came = await guests.of(db, dialogue.key)
    groups = await guests.groups(db, dialogue.key)
    crew = await crews.of(db, dialogue.key)
    names = await people.names(db, [one.person_id for one in crew])
    return Proceedings(
        dialogue=dialogue,
        minutes=written,
        guests=came,
        hosts=[names[one.person_id] for one in crew if one.part == Part.HOST and one.person_id in names],
        groups=_grouped(await _items(db, written, {guest.key: guest for guest in came}), groups),
        later=await _later(db, dialogue.key),
        steps=await dialogues.steps(db, dialogue.key),
        results=await _results(db, dialogue),
        figures=await figures.of(db, dialogue),
    )


def _grouped(items: Sequence[Item], groups: Sequence[Group]) -> Sequence[tuple[Group | None, Sequence[Item]]]:
    """In the order that was announced; what belongs to no group comes last. Numbered as they are read."""
    found: list[tuple[Group | None, Sequence[Item]]] = []
    number = 0
    for group in (*groups, None):
        mine = [item for item in items if item.group_id == (group.key if group else None)]
        numbered = [_numbered(item, number + place) for place, item in enumerate(mine, start=1)]
        number += len(mine)
        if numbered:
            found.append((group, numbered))
    return found


def _numbered(item: Item, number: int) -> Item:
    return Item(number, item.question, item.title, item.author, item.group_id, item.votes, item.said)


async def _items(db: AsyncSession, written: Minutes, came: Mapping[int, Guest]) -> Sequence[Item]:
    """Entries whose question readers see, with the replies that are out."""
    entries = [entry for entry in await minutes.entries(db, written.key) if not entry.left_out]
    found = (
        select(Question, Turn, Person)
        .join(Turn, col(Turn.question_id) == col(Question.id))
        .outerjoin(Person, col(Person.id) == col(Question.author_id))
        .where(
            col(Question.id).in_([entry.question_id for entry in entries]),
            visible(Question, PUBLIC),
            col(Question.merged_into_id).is_(None),
        )
    )
    rows = {question.key: (question, turn, author) for question, turn, author in (await db.exec(found)).all()}
    said = await _said(db, list(rows), came)
    votes = await voting.counts(db, list(rows))
    items = []
    for entry in entries:
        if entry.question_id in rows and said[entry.question_id]:
            question, turn, author = rows[entry.question_id]
            title, given = entry.title or question.title, said[question.key]
            items.append(Item(0, question, title, author, turn.group_id, votes[question.key], given))
    return items


async def _said(
    db: AsyncSession, question_ids: Sequence[int], came: Mapping[int, Guest]
) -> Mapping[int, Sequence[Said]]:
    said: dict[int, list[Said]] = defaultdict(list)
    for reply in await replies.of_questions(db, question_ids):
        if reply.released_at is not None and reply.guest_id in came:
            said[reply.question_id].append(Said(came[reply.guest_id], reply, await _corrections(db, reply)))
    return said


async def _corrections(db: AsyncSession, reply: Reply) -> Sequence[Correction]:
    """All of them, the first one first: the page says what changed when, and why."""
    if reply.corrected_at is None:
        return ()
    kept = await revisions.of(db, replies.KIND, reply.key)
    return [Correction(one.at, str(one.content.get("reason", ""))) for one in kept[1:]]


async def _later(db: AsyncSession, dialogue_id: int) -> Sequence[Question]:
    found = (
        select(Question)
        .join(Turn, col(Turn.question_id) == col(Question.id))
        .where(
            Turn.dialogue_id == dialogue_id,
            Turn.floor == Floor.CARRIED,
            visible(Question, PUBLIC),
            col(Question.merged_into_id).is_(None),
            col(Question.answer).in_([Answered.PUBLISHED, Answered.REVISED]),
        )
    )
    return (await db.exec(found.order_by(col(Question.published_at), col(Question.id)))).all()


async def _results(db: AsyncSession, dialogue: Dialogue) -> Sequence[Result]:
    """Of the polls that are closed, as they were held; one that was withdrawn has none."""
    return await marking.results(db, [poll for poll in await polling.of(db, dialogue) if poll.state == State.CLOSED])
