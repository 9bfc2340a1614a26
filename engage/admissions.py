"""Whether a question is let in: held, accepted, refused. Does not know why, nor who reads the case."""

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import assignments, dialogues, follows, markup, notices, questions, routing, search, tallies, traces, turns
from engage.access import Moderation
from engage.db import now
from engage.dialogues import BEFORE
from engage.errors import Conflict
from engage.moves import Moves, move
from engage.people import Person
from engage.questions import MODERATION_MOVES, Question, note_mention, notify, place_of
from live import log


async def hold(db: AsyncSession, question: Question, *, sealed: bool) -> None:
    """Somebody must read it first. What was decided before is opened again by other verbs."""
    if question.moderation != Moderation.RECEIVED:
        raise Conflict("moved_on")
    await move(db, question, "moderation", Moderation.HELD, MODERATION_MOVES, sealed=sealed)


async def accept(
    db: AsyncSession,
    question: Question,
    *,
    by: int | None,
    agency_id: int | None = None,
    complexity: str = "",
) -> None:
    """Let it out, and put it on an agency's desk: the one given, else the likeliest. `by` None: a published rule did it.

    The seal of a screening hint ends here: somebody cleared for sealed texts has read it and found a question.
    """
    if question.dialogue_id is not None:
        await _let_into_the_room(db, question)
        return
    routes = await routing.routes(db, f"{question.title}\n{question.body}", await place_of(db, question))
    chosen = agency_id or (routes[0].agency_id if routes else None)
    why = next((route.reasons for route in routes if route.agency_id == chosen), (("route_by_hand", {}),))
    await move(
        db,
        question,
        "moderation",
        Moderation.ACCEPTED,
        MODERATION_MOVES,
        sealed=False,
        accepted_at=now(db),
        body_html=str(markup.plain(question.body)),
        complexity=complexity or question.complexity,
    )
    if chosen is not None:
        await assignments.offer(db, question, chosen, by=by, why=why)
        await notify(db, question, notices.Kind.ACCEPTED)  # else the desk's choice tells the asker
    await search.put(db, question.key, f"{question.title}\n{question.body}")
    await tallies.enters(db, question)
    shown = questions.lists(question)[:1]
    for channel in (f"question:{question.id}", *shown, "review", f"person:{question.author_id}"):
        log.record(db, channel, "question.accepted", question=question.key)
    if question.follows_on_id is not None:
        note_mention(db, question.follows_on_id)


async def _let_into_the_room(db: AsyncSession, question: Question) -> None:
    """A dialogue's question goes on no agency's desk: its host sees it now. What time does not reach is carried later."""
    dialogue = await dialogues.known(db, question.dialogue_id or 0)
    if dialogue.is_rehearsal:
        await _let_into_a_rehearsal(db, question)
        return
    words = str(markup.plain(question.body))
    await move(
        db,
        question,
        "moderation",
        Moderation.ACCEPTED,
        MODERATION_MOVES,
        sealed=False,
        accepted_at=now(db),
        body_html=words,
    )
    await search.put(db, question.key, f"{question.title}\n{question.body}")
    await traces.put(db, question.dialogue_id or 0, question.key, question.title)
    await turns.let_in(db, question)
    await notify(db, question, notices.Kind.ACCEPTED)
    await promise_the_beginning(db, question)
    for channel in (f"question:{question.id}", "review", f"person:{question.author_id}"):
        log.record(db, channel, "question.accepted", question=question.key)


async def promise_the_beginning(db: AsyncSession, question: Question) -> None:
    """Whoever asks in advance is told when the dialogue begins."""
    dialogue = await dialogues.known(db, question.dialogue_id or 0)
    author = await db.get_one(Person, question.author_id)
    if author.email and dialogue.stage in BEFORE:
        await follows.join(db, dialogues.SURFACE, dialogue.key, author)


async def _let_into_a_rehearsal(db: AsyncSession, question: Question) -> None:
    """Its crew sees it (`turns.shows`). It stays held, so that nobody else ever does, and nobody is mailed."""
    if question.moderation == Moderation.RECEIVED:
        await hold(db, question, sealed=False)
    question.body_html = str(markup.plain(question.body))
    db.add(question)
    await db.flush()
    await turns.let_in(db, question)


async def refuse(
    db: AsyncSession, question: Question, *, sealed: bool = False, moves: Moves = MODERATION_MOVES
) -> None:
    """The reason and the words stand in the case; the author reads both on the private page."""
    await tallies.leaves(db, question)
    await move(db, question, "moderation", Moderation.REFUSED, moves, sealed=sealed)
    await notify(db, question, notices.Kind.REFUSED)
    for channel in ("review", f"person:{question.author_id}"):
        log.record(db, channel, "question.refused", question=question.key)


async def return_(db: AsyncSession, question: Question) -> None:
    """To its author, to be corrected once; what to correct stands in the case. The author's side goes on from here."""
    await move(db, question, "moderation", Moderation.RETURNED, MODERATION_MOVES)
    await notify(db, question, notices.Kind.RETURNED)
    for channel in ("review", f"person:{question.author_id}"):
        log.record(db, channel, "question.returned", question=question.key)
