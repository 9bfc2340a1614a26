"""The kinds of live rooms, a line each: their channel, who may enter, what is said of their facts, what their pieces are.

What is said is made from the rows as they are now. On a channel of readers it is what every reader sees: a thing they may not see
is `removed`, and where a room has pieces, a fact brings the piece it changed. On a desk's channel it is the fact itself, without a
word: whoever is there is asked at the door and on every tick, and may know that something happened to a thing of the desk. Only
of what is sealed not even that is said: it opens to few, and everybody at the desk hears the channel. An asker's own channel
tells all; nobody else is in it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, remarks, turns
from engage.access import PUBLIC, Actor, Text, visible
from engage.questions import FEEDBACK, LISTS, SURFACE, SURFACES, Question
from engage.remarks import TABLE, Remark
from engage.web import pieces
from engage.web.comments import shown as commentary
from engage.web.dialogues import printed
from engage.web.forum import shown as talk
from engage.web.pieces import Piece, Press
from engage.web.templates import Templates
from live import wire
from live.log import Event
from moderation.cases import Case

Said = dict[str, Any]
Say = Callable[[AsyncSession, Press, Sequence[Event]], Awaitable[list[Said]]]
Pieces = Callable[[AsyncSession, Press, int], Awaitable[Sequence[Piece]]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands: whether readers see it, and whether it is sealed."""

    is_public: bool
    is_sealed: bool


