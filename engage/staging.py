"""From one stage of a dialogue to the next: each move with what it asks for, and what it leads to."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, countdowns, crews, dialogue_asks, dialogues, guests, minutes, polling, turns
from engage.access import Actor, may_edit, may_lead
from engage.crews import Part
from engage.db import now
from engage.dialogues import MOVES, Dialogue, Stage
from engage.errors import NotAllowed, Refused
from engage.minutes import State
from engage.moves import move

LEAST_REASON = 5


async def announce(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Everybody may know. From here on what is announced changes with a word about it."""
    _must_edit(actor, dialogue)
    if dialogue.starts_at <= now(db) and not dialogue.is_rehearsal:
        raise Refused("dialogue_starts_in_the_past", field="starts_at")
    if not await guests.of(db, dialogue.key):
        raise Refused("dialogue_has_no_guest")
    if not await guests.groups(db, dialogue.key):
        raise Refused("dialogue_has_no_group")
    await move(db, dialogue, "stage", Stage.SCHEDULED, MOVES, announced_at=now(db))
    await dialogues.moved(db, actor, dialogue, "dialogue.announced")


async def open_intake(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Questions may be sent in advance."""
    _must_edit(actor, dialogue)
    await move(db, dialogue, "stage", Stage.INTAKE, MOVES)
    await dialogues.moved(db, actor, dialogue, "dialogue.intake_opened")


async def open_lobby(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """The room opens, shortly before it begins: somebody will answer, and somebody leads."""
    _must_lead(actor, dialogue)
    if not any(guest.confirmed_at for guest in await guests.of(db, dialogue.key)):
        raise Refused("no_guest_confirmed")
    if not any(crew.part == Part.HOST for crew in await crews.of(db, dialogue.key)):
        raise Refused("dialogue_has_no_host")
    await move(db, dialogue, "stage", Stage.LOBBY, MOVES)
    await dialogues.moved(db, actor, dialogue, "dialogue.lobby_opened")


async def start(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Live: for the first time, after a pause, or once more while it was closing."""
    _must_lead(actor, dialogue)
    has_begun = dialogue.started_at is not None
    await move(db, dialogue, "stage", Stage.LIVE, MOVES, started_at=dialogue.started_at or now(db))
    if has_begun:
        await dialogues.moved(db, actor, dialogue, "dialogue.resumed")
    else:
        await dialogues.moved(db, actor, dialogue, "dialogue.started")


async def pause(db: AsyncSession, actor: Actor, dialogue: Dialogue, reason: str) -> None:
    _must_lead(actor, dialogue)
    await move(db, dialogue, "stage", Stage.PAUSED, MOVES)
    await dialogues.moved(db, actor, dialogue, "dialogue.paused", _said(reason))


async def close(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """No new questions; answers go on."""
    _must_lead(actor, dialogue)
    await move(db, dialogue, "stage", Stage.CLOSING, MOVES)
    await dialogues.moved(db, actor, dialogue, "dialogue.questions_closed")


async def end(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """Over. The stage is cleared; what was let in and not answered is carried to agencies by the worker (`carrying`)."""
    _must_lead(actor, dialogue)
    await turns.clear(db, actor, dialogue)
    await polling.close_all(db, actor, dialogue)
    await move(db, dialogue, "stage", Stage.ENDED, MOVES, ended_at=now(db), timer_at=None, message="")
    await dialogue_asks.forget(db, dialogue.key)
    await dialogues.moved(db, actor, dialogue, "dialogue.ended")


async def publish(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """The minutes are out. Nobody publishes what nobody else has approved."""
    _must_edit(actor, dialogue)
    written = await minutes.of(db, dialogue.key)
    if written is None or written.state != State.APPROVED:
        raise Refused("minutes_not_approved")
    await move(db, dialogue, "stage", Stage.PUBLISHED, MOVES, published_at=now(db))
    await dialogues.moved(db, actor, dialogue, "dialogue.published")


async def cancel(db: AsyncSession, actor: Actor, dialogue: Dialogue, reason: str) -> None:
    """It does not take place, or not to its end. What was asked already is carried to agencies."""
    _must_edit(actor, dialogue)
    await move(db, dialogue, "stage", Stage.CANCELLED, MOVES, ended_at=now(db), timer_at=None, message="")
    await turns.clear_all(db, dialogue)
    await dialogue_asks.forget(db, dialogue.key)
    await countdowns.break_off(db, dialogue)
    await polling.close_all(db, actor, dialogue)
    await dialogues.moved(db, actor, dialogue, "dialogue.cancelled", _said(reason))


async def extend(db: AsyncSession, actor: Actor, dialogue: Dialogue, ends_at: datetime, reason: str) -> None:
    """Another end, later or earlier, with a reason that readers see."""
    _must_lead(actor, dialogue)
    if dialogue.stage in dialogues.OVER or dialogue.stage == Stage.DRAFT:
        raise Refused("dialogue_is_over")
    if ends_at <= max(dialogue.starts_at, now(db)):
        raise Refused("dialogue_ends_too_early", field="ends_at")
    dialogue.ends_at = ends_at
    db.add(dialogue)
    await dialogues.moved(db, actor, dialogue, "dialogue.extended", _said(reason))


async def say(db: AsyncSession, actor: Actor, dialogue: Dialogue, message: str) -> None:
    """What the host tells everybody; empty: nothing any more."""
    _must_lead(actor, dialogue)
    _must_go_on(dialogue)
    dialogue.message, dialogue.message_at = message, now(db) if message else None
    db.add(dialogue)
    await db.flush()
    dialogues.tell(db, dialogue, "dialogue.said")
    await audit.note(db, actor.person_id, "dialogue.said", dialogue=dialogue.key)


async def time(db: AsyncSession, actor: Actor, dialogue: Dialogue, seconds: int) -> None:
    """So long for whoever speaks; 0: no timer."""
    _must_lead(actor, dialogue)
    _must_go_on(dialogue)
    dialogue.timer_at = now(db) + timedelta(seconds=seconds) if seconds else None
    db.add(dialogue)
    await db.flush()
    dialogues.tell(db, dialogue, "dialogue.timed")
    await audit.note(db, actor.person_id, "dialogue.timed", dialogue=dialogue.key)


async def switch(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, *, takes_questions: bool, slow_seconds: int, most_each: int
) -> None:
    """Freeze: no new questions, or fewer of them. Moderators may too: they see a flood first."""
    if not (actor.is_moderator or may_lead(actor, dialogue.key)):
        raise NotAllowed()
    _must_go_on(dialogue)
    dialogue.takes_questions, dialogue.slow_seconds, dialogue.most_each = takes_questions, slow_seconds, most_each
    db.add(dialogue)
    await db.flush()
    dialogues.tell(db, dialogue, "dialogue.switched")
    await audit.note(db, actor.person_id, "dialogue.switched", dialogue=dialogue.key)


def _must_edit(actor: Actor, dialogue: Dialogue) -> None:
    if not may_edit(actor, dialogue.key):
        raise NotAllowed()


def _must_lead(actor: Actor, dialogue: Dialogue) -> None:
    if not may_lead(actor, dialogue.key):
        raise NotAllowed()


def _must_go_on(dialogue: Dialogue) -> None:
    if dialogue.stage in dialogues.OVER:
        raise Refused("dialogue_is_over")


def _said(reason: str) -> str:
    if len(reason) < LEAST_REASON:
        raise Refused("dialogue_reason_missing", field="reason", least=LEAST_REASON)
    return reason
