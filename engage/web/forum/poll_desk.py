"""What a moderator does with the poll of a thread. Its forms stand on the page on which threads are managed."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import forum, thread_polls
from engage.ask import Day, Line, Lines, one_line
from engage.errors import Conflict, Refused
from engage.forum import Thread
from engage.polls import LONGEST_CHOICE, LONGEST_WORDS, MOST_CHOICES
from engage.votes import Standing
from engage.web import kit
from engage.web.forms import Filled
from engage.web.forum import moderating
from engage.web.house import actor

MOST_TYPED = 2 * MOST_CHOICES * LONGEST_CHOICE
Act = Callable[[AsyncSession, Thread], Awaitable[None]]


class PollForm(BaseModel):
    """`choices`: one a line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Line = Field(default="", max_length=LONGEST_WORDS)
    choices: Lines = Field(default="", max_length=MOST_TYPED)
    several: bool = False
    until: Day = None


class ActForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    act: Literal["close", "withdraw", "count", "keep_out"] = "close"
    poll_why: Line = Field(default="", max_length=500)


async def make(request: Request) -> Response:
    form, who = await kit.form(request, PollForm), actor(request)

    async def act(db: AsyncSession, thread: Thread) -> None:
        wished = form.model or PollForm()
        offered = [str(one_line(line)) for line in wished.choices.splitlines()]
        await thread_polls.make(db, who, thread, wished.words, offered, several=wished.several, until=wished.until)

    return await _act(request, form, act)


async def change(request: Request) -> Response:
    form, who = await kit.form(request, ActForm), actor(request)

    async def act(db: AsyncSession, thread: Thread) -> None:
        wished = form.model or ActForm()
        poll = await thread_polls.one(db, thread.key, request.path_params["poll"])
        if wished.act == "close":
            await thread_polls.close(db, who, poll)
        elif wished.act == "withdraw":
            await thread_polls.withdraw(db, who, poll, wished.poll_why)
        else:
            standing = Standing.COUNTED if wished.act == "count" else Standing.KEPT_OUT
            await thread_polls.judge(db, who, poll, standing)

    return await _act(request, form, act)


async def _act(request: Request, form: Filled[Any], act: Act) -> Response:
    if form.model is None:
        return await moderating.page(request, form)
    try:
        async with kit.transaction(request) as db:
            found, _ = await forum.seen_by(db, actor(request), request.path_params["id"])
            await act(db, found)
            return kit.see_other(request, db, f"/review/threads/{found.key}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await moderating.page(request, form)