NOWHERE = Standing(is_public=False, is_sealed=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """`may_enter` is asked with the room's id, who wants to, and how the question of that id stands."""

    channel: str
    may_enter: Callable[[int, Actor, Standing], bool]
    say: Say
    pieces: Pieces | None = None

    @property
    def noun(self) -> str:
        return _noun(self.channel)

    def channel_of(self, room_id: int, who: Actor) -> str:
        return self.channel.format(id=room_id, who=who)


class Rooms:
    """What the hub asks for: what is sent for facts, in a language."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def say(self, db: AsyncSession, events: Sequence[Event], language: str) -> list[Said]:
        """All of one channel, in their order."""
        if not events:
            return []
        press = await Press.of(db, self._templates, language)
        return await SAID.get(_noun(events[0].channel), of_readers)(db, press, events)


# What is said of facts


async def of_readers(db: AsyncSession, _press: Press, events: Sequence[Event]) -> list[Said]:
    public = await _public(db, {_about(event) for event in events})
    return [_told(event) if _about(event) in public else _removed(event) for event in events]


async def of_a_question(db: AsyncSession, press: Press, events: Sequence[Event]) -> list[Said]:
    """Whatever happens there, also to a question that was put into this one, may have changed the one piece of the room."""
    room_id = int(events[0].channel.partition(":")[2])
    said, piece = await of_readers(db, press, events), await pieces.question(db, press, room_id)
    for one in _last(said, lambda _: room_id):
        if piece is not None:
            one |= _put(piece)
    return [one | {"thing": f"{SURFACE}:{room_id}"} if "html" in one else one for one in said]


async def of_the_list(db: AsyncSession, press: Press, events: Sequence[Event]) -> list[Said]:
    """What stands in no list any more, though readers may see it, is taken from there: it was put into another question."""
    said = await of_readers(db, press, events)
    surface = FEEDBACK if events[0].channel == LISTS[FEEDBACK] else SURFACE
    lines = await pieces.lines(db, press, sorted({_about(event) for event in events}), surface)
    for one in _last(said, lambda one: one["data"].get(SURFACE)):
        piece = lines.get(one["data"].get(SURFACE))
        one |= _put(piece) if piece else {"remove": pieces.name(one["data"].get(SURFACE, 0))}
    return said


async def of_a_dialogue(db: AsyncSession, press: Press, events: Sequence[Event]) -> list[Said]:
    """A fact may change how the room stands, an answer, or both: then the second piece comes `also`."""
    room_id = int(events[0].channel.partition(":")[2])
    standing = await printed.now(db, press, room_id)
    if standing is None:
        return [{"type": wire.REMOVED, "data": {}, "thing": f"dialogue:{room_id}"} for _ in events]
    shown = await _shown(db, room_id, {_about(event) for event in events})
    said = [_turned(event, shown) for event in events]
    answers = await printed.answers(db, press, room_id, sorted(shown))
    for one in _last(said, lambda one: one["data"].get(SURFACE)):
        if SURFACE in one["data"]:
            piece = answers.get(one["data"][SURFACE])
            one |= _put(piece) if piece else {"remove": printed.name(one["data"][SURFACE])}
    for one in [one for one in said if one["type"].startswith("guest.")][-1:]:  # who is named in many answers
        one["also"] = [_put(piece) for piece in (await printed.newest(db, press, room_id)).values()]
    for one in [one for one in said if one["type"].startswith("poll.")][-1:]:
        one["also"] = [_put(await printed.polls(db, press, room_id))]
    for one in _last(said, lambda _: room_id):
        one["also"] = [*one.get("also", ()), _put(standing)]
    return said


def _turned(event: Event, shown: set[int]) -> Said:
    """Of a question that the room does not show nothing is said but that the room changed, or that it went."""
    if SURFACE not in event.ids or _about(event) in shown:
        return _told(event)
    if event.type.startswith("turn."):
        return {"type": event.type, "data": {}, "thing": event.type}
    return {**_told(event), "type": wire.REMOVED, "remove": printed.name(_about(event))}


async def of_a_thread(db: AsyncSession, press: Press, events: Sequence[Event]) -> list[Said]:
    """A new post brings its piece; of what its author changed the page is asked. What went goes by its number."""
    room_id = int(events[0].channel.partition(":")[2])
    ids = sorted({event.ids[TABLE] for event in events if TABLE in event.ids})
    shown, numbers = await talk.pieces(db, press, room_id, ids), await remarks.numbers(db, ids)
    said = []
    for event in events:
        key = event.ids.get(TABLE)
        if key is None or key in shown:
            said.append(_told(event) | (_put(shown[key]) if key and event.type == "remark.accepted" else {}))
        else:
            said.append({**_told(event), "type": wire.REMOVED, "remove": talk.name(numbers.get(key, 0))})
    return said


async def of_an_article(db: AsyncSession, press: Press, events: Sequence[Event]) -> list[Said]:
    """Whatever happens to a comment brings its piece; what went goes by its id."""
    room_id = int(events[0].channel.partition(":")[2])
    ids = sorted({event.ids[TABLE] for event in events if TABLE in event.ids})
    shown, said = await commentary.pieces(db, press, room_id, ids), []
    for event in events:
        key = event.ids.get(TABLE)
        if key is None or key in shown:
            said.append(_told(event) | (_put(shown[key]) if key else {}))
        else:
            said.append({**_told(event), "type": wire.REMOVED, "remove": commentary.name(key)})
    return said


async def of_a_desk(db: AsyncSession, _press: Press, events: Sequence[Event]) -> list[Said]:
    questions = await _unsealed(db, Question, {_about(event) for event in events})
    remarks = await _unsealed(db, Remark, {event.ids.get("remark", 0) for event in events})
    cases = await _unsealed_cases(db, {event.ids.get("case", 0) for event in events})

    def may_know(event: Event) -> bool:
        is_sealed = SURFACE in event.ids and _about(event) not in questions
        is_sealed = is_sealed or ("remark" in event.ids and event.ids["remark"] not in remarks)
        return not is_sealed and ("case" not in event.ids or event.ids["case"] in cases)

    return [_told(event) if may_know(event) else _removed(event) for event in events]


async def of_an_asker(_db: AsyncSession, _press: Press, events: Sequence[Event]) -> list[Said]:
    return [_told(event) for event in events]


def _told(event: Event) -> Said:
    """`thing` is not sent: by it what waits of a thing is taken back when it is removed."""
    noun = SURFACE if SURFACE in event.ids else next(iter(event.ids), event.type)
    return {"type": event.type, "data": event.ids, "thing": f"{noun}:{event.ids.get(noun, 0)}"}


def _removed(event: Event) -> Said:
    """Under the same number, and nothing but which thing it was."""
    gone = {"remove": pieces.name(_about(event))} if SURFACE in event.ids else {}
    return {**_told(event), "type": wire.REMOVED, **gone}


def _put(piece: Piece) -> Said:
    return {"put": piece.id, "html": piece.html, "rank": piece.rank}


def _last(said: Sequence[Said], thing: Callable[[Said], object]) -> list[Said]:
    """Of several about one thing only the last brings it: it is as it is now for all of them."""
    newest = {thing(one): one for one in said if one["type"] != wire.REMOVED}
    return list(newest.values())


def _about(event: Event) -> int:
    return event.ids.get(SURFACE, 0)


def _noun(channel: str) -> str:
    return channel.partition(":")[0]


async def _public(db: AsyncSession, ids: set[int]) -> set[int]:
    found = await db.exec(select(col(Question.id)).where(col(Question.id).in_(ids), visible(Question, PUBLIC)))
    return {key for key in found if key is not None}


async def _shown(db: AsyncSession, dialogue_id: int, ids: set[int]) -> set[int]:
    dialogue = await dialogues.one(db, dialogue_id)
    found = await db.exec(select(col(Question.id)).where(col(Question.id).in_(ids), turns.shows(dialogue)))
    return {key for key in found if key is not None}


async def _unsealed(db: AsyncSession, table: type[Text], ids: set[int]) -> set[int]:
    found = select(col(table.id)).where(col(table.id).in_(ids), col(table.sealed).is_(False))
    return {key for key in await db.exec(found) if key is not None}


async def _unsealed_cases(db: AsyncSession, ids: set[int]) -> set[int]:
    """Nor those of a text that was sealed later."""
    chosen = select(Case).where(col(Case.id).in_(ids), col(Case.sealed).is_(False))
    found = (await db.exec(chosen)).all()
    questions = await _unsealed(db, Question, {case.thing_id for case in found if case.surface in SURFACES})
    remarks = await _unsealed(db, Remark, {case.thing_id for case in found if case.surface not in SURFACES})
    return {case.id or 0 for case in found if case.thing_id in (questions if case.surface in SURFACES else remarks)}


# All pieces of a room, in their order


async def _question(db: AsyncSession, press: Press, question_id: int) -> Sequence[Piece]:
    piece = await pieces.question(db, press, question_id)
    return [piece] if piece else []


async def _list(db: AsyncSession, press: Press, _id: int) -> Sequence[Piece]:
    return await pieces.newest(db, press, SURFACE)


async def _feedback(db: AsyncSession, press: Press, _id: int) -> Sequence[Piece]:
    return await pieces.newest(db, press, FEEDBACK)


# Who may enter


def _sees_question(question_id: int, who: Actor, question: Standing) -> bool:
    is_desk = who.is_moderator and not question.is_sealed
    return question.is_public or is_desk or who.opened == f"{SURFACE}:{question_id}"


def _sees_dialogue(dialogue_id: int, who: Actor, dialogue: Standing) -> bool:
    may_see = dialogue.is_public or dialogue_id in who.parts or who.is_administrator
    return may_see and dialogue is not NOWHERE


def _is_crew(dialogue_id: int, who: Actor, _at: Standing) -> bool:
    return dialogue_id in who.parts or who.is_moderator or who.is_administrator


KINDS: Mapping[str, Kind] = {
    "question": Kind("question:{id}", _sees_question, of_a_question, _question),
    "questions": Kind("questions", lambda id, _who, _at: id == 0, of_the_list, _list),
    "feedback": Kind("feedback", lambda id, _who, _at: id == 0, of_the_list, _feedback),
    "mine": Kind("person:{who.opened_by}", lambda id, who, _at: who.opened == f"{SURFACE}:{id}", of_an_asker),
    "dialogue": Kind("dialogue:{id}", _sees_dialogue, of_a_dialogue, printed.everything),
    "thread": Kind("thread:{id}", lambda _id, _who, at: at.is_public, of_a_thread),
    "article": Kind("article:{id}", lambda _id, _who, at: at.is_public, of_an_article),
    "crew": Kind("crew:{id}", _is_crew, of_a_desk),
    "review": Kind("review", lambda id, who, _at: id == 0 and who.is_moderator, of_a_desk),
    "agency": Kind("agency:{id}", lambda id, who, _at: id in who.posts, of_a_desk),
    "me": Kind("person:{who.person_id}", lambda id, who, _at: id == 0 and who.person_id is not None, of_an_asker),
}
SAID: Mapping[str, Say] = {kind.noun: kind.say for kind in KINDS.values()}
