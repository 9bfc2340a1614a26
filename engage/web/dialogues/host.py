"""The host's desk: what is on stage, the queue, what waits, the hour, the message, and what is switched off."""

from datetime import datetime, time
from typing import Any, Literal

from pydantic import Field, field_validator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import guests, staging, turns
from engage.access import Actor
from engage.ask import Line
from engage.db import MOST_ID
from engage.deadlines import HERE
from engage.dialogues import Dialogue
from engage.errors import Refused
from engage.web import kit
from engage.web.dialogues import desk
from engage.web.dialogues.desk import HOST, Frozen
from engage.web.dialogues.host_page import page
from engage.web.forms import Filled, Nothing

LONGEST_TIMER, SLOWEST, MOST_EACH = 3600, 3600, 50


class TurnForm(Frozen):
    """`instead_of` is the question the host saw on stage."""

    question: int = Field(ge=1, le=MOST_ID)
    act: Literal["stage", "queue", "first", "unqueue", "aside"]
    instead_of: int | None = Field(default=None, ge=1, le=MOST_ID)

    @field_validator("instead_of", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return value or None


class HandForm(Frozen):
    question: int = Field(ge=1, le=MOST_ID)
    guest: int | None = Field(default=None, ge=1, le=MOST_ID)

    @field_validator("guest", mode="before")
    @classmethod
    def _nobody(cls, value: object) -> object:
        return value or None


class CourseForm(Frozen):
    act: Literal["open", "start", "pause", "close", "end", "extend"]
    reason: Line = Field(default="", max_length=500)
    ends_at: time | None = None

    @field_validator("ends_at", mode="before")
    @classmethod
    def _unchanged(cls, value: object) -> object:
        return value or None


class MessageForm(Frozen):
    message: Line = Field(default="", max_length=500)


class TimerForm(Frozen):
    seconds: int = Field(ge=0, le=LONGEST_TIMER)


class SwitchForm(Frozen):
    takes_questions: bool = False
    slow_seconds: int = Field(ge=0, le=SLOWEST)
    most_each: int = Field(ge=1, le=MOST_EACH)


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def turn(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, TurnForm), page, _turn)


async def hand(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, HandForm), page, _hand)


async def clear(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, Nothing), page, _clear)


async def course(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, CourseForm), page, _course)


async def message(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, MessageForm), page, _say)


async def timer(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, TimerForm), page, _time)


async def switches(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, SwitchForm), page, _switch)


async def _turn(db: AsyncSession, who: Actor, dialogue: Dialogue, model: TurnForm) -> str:
    mine = await turns.to_stage(db, dialogue.key, model.question)
    if model.act == "stage":
        await turns.stage(db, who, dialogue, mine, instead_of=model.instead_of)
    elif model.act == "unqueue":
        await turns.unqueue(db, who, dialogue, mine)
    elif model.act == "aside":
        await turns.set_aside(db, who, dialogue, mine)
    else:
        await turns.queue(db, who, dialogue, mine, first=model.act == "first")
    return ""


async def _hand(db: AsyncSession, who: Actor, dialogue: Dialogue, model: HandForm) -> str:
    if model.guest is not None:
        await guests.one(db, dialogue.key, model.guest)
    await turns.hand(db, who, dialogue, await turns.one(db, dialogue.key, model.question), model.guest)
    return ""


async def _clear(db: AsyncSession, who: Actor, dialogue: Dialogue, _: Nothing) -> str:
    await turns.clear(db, who, dialogue)
    return ""


async def _course(db: AsyncSession, who: Actor, dialogue: Dialogue, model: CourseForm) -> str:
    if model.act == "pause":
        await staging.pause(db, who, dialogue, model.reason)
    elif model.act == "extend":
        await staging.extend(db, who, dialogue, _ends(dialogue, model.ends_at), model.reason)
    else:
        moves: dict[str, Any] = {
            "open": staging.open_lobby,
            "start": staging.start,
            "close": staging.close,
            "end": staging.end,
        }
        await moves[model.act](db, who, dialogue)
    return ""


def _ends(dialogue: Dialogue, at: time | None) -> datetime:
    """That hour of the day on which it was to end."""
    if at is None:
        raise Refused("dialogue_ends_too_early", field="ends_at")
    return datetime.combine(dialogue.ends_at.astimezone(HERE), at.replace(tzinfo=None), HERE)


async def _say(db: AsyncSession, who: Actor, dialogue: Dialogue, model: MessageForm) -> str:
    await staging.say(db, who, dialogue, model.message)
    return ""


async def _time(db: AsyncSession, who: Actor, dialogue: Dialogue, model: TimerForm) -> str:
    await staging.time(db, who, dialogue, model.seconds)
    return ""


async def _switch(db: AsyncSession, who: Actor, dialogue: Dialogue, model: SwitchForm) -> str:
    switched = model.model_dump()
    await staging.switch(db, who, dialogue, **switched)
    return ""
