"""Clusters: questions of a dialogue that ask much the same, side by side, so that one answer serves them all."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import batches, dialogues, merges, questions, traces, voting
from engage.access import PUBLIC, Actor, may_sift, visible
from engage.db import Store
from engage.dialogues import Dialogue
from engage.errors import NotAllowed, NotFound, Refused
from engage.kinship import HEAD, Kinship, Text
from engage.questions import NOT_ASKED, Question
from engage.turns import Turn, not_asked
from moderation import similarity

COMPARED = 60
AT_ONCE = 200  # grouped in one go
MOST_MERGED = 200
LOOKED_AT = 20  # of each cluster, to find whom most people ask
MERGED = "cluster"  # what the act is called in a batch
RESEMBLES = 0.4  # enough to ask "do you mean this one?"


@dataclass(frozen=True, slots=True)
class Near:
    """A question that was asked before. `people`: how many ask it, its asker among them."""

    id: int
    title: str
    people: int


async def near(db: AsyncSession, dialogue_id: int, title: str, limit: int) -> Sequence[Near]:
    """Public questions of the dialogue that ask much the same as this title, the nearest first; one that was merged is told as
    what it goes on as."""
    candidates = await traces.sharing(db, dialogue_id, title, COMPARED)
    if not candidates:
        return []
    chosen = select(col(Question.id), col(Question.title), col(Question.merged_into_id))
    rows = (await db.exec(chosen.where(col(Question.id).in_(candidates), visible(Question, PUBLIC)))).all()
    told = [(similarity.near(title, other), key or 0, into) for key, other, into in rows]
    best: dict[int, None] = {}
    for score, key, into in sorted(told, key=lambda one: (-one[0], one[1])):
        if score < RESEMBLES or len(best) == limit:
            break
        best[key if into is None else await merges.last_of(db, key)] = None
    return await _told(db, list(best))


async def _told(db: AsyncSession, ids: Sequence[int]) -> Sequence[Near]:
    """In this order; a merged one may go on as one that readers do not see."""
    if not ids:
        return []
    chosen = select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids), visible(Question, PUBLIC))
    titles = {key or 0: title for key, title in (await db.exec(chosen)).all()}
    people = await voting.people(db, list(titles))
    return [Near(key, titles[key], people[key]) for key in ids if key in titles]


# Grouping, by the worker


class Gatherer:
    """Groups what was let in, some at a time and beside the event loop. How far it is stands in the turns: a crash loses a moment.

    The texts of a dialogue are kept in mind while it is open; another process, or this one after a crash, reads them again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kinships: dict[int, Kinship] = {}

    async def drain(self) -> int:
        async with self._store.reading() as db:
            open_ids = (await db.exec(select(col(Dialogue.id)).where(col(Dialogue.stage).not_in(dialogues.OVER)))).all()
        self._kinships = {key: kept for key, kept in self._kinships.items() if key in open_ids}
        return sum([await self._gather(dialogue_id or 0) for dialogue_id in open_ids])

    async def _gather(self, dialogue_id: int) -> int:
        async with self._store.reading() as db:
            fresh = await _texts(db, dialogue_id, col(Turn.cluster_id).is_(None), limit=AT_ONCE)
            if not fresh:
                return 0
            kinship = self._kinships.pop(dialogue_id, None) or await _remembered(db, dialogue_id)
        before = kinship.groups
        await to_thread(_add, kinship, fresh)
        moved = {(old, kinship.group_of(old)) for old in before}
        async with self._store.transaction() as db:
            await _rename(db, dialogue_id, sorted((old, new) for old, new in moved if old != new))
            await _name(db, [(key, kinship.group_of(key)) for key in fresh])
        self._kinships[dialogue_id] = kinship  # only what is committed is kept in mind
        return len(fresh)


async def progress(db: AsyncSession, dialogue_id: int) -> tuple[int, int]:
    """How many are grouped, of how many."""
    counted = select(func.count(col(Turn.cluster_id)), func.count()).select_from(Turn)
    hidden = select(col(Question.id)).where(Question.dialogue_id == dialogue_id, sa.literal_column(NOT_ASKED))
    of_hidden = col(Turn.question_id).in_(hidden.where(~visible(Question, PUBLIC)))
    grouped, every = (await db.exec(counted.where(Turn.dialogue_id == dialogue_id))).one()
    less_grouped, less = (await db.exec(counted.where(of_hidden))).one()
    return int(grouped) - int(less_grouped), int(every) - int(less)


