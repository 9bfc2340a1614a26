"""Promises of moves: a state changes along its table or not at all, and of two who move it one is first."""

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import questions
from engage.access import Moderation
from engage.assigned import ANSWER_MOVES, MOVES, Answered, Assigned
from engage.errors import Conflict
from engage.moves import may, move
from engage.questions import MODERATION_MOVES, Question
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
AXES: Mapping[str, tuple[type[StrEnum], Mapping[Any, frozenset[Any]], set[str]]] = {
    "moderation": (
        Moderation,
        MODERATION_MOVES,
        {
            "received held",
            "received accepted",
            "received withdrawn",
            "held accepted",
            "held returned",
            "held refused",
            "held withdrawn",
            "returned received",
            "returned withdrawn",
            "refused received",
            "refused held",
            "accepted hidden",
            "accepted withdrawn",
            "hidden accepted",
        },
    ),
    "assignment": (
        Assigned,
        MOVES,
        {
            "unassigned offered",
            "offered accepted",
            "offered offered",
            "offered unassigned",
            "accepted offered",
            "accepted unassigned",
        },
    ),
    "answer": (
        Answered,
        ANSWER_MOVES,
        {
            "none drafting",
            "none published",  # said in a dialogue
            "drafting in_approval",
            "drafting none",
            "in_approval drafting",
            "in_approval published",
            "published revised",
            "revised revised",
        },
    ),
}


@pytest.mark.parametrize("axis", AXES)
async def test_every_pair_of_states_is_a_legal_move_or_a_conflict(town: Town, axis: str) -> None:
    states, moves, legal = AXES[axis]
    question_id = await town.ask()
    worked: set[str] = set()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        for old in states:
            for new in states:
                await db.exec(sa.update(Question).where(col(Question.id) == question_id).values({axis: old}))
                await db.refresh(question)
                with suppress(Conflict):
                    await move(db, question, axis, new, moves)
                    worked.add(f"{old} {new}")
                await db.refresh(question)
                assert getattr(question, axis) == (new if f"{old} {new}" in worked else old)
    assert worked == legal


@pytest.mark.parametrize("axis", AXES)
async def test_every_state_of_a_table_belongs_to_its_axis(axis: str) -> None:
    states, moves, _ = AXES[axis]
    assert set(moves) | {new for news in moves.values() for new in news} <= set(states)
    assert not may(moves, "nonsense", next(iter(states)))


async def test_the_row_in_hand_reads_the_new_state_and_what_was_set_along(town: Town) -> None:
    question_id = await town.ask()
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        await move(db, question, "moderation", Moderation.HELD, MODERATION_MOVES, sealed=True)
        assert (question.moderation, question.sealed) == ("held", True)
    stored = await town.question(question_id)
    assert (stored.moderation, stored.sealed) == ("held", True)


async def test_who_read_the_row_before_a_colleague_moved_it_gets_a_conflict_and_writes_nothing(town: Town) -> None:
    question_id = await town.ask()
    mine = await town.question(question_id)
    async with town.store.transaction() as db:
        await move(db, await questions.one(db, question_id), "moderation", Moderation.ACCEPTED, MODERATION_MOVES)
    with pytest.raises(Conflict) as lost:
        async with town.store.transaction() as db:
            await move(db, mine, "moderation", Moderation.HELD, MODERATION_MOVES, sealed=True)
    assert lost.value.figures == {"state": "received"}
    stored = await town.question(question_id)
    assert (stored.moderation, stored.sealed) == ("accepted", False)


async def test_of_many_who_move_at_once_exactly_one_is_first(town: Town) -> None:
    question_id = await town.ask()
    outcomes: list[str] = []

    async def try_to(to: Moderation, mine: Question) -> None:
        try:
            async with town.store.transaction() as db:
                await move(db, mine, "moderation", to, MODERATION_MOVES)
            outcomes.append(to)
        except Conflict:
            outcomes.append("conflict")

    wishes = [Moderation.HELD, Moderation.ACCEPTED] * 2
    read = [await town.question(question_id) for _ in wishes]
    async with anyio.create_task_group() as tasks:
        for to, mine in zip(wishes, read, strict=True):
            tasks.start_soon(try_to, to, mine)
    assert outcomes.count("conflict") == 3
    assert (await town.question(question_id)).moderation in outcomes
