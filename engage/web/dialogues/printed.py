"""The pieces of a dialogue's room: how it stands now, its polls, and each question that was answered, with its answers."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import dialogues, floors
from engage.access import PUBLIC
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
    """None where readers have nothing to see."""
    try:
        dialogue = await dialogues.seen_by(db, PUBLIC, dialogue_id)
    except NotFound:
        return None
    return Piece(NOW, press.print("dialogues/_now.html", now=await shown.now(db, press.view, dialogue)), FIRST)


async def polls(db: AsyncSession, press: Press, dialogue_id: int) -> Piece:
    """Of a dialogue that readers see."""
    found = await polled.shown(db, press.view, await dialogues.one(db, dialogue_id))
    return Piece(POLLS, press.print("dialogues/_polls.html", polls=found), SECOND)


async def answers(db: AsyncSession, press: Press, dialogue_id: int, ids: Sequence[int]) -> dict[int, Piece]:
    """Of these questions those that were answered, and that readers see."""
    found = [heard for heard in await floors.of(db, dialogue_id, ids) if heard.turn.answered_at is not None]
    return await _printed(db, press, dialogue_id, found)


async def newest(db: AsyncSession, press: Press, dialogue_id: int) -> dict[int, Piece]:
    return await _printed(db, press, dialogue_id, await floors.answered(db, dialogue_id, pieces.NEWEST))


async def everything(db: AsyncSession, press: Press, dialogue_id: int) -> Sequence[Piece]:
    piece = await now(db, press, dialogue_id)
    if piece is None:
        return []
    return [piece, await polls(db, press, dialogue_id), *(await newest(db, press, dialogue_id)).values()]


async def _printed(db: AsyncSession, press: Press, dialogue_id: int, found: Sequence[Heard]) -> dict[int, Piece]:
    if not found:
        return {}
    lines = await shown.answers(db, press.view, await dialogues.one(db, dialogue_id), found)
    return {
        line["id"]: Piece(name(line["id"]), press.print("dialogues/_answer.html", item=line, votes=None), _rank(heard))
        for heard, line in zip(found, lines, strict=True)
    }


def _rank(heard: Heard) -> str:
    at, key = heard.place
    return f"{at:%Y%m%d%H%M%S%f}-{key:010}"
