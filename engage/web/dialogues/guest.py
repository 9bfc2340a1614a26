"""The guest's desk: my questions in big type, the reply a scribe handed up, read and let out. The guest's officer sits here too."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import boards, crews, guests, questions, replies, turns
from engage.access import Actor
from engage.ask import Line
from engage.boards import Narrowed, Order
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.turns import Floor
from engage.web import kit, load
from engage.web.dialogues import desk, drafting
from engage.web.dialogues.desk import GUEST, Frozen
from engage.web.dialogues.drafting import Sitting
from engage.web.forms import Filled
from engage.web.house import actor


class ComeForm(Frozen):
    guest: int = Field(ge=1, le=MOST_ID)
    comes: bool = False


class SpeakForm(Frozen):
    question: int = Field(ge=1, le=MOST_ID)
    guest: int = Field(ge=1, le=MOST_ID)


class JudgeForm(Frozen):
    """`note` tells the scribe what to change."""

    reply: int = Field(ge=1, le=MOST_ID)
    version: int = Field(ge=1, le=1_000_000)
    act: Literal["release", "return"]
    reason: Line = Field(default="", max_length=500)
    note: Line = Field(default="", max_length=500)


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def come(request: Request) -> Response:
    return await desk.act(request, GUEST, await kit.form(request, ComeForm), page, _come)


async def speak(request: Request) -> Response:
    return await desk.act(request, GUEST, await kit.form(request, SpeakForm), page, _speak)


async def judge(request: Request) -> Response:
    return await desk.act(request, GUEST, await kit.form(request, JudgeForm), page, _judge)


async def _come(db: AsyncSession, who: Actor, dialogue: Dialogue, model: ComeForm) -> str:
    guest = await guests.one(db, dialogue.key, model.guest)
    await guests.confirm(db, who, dialogue, guest, comes=model.comes)
    return ""


async def _speak(db: AsyncSession, who: Actor, dialogue: Dialogue, model: SpeakForm) -> str:
    turn = await turns.one(db, dialogue.key, model.question)
    guest = await guests.one(db, dialogue.key, model.guest)
    await replies.speak(db, who, dialogue, await questions.one(db, turn.question_id), guest.key)
    return ""


async def _judge(db: AsyncSession, who: Actor, dialogue: Dialogue, model: JudgeForm) -> str:
    reply = await replies.one(db, dialogue.key, model.reply)
    if model.act == "return":
        await replies.hand_back(db, who, dialogue, reply, model.note)
    else:
        await replies.release(db, who, dialogue, reply, model.version, reason=model.reason)
    return ""


async def _handed(db: AsyncSession, dialogue: Dialogue, mine: Collection[int]) -> Sequence[boards.Line]:
    """As they are called up, then what waits: each of both along its index."""
    queued = await boards.listed(db, dialogue, Narrowed({Floor.QUEUED}, Order.CALLED, guest_ids=mine))
    left = Narrowed({Floor.WAITING}, Order.OLDEST, guest_ids=mine, limit=boards.LIMIT - len(queued))
    return [*queued, *(await boards.listed(db, dialogue, left))]


async def page(request: Request, form: Filled[Any]) -> Response:
    who, dialogue_id = actor(request), request.path_params["id"]
    live, view = await desk.live_room(request, dialogue_id), await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await GUEST.find(db, who, dialogue_id)
        context = await desk.frame(request, db, view, dialogue)
        came, mine = context["guests"], await crews.guests_of(db, dialogue.key, who.person_id or 0)
        lines = await _handed(db, dialogue, mine)
        context["lines"] = [desk.shown(view, line, came) for line in lines]
        context["mine"] = [one for one in came if one.id in mine]
        context["waiting"] = await drafting.rows(
            db, dialogue, came, await replies.waiting_for(db, dialogue.key, [*mine])
        )
        at, chosen = Sitting(GUEST, dialogue, who.person_id), await drafting.chosen_of(db, request, dialogue, form)
        context["work"] = await drafting.work(db, view, at, chosen, form)
    context |= {"crew": await desk.crew_here(request, dialogue_id), "live": live, "desk": GUEST.name, "form": form}
    return kit.page(request, "dialogues/guest.html", status=form.answer_status, **context)