async def biggest(
    db: AsyncSession, dialogue: Dialogue, limit: int, after: tuple[int, int] | None = None
) -> Sequence[tuple[int, int]]:
    """Clusters of two and more, and how many questions each has; what is merged already counts no more. `after`: size and id of
    the last one seen."""
    counted = sizes(dialogue)
    found = sa.select(counted.c.cluster_id, counted.c.size).where(counted.c.size > 1)
    if after is not None:
        size, last = after
        behind = sa.and_(counted.c.size == size, counted.c.cluster_id > last)
        found = found.where(sa.or_(counted.c.size < size, behind))
    found = found.order_by(counted.c.size.desc(), counted.c.cluster_id).limit(limit)
    return [(int(key), int(size)) for key, size in (await (await db.connection()).execute(found)).all()]


def sizes(dialogue: Dialogue, *which: sa.ColumnElement[bool]) -> sa.Subquery:
    """How many questions of each cluster are asked for themselves."""
    counted: Any = (
        sa.select(col(Turn.cluster_id).label("cluster_id"), func.count().label("size"))
        .where(col(Turn.dialogue_id) == dialogue.key, ~col(Turn.is_apart), col(Turn.cluster_id).is_not(None))
        .where(are_asked(dialogue), *which)
        .group_by(col(Turn.cluster_id))
    )
    together: sa.Subquery = counted.subquery("sizes")
    return together


def are_asked(dialogue: Dialogue) -> sa.ColumnElement[bool]:
    """Turns whose question is shown, and asked for itself. Those that are not are few and stand in an index; to look at each
    question would cost as much as a page."""
    return col(Turn.question_id).not_in(not_asked(dialogue))


async def members(db: AsyncSession, dialogue_id: int, cluster_id: int) -> Sequence[int]:
    """As many as can be merged at once, the earliest first."""
    chosen = select(col(Turn.question_id)).join(Question, col(Question.id) == col(Turn.question_id))
    chosen = chosen.where(*_together(dialogue_id), Turn.cluster_id == cluster_id).order_by(col(Turn.question_id))
    return (await db.exec(chosen.limit(MOST_MERGED))).all()


async def leading(
    db: AsyncSession, dialogue_id: int, cluster_ids: Sequence[int], each: int
) -> Mapping[int, Sequence[int]]:
    """Of each cluster the first few of what can be merged at once. The suggested leading question comes first: whom most people
    ask, then the longest, then the earliest. Two statements, however many clusters."""
    likely = _likely(dialogue_id, cluster_ids, LOOKED_AT)
    found = (await (await db.connection()).execute(likely)).all()
    asking = await voting.people(db, [row.question_id for row in found])
    together: dict[int, list[int]] = {}
    for row in sorted(found, key=lambda row: (-asking[row.question_id], -row.length, row.question_id)):
        together.setdefault(row.cluster_id, []).append(row.question_id)
    return {cluster_id: ids[:each] for cluster_id, ids in together.items()}


def _likely(dialogue_id: int, cluster_ids: Sequence[int], each: int) -> sa.Select[Any]:
    """By the votes that are kept with each, which may lack who sent what goes on as it: so some more than are shown."""
    cluster, key, length = col(Turn.cluster_id), col(Turn.question_id), func.length(col(Question.body))
    earliest = func.row_number().over(partition_by=cluster, order_by=key).label("place")
    chosen: Any = sa.select(
        cluster.label("cluster_id"), key.label("question_id"), length.label("length"), col(Turn.people), earliest
    )
    chosen = chosen.join(Question, col(Question.id) == key).where(*_together(dialogue_id), cluster.in_(cluster_ids))
    mergeable = chosen.subquery("mergeable")
    order = mergeable.c.people.desc(), mergeable.c.length.desc(), mergeable.c.question_id
    best = func.row_number().over(partition_by=mergeable.c.cluster_id, order_by=order).label("rank")
    ranked = sa.select(mergeable, best).where(mergeable.c.place <= MOST_MERGED).subquery("ranked")
    return sa.select(ranked).where(ranked.c.rank <= each)


