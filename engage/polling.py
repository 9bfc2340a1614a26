"""Polls of a dialogue: who holds them, when, and who hears of it. Drafts are told to the crew alone; marks to nobody, as their
numbers are not to be known before the poll is closed."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, dialogues, marking, policies, polls, questions
from engage.access import Actor, may_edit, may_lead
from engage.db import Store, now
from engage.dialogues import ON_AIR, SURFACE, Dialogue, Stage
from engage.errors import Conflict, NotAllowed, Refused
from engage.marking import Mark
from engage.moves import move
from engage.polls import MOVES, Poll, State
from engage.votes import Standing

ROOM = ON_AIR | {Stage.LOBBY}  # while there is somebody to ask
GONE = frozenset({Stage.PUBLISHED, Stage.CANCELLED})
MOST_POLLS, LEAST_REASON = 20, 5


async def make(
    db: AsyncSession, actor: Actor, dialogue: Dialogue, words: str, choices: Sequence[str], *, several: bool
) -> Poll:
    """Prepared, for the crew alone to see."""
    by = _leader(actor, dialogue)
    if dialogue.stage in dialogues.OVER:
        raise Refused("dialogue_is_over")
    if len(await of(db, dialogue)) >= MOST_POLLS:
        raise Refused("too_many_polls", most=MOST_POLLS)
    poll = await polls.make(db, SURFACE, dialogue.key, words, choices, several=several, by=by)
    _tell(db, dialogue, poll, "poll.prepared")
    return poll


async def edit(
    db: AsyncSession,
    actor: Actor,
    dialogue: Dialogue,
    poll: Poll,
    words: str,
    choices: Sequence[str],
    *,
    several: bool,
) -> None:
    """Until it is closed, and as long as nobody has chosen anything."""
    _leader(actor, dialogue)
    if poll.state not in {State.DRAFT, State.OPEN}:
        raise Conflict("moved_on", state=poll.state)
    if await marking.is_marked(db, poll.key):
        raise Refused("poll_is_marked")
    await polls.reword(db, poll, words, choices, several=several)
    _tell(db, dialogue, poll, "poll.edited")


async def open_(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll) -> None:
    _leader(actor, dialogue)
    if dialogue.stage not in ROOM:
        raise Refused("poll_needs_the_room")
    await move(db, poll, "state", State.OPEN, MOVES, opened_at=now(db))
    await _moved(db, actor, dialogue, poll, "poll.opened")


async def close(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll) -> None:
    """From here on everybody sees its figures, and no mark changes any more."""
    _leader(actor, dialogue)
    await move(db, poll, "state", State.CLOSED, MOVES, closed_at=now(db))
    await _moved(db, actor, dialogue, poll, "poll.closed")


async def close_all(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> None:
    """The dialogue is over."""
    for poll in await of(db, dialogue):
        if poll.is_open:
            await close(db, actor, dialogue, poll)


async def withdraw(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll, reason: str) -> None:
    """It was wrong: no figures, now or later. Whoever saw it is told why; of a draft nobody has to be."""
    _leader(actor, dialogue)
    if dialogue.stage in GONE:
        raise Refused("dialogue_is_over")
    if poll.is_public and len(reason) < LEAST_REASON:
        raise Refused("poll_reason_missing", field="why", least=LEAST_REASON)
    await move(db, poll, "state", State.WITHDRAWN, MOVES, reason=reason, on_screen=False)
    await _moved(db, actor, dialogue, poll, "poll.withdrawn")


async def show(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll) -> None:
    """On the hall's screen, instead of the question on stage and of any other poll."""
    _leader(actor, dialogue)
    if poll.state not in {State.OPEN, State.CLOSED}:
        raise Conflict("moved_on", state=poll.state)
    await _clear_screen(db, dialogue)
    poll.on_screen = True
    db.add(poll)
    await db.flush()
    _tell(db, dialogue, poll, "poll.shown")


async def hide(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll) -> None:
    _leader(actor, dialogue)
    await _clear_screen(db, dialogue)
    _tell(db, dialogue, poll, "poll.left_screen")


async def judge(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll, standing: Standing) -> None:
    """Of marks that came in a burst from one address: they count, or they stay out. Not the host's to say, whose poll it is."""
    if not (actor.is_moderator or may_edit(actor, dialogue.key)):
        raise NotAllowed()
    judged = await marking.judge(db, poll.key, standing)
    if not judged:
        return
    if standing is Standing.COUNTED:
        await audit.note(db, actor.person_id, "votes.counted", poll=poll.key, votes=judged)
    else:
        await audit.note(db, actor.person_id, "votes.kept_out", poll=poll.key, votes=judged)
    _tell(db, dialogue, poll, "poll.judged")


async def write(store: Store, marks: Sequence[Mark]) -> list[str | None]:
    """What readers choose, all in one transaction: for each the reason why it does not count, or None."""
    async with store.transaction() as db:
        return await mark(db, marks)


async def mark(db: AsyncSession, marks: Sequence[Mark]) -> list[str | None]:
    most = (await policies.policy_of(db, questions.SURFACE)).most_votes
    return await marking.mark(db, marks, most)


# Finding


async def of(db: AsyncSession, dialogue: Dialogue) -> Sequence[Poll]:
    return await polls.of(db, SURFACE, dialogue.key)


async def public(db: AsyncSession, dialogue: Dialogue) -> Sequence[Poll]:
    """What readers have seen: the open ones first, then the last one."""
    seen = [poll for poll in await of(db, dialogue) if poll.is_public]
    return sorted(seen, key=lambda poll: (not poll.is_open, -poll.key))


async def one(db: AsyncSession, dialogue: Dialogue, poll_id: int) -> Poll:
    return await polls.one(db, SURFACE, dialogue.key, poll_id)


def _leader(actor: Actor, dialogue: Dialogue) -> int:
    if actor.person_id is None or not may_lead(actor, dialogue.key):
        raise NotAllowed()
    return actor.person_id


async def _clear_screen(db: AsyncSession, dialogue: Dialogue) -> None:
    shown = col(Poll.surface) == SURFACE, col(Poll.thing_id) == dialogue.key, col(Poll.on_screen)
    await db.exec(sa.update(Poll).where(*shown).values(on_screen=False))


async def _moved(db: AsyncSession, actor: Actor, dialogue: Dialogue, poll: Poll, fact: str) -> None:
    _tell(db, dialogue, poll, fact)
    await audit.note(db, actor.person_id, fact, dialogue=dialogue.key, poll=poll.key)


def _tell(db: AsyncSession, dialogue: Dialogue, poll: Poll, fact: str) -> None:
    tell = dialogues.tell if poll.is_public else dialogues.tell_crew
    tell(db, dialogue, fact, poll=poll.key)
