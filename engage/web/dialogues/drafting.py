"""One reply as the desks show it: the question, the replies to it by guest, the draft, and what somebody else saved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import boards, crews, differences, guests, people, replies
from engage.crews import Part
from engage.db import MOST_ID, now
from engage.dialogues import Dialogue
from engage.errors import NotFound
from engage.guests import Guest
from engage.replies import Reply, Written
from engage.web import words
from engage.web.cursors import number
from engage.web.dialogues import desk
from engage.web.dialogues.desk import SCRIBE, Desk, Frozen
from engage.web.forms import Filled
from engage.web.views import View

RECENT = 10


class Chosen(Frozen):
    """Which question stands open, and whose reply to it."""

    question: int | None = Field(default=None, ge=1, le=MOST_ID)
    guest: int | None = Field(default=None, ge=1, le=MOST_ID)


async def chosen_of(db: AsyncSession, request: Request, dialogue: Dialogue, form: Filled[Any]) -> Chosen:
    """From the address; after a form that did not go through, from the form."""
    if form["reply"]:
        try:
            reply = await replies.one(db, dialogue.key, number(str(form["reply"])) or 0)
            return Chosen(question=reply.question_id, guest=reply.guest_id)
        except NotFound:
            return Chosen()
    asked = form.values if form["question"] else request.query_params
    try:
        return Chosen.model_validate({name: asked[name] for name in ("question", "guest") if asked.get(name)})
    except ValidationError:
        return Chosen()


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits at which desk of which dialogue."""

    desk: Desk
    dialogue: Dialogue
    me: int | None


async def work(db: AsyncSession, view: View, at: Sitting, chosen: Chosen, form: Filled[Any]) -> dict[str, Any] | None:
    """None while no question stands open."""
    if chosen.question is None:
        return None
    line = await boards.line(db, at.dialogue, chosen.question)
    if line is None:
        raise NotFound()
    came = await _guests(db, at, line.turn.guest_id, chosen.guest)
    if not came:
        raise NotFound()
    written = {one.guest_id: one for one in await replies.of_questions(db, [chosen.question])}
    rows = [
        {"guest": one, "reply": written.get(one.key), "state": _state(written.get(one.key)), "is_open": one is came[0]}
        for one in came
    ]
    return {
        "question": desk.shown(view, line, came),
        "guests": sorted(rows, key=lambda row: row["guest"].place),
        "guest": came[0],
        **await _reply(db, at, written.get(came[0].key), form),
    }


async def _reply(db: AsyncSession, at: Sitting, reply: Reply | None, form: Filled[Any]) -> dict[str, Any]:
    names = await people.names(db, [reply.held_by]) if reply else {}
    is_typed = reply is not None and str(form["reply"]) == str(reply.id)
    return {
        "reply": reply,
        "state": _state(reply),
        "is_mine": reply is not None and (_holds(db, reply, at.me) or is_typed),
        "holder": _holder(db, reply, names, at.me),
        "text": form["text"] if is_typed else reply.draft if reply else "",
        "theirs": await _theirs(db, reply, form) if is_typed else None,
    }


async def released(db: AsyncSession, dialogue: Dialogue, came: Sequence[Guest]) -> list[dict[str, Any]]:
    """What went out lately, newest first."""
    return await rows(db, dialogue, came, await replies.lately(db, dialogue.key, RECENT))


async def drafts(db: AsyncSession, at: Sitting, came: Sequence[Guest]) -> list[dict[str, Any]]:
    """What is being written, and by whom: two editors of one reply see each other."""
    found = await replies.unreleased(db, at.dialogue.key)
    names = await people.names(db, [one.held_by for one in found])
    shown = await rows(db, at.dialogue, came, found)
    return [row | {"holder": _holder(db, row["reply"], names, at.me)} for row in shown]


async def rows(
    db: AsyncSession, dialogue: Dialogue, came: Sequence[Guest], found: Sequence[Reply]
) -> list[dict[str, Any]]:
    """Replies with the question each answers; without those that readers do not see any more."""
    titles = await boards.titles(db, dialogue, [one.question_id for one in found])
    named = {guest.id: guest for guest in came}
    return [
        {"reply": one, "guest": named.get(one.guest_id), "title": titles[one.question_id], "state": _state(one)}
        for one in found
        if one.question_id in titles
    ]


def beside(reply: Reply, author: str, mine: str) -> dict[str, Any]:
    """What somebody else saved, and what it changes in one's own words."""
    return {
        "author": author,
        "text": reply.draft,
        "version": reply.version,
        "parts": differences.between(mine, reply.draft),
    }


async def _theirs(db: AsyncSession, reply: Reply | None, form: Filled[Any]) -> dict[str, Any] | None:
    if reply is None or not form["reply"] or str(reply.version) == str(form["version"]):
        return None
    names = await people.names(db, [reply.written_by])
    return beside(reply, names.get(reply.written_by, ""), str(form["text"]))


async def _guests(db: AsyncSession, at: Sitting, handed: int | None, chosen: int | None) -> list[Guest]:
    """Whose replies may be written here; first the chosen one, then whom it was handed to, then whom this scribe writes for."""
    came = list(await guests.of(db, at.dialogue.key))
    crew = [one for one in await crews.of(db, at.dialogue.key) if one.person_id == at.me]
    if at.desk is not SCRIBE:
        mine = {one.guest_id for one in crew if one.part in {Part.GUEST, Part.OFFICER}}
        came = [one for one in came if one.id in mine]
    writes_for = {one.guest_id for one in crew}
    return sorted(came, key=lambda one: (one.id != chosen, one.id != handed, one.id not in writes_for, one.place))


def _state(reply: Reply | None) -> tuple[str, str] | None:
    return words.hosting.WRITTEN[reply.state] if reply else None


def _holds(db: AsyncSession, reply: Reply, me: int | None) -> bool:
    """Whether the draft is open to write for this person now."""
    is_held = reply.held_by == me and reply.held_until is not None and reply.held_until > now(db)
    return is_held and reply.state != Written.HANDED_UP


def _holder(db: AsyncSession, reply: Reply | None, names: Mapping[int, str], me: int | None) -> str:
    """Who else is writing it; nobody's name once the lease has run out."""
    if reply is None or reply.held_by in {None, me} or reply.held_until is None or reply.held_until <= now(db):
        return ""
    return names.get(reply.held_by or 0, "")
