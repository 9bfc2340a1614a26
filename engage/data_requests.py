"""Requests about one's own data: what may be asked, until when it is decided, and what stops it. Does not know how data goes."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, deadlines
from engage.access import Actor
from engage.ask import Line, Lines
from engage.db import Place, beyond, locked, now, one_of
from engage.deadlines import Step
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves
from engage.questions import Question
from live import log

CHANNEL = "requests"
LEAST_WORDS = 10


class Wish(StrEnum):
    ERASE = "erase"
    RESTRICT = "restrict"


class State(StrEnum):
    ASKED = "asked"
    ERASED = "erased"
    RESTRICTED = "restricted"
    REFUSED = "refused"


REQUEST_MOVES: Moves = {State.ASKED: frozenset({State.ERASED, State.RESTRICTED, State.REFUSED})}


class DataRequest(SQLModel, table=True):
    """What an asker wants done with their data. At most one is open for a question."""

    __tablename__ = "data_request"
    __table_args__ = (
        one_of("data_request_wish", "wish", Wish),
        one_of("data_request_state", "state", State),
        sa.CheckConstraint("state <> 'erased' or hold = ''", name="data_request_hold_stops_erasure"),
        sa.Index("data_request_waiting", "state", "due_at", "id"),
        sa.Index(
            "data_request_one_open",
            "question_id",
            unique=True,
            postgresql_where=sa.text("state = 'asked'"),
            sqlite_where=sa.text("state = 'asked'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    wish: str = Field(sa_type=sa.String(10))
    words: str = Field(default="", sa_type=sa.String(1000))
    state: str = Field(default=State.ASKED, sa_type=sa.String(10))
    asked_at: datetime
    due_at: datetime
    hold: str = Field(default="", sa_type=sa.String(500))  # why a law keeps the data; while it stands nothing is erased
    held_by: int | None = Field(default=None, foreign_key="person.id")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    reply: str = Field(default="", sa_type=sa.String(1000))


class RequestForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    wish: Literal["", "erase", "restrict"] = ""
    words: Lines = Input(default="", max_length=1000)


class RequestDecision(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal["erase", "restrict", "refuse"]
    everything: bool = False  # the text of an answered question too, which readers know
    reply: Lines = Input(default="", max_length=1000)


class HoldForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hold: Line = Input(default="", max_length=500)


async def ask(db: AsyncSession, question: Question, form: RequestForm) -> None:
    if not form.wish:
        raise Refused("wish_missing", field="wish")
    if any(one.state == State.ASKED for one in await of(db, question)):
        raise Conflict("request_is_open")
    due = await deadlines.due_at(db, question.surface, Step.REQUEST)
    db.add(DataRequest(question_id=question.key, wish=form.wish, words=form.words, asked_at=now(db), due_at=due))
    await db.flush()
    _tell(db, question.key, "request.received")


async def set_hold(db: AsyncSession, actor: Actor, request: DataRequest, why: str) -> None:
    """An empty reason lifts it."""
    _must_administer(actor)
    if request.state != State.ASKED:
        raise Conflict("moved_on")
    if why and len(why) < LEAST_WORDS:
        raise Refused("hold_words_missing", field="hold", least=LEAST_WORDS)
    request.hold, request.held_by = why, actor.person_id if why else None
    db.add(request)
    await db.flush()
    _tell(db, request.question_id, "request.held" if why else "request.hold_lifted")
    await audit.note(db, actor.person_id, "request.hold_changed", request=request.id)


def must_be_decidable(actor: Actor, request: DataRequest, decision: RequestDecision) -> None:
    _must_administer(actor)
    if decision.decision == "erase" and request.hold:
        raise Refused("request_on_hold", field="decision")
    if len(decision.reply) < LEAST_WORDS:
        raise Refused("request_words_missing", field="reply", least=LEAST_WORDS)


async def of(db: AsyncSession, question: Question) -> Sequence[DataRequest]:
    found = select(DataRequest).where(DataRequest.question_id == question.key)
    return (await db.exec(found.order_by(col(DataRequest.id)))).all()


async def one(db: AsyncSession, request_id: int) -> DataRequest:
    found = select(DataRequest).where(DataRequest.id == request_id)
    request: DataRequest | None = (await db.exec(locked(db, found))).one_or_none()
    if request is None:
        raise NotFound()
    return request


async def waiting(db: AsyncSession, most: int, *, after: Place | None = None) -> Sequence[DataRequest]:
    """The most urgent first. `after`: where the page before ended."""
    asked = select(DataRequest).where(DataRequest.state == State.ASKED)
    if after is not None:
        asked = asked.where(beyond(col(DataRequest.due_at), col(DataRequest.id), after))
    return (await db.exec(asked.order_by(col(DataRequest.due_at), col(DataRequest.id)).limit(most))).all()


async def decided(db: AsyncSession, most: int, *, before: int | None = None) -> Sequence[DataRequest]:
    """The newest first."""
    done = select(DataRequest).where(DataRequest.state != State.ASKED)
    if before is not None:
        done = done.where(col(DataRequest.id) < before)
    return (await db.exec(done.order_by(col(DataRequest.id).desc()).limit(most))).all()


def _must_administer(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed()


def _tell(db: AsyncSession, question_id: int, fact: str) -> None:
    log.record(db, CHANNEL, fact, question=question_id)
