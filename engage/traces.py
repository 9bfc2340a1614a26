"""Traces: which pairs and triples of words stand in a title, so that what resembles it is found among twenty thousand at once.
Knows ids and words, no noun; whoever asks compares in earnest.
"""

from collections import Counter
from functools import cache
from itertools import pairwise
from zlib import crc32

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import into
from engage.search import EMPTY_WORDS
from moderation.text import expand, fold, syllables

MOST_KEYS = 24
NEWEST = 60  # of those that share one key; a key that more have says little
_SIGNED = 2**31


class Trace(SQLModel, table=True):
    __tablename__ = "trace"
    __table_args__ = (sa.Index("trace_of_question", "question_id"), {"sqlite_with_rowid": False})

    dialogue_id: int = Field(foreign_key="dialogue.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    question_id: int = Field(foreign_key="question.id", primary_key=True, sa_column_kwargs={"autoincrement": False})


_ADD = into(Trace)


def keys(text: str) -> list[int]:
    """Triples of neighbouring words, then pairs, folded; without those of common words alone. A text of one word is its own key."""
    words = syllables(fold(expand(text)))
    runs = [*zip(words, words[1:], words[2:], strict=False), *pairwise(words)]
    telling = [" ".join(run) for run in runs if not EMPTY_WORDS.issuperset(run)]
    return [crc32(run.encode()) - _SIGNED for run in dict.fromkeys(telling or words)]


async def put(db: AsyncSession, dialogue_id: int, question_id: int, title: str) -> None:
    await drop(db, question_id)
    found = keys(title)
    rows = [{"dialogue_id": dialogue_id, "key": key, "question_id": question_id} for key in found]
    if rows:
        await (await db.connection()).execute(_ADD, rows)


async def drop(db: AsyncSession, question_id: int) -> None:
    await db.exec(sa.delete(Trace).where(col(Trace.question_id) == question_id))


async def sharing(db: AsyncSession, dialogue_id: int, title: str, most: int) -> list[int]:
    """Ids of those that share words with this title, the likeliest first: a key weighs the more, the fewer have it."""
    found = keys(title)[:MOST_KEYS]
    if not found:
        return []
    values = {f"key_{place}": key for place, key in enumerate(found)}
    rows = (await (await db.connection()).execute(_sharing(len(found)), {"dialogue": dialogue_id, **values})).all()
    times = Counter(place for place, _ in rows)
    weights: Counter[int] = Counter()
    for place, question_id in rows:
        weights[question_id] += NEWEST // times[place]
    return sorted(weights, key=lambda one: (-weights[one], one))[:most]


@cache
def _sharing(count: int) -> sa.TextClause:
    """Each key on its own, so that a common one costs no more than a rare one."""
    one = (
        "select {0} as place, question_id from (select question_id from trace "
        "where dialogue_id = :dialogue and key = :key_{0} order by question_id desc limit {1}) of_{0}"
    )
    return sa.text(" union all ".join(one.format(place, NEWEST) for place in range(count)))
