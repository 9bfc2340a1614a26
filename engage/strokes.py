"""Strokes: one act on many questions of a dialogue. What it would do is said first, by the same plan that is carried out after.

A plan says of each question what it is and what it becomes; carrying it out writes the one, taking it back writes the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import batches, dialogues, groupings, guests, merges, turn_facts, voting
from engage.access import Actor, may_lead, may_sift
from engage.batches import Item
from engage.db import locked, now
from engage.dialogues import Dialogue
from engage.errors import NotAllowed, NotFound, Refused
from engage.moves import may, move
from engage.questions import Question
from engage.turns import MOVES, OPEN, Floor, Turn, shows

MOST = 200
SAME, MOVED_ON, UNCLEAR = "same", "moved_on", "unclear"  # why a question is left as it is


class Act(StrEnum):
    QUEUE = "queue"
    WAIT = "wait"  # out of the queue, or not aside any more
    ASIDE = "aside"
    HAND = "hand"
    GROUP = "group"
    PROPOSED = "propose"  # each into the group that its words point to
    MERGE = "merge"


FLOORS: Mapping[Act, Floor] = {Act.QUEUE: Floor.QUEUED, Act.WAIT: Floor.WAITING, Act.ASIDE: Floor.ASIDE}
SIFTED = frozenset(
    {Act.GROUP, Act.PROPOSED, Act.MERGE}
)  # a moderator's work too; what is called up when is the host's alone
KEPT = {act: f"sift.{act}" for act in Act}


@dataclass(frozen=True, slots=True)
class Stroke:
    """`to`: the group, the guest, or the question that the others go on as; None: none, or the one most people ask."""

    act: Act
    ids: Sequence[int]
    to: int | None = None


@dataclass(slots=True)
class Plan:
    """`changes`: what each is, and what it becomes. `left`: which stay as they are, and why."""

    changes: list[tuple[Item, Item]] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)


async def plan(db: AsyncSession, actor: Actor, dialogue: Dialogue, stroke: Stroke) -> Plan:
    """Writes nothing."""
    if not (may_sift if stroke.act in SIFTED else may_lead)(actor, dialogue.key):
        raise NotAllowed()
    if dialogue.stage in dialogues.OVER:
        raise Refused("dialogue_is_over")
    if not stroke.ids:
        raise Refused("none_chosen", field="ids")
    if len(stroke.ids) > MOST:
        raise Refused("too_many_chosen", field="ids", most=MOST)
    rows = await _rows(db, dialogue, stroke.ids)
    to = await _to(db, dialogue, stroke, rows)
    proposed = await groupings.proposed(db, dialogue, rows) if stroke.act is Act.PROPOSED else {}
    planned = Plan(left=dict.fromkeys(stroke.ids, MOVED_ON))
    for before in rows:
        del planned.left[before["id"]]
        reason, after = _becomes(stroke.act, before, proposed.get(before["id"], to), now(db))
        if reason:
            planned.left[before["id"]] = reason
        elif after is not None:
            planned.changes.append((before, after))
    return planned


async def carry_out(db: AsyncSession, actor: Actor, dialogue: Dialogue, stroke: Stroke) -> tuple[Plan, int]:
    """What the plan says now; with the batch that takes it back, 0 when there was nothing to do."""
    planned = await plan(db, actor, dialogue, stroke)
    for before, after in planned.changes:
        await _write(db, actor, dialogue, before, after)
    if not planned.changes:
        return planned, 0
    return planned, await batches.keep(db, actor, KEPT[stroke.act], planned.changes)


async def undo(db: AsyncSession, actor: Actor, dialogue: Dialogue, batch_id: int) -> Plan:
    """All that still stands as the batch left it; what others did with it meanwhile stays."""
    if not may_sift(actor, dialogue.key):
        raise NotAllowed()
    batch = await batches.close(db, actor, batch_id)
    if batch.act not in KEPT.values():
        raise NotFound()
    pairs = {after["id"]: (before, after) for before, after in batch.items}
    undone = Plan(left=dict.fromkeys(pairs, MOVED_ON))
    for there in await _rows(db, dialogue, list(pairs), merged_too=True):
        before, after = pairs[there["id"]]
        if there == after:
            await _write(db, actor, dialogue, after, before)
            undone.changes.append((after, before))
            del undone.left[there["id"]]
    return undone


def _becomes(act: Act, before: Item, to: int | None, at: datetime) -> tuple[str, Item | None]:
    """Why it stays as it is, or what it becomes; neither of the question that the others go on as."""
    if before["floor"] not in OPEN:
        return MOVED_ON, None
    if act is Act.MERGE:
        return _merged(before, to)
    if act in {Act.GROUP, Act.PROPOSED, Act.HAND}:
        if act is Act.PROPOSED and (to is None or before["group"] is not None):
            return SAME if before["group"] is not None else UNCLEAR, None
        after = before | {"guest" if act is Act.HAND else "group": to}
        return ("", after) if after != before else (SAME, None)
    floor = FLOORS[act]
    if before["floor"] == floor:
        return SAME, None
    if before["floor"] == Floor.ON_STAGE or not may(MOVES, before["floor"], floor):
        return MOVED_ON, None
    return "", before | {"floor": str(floor), "queued_at": at.isoformat() if floor is Floor.QUEUED else None}


def _merged(before: Item, into_id: int | None) -> tuple[str, Item | None]:
    """Off the queue, for it is asked where it went; what is on stage stays there."""
    if before["id"] == into_id:
        return "", None
    if before["floor"] == Floor.ON_STAGE:
        return MOVED_ON, None
    floor = Floor.WAITING if before["floor"] == Floor.QUEUED else before["floor"]
    return "", before | {"into": into_id, "floor": str(floor), "queued_at": None}


async def _rows(
    db: AsyncSession, dialogue: Dialogue, ids: Sequence[int], *, merged_too: bool = False
) -> Sequence[Item]:
    """As they stand, in the order in which they came; what the room does not show is not among them."""
    seen = select(col(Question.id), col(Question.merged_into_id)).where(col(Question.id).in_(ids), shows(dialogue))
    into = dict((await db.exec(seen)).all())
    mine = select(Turn).where(Turn.dialogue_id == dialogue.key, col(Turn.question_id).in_(ids)).order_by(col(Turn.id))
    turns: Sequence[Turn] = (await db.exec(locked(db, mine))).all()
    shown = [turn for turn in turns if turn.question_id in into]
    return [_as_it_is(turn, into[turn.question_id]) for turn in shown if merged_too or into[turn.question_id] is None]


def _as_it_is(turn: Turn, into_id: int | None) -> Item:
    return {
        "id": turn.question_id,
        "floor": str(turn.floor),
        "queued_at": turn.queued_at.isoformat() if turn.queued_at else None,
        "group": turn.group_id,
        "guest": turn.guest_id,
        "into": into_id,
    }


async def _to(db: AsyncSession, dialogue: Dialogue, stroke: Stroke, rows: Sequence[Item]) -> int | None:
    if stroke.act is Act.MERGE:
        return await _leader(db, stroke, [row for row in rows if row["floor"] in OPEN])
    if stroke.act is Act.HAND and stroke.to is not None:
        await guests.one(db, dialogue.key, stroke.to)
    if stroke.act is Act.GROUP and stroke.to is not None:
        await guests.group(db, dialogue.key, stroke.to)
    return stroke.to


async def _leader(db: AsyncSession, stroke: Stroke, rows: Sequence[Item]) -> int:
    """As chosen; else what is called up already, then what most people ask, then the earliest."""
    if len(rows) < 2:
        raise Refused("nothing_to_merge", field="ids")
    if stroke.to is None:
        asking = await voting.people(db, [row["id"] for row in rows])
        called = (Floor.ON_STAGE, Floor.QUEUED)
        first = min(rows, key=lambda row: (row["floor"] not in called, -asking[row["id"]], row["id"]))
        return int(first["id"])
    if stroke.to not in {row["id"] for row in rows}:
        raise Refused("merge_target_missing", field="to")
    return stroke.to


async def _write(db: AsyncSession, actor: Actor, dialogue: Dialogue, old: Item, new: Item) -> None:
    question_id: int = new["id"]
    if old["into"] is None and new["into"] is not None:
        await merges.merge(db, question_id, new["into"], by=actor.person_id, wait=batches.UNDO_FOR)
        return
    if old["into"] != new["into"]:
        await merges.take_out(db, question_id, by=actor.person_id)
    turn = (await db.exec(select(Turn).where(Turn.question_id == question_id))).one()
    if turn.floor != new["floor"]:
        at = datetime.fromisoformat(new["queued_at"]) if new["queued_at"] else None
        await move(db, turn, "floor", new["floor"], MOVES, queued_at=at)
        await _tell_where(db, dialogue, turn)
    if (turn.group_id, turn.guest_id) == (new["group"], new["guest"]):
        return
    turn.group_id, turn.guest_id = new["group"], new["guest"]
    db.add(turn)
    await db.flush()
    if old["guest"] != new["guest"]:
        dialogues.tell(db, dialogue, "turn.handed", question=question_id)
    else:
        dialogues.tell(db, dialogue, "turn.grouped", question=question_id)


async def _tell_where(db: AsyncSession, dialogue: Dialogue, turn: Turn) -> None:
    if turn.floor == Floor.QUEUED:
        await turn_facts.tell(db, dialogue, turn.question_id, "turn.queued")
    elif turn.floor == Floor.ASIDE:
        await turn_facts.tell(db, dialogue, turn.question_id, "turn.put_aside")
    else:
        await turn_facts.tell(db, dialogue, turn.question_id, "turn.unqueued")
