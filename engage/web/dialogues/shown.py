"""What a dialogue's readers see, the same for all of them: how it stands now, what was answered, what waits. Nothing personal."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, floors, guests, replies
from engage.dialogues import OVER, Dialogue, Stage
from engage.floors import Heard
from engage.guests import Guest
from engage.people import Person
from engage.replies import Reply
from engage.web.dialogues import schema
from engage.web.language import localized
from engage.web.templates import initials
from engage.web.views import Stage as Shown
from engage.web.views import View
from engage.web.words import rooming


async def now(db: AsyncSession, view: View, dialogue: Dialogue) -> dict[str, Any]:
    """The one part of a room that changes at once: stage, message of the host, what is being answered."""
    heard = await floors.on_stage(db, dialogue)
    taken = await dialogues.steps(db, dialogue.key)
    told = next((step for step in reversed(taken) if step.reason), None)
    return {
        "stage": stage(view, dialogue),
        "reason": told.reason if told and _still_holds(dialogue, told.fact) else "",
        "is_on_air": dialogue.is_on_air,
        "is_over": dialogue.stage in OVER,
        "ends_at": dialogue.ends_at,
        "message": dialogue.message,
        "timer_at": dialogue.timer_at,
        "ask_url": localized(f"/dialogues/{dialogue.key}/ask", view.translator.language) if dialogue.is_askable else "",
        "intake": view.translator.say(rooming.INTAKES[_intake(dialogue)]),
        "on_stage": await _on_stage(db, view, dialogue, heard) if heard else None,
    }


def stage(view: View, dialogue: Dialogue) -> Shown:
    said, tone, icon = rooming.STAGES[dialogue.stage]
    return Shown(dialogue.stage, view.translator.say(said), tone, icon)


async def answers(db: AsyncSession, view: View, dialogue: Dialogue, found: Sequence[Heard]) -> list[dict[str, Any]]:
    """Each with everybody who answered it, in the order they did."""
    by_question: dict[int, list[Reply]] = {}
    for reply in await replies.of_questions(db, [heard.question.key for heard in found]):
        if reply.released_at is not None:
            by_question.setdefault(reply.question_id, []).append(reply)
    known = {guest.key: guest for guest in await guests.of(db, dialogue.key)}
    lines = await questions(db, view, dialogue, found)
    for line in lines:
        line["is_rehearsal"] = dialogue.is_rehearsal
        line["replies"] = [_reply(reply, known) for reply in by_question.get(line["id"], [])]
    return lines


async def questions(db: AsyncSession, view: View, dialogue: Dialogue, found: Sequence[Heard]) -> list[dict[str, Any]]:
    groups = {group.key: group.name for group in await guests.groups(db, dialogue.key)}
    authors = await _authors(db, found)
    return [
        {
            **view.question(heard.question, authors.get(heard.question.author_id)),
            "url": address(view, dialogue.key, heard.question.key),
            "group": groups.get(heard.turn.group_id or 0, ""),
            "answered_at": heard.turn.answered_at,
            "floor": heard.turn.floor,
            "people": heard.turn.people,
        }
        for heard in found
    ]


def address(view: View, dialogue_id: int, question_id: int) -> str:
    """Of one question with its answers, for good."""
    return localized(f"/dialogues/{dialogue_id}/answers/{question_id}", view.translator.language)


async def _on_stage(db: AsyncSession, view: View, dialogue: Dialogue, heard: Heard) -> dict[str, Any]:
    [line] = await questions(db, view, dialogue, [heard])
    known = {guest.key: guest for guest in await guests.of(db, dialogue.key)}
    return {**line, "guest": known.get(heard.turn.guest_id or 0)}


async def _authors(db: AsyncSession, found: Sequence[Heard]) -> Mapping[int, Person]:
    ids = {heard.question.author_id for heard in found}
    return {row.id or 0: row for row in await db.exec(select(Person).where(col(Person.id).in_(ids)))}


def _reply(reply: Reply, known: Mapping[int, Guest]) -> dict[str, Any]:
    guest = known.get(reply.guest_id)
    return {
        "id": reply.key,
        "name": guest.name if guest else "",
        "title": guest.title if guest else "",
        "initials": initials(guest.name) if guest else "",
        "author": schema.person(guest) if guest else {},
        "text": reply.text,
        "words": Markup(reply.html),  # noqa: S704 escaped when it was stored
        "at": reply.released_at,
        "corrected_at": reply.corrected_at,
        "reason": reply.reason,
    }


def _intake(dialogue: Dialogue) -> str:
    if dialogue.stage in OVER:
        return "over"
    if dialogue.stage == Stage.CLOSING:
        return "closing"
    return "open" if dialogue.is_askable else "off"


def _still_holds(dialogue: Dialogue, fact: str) -> bool:
    """Why it was paused is of no interest any more when it goes on; why it ends later is until it has ended."""
    holds = {"dialogue.paused": Stage.PAUSED, "dialogue.cancelled": Stage.CANCELLED}
    return holds[fact] == dialogue.stage if fact in holds else dialogue.stage not in OVER
