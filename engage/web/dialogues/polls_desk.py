"""The host's polls: prepared, opened, closed, withdrawn, put on the hall's screen. They stand on the host's desk."""

from typing import Literal

from pydantic import Field, field_validator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import polling
from engage.access import Actor
from engage.ask import Line, Lines, one_line
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.polls import LONGEST_CHOICE, LONGEST_WORDS, MOST_CHOICES
from engage.votes import Standing
from engage.web import kit
from engage.web.dialogues import desk
from engage.web.dialogues.desk import HOST, Frozen
from engage.web.dialogues.host_page import page

MOST_TYPED = 2 * MOST_CHOICES * LONGEST_CHOICE
PLACE = "#polls-head"


class PollForm(Frozen):
    """`edited`: the poll that is changed; none: a new one. `choices`: one a line."""

    edited: int | None = Field(default=None, ge=1, le=MOST_ID)
    words: Line = Field(default="", max_length=LONGEST_WORDS)
    choices: Lines = Field(default="", max_length=MOST_TYPED)
    several: bool = False

    @field_validator("edited", mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        return value or None

    @property
    def offered(self) -> list[str]:
        return [str(one_line(line)) for line in self.choices.splitlines()]


class ActForm(Frozen):
    poll: int = Field(ge=1, le=MOST_ID)
    act: Literal["open", "close", "withdraw", "show", "hide", "count", "keep_out"]
    why: Line = Field(default="", max_length=500)


async def write(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, PollForm), page, _write)


async def act(request: Request) -> Response:
    return await desk.act(request, HOST, await kit.form(request, ActForm), page, _act)


async def _write(db: AsyncSession, who: Actor, dialogue: Dialogue, model: PollForm) -> str:
    words, offered = model.words, model.offered
    if model.edited is None:
        await polling.make(db, who, dialogue, words, offered, several=model.several)
    else:
        poll = await polling.one(db, dialogue, model.edited)
        await polling.edit(db, who, dialogue, poll, words, offered, several=model.several)
    return PLACE


async def _act(db: AsyncSession, who: Actor, dialogue: Dialogue, model: ActForm) -> str:
    poll = await polling.one(db, dialogue, model.poll)
    if model.act == "withdraw":
        await polling.withdraw(db, who, dialogue, poll, model.why)
    elif model.act in {"count", "keep_out"}:
        standing = Standing.COUNTED if model.act == "count" else Standing.KEPT_OUT
        await polling.judge(db, who, dialogue, poll, standing)
    else:
        verbs = {"open": polling.open_, "close": polling.close, "show": polling.show, "hide": polling.hide}
        await verbs[model.act](db, who, dialogue, poll)
    return PLACE
