"""Comments as readers list them: page by page by what answers nothing, each with its first replies. A page costs the same
wherever it lies, for its lines are numbered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.access import Actor, visible
from engage.articles import Article
from engage.comments import SURFACE
from engage.remarks import Remark

PAGE = 20
ANSWERS = 10  # replies shown below a comment; the others have pages of their own
MOST_USEFUL = 10  # pages by use: below, the order says nothing


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    USEFUL = "useful"


@dataclass(frozen=True, slots=True)
class Line:
    """A comment with its replies. `remark` is None where readers do not see it any more, but what answers it they do."""

    id: int
    remark: Remark | None
    answers: Sequence[Remark]
    many: int  # replies that were ever let in


def pages(article: Article, order: Order) -> int:
    every = max(-(-article.lines // PAGE), 1)
    return min(every, MOST_USEFUL) if order is Order.USEFUL else every


async def page(db: AsyncSession, article: Article, order: Order, number: int, actor: Actor) -> list[Line]:
    here: Any = (Remark.surface == SURFACE, Remark.place_id == article.key, col(Remark.reply_to_id).is_(None))
    if order is Order.USEFUL:
        return await lines(db, await _most_useful(db, here, number, actor), actor)
    first = (number - 1) * PAGE + 1
    if order is Order.NEWEST:
        first = article.lines - number * PAGE + 1
    within = col(Remark.line).between(first, first + PAGE - 1)
    ids = select(col(Remark.id)).where(*here, within).order_by(col(Remark.line))
    keys = [key for key in (await db.exec(ids)).all() if key is not None]
    return await lines(db, keys[::-1] if order is Order.NEWEST else keys, actor)


async def page_of(db: AsyncSession, remark: Remark) -> int:
    """On which page of the oldest first it stands, or what it answers."""
    root = remark if remark.reply_to_id is None else await db.get_one(Remark, remark.reply_to_id)
    return (max(root.line or 1, 1) - 1) // PAGE + 1


async def answers(db: AsyncSession, remark_id: int, number: int, actor: Actor) -> Sequence[Remark]:
    """One page of the replies to a comment, the oldest first."""
    return (await _answers(db, [remark_id], actor, (number - 1) * PAGE + 1, number * PAGE)).get(remark_id, [])


async def _most_useful(db: AsyncSession, here: Any, number: int, actor: Actor) -> Sequence[int]:
    """At most two hundred are walked through: by the index, from the top."""
    best = select(col(Remark.id)).where(*here, col(Remark.line).is_not(None), visible(Remark, actor))
    best = best.order_by(col(Remark.useful).desc(), col(Remark.line).desc()).limit(PAGE * number)
    return [key for key in (await db.exec(best)).all() if key is not None][PAGE * (number - 1) :]


async def lines(db: AsyncSession, ids: Sequence[int], actor: Actor) -> list[Line]:
    """Of these comments, each with its first replies."""
    if not ids:
        return []
    rows = (await db.exec(select(Remark).where(col(Remark.id).in_(ids), visible(Remark, actor)))).all()
    shown = {remark.key: remark for remark in rows}
    below = await _answers(db, ids, actor, 1, ANSWERS)
    return [
        Line(key, shown.get(key), below.get(key, []), shown[key].answers if key in shown else len(below[key]))
        for key in ids
        if key in shown or key in below
    ]


async def _answers(
    db: AsyncSession, ids: Sequence[int], actor: Actor, first: int, last: int
) -> Mapping[int, Sequence[Remark]]:
    within = col(Remark.reply_to_id).in_(ids), col(Remark.line).between(first, last), visible(Remark, actor)
    rows = await db.exec(select(Remark).where(*within).order_by(col(Remark.reply_to_id), col(Remark.line)))
    found: dict[int, list[Remark]] = {}
    for remark in rows:
        found.setdefault(remark.reply_to_id or 0, []).append(remark)
    return found
