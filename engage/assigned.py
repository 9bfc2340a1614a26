"""What every text has that an agency must answer: the assignment and answer axes, and the answer's clock. Knows no noun."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from engage.access import Text, is_public
from engage.deadlines import Complexity
from engage.moves import Moves


class Assigned(StrEnum):
    """The assignment axis of a text."""

    UNASSIGNED = "unassigned"
    OFFERED = "offered"
    ACCEPTED = "accepted"


MOVES: Moves = {
    Assigned.UNASSIGNED: frozenset({Assigned.OFFERED}),
    Assigned.OFFERED: frozenset({Assigned.ACCEPTED, Assigned.OFFERED, Assigned.UNASSIGNED}),
    Assigned.ACCEPTED: frozenset({Assigned.OFFERED, Assigned.UNASSIGNED}),
}


class Answered(StrEnum):
    """The answer axis of a text."""

    NONE = "none"
    DRAFTING = "drafting"
    IN_APPROVAL = "in_approval"
    PUBLISHED = "published"
    REVISED = "revised"


ANSWER_MOVES: Moves = {
    Answered.NONE: frozenset({Answered.DRAFTING, Answered.PUBLISHED}),  # at once: what a guest says in a dialogue
    Answered.DRAFTING: frozenset({Answered.IN_APPROVAL, Answered.NONE}),
    Answered.IN_APPROVAL: frozenset({Answered.DRAFTING, Answered.PUBLISHED}),
    Answered.PUBLISHED: frozenset({Answered.REVISED}),
    Answered.REVISED: frozenset({Answered.REVISED}),
}


class AssignedText(Text):
    """A text that an agency must answer."""

    assignment: str = Field(default=Assigned.UNASSIGNED, sa_type=sa.String(12))
    answer: str = Field(default=Answered.NONE, sa_type=sa.String(12))
    complexity: str = Field(default=Complexity.SIMPLE, sa_type=sa.String(10))
    answer_due_at: datetime | None = None
    answer_from: datetime | None = None
    answer_days: int | None = None
    official_id: int | None = Field(default=None, foreign_key="person.id")  # who inside the agency has it
    handed_by: int | None = Field(default=None, foreign_key="person.id")
    handed_at: datetime | None = None  # since when it is as it is, also when nobody has it again
    paused_at: datetime | None = None  # the clock stands still since then: the asker was asked something
    approve_from: datetime | None = None
    approve_due_at: datetime | None = None
    again_due_at: datetime | None = (
        None  # what is published is to be answered again by then: a second look sent it back
    )
    chase_at: datetime | None = None  # when the worker looks next whether somebody is to be reminded
    recount: bool = False  # the calendar has changed within its span

    @property
    def surface(self) -> str:
        """Whose policy and terms hold for it, and whose cases it has."""
        return str(self.__tablename__)


# Whatever agency gets a text next decides anew who has it.
NOBODY: Mapping[str, Any] = {"official_id": None, "handed_by": None, "handed_at": None}
IN_HAND = frozenset({Answered.NONE, Answered.DRAFTING})  # the answer is not on its way yet


def is_in_hand(text: AssignedText) -> bool:
    """Somebody in the agency has to write: for the first time, or again."""
    return text.answer in IN_HAND or (text.again_due_at is not None and text.approve_due_at is None)


def lists(text: AssignedText) -> list[str]:
    """The channel of the list in which readers find it, while they do."""
    return [f"{text.__tablename__}s"] if is_public(text) else []


def address(text: AssignedText) -> tuple[str, int]:
    """Under which its rows are kept; by whose terms its clocks go says its `surface`."""
    return str(text.__tablename__), text.key
