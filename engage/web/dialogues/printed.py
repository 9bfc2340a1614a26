"""The pieces of a dialogue's room: how it stands now, its polls, and each question that was answered, with its answers."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, floors
from engage.dialogues import Dialogue, Stage
from engage.errors import NotFound
from engage.floors import Heard
from engage.web import pieces
from engage.web.dialogues import polled, shown
from engage.web.pieces import Piece, Press

NOW, FIRST = "now", "~"  # greater than every time
POLLS, SECOND = "polls", "}"


def name(question_id: int) -> str:
    return f"answer-{question_id}"


async def now(db: AsyncSession, press: Press, dialogue_id: int) -> Piece | None:
    """None while nobody enters there. Into a rehearsal its crew alone does: that is asked at the door."""
    try:
        dialogue = await dialogues.one(db, dialogue_id)
    except NotFound:  # a rehearsal that was wiped
        return None
    if dialogue.stage == Stage.DRAFT:
        return None
    return Piece(NOW, press.print("dialogues/_now.html", now=await shown.now(db, press.view, dialogue)), FIRST)


async def polls(db: AsyncSession, press: Press, dialogue_id: int) -> Piece:
    """Of a dialogue that readers see."""
    found = await polled.shown(db, press.view, await dialogues.one(db, dialogue_id))
    return Piece(POLLS, press.print("dialogues/_polls.html", polls=found), SECOND)


async def answers(db: AsyncSession, press: Press, dialogue_id: int, ids: Sequence[int]) -> dict[int, Piece]:
    """Of these questions those that were answered, and that the room shows."""
    dialogue = await dialogues.one(db, dialogue_id)
    found = [heard for heard in await floors.of(db, dialogue, ids) if heard.turn.answered_at is not None]
    return await _printed(db, press, dialogue, found)


async def newest(db: AsyncSession, press: Press, dialogue_id: int) -> dict[int, Piece]:
    dialogue = await dialogues.one(db, dialogue_id)
    return await _printed(db, press, dialogue, await floors.answered(db, dialogue, pieces.NEWEST))


async def everything(db: AsyncSession, press: Press, dialogue_id: int) -> Sequence[Piece]:
    piece = await now(db, press, dialogue_id)
    if piece is None:
        return []
    return [piece, await polls(db, press, dialogue_id), *(await newest(db, press, dialogue_id)).values()]


async def _printed(db: AsyncSession, press: Press, dialogue: Dialogue, found: Sequence[Heard]) -> dict[int, Piece]:
    if not found:
        return {}
    lines = await shown.answers(db, press.view, dialogue, found)
    return {
        line["id"]: Piece(name(line["id"]), press.print("dialogues/_answer.html", item=line, votes=None), _rank(heard))
        for heard, line in zip(found, lines, strict=True)
    }


def _rank(heard: Heard) -> str:
    at, key = heard.place
    return f"{at:%Y%m%d%H%M%S%f}-{key:010}"