async def take_out(db: AsyncSession, actor: Actor, dialogue: Dialogue, turn: Turn) -> None:
    """It asks something else, whatever its words: no cluster takes it in again."""
    _must_sift(actor, dialogue)
    turn.is_apart, turn.cluster_id = True, turn.question_id
    db.add(turn)
    await db.flush()
    dialogues.tell_crew(db, dialogue, "turn.parted", question=turn.question_id)


async def merge(db: AsyncSession, actor: Actor, dialogue: Dialogue, cluster_id: int, into_id: int) -> int:
    """All of a cluster, up to a limit, go on as the one chosen: their askers and voters go along. The batch takes it back.

    What was merged or hidden meanwhile is passed over.
    """
    _must_sift(actor, dialogue)
    there = await members(db, dialogue.key, cluster_id)
    if into_id not in there:
        raise Refused("merge_target_missing", field="target")
    into = {"into": into_id}
    done: list[tuple[batches.Item, batches.Item]] = []
    for key in sorted(there):
        if key != into_id:
            await merges.merge(db, key, into_id, by=actor.person_id, wait=batches.UNDO_FOR)
            done.append(({"id": key}, {"id": key} | into))
    return await batches.keep(db, actor, MERGED, done)


async def undo(db: AsyncSession, actor: Actor, dialogue: Dialogue, batch_id: int) -> int:
    """Takes out again what still goes on as the batch left it; how many that were. No asker has been written to yet."""
    _must_sift(actor, dialogue)
    batch = await batches.close(db, actor, batch_id)
    if batch.act != MERGED:
        raise NotFound()
    done = 0
    for _, after in batch.items:
        question = await questions.one(db, after["id"])
        if question.dialogue_id == dialogue.key and question.merged_into_id == after["into"]:
            await merges.take_out(db, question.key, by=actor.person_id)
            done += 1
    return done


def _must_sift(actor: Actor, dialogue: Dialogue) -> None:
    if not may_sift(actor, dialogue.key):
        raise NotAllowed()


def _together(dialogue_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Turn.dialogue_id) == dialogue_id,
        ~col(Turn.is_apart),
        col(Question.merged_into_id).is_(None),
        visible(Question, PUBLIC),
    )


async def _texts(
    db: AsyncSession, dialogue_id: int, *which: sa.ColumnElement[bool], limit: int | None = None
) -> dict[int, Text]:
    chosen = select(col(Question.id), col(Question.title), func.substr(col(Question.body), 1, HEAD))
    chosen = chosen.join(Turn, col(Turn.question_id) == col(Question.id)).order_by(col(Turn.id)).limit(limit)
    rows = (await db.exec(chosen.where(Turn.dialogue_id == dialogue_id, visible(Question, PUBLIC), *which))).all()
    return {key or 0: (title, head) for key, title, head in rows}


async def _remembered(db: AsyncSession, dialogue_id: int) -> Kinship:
    """As the turns say it, with what joined two of them meanwhile."""
    named = col(Turn.cluster_id).is_not(None), col(Turn.is_apart).is_(False)
    texts = await _texts(db, dialogue_id, *named)
    kinship = Kinship()
    await to_thread(_add, kinship, texts)
    groups = select(col(Turn.question_id), col(Turn.cluster_id)).where(Turn.dialogue_id == dialogue_id, *named)
    for key, cluster_id in (await db.exec(groups)).all():
        kinship.join(key, cluster_id or key)
    return kinship


def _add(kinship: Kinship, texts: Mapping[int, Text]) -> None:
    for key, text in texts.items():
        kinship.add(key, text)


async def _rename(db: AsyncSession, dialogue_id: int, moved: Sequence[tuple[int, int]]) -> None:
    """Two clusters became one."""
    for old, new in moved:
        of_old = col(Turn.dialogue_id) == dialogue_id, col(Turn.cluster_id) == old, col(Turn.is_apart).is_(False)
        await db.exec(sa.update(Turn).where(*of_old).values(cluster_id=new))


async def _name(db: AsyncSession, named: Sequence[tuple[int, int]]) -> None:
    rows = [{"question": key, "cluster": cluster_id} for key, cluster_id in named]
    await (await db.connection()).execute(_NAME, rows)


_NAME = (
    sa.update(Turn)
    .where(col(Turn.question_id) == sa.bindparam("question"), col(Turn.cluster_id).is_(None))
    .values(cluster_id=sa.bindparam("cluster"))
)
